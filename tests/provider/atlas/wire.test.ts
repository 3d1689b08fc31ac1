import fc from "fast-check";
import {
  parseAccount,
  parseAccountPage,
  parseCreatedSecret,
  parseErrorBody,
  parseMintedToken,
} from "../../../provider/src/atlas/wire.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import {
  arbitraryId,
  arbitraryText,
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OTHER_CLIENT_ID,
  SECRET_VALUE,
} from "../fixtures/values.js";

const HELD = { id: IDS[0], createdAt: "2026-03-01T08:00:00Z", expiresAt: "2026-03-31T08:00:00Z" };
const CREATED = { ...HELD, secret: SECRET_VALUE, maskedSecretValue: "mdb_sa_sk_...wxyz" };
const ACCOUNT = { clientId: CLIENT_ID, name: "sample", createdAt: HELD.createdAt, secrets: [HELD] };
const TOKEN = { access_token: "not-a-real-token", expires_in: 3600, token_type: "Bearer" };
const heldSecret = { id: IDS[0], createdAtMs: BIRTH_MS, expiresAtMs: BIRTH_MS + 720 * HOUR_MS };

/** Fields that a later version of Atlas may add. */
const unknownFields = fc.dictionary(
  arbitraryText(1, 10).map((name) => `x${name}`),
  fc.jsonValue(),
);
const arbitraryTime = fc
  .date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2040-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());
const arbitraryHeld = fc
  .tuple(
    unknownFields,
    fc.record(
      {
        id: arbitraryId,
        createdAt: arbitraryTime,
        expiresAt: arbitraryTime,
        lastUsedAt: fc.oneof(arbitraryTime, fc.constant(null)),
        maskedSecretValue: fc.oneof(arbitraryText(4, 4), fc.constant(null)),
      },
      { requiredKeys: ["id", "createdAt", "expiresAt"] },
    ),
  )
  .map(([more, known]) => ({ ...more, ...known }));

function parseHeld(changes: Record<string, unknown>) {
  return parseAccount(JSON.stringify({ ...ACCOUNT, secrets: [{ ...HELD, ...changes }] }));
}

const NOT_JSON = [
  { name: "no text", body: "" },
  { name: "a page of a proxy", body: "<html>Service Unavailable</html>" },
  { name: "cut JSON", body: JSON.stringify(ACCOUNT).slice(0, -1) },
  { name: "null", body: "null" },
  { name: "a list", body: "[]" },
  { name: "a text", body: '"x"' },
  { name: "an empty object", body: "{}" },
];

describe("parseAccount", () => {
  it("reads an account with its secrets, times in milliseconds, and drops what it does not know", () => {
    expect(parseAccount(JSON.stringify(ACCOUNT))).toEqual({
      clientId: CLIENT_ID,
      name: ACCOUNT.name,
      secrets: [heldSecret],
    });
  });

  it.each([
    { name: "none are listed", secrets: undefined },
    { name: "they are null", secrets: null },
    { name: "they are no list", secrets: {} },
  ])("gives no list of secrets when $name, rather than an empty one", ({ secrets }) => {
    expect(parseAccount(JSON.stringify({ ...ACCOUNT, secrets }))).toEqual({ clientId: CLIENT_ID, name: ACCOUNT.name });
  });

  it("gives an empty list for an empty list", () => {
    expect(parseAccount(JSON.stringify({ ...ACCOUNT, secrets: [] }))).toEqual({
      clientId: CLIENT_ID,
      name: ACCOUNT.name,
      secrets: [],
    });
  });

  it.each([
    { name: "null", lastUsedAt: null, expected: {} },
    { name: "absent", lastUsedAt: undefined, expected: {} },
    { name: "a time", lastUsedAt: "2026-03-01T09:00:00Z", expected: { lastUsedAtMs: BIRTH_MS + HOUR_MS } },
  ])("reads lastUsedAt when it is $name", ({ lastUsedAt, expected }) => {
    expect(parseHeld({ lastUsedAt })?.secrets).toEqual([{ ...heldSecret, ...expected }]);
  });

  it.each([
    { name: "no id", changes: { id: undefined } },
    { name: "a null id", changes: { id: null } },
    { name: "an id of 23 digits", changes: { id: IDS[0].slice(1) } },
    { name: "an id with a path in it", changes: { id: `${IDS[0]}/..` } },
    { name: "no createdAt", changes: { createdAt: undefined } },
    { name: "a createdAt in words", changes: { createdAt: "yesterday" } },
    { name: "a createdAt of a number", changes: { createdAt: BIRTH_MS } },
    { name: "no expiresAt", changes: { expiresAt: undefined } },
    { name: "a null expiresAt", changes: { expiresAt: null } },
    { name: "an expiresAt that does not exist", changes: { expiresAt: "2026-13-01T00:00:00Z" } },
    { name: "a lastUsedAt in words", changes: { lastUsedAt: "never" } },
    { name: "a mask that is no text", changes: { maskedSecretValue: 1 } },
  ])("gives no list of secrets when one has $name", ({ changes }) => {
    expect(parseHeld(changes)).toEqual({ clientId: CLIENT_ID, name: ACCOUNT.name });
  });

  it.each([...NOT_JSON, { name: "no clientId", body: JSON.stringify({ secrets: [] }) }])(
    "refuses $name",
    ({ body }) => {
      expect(parseAccount(body)).toBeUndefined();
    },
  );

  it("accepts every answer of the documented form, with whatever else is in it", () => {
    fc.assert(
      fc.property(unknownFields, fc.array(arbitraryHeld, { maxLength: 2 }), (more, secrets) => {
        const parsed = parseAccount(JSON.stringify({ ...more, clientId: CLIENT_ID, secrets }));
        expect(parsed?.secrets?.map(({ id, expiresAtMs }) => ({ id, expiresAtMs }))).toEqual(
          secrets.map(({ id, expiresAt }) => ({ id, expiresAtMs: Date.parse(expiresAt) })),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("parseAccountPage", () => {
  it.each([
    { name: "a link to it", links: [{ rel: "self" }, { rel: "next", href: "https://atlas.example" }], hasNext: true },
    { name: "a link with a URL for its relation", links: [{ rel: "https://atlas.example/rel/next" }], hasNext: true },
    { name: "links to other things", links: [{ rel: "self" }, { rel: "previous" }, {}, { rel: 1 }], hasNext: false },
    { name: "no link in its list", links: [], hasNext: false },
  ])("reads the accounts, and whether another page follows: $name", ({ links, hasNext }) => {
    const body = JSON.stringify({ results: [ACCOUNT, { clientId: OTHER_CLIENT_ID }], totalCount: 2, links });
    expect(parseAccountPage(body)).toEqual({
      accounts: [{ clientId: CLIENT_ID, name: ACCOUNT.name, secrets: [heldSecret] }, { clientId: OTHER_CLIENT_ID }],
      hasNext,
    });
  });

  it.each([{ links: undefined }, { links: null }, { links: "none" }, { links: [1] }])(
    "does not say whether another page follows when its links are $links",
    ({ links }) => {
      expect(parseAccountPage(JSON.stringify({ results: [], links, totalCount: "2" }))).toEqual({ accounts: [] });
    },
  );

  it.each([
    ...NOT_JSON,
    { name: "results that are no list", body: '{"results":{}}' },
    { name: "an account without a client id", body: '{"results":[{"secrets":[]}]}' },
  ])("refuses $name", ({ body }) => {
    expect(parseAccountPage(body)).toBeUndefined();
  });
});

describe("parseCreatedSecret", () => {
  it("reads the secret and wraps its value", () => {
    const { value, ...rest } = parseCreatedSecret(JSON.stringify(CREATED)) ?? {};
    expect(rest).toEqual({ ...heldSecret, maskedSecretValue: CREATED.maskedSecretValue });
    expect(value && Sensitive.reveal(value)).toBe(SECRET_VALUE);
  });

  it.each([
    { name: "20 characters", secret: "x".repeat(20), ok: true },
    { name: "19 characters", secret: "x".repeat(19), ok: false },
    { name: "512 characters", secret: "x".repeat(512), ok: true },
    { name: "513 characters", secret: "x".repeat(513), ok: false },
    { name: "a mask", secret: "mdb_sa_sk_...wxyz0000000000", ok: false },
    { name: "a space", secret: `${SECRET_VALUE} `, ok: false },
    { name: "a line break", secret: `${SECRET_VALUE}\n`, ok: false },
    { name: "a letter beyond ASCII", secret: `${SECRET_VALUE}é`, ok: false },
    { name: "no value", secret: undefined, ok: false },
    { name: "null", secret: null, ok: false },
    { name: "a number", secret: 123_456_789, ok: false },
    { name: "an unknown prefix", secret: "some-later-form-of-a-secret", ok: true },
  ])("judges a value of $name: usable is $ok", ({ secret, ok }) => {
    expect(parseCreatedSecret(JSON.stringify({ ...CREATED, secret })) !== undefined).toBe(ok);
  });

  it.each([
    ...NOT_JSON,
    ...["id", "createdAt", "expiresAt", "secret"].map((name) => ({
      name: `no ${name}`,
      body: JSON.stringify({ ...CREATED, [name]: undefined }),
    })),
  ])("refuses $name", ({ body }) => {
    expect(parseCreatedSecret(body)).toBeUndefined();
  });

  it("accepts every answer of the documented form, with whatever else is in it", () => {
    fc.assert(
      fc.property(arbitraryHeld, arbitraryText(30, 60), (held, secret) => {
        const parsed = parseCreatedSecret(JSON.stringify({ ...held, secret }));
        expect(parsed?.id).toBe(held.id);
        expect(parsed && Sensitive.reveal(parsed.value)).toBe(secret);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("parseMintedToken", () => {
  it("reads the token and its lifetime in milliseconds", () => {
    const minted = parseMintedToken(JSON.stringify({ ...TOKEN, scope: "x" }));
    expect(minted?.lifetimeMs).toBe(3_600_000);
    expect(minted && Sensitive.reveal(minted.token)).toBe(TOKEN.access_token);
  });

  it.each([
    { name: "a type in lower case", changes: { token_type: "bearer" }, ok: true },
    { name: "another type", changes: { token_type: "mac" }, ok: false },
    { name: "no type", changes: { token_type: undefined }, ok: false },
    { name: "an empty token", changes: { access_token: "" }, ok: false },
    { name: "no token", changes: { access_token: undefined }, ok: false },
    { name: "a lifetime of one second", changes: { expires_in: 1 }, ok: true },
    { name: "no lifetime at all", changes: { expires_in: 0 }, ok: false },
    { name: "a lifetime in words", changes: { expires_in: "3600" }, ok: false },
    { name: "an absent lifetime", changes: { expires_in: undefined }, ok: false },
  ])("judges an answer with $name: readable is $ok", ({ changes, ok }) => {
    expect(parseMintedToken(JSON.stringify({ ...TOKEN, ...changes })) !== undefined).toBe(ok);
  });

  it.each(NOT_JSON)("refuses $name", ({ body }) => {
    expect(parseMintedToken(body)).toBeUndefined();
  });
});

describe("parseErrorBody", () => {
  it("reads what a message may show", () => {
    const body = {
      error: 400,
      errorCode: "INVALID_ATTRIBUTE",
      reason: "Bad Request",
      detail: "Wrong.",
      parameters: ["x"],
      badRequestDetail: { fields: [{ field: "secretExpiresAfterHours", description: "too large" }] },
    };
    expect(parseErrorBody(JSON.stringify(body))).toEqual({
      errorCode: "INVALID_ATTRIBUTE",
      reason: "Bad Request",
      detail: "Wrong.",
      fields: ["secretExpiresAfterHours: too large"],
    });
  });

  it("reads the token endpoint's error", () => {
    expect(parseErrorBody('{"error":"invalid_client"}')).toEqual({ oauthError: "invalid_client" });
  });

  it.each([
    {
      name: "a code that is no text",
      body: { error: 400, errorCode: 1, detail: "Wrong." },
      expected: { detail: "Wrong." },
    },
    {
      name: "fields of another form",
      body: { error: 400, detail: "Wrong.", badRequestDetail: { fields: [1] } },
      expected: { detail: "Wrong." },
    },
    {
      name: "no fields",
      body: { error: 400, detail: "Wrong.", badRequestDetail: null },
      expected: { detail: "Wrong." },
    },
    { name: "an absent error number", body: { detail: "Wrong." }, expected: { detail: "Wrong." } },
    { name: "an empty detail", body: { error: 400, detail: "" }, expected: {} },
  ])("leaves $name out and keeps the rest", ({ body, expected }) => {
    expect(parseErrorBody(JSON.stringify(body))).toEqual(expected);
  });

  it.each(NOT_JSON)("gives nothing for $name", ({ body }) => {
    expect(parseErrorBody(body)).toEqual({});
  });
});
