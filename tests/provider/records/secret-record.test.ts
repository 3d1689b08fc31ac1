import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { HOUR_MS } from "../../../provider/src/clock.js";
import {
  type SecretRecord,
  toOutputs,
  toResourceId,
  toSecretRecord,
} from "../../../provider/src/records/secret-record.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import {
  arbitraryId,
  arbitraryText,
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OUTPUTS,
  PROJECT_ID,
  RECORDED,
  SECRET_VALUE,
} from "../fixtures/values.js";

const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

const RECORD: SecretRecord = {
  ...RECORDED,
  value: new Sensitive(SECRET_VALUE),
  maskedSecretValue: "mdb_sa_sk_...wxyz",
  createdAtMs: BIRTH_MS,
  verifiedAtMs: BIRTH_MS + 1_000,
};

/** What the engine gives back: secrets without their mark. */
function unwrap(outputs: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(outputs).map(([name, value]) => [name, isMarked(value) ? value.value : value]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function isMarked(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && Object.keys(SIGNATURE).every((key) => key in value);
}

/** A record with its value in clear, to compare it. */
function reveal({ value, ...record }: SecretRecord): Record<string, unknown> {
  return { ...record, value: value && Sensitive.reveal(value) };
}

const timeMs = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000);
const arbitraryRecord: fc.Arbitrary<SecretRecord> = fc
  .record(
    {
      secretId: arbitraryId,
      status: fc.constantFrom(
        "active" as const,
        "pending-verification" as const,
        "rejected" as const,
        "account-unassigned" as const,
      ),
      value: arbitraryText(20, 60).map((text) => new Sensitive(text)),
      maskedSecretValue: arbitraryText(4, 4).map((end) => `mdb_sa_sk_...${end}`),
      createdAtMs: timeMs,
      expiresAtMs: timeMs,
      lastUsedAtMs: timeMs,
      verifiedAtMs: timeMs,
      grantedHours: fc.integer({ min: 1, max: 8760 }),
      issuedForHours: fc.integer({ min: 8, max: 8760 }),
      issuedForTriggers: fc.dictionary(
        arbitraryText(1, 8),
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      ),
      rotateBeforeExpiryHours: fc.nat(8759),
    },
    { requiredKeys: ["value", "maskedSecretValue", "issuedForHours", "issuedForTriggers"] },
  )
  .map((changes) => {
    const { lastUsedAtMs: _used, ...bare } = RECORD;
    return { ...bare, ...changes };
  });

describe("toSecretRecord", () => {
  it("reads the outputs of the state", () => {
    expect(reveal(toSecretRecord(OUTPUTS))).toEqual(reveal(RECORD));
  });

  it("keeps what the secret was issued for apart from the echoed inputs", () => {
    const outputs = { ...OUTPUTS, secretExpiresAfterHours: 900, issuedForHours: 720 };
    expect(toSecretRecord(outputs)).toMatchObject({ secretExpiresAfterHours: 900, issuedForHours: 720 });
  });

  it("takes the value without its mark, as the engine passes it", () => {
    expect(toSecretRecord({ ...OUTPUTS, secret: 1 }).value).toBeUndefined();
  });

  it.each([
    { name: "a status of a later version", output: { status: "sleeping" }, expected: { status: "active" } },
    { name: "no window", output: { rotateBeforeExpiryHours: undefined }, expected: { rotateBeforeExpiryHours: 240 } },
    {
      name: "a window that is no number",
      output: { rotateBeforeExpiryHours: "x" },
      expected: { rotateBeforeExpiryHours: 0 },
    },
    { name: "no issuedForHours", output: {}, expected: { issuedForHours: 720 } },
    { name: "no grantedHours", output: { issuedForHours: 8 }, expected: { grantedHours: 8 } },
    { name: "grantedHours that are no number", output: { grantedHours: "x" }, expected: { grantedHours: 720 } },
    { name: "no issuedForTriggers", output: { issuedForTriggers: undefined }, expected: { issuedForTriggers: {} } },
    { name: "triggers that are a list", output: { issuedForTriggers: [1] }, expected: { issuedForTriggers: {} } },
    {
      name: "supersedes with other things in it",
      output: { supersedes: [1, IDS[1]] },
      expected: { supersedes: [IDS[1]] },
    },
    {
      name: "no ids",
      output: { projectId: 1, clientId: null, secretId: undefined },
      expected: { projectId: "", clientId: "", secretId: "" },
    },
    { name: "null as triggers", output: { issuedForTriggers: null }, expected: { issuedForTriggers: {} } },
    {
      name: "grantedHours that are not a number",
      output: { grantedHours: Number.NaN },
      expected: { grantedHours: 720 },
    },
    {
      name: "endless grantedHours",
      output: { grantedHours: Number.POSITIVE_INFINITY },
      expected: { grantedHours: 720 },
    },
    { name: "a date as grantedHours", output: { grantedHours: new Date(0) }, expected: { grantedHours: 720 } },
  ])("takes the default for $name", ({ output, expected }) => {
    expect(toSecretRecord({ ...OUTPUTS, ...output })).toMatchObject(expected);
  });

  it("leaves out an empty mask", () => {
    expect(toSecretRecord({ ...OUTPUTS, maskedSecretValue: "" })).not.toHaveProperty("maskedSecretValue");
  });

  it.each([
    { name: "expiresAt", property: "expiresAtMs" },
    { name: "createdAt", property: "createdAtMs" },
    { name: "verifiedAt", property: "verifiedAtMs" },
    { name: "lastUsedAt", property: "lastUsedAtMs" },
  ])("leaves an unreadable $name out", ({ name, property }) => {
    expect(Object.keys(toSecretRecord({ ...OUTPUTS, [name]: "x" }))).not.toContain(property);
  });

  it("reads whatever it is given, and never throws", () => {
    fc.assert(
      fc.property(fc.object(), (outputs) => expect(toSecretRecord(outputs).secretId).toEqual(expect.any(String))),
    );
  });
});

describe("toOutputs", () => {
  const outputs = toOutputs(RECORD);

  it("writes the value and the triggers it was issued for as secrets", () => {
    expect(outputs.secret).toEqual({ ...SIGNATURE, value: SECRET_VALUE });
    expect(outputs.issuedForTriggers).toEqual({ ...SIGNATURE, value: OUTPUTS.issuedForTriggers });
  });

  it("writes the rest as the engine gives it back", () => {
    expect(unwrap(outputs)).toEqual(OUTPUTS);
  });

  it("leaves out what equals something else: the lifetimes, and empty triggers", () => {
    const written = Object.keys(toOutputs({ ...RECORD, issuedForTriggers: {} }));
    expect(written.filter((name) => /^(issued|granted)/.test(name))).toEqual([]);
    const differing = { ...RECORD, secretExpiresAfterHours: 900, grantedHours: 360 };
    expect(toOutputs(differing)).toMatchObject({ issuedForHours: 720, grantedHours: 360 });
  });

  it("shows the value in no other output", () => {
    const { secret: _secret, ...others } = outputs;
    expect(JSON.stringify(others)).not.toContain(SECRET_VALUE);
  });

  it("computes when the secret is due from the lifetime that was granted", () => {
    expect(toOutputs({ ...RECORD, grantedHours: 360, expiresAtMs: BIRTH_MS + 360 * HOUR_MS }).rotateAfter).toBe(
      "2026-03-11T08:00:00Z",
    );
  });

  it.each([
    { name: "the form that Atlas documents", mask: "mdb_sa_sk_...wxyz", kept: true },
    { name: "two characters of the value at the front", mask: "mdb_sa_sk_no...wxyz", kept: true },
    { name: "three characters of the value at the front", mask: "mdb_sa_sk_not...wxyz", kept: false },
    { name: "five characters at the end", mask: "mdb_sa_sk_..._wxyz", kept: false },
    { name: "a star", mask: "mdb_sa_sk_*wxyz", kept: true },
    { name: "many stars", mask: `${"*".repeat(40)}wxyz`, kept: true },
    { name: "stars", mask: "************wxyz", kept: true },
    { name: "nothing but stars", mask: "****", kept: true },
    { name: "the value itself", mask: SECRET_VALUE, kept: false },
    { name: "the value behind dots", mask: `...${SECRET_VALUE}`, kept: false },
    { name: "the value before dots", mask: `${SECRET_VALUE}...`, kept: false },
    { name: "line breaks", mask: "mdb_sa_sk_...w\nyz", kept: false },
    { name: "no text", mask: "", kept: false },
  ])("decides whether a server's mask is one: $name", ({ mask, kept }) => {
    const own = "mdb_sa_sk_...wxyz";
    expect(toOutputs({ ...RECORD, maskedSecretValue: mask }).maskedSecretValue).toBe(kept ? mask : own);
  });

  it("writes no mask of a secret that has none and no value", () => {
    const { value: _value, maskedSecretValue: _mask, ...record } = RECORD;
    expect(toOutputs(record)).not.toHaveProperty("maskedSecretValue");
  });

  it("writes no mask when it knows neither a safe one nor the value", () => {
    const { value: _value, ...record } = RECORD;
    expect(toOutputs({ ...record, maskedSecretValue: SECRET_VALUE })).not.toHaveProperty("maskedSecretValue");
  });

  it("gives plain JSON without undefined, at any depth", () => {
    const record = { ...RECORD, issuedForTriggers: { a: undefined, b: [undefined], c: { d: undefined } } };
    const { lastUsedAtMs: _used, ...bare } = record;
    const written = toOutputs(bare);
    expect(isDeepStrictEqual(written, JSON.parse(JSON.stringify(written)))).toBe(true);
    expect(written).not.toHaveProperty("lastUsedAt");
    expect(written.issuedForTriggers).toEqual({ ...SIGNATURE, value: { b: [null], c: {} } });
  });

  it("gives plain JSON for every record, which reads back as the same record", () => {
    fc.assert(
      fc.property(arbitraryRecord, (record) => {
        const written = toOutputs(record);
        expect(isDeepStrictEqual(written, JSON.parse(JSON.stringify(written)))).toBe(true);
        expect(reveal(toSecretRecord(unwrap(written)))).toEqual(reveal(record));
      }),
    );
  });

  it("writes whatever state can be read, and never throws", () => {
    const { expiresAt } = OUTPUTS;
    const size = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(1e300, -1e300));
    const odd = fc
      .record({ grantedHours: size, rotateBeforeExpiryHours: size })
      .map((sizes) => ({ ...sizes, expiresAt, secretExpiresAfterHours: 720 }));
    fc.assert(
      fc.property(fc.oneof(fc.object(), odd), (state) => expect(toOutputs(toSecretRecord(state))).toBeDefined()),
    );
  });
});

describe("toResourceId", () => {
  it("joins project, client and secret", () => {
    expect(toResourceId(RECORD)).toBe(`${PROJECT_ID}/${CLIENT_ID}/${IDS[0]}`);
  });
});
