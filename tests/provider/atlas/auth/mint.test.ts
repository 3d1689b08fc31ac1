import { inspect } from "node:util";
import { createAccessTokenAuthenticator } from "../../../../provider/src/atlas/auth/access-token.js";
import { mintToken, revokeToken } from "../../../../provider/src/atlas/auth/mint.js";
import { Pacer } from "../../../../provider/src/atlas/pacing.js";
import { TimeBudget } from "../../../../provider/src/atlas/time-budget.js";
import type { Answer, NoAnswer, TransportRequest } from "../../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../../provider/src/sensitive.js";
import { findCanaries } from "../../../helpers/canaries.js";
import { CLIENT_ID, createFakeClock, SECRET_VALUE } from "../../fixtures/values.js";

const MINTED = { access_token: "not-a-real-token", expires_in: 3600, token_type: "Bearer" };

/** Mints with a transport that gives one outcome, and keeps the request. */
async function mint(outcome: Answer | NoAnswer, clientId = CLIENT_ID) {
  const requests: TransportRequest[] = [];
  const transport = async (request: TransportRequest) => {
    requests.push(request);
    return outcome;
  };
  const clock = createFakeClock();
  const endpoint = {
    transport,
    baseUrl: "https://atlas.example/prefix",
    userAgent: "sample/1.0.0",
    pacer: new Pacer(clock),
    budget: new TimeBudget(clock),
  };
  const result = await mintToken(endpoint, { clientId, secret: new Sensitive(SECRET_VALUE) });
  return { result, requests };
}

function toAnswer(status: number, body: unknown): Answer {
  return { kind: "answer", status, headers: {}, body: JSON.stringify(body) };
}

describe("mintToken", () => {
  it("asks once, with the pair in the header and nowhere else", async () => {
    const { requests } = await mint(toAnswer(200, MINTED));
    const pair = Buffer.from(`${CLIENT_ID}:${SECRET_VALUE}`).toString("base64");
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: "POST",
      url: "https://atlas.example/prefix/api/oauth/token",
      body: "grant_type=client_credentials",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "sample/1.0.0" },
    });
    expect(requests[0]?.authorization && Sensitive.reveal(requests[0].authorization)).toBe(`Basic ${pair}`);
    expect(inspect(requests, { depth: 10 })).not.toContain(pair);
  });

  it("gives the token and its lifetime", async () => {
    const { result } = await mint(toAnswer(200, MINTED));
    expect(result).toMatchObject({ kind: "minted", lifetimeMs: 3_600_000 });
    expect(result.kind === "minted" && Sensitive.reveal(result.token)).toBe("not-a-real-token");
  });

  it.each([
    { name: "401 invalid_client", outcome: toAnswer(401, { error: "invalid_client" }), kind: "invalid-client" },
    { name: "400 invalid_client", outcome: toAnswer(400, { error: "invalid_client" }), kind: "invalid-client" },
    { name: "403 invalid_client", outcome: toAnswer(403, { error: "invalid_client" }), kind: "undetermined" },
    { name: "401 without that word", outcome: toAnswer(401, { error: "access_denied" }), kind: "undetermined" },
    { name: "401 of a proxy", outcome: toAnswer(401, "no"), kind: "undetermined" },
    { name: "429", outcome: toAnswer(429, { error: "invalid_client" }), kind: "undetermined" },
    { name: "500", outcome: toAnswer(500, { error: "invalid_client" }), kind: "undetermined" },
    { name: "200 without a token", outcome: toAnswer(200, {}), kind: "undetermined" },
    {
      name: "no answer",
      outcome: { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true } as const,
      kind: "undetermined",
    },
  ])("takes $name for $kind, with an error that names the account and no value", async ({ outcome, kind }) => {
    const { result } = await mint(outcome);
    expect(result.kind).toBe(kind);
    const error = result.kind === "minted" ? undefined : result.error;
    expect(error?.message).toContain(CLIENT_ID);
    expect(inspect(error, { depth: 10 })).not.toContain(SECRET_VALUE);
  });

  it("gives the time of an answer that calls the pair invalid, where it has one", async () => {
    const answer = toAnswer(401, { error: "invalid_client" });
    expect((await mint({ ...answer, serverTimeMs: 7 })).result).toHaveProperty("serverTimeMs", 7);
    expect((await mint(answer)).result).not.toHaveProperty("serverTimeMs");
  });

  it("names no account by what is not an id, as when id and secret are swapped", async () => {
    const { result } = await mint(toAnswer(401, { error: "invalid_client" }), SECRET_VALUE);
    const text = result.kind === "minted" ? "" : result.error.message;
    expect(text).toContain("service account [not an id]");
    expect(findCanaries(inspect(result, { depth: 10, showHidden: true }), { SECRET_VALUE })).toEqual([]);
  });

  it.each([400, 401])(
    "gives an authentication error when a pair is refused by %i, so that the advice fits",
    async (status) => {
      const { result } = await mint(toAnswer(status, { error: "invalid_client" }));
      expect(result).toHaveProperty("error.code", "authentication");
    },
  );
});

describe("revokeToken", () => {
  const credential = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
  const endpoint = { baseUrl: "https://atlas.example/prefix", userAgent: "sample/1.0.0" };

  it("asks once, with the token in the form, the pair in the header, and little time", async () => {
    const requests: TransportRequest[] = [];
    const transport = async (request: TransportRequest) => {
      requests.push(request);
      return toAnswer(200, {});
    };
    await revokeToken({ ...endpoint, transport }, credential, new Sensitive("a+token/with=signs"));
    const pair = Buffer.from(`${CLIENT_ID}:${SECRET_VALUE}`).toString("base64");
    expect(requests).toMatchObject([
      {
        method: "POST",
        url: "https://atlas.example/prefix/api/oauth/revoke",
        body: "token=a%2Btoken%2Fwith%3Dsigns&token_type_hint=access_token",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "sample/1.0.0" },
        timeoutMs: 2_000,
      },
    ]);
    expect(requests[0]?.authorization && Sensitive.reveal(requests[0].authorization)).toBe(`Basic ${pair}`);
  });

  it("resolves even when the request itself goes wrong, since nobody waits for it", async () => {
    const transport = () => Promise.reject(new Error("a defect"));
    await expect(revokeToken({ ...endpoint, transport }, credential, new Sensitive("token"))).resolves.toBeUndefined();
  });
});

describe("createAccessTokenAuthenticator", () => {
  const authenticator = createAccessTokenAuthenticator(new Sensitive("not-a-real-token"));
  const request = { method: "GET", path: "/" };

  it("sends the token it was given, always", async () => {
    const header = await authenticator.fetchAuthorization(request);
    expect(header && Sensitive.reveal(header)).toBe("Bearer not-a-real-token");
  });

  it("has no second token for a 401, and names the one it has as what no message may hold", () => {
    expect(authenticator.decideRetry(toAnswer(401, {}), [])).toEqual({ action: "stop" });
    expect(authenticator.knownValues().map(Sensitive.reveal)).toEqual(["not-a-real-token"]);
  });
});
