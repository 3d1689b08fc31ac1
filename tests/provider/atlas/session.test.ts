/** A whole client as the handlers use it: how its own token is minted, kept, and given up. */

import { createAtlasClient } from "../../../provider/src/atlas/session.js";
import type { Answer, NoAnswer, TransportRequest } from "../../../provider/src/atlas/transport.js";
import type { AccountRef } from "../../../provider/src/atlas/types.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import type { Credential } from "../../../provider/src/settings.js";
import { LISTED, toAnswer } from "../fixtures/scripted-transport.js";
import { CLIENT_ID, createFakeClock, OTHER_CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const ACCOUNT: AccountRef = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const FOUND = toAnswer(200, { clientId: CLIENT_ID, secrets: [LISTED] });
const UNAUTHORIZED = toAnswer(401, { error: 401, reason: "Unauthorized" });
const CUT: NoAnswer = { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true };
const CREDENTIAL: Credential = {
  kind: "service-account",
  clientId: OTHER_CLIENT_ID,
  clientSecret: new Sensitive(SECRET_VALUE),
};

/** What mints and other requests answer, one each; the last one for all that follow. */
interface Script {
  readonly mints?: readonly (Answer | NoAnswer)[];
  readonly others?: readonly (Answer | NoAnswer)[];
  readonly credential?: Credential;
}

const toMinted = (number: number) =>
  toAnswer(200, { access_token: `not-a-real-token-${number}`, expires_in: 3600, token_type: "Bearer" });

function createClient({ mints = [1, 2, 3, 4].map(toMinted), others = [FOUND], credential = CREDENTIAL }: Script = {}) {
  const clock = createFakeClock();
  const sent: TransportRequest[] = [];
  const left = { mints: [...mints], others: [...others] };
  const transport = async (request: TransportRequest) => {
    sent.push(request);
    const queue = request.url.endsWith("/api/oauth/token") ? left.mints : left.others;
    const outcome = queue.length > 1 ? queue.shift() : queue[0];
    if (!outcome) throw new Error("not scripted");
    return outcome;
  };
  const settings = { baseUrl: "https://atlas.example", credential };
  const lines: string[] = [];
  const client = createAtlasClient({ settings, clock, transport, report: (line) => void lines.push(line) });
  /** The requests so far: `mint`, or the end of the token that they were signed with. */
  const summary = () =>
    sent.map(({ url, authorization }) =>
      url.endsWith("/token") ? "mint" : (authorization && Sensitive.reveal(authorization).slice(-7)) || "unsigned",
    );
  return { client, clock, transport, sent, lines, summary };
}

describe("createAtlasClient, with a service account", () => {
  it("sends nothing by itself", () => {
    expect(createClient().sent).toEqual([]);
  });

  it("names itself and its version to the server, in mints as well", async () => {
    const { client, sent } = createClient();
    await client.fetchAccount(ACCOUNT);
    for (const { headers } of sent) {
      expect(headers?.["User-Agent"]).toMatch(/^pulumi-atlas-secrets\/\d+\.\d+\.\d+\S* node\/\d+/);
    }
  });

  it("mints once for many calls at the same time", async () => {
    const { client, summary } = createClient();
    await Promise.all(Array.from({ length: 5 }, () => client.fetchAccount(ACCOUNT)));
    expect(summary()).toEqual(["mint", ...Array.from({ length: 5 }, () => "token-1")]);
  });

  it("mints again once when a token that had worked is refused, and sends the write once more", async () => {
    const created = toAnswer(201, { ...LISTED, secret: SECRET_VALUE });
    const { client, summary } = createClient({ others: [FOUND, UNAUTHORIZED, created] });
    await client.fetchAccount(ACCOUNT);
    await client.createSecret(ACCOUNT, 8);
    expect(summary()).toEqual(["mint", "token-1", "token-1", "mint", "token-2"]);
  });

  it("gives up when the new token is refused as well", async () => {
    const { client, summary } = createClient({ others: [FOUND, UNAUTHORIZED] });
    await client.fetchAccount(ACCOUNT);
    await expect(client.createSecret(ACCOUNT, 8)).rejects.toMatchObject({ code: "authentication", status: 401 });
    expect(summary()).toEqual(["mint", "token-1", "token-1", "mint", "token-2", "token-2"]);
  });

  it("waits once and sends a request again when the token that was just minted is not known everywhere yet", async () => {
    const created = toAnswer(201, { ...LISTED, secret: SECRET_VALUE });
    const { client, clock, summary } = createClient({ others: [UNAUTHORIZED, created] });
    await client.createSecret(ACCOUNT, 8);
    expect(summary()).toEqual(["mint", "token-1", "token-1"]);
    expect(clock.slept).toEqual([1_500]);
  });

  it("mints again when its token ends while the request waits for its turn", async () => {
    const refusal: Answer = { ...toAnswer(429), headers: { "retry-after": "3590" } };
    const { client, clock, summary } = createClient({ others: [refusal, FOUND] });
    await client.fetchAccount(ACCOUNT);
    expect(summary()).toEqual(["mint", "token-1", "mint", "token-2"]);
    expect(clock.slept).toEqual([0, 3_590_000]);
  });

  it("does not mint or wait for a 401 that says that a role is missing, and says so", async () => {
    const { client, clock, summary } = createClient({
      others: [toAnswer(401, { error: 401, errorCode: "NOT_ORG_OWNER" })],
    });
    const work = client.createSecret(ACCOUNT, 8);
    await expect(work).rejects.toMatchObject({ code: "rejected", status: 401, errorCode: "NOT_ORG_OWNER" });
    await expect(work).rejects.toThrow("only an Organization Owner may change its secrets");
    expect(summary()).toEqual(["mint", "token-1"]);
    expect(clock.slept).toEqual([]);
  });

  it("mints no more than twice for many calls whose token never works: for the first one alone, and for all others", async () => {
    const { client, summary } = createClient({ others: [UNAUTHORIZED] });
    const calls = Array.from({ length: 5 }, () => client.fetchAccount(ACCOUNT));
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(calls.map(() => "rejected"));
    expect(summary().filter((what) => what === "mint")).toHaveLength(2);
    // Each at most as often as a request is sent that is answered 401.
    expect(summary().length).toBeLessThanOrEqual(2 + 3 * calls.length);
  });
});

describe("createAtlasClient, with a server that takes no token back", () => {
  it("verifies all the same: nobody waits for that", async () => {
    const { transport } = createClient();
    const never = new Promise<never>(() => {});
    const client = createAtlasClient({
      settings: { baseUrl: "https://atlas.example", credential: CREDENTIAL },
      transport: (request) => (request.url.endsWith("/api/oauth/revoke") ? never : transport(request)),
    });
    const outcome = await client.verify({ clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) });
    expect(outcome.kind).toBe("minted");
  });
});

describe("createAtlasClient, with a server that gives one token to all who ask", () => {
  it("does not give its own back after a verification", async () => {
    const { client, sent } = createClient({ mints: [toMinted(1)] });
    await client.fetchAccount(ACCOUNT);
    await client.verify({ clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) });
    expect(sent.map(({ url }) => url).filter((url) => url.endsWith("/api/oauth/revoke"))).toEqual([]);
  });
});

describe("createAtlasClient, with a report", () => {
  it("shows a line when Atlas's time is another one, and for the long wait of a mint", async () => {
    const refusal: Answer = { ...toAnswer(429), headers: { "retry-after": "30" } };
    const { client, clock, lines } = createClient({ mints: [refusal, toMinted(1)] });
    clock.advance(24 * 3_600_000);
    await client.fetchAccount(ACCOUNT);
    expect(lines).toEqual([
      expect.stringContaining("this machine's clock says 2026-03-02T08:00:00Z, Atlas says 2026-03-01T08:00:00Z."),
      `Waiting 30 s, until 2026-03-02T08:00:30Z: the rate limit of tokens for ${OTHER_CLIENT_ID} is reached.`,
    ]);
  });
});

describe("createAtlasClient, with an API key", () => {
  it.each([
    ["another algorithm", { "www-authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-256' }],
    ["no digest at all", {}],
  ])("says that Atlas asks for what it cannot give, and does not call the key wrong: %s", async (_, headers) => {
    const credential: Credential = { kind: "api-key", publicKey: "notreal1", privateKey: new Sensitive(SECRET_VALUE) };
    const { client, sent } = createClient({ others: [{ ...UNAUTHORIZED, headers }], credential });
    const work = client.fetchAccount(ACCOUNT);
    await expect(work).rejects.toMatchObject({ code: "rejected", status: 401 });
    await expect(work).rejects.toThrow(
      /Atlas asked for .*digest.*, which this provider does not support\. Use a service account/,
    );
    await expect(work).rejects.not.toThrow("it may be wrong");
    expect(sent).toHaveLength(1);
  });
});

describe("createAtlasClient, when a mint fails", () => {
  it("tries it up to four times, also for a write, which is then sent once", async () => {
    const { client, clock, summary } = createClient({
      mints: [CUT, toAnswer(500), CUT, toMinted(1)],
      others: [toAnswer(500)],
    });
    await expect(client.createSecret(ACCOUNT, 8)).rejects.toMatchObject({ mayHaveBeenApplied: true });
    expect(summary()).toEqual(["mint", "mint", "mint", "mint", "token-1"]);
    expect(clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it("ends the call that waits for it with its last try: the tries of both are not multiplied", async () => {
    const { client, clock, summary } = createClient({ mints: [CUT] });
    await expect(client.fetchAccount(ACCOUNT)).rejects.toMatchObject({ code: "connection" });
    expect(summary()).toEqual(["mint", "mint", "mint", "mint"]);
    expect(clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it("waits as a 429 tells, for one mint however many calls wait for it", async () => {
    const refusal: Answer = { ...toAnswer(429), headers: { "retry-after": "30" } };
    const { client, clock, summary } = createClient({ mints: [refusal, toMinted(1)] });
    await Promise.all(Array.from({ length: 5 }, () => client.fetchAccount(ACCOUNT)));
    expect(summary().filter((what) => what === "mint")).toHaveLength(2);
    expect(clock.slept.filter((ms) => ms > 0)).toEqual([30_000]);
  });

  it("does not try an invalid pair again, and sends nothing else", async () => {
    const { client, clock, summary } = createClient({ mints: [toAnswer(401, { error: "invalid_client" })] });
    await expect(client.fetchAccount(ACCOUNT)).rejects.toMatchObject({ code: "authentication" });
    expect(summary()).toEqual(["mint"]);
    expect(clock.slept).toEqual([]);
  });

  it("says of a write that nothing was sent", async () => {
    const { client } = createClient({ mints: [CUT] });
    const work = client.createSecret(ACCOUNT, 8);
    await expect(work).rejects.toMatchObject({ code: "connection", mayHaveBeenApplied: false });
    await expect(work).rejects.toThrow(`mint an access token for service account ${OTHER_CLIENT_ID}`);
  });
});
