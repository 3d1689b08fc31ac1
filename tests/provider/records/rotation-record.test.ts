/** What the state holds of a rotating resource: written strictly, read back the same, read leniently. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import {
  type RotationRecord,
  toOwnInputs,
  toRotationId,
  toRotationOutputs,
  toRotationRecord,
  toRotationStatus,
} from "../../../provider/src/records/rotation-record.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import type { IssueRecord } from "../../../provider/src/records/secret-record.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  createFakeClock,
  DESIRED_ROTATION,
  IDS,
  OTHER_SECRET_VALUE,
  OUTPUTS,
  OVERLAPPING,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
} from "../fixtures/values.js";

const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const CURRENT: IssueRecord = {
  secretId: IDS[0],
  value: new Sensitive(SECRET_VALUE),
  maskedSecretValue: "mdb_sa_sk_...wxyz",
  createdAtMs: BIRTH_MS,
  expiresAtMs: BIRTH_MS + 720 * HOUR_MS,
  verifiedAtMs: BIRTH_MS + 1_000,
  grantedHours: 720,
  issuedForHours: 720,
  issuedForTriggers: DESIRED_ROTATION.triggers,
};
const RECORD: RotationRecord = { ...OVERLAPPING, current: CURRENT, generation: 2, isUnassigned: false };
const PENDING: IssueRecord = {
  ...CURRENT,
  secretId: IDS[2],
  value: new Sensitive(OTHER_SECRET_VALUE),
  maskedSecretValue: "mdb_sa_sk_...qrst",
  issuedForTriggers: { ticket: 1 },
};

/** What the engine gives back: secrets without their mark. */
function unwrap(outputs: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(outputs).map(([name, value]) => {
    const isMarked = typeof value === "object" && value !== null && Object.keys(SIGNATURE).every((key) => key in value);
    return [name, isMarked ? (value as { value?: unknown }).value : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** A record with its values in clear, to compare it. */
function reveal({ current, pending, ...rest }: RotationRecord): unknown {
  const show = (issue?: IssueRecord) => issue && { ...issue, value: issue.value && Sensitive.reveal(issue.value) };
  return { ...rest, current: show(current), pending: show(pending) };
}

describe("toRotationOutputs", () => {
  it("writes what the engine gives back", () => {
    expect(unwrap(toRotationOutputs(RECORD))).toEqual(ROTATING_OUTPUTS);
  });

  it("writes the pending secret's outputs beside the current one's, its value and triggers as secrets", () => {
    const outputs = toRotationOutputs({ ...RECORD, pending: PENDING });
    expect(outputs).toMatchObject({
      secret: { ...SIGNATURE, value: SECRET_VALUE },
      pendingSecretId: IDS[2],
      pendingSecret: { ...SIGNATURE, value: OTHER_SECRET_VALUE },
      pendingIssuedForTriggers: { ...SIGNATURE, value: { ticket: 1 } },
      pendingMaskedSecretValue: "mdb_sa_sk_...qrst",
    });
    const { secret: _s, pendingSecret: _p, ...others } = outputs;
    expect(JSON.stringify(others)).not.toMatch(/mdb_sa_sk_[A-Za-z]/);
  });

  it("gives plain JSON for every record, which reads back as the same record", () => {
    const timeMs = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000);
    const arbitraryRecord = fc
      .record(
        {
          pending: fc.constant(PENDING),
          previous: fc.record(
            { secretId: fc.constantFrom(...IDS), expiresAtMs: timeMs, lastUsedAtMs: timeMs },
            { requiredKeys: ["secretId"] },
          ),
          promotedAtMs: timeMs,
          overlapHours: fc.nat(168),
          quietHours: fc.constantFrom(0, 24),
          generation: fc.nat(1_000),
          place: fc.constantFrom("held" as const, "missing" as const, "unassigned" as const),
        },
        { requiredKeys: ["overlapHours", "quietHours", "generation", "place"] },
      )
      .map(({ place, ...changes }): RotationRecord => {
        const { previous: _p, promotedAtMs: _d, ...bare } = RECORD;
        const looks = { isCurrentMissing: place === "missing", isUnassigned: place === "unassigned" };
        return { ...bare, ...changes, ...looks };
      });
    fc.assert(
      fc.property(arbitraryRecord, (record) => {
        const written = toRotationOutputs(record);
        expect(isDeepStrictEqual(written, JSON.parse(JSON.stringify(written)))).toBe(true);
        expect(reveal(toRotationRecord(unwrap(written)))).toEqual(reveal(record));
      }),
    );
  });

  it("writes whatever state can be read, and never throws; and diff answers for it", () => {
    const handlers = createRotatingHandlers(
      PROJECT,
      new ProviderProcess({ clock: createFakeClock(), env: {}, report: () => undefined }),
    );
    const anything = fc.oneof(fc.anything(), fc.double(), fc.constantFrom(1e300, -1e300, "2026-03-01T08:00:00Z"));
    const entries = Object.entries({ ...ROTATING_OUTPUTS, pendingSecretId: IDS[2], pendingSecret: SECRET_VALUE });
    const state = fc.record(
      Object.fromEntries(entries.map(([name, value]) => [name, fc.oneof(fc.constant(value), anything)])),
      { requiredKeys: [] },
    ) as fc.Arbitrary<Record<string, unknown>>;
    fc.assert(
      fc.property(state, state, (olds, news) => {
        expect(toRotationOutputs(toRotationRecord(olds))).toBeDefined();
        expect(typeof handlers.diff("id", olds, news).changes).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("toRotationRecord", () => {
  it.each([
    { name: "no overlap", output: { overlapHours: undefined }, expected: { overlapHours: 24 } },
    { name: "an overlap that is no number", output: { overlapHours: "x" }, expected: { overlapHours: 0 } },
    { name: "quietHours that are no number", output: { quietHours: "x" }, expected: { quietHours: 24 } },
    { name: "no generation", output: { generation: undefined }, expected: { generation: 1 } },
    { name: "a status of a later version", output: { status: "sleeping" }, expected: { isCurrentMissing: false } },
  ])("takes the default for $name", ({ output, expected }) => {
    expect(toRotationRecord({ ...ROTATING_OUTPUTS, ...output })).toMatchObject(expected);
  });

  it.each(["pending-verification", "rejected"])(
    "takes the secret of the plain class for pending when it is %s",
    (status) => {
      const record = toRotationRecord({ ...OUTPUTS, status, supersedes: [IDS[1]] });
      expect(record).toMatchObject({ pending: { secretId: OUTPUTS.secretId }, generation: 0, supersedes: [IDS[1]] });
      expect(record.current).toBeUndefined();
      expect(toRotationRecord({ ...OUTPUTS, status: "active" })).toMatchObject({
        current: { secretId: OUTPUTS.secretId },
        generation: 1,
      });
    },
  );

  it("leaves out the secrets that have no id", () => {
    const record = toRotationRecord({ ...ROTATING_OUTPUTS, secretId: "", previousSecretId: null, pendingSecret: "x" });
    expect(Object.keys(record).filter((key) => ["current", "previous", "pending"].includes(key))).toEqual([]);
    expect(record.generation).toBe(2);
  });
});

describe("a record of an account that left its set", () => {
  it("is due at no time, and any other is when its current secret is", () => {
    expect(toRotationOutputs(RECORD).rotateAfter).toBe("2026-03-21T08:00:00Z");
    const removed = toRotationOutputs({ ...RECORD, removedAtMs: BIRTH_MS });
    expect(removed).toMatchObject({ removedAt: "2026-03-01T08:00:00Z" });
    expect(removed).not.toHaveProperty("rotateAfter");
    const { current: _c, ...empty } = RECORD;
    expect(toRotationOutputs(empty)).not.toHaveProperty("rotateAfter");
  });
});

describe("toOwnInputs", () => {
  const own = { ...DESIRED_ROTATION, overlapHours: 48, quietHours: 12, rotateBeforeExpiryHours: 100 };
  const { pending: _, ...settled } = { ...RECORD, ...own };

  it("gives the inputs of the last run, and the triggers that its newest secret was issued for", () => {
    expect(toOwnInputs(settled)).toEqual(own);
    const pending = { ...PENDING, issuedForTriggers: { newest: "1" } };
    expect(toOwnInputs({ ...settled, pending })).toEqual({ ...own, triggers: { newest: "1" } });
    const { current: _c, ...empty } = settled;
    expect(toOwnInputs(empty)).toEqual({ ...own, triggers: {} });
  });
});

describe("toRotationStatus", () => {
  const { previous: _p, ...single } = RECORD;
  const { current: _c, ...nothing } = single;

  it.each<{ name: string; record: RotationRecord; expected: string }>([
    { name: "one secret", record: single, expected: "active" },
    { name: "an account that left its set", record: { ...RECORD, removedAtMs: BIRTH_MS }, expected: "account-removed" },
    { name: "a previous one", record: RECORD, expected: "overlapping" },
    { name: "a pending one", record: { ...RECORD, pending: PENDING }, expected: "pending-verification" },
    { name: "nothing but a pending one", record: { ...nothing, pending: PENDING }, expected: "pending-verification" },
    { name: "nothing", record: nothing, expected: "current-missing" },
    {
      name: "an unassigned account",
      record: { ...RECORD, isUnassigned: true, pending: PENDING },
      expected: "account-unassigned",
    },
    {
      name: "a missing current one",
      record: { ...RECORD, isCurrentMissing: true, pending: PENDING },
      expected: "current-missing",
    },
  ])("is $expected for $name", ({ record, expected }) => {
    expect(toRotationStatus(record)).toBe(expected);
  });
});

describe("toRotationId", () => {
  it("joins owner and client, at both levels", () => {
    expect(toRotationId(RECORD)).toBe(`${PROJECT_ID}/${CLIENT_ID}`);
    const { projectId: _, ...rest } = RECORD;
    expect(toRotationId({ ...rest, orgId: IDS[0] })).toBe(`${IDS[0]}/${CLIENT_ID}`);
  });
});
