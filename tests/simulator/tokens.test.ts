/** Access tokens: https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/ */
import { closeApis, goTo, HOUR_MS, openApi } from "./helpers.js";

afterEach(closeApis);

const NO_LIMIT = { mintLimitPerMinute: null } as const;

describe("a mint", () => {
  it("answers a bearer token for an hour, which the account's calls accept", async () => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const { secret } = await api.created(account);
    const { status, body } = await api.mint(account.clientId, secret);
    expect([status, body.expires_in, body.token_type]).toEqual([200, 3600, "Bearer"]);
    expect((await api.get(account, { authorization: `Bearer ${body.access_token}` })).status).toBe(200);
  });

  it.each([
    { name: "a wrong secret", change: (secret: string) => `${secret.slice(0, -1)}!` },
    { name: "no secret", change: () => "" },
  ])("answers 401 invalid_client for $name", async ({ change }) => {
    const api = await openApi();
    const account = await api.add();
    const { secret } = await api.created(account);
    const { status, body } = await api.mint(account.clientId, change(secret));
    expect([status, body.error]).toEqual([401, "invalid_client"]);
  });

  it.each([
    { name: "another grant", changes: { body: "grant_type=password" }, error: "unsupported_grant_type" },
    { name: "a parameter too many", changes: { body: "grant_type=client_credentials&x=1" }, error: "invalid_request" },
    { name: "a body that is no form", changes: { contentType: "application/json" }, error: "invalid_request" },
  ])("answers 400 for $name", async ({ changes, error }) => {
    const api = await openApi();
    const account = await api.add();
    const { secret } = await api.created(account);
    const { status, body } = await api.mint(account.clientId, secret, changes);
    expect([status, body.error]).toEqual([400, error]);
  });

  it("is refused the eleventh time in a minute, for this client only, and works again after it", async () => {
    const api = await openApi();
    const [account, other] = [await api.add(), await api.add()];
    const [one, two] = [await api.created(account), await api.created(other)];
    for (let count = 0; count < 10; count++) expect((await api.mint(account.clientId, one.secret)).status).toBe(200);
    const refused = await api.mint(account.clientId, one.secret);
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      error: 429,
      errorCode: "RATE_LIMITED",
      reason: "Too Many Requests",
      detail: "Resource /api/oauth/token is limited to 10 requests every 1 minutes.",
      parameters: ["/api/oauth/token", 10, 1],
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await api.mint(other.clientId, two.secret)).status).toBe(200);
    await api.simulator.advance(61_000);
    expect((await api.mint(account.clientId, one.secret)).status).toBe(200);
  });

  it.each([
    { name: "a hundred", switches: NO_LIMIT, limit: 100 },
    { name: "as many as the switch says", switches: { ...NO_LIMIT, maxLiveTokens: 2 }, limit: 2 },
  ])("is refused when the account has $name live tokens, until one ends or is revoked", async ({ switches, limit }) => {
    const api = await openApi(switches);
    const account = await api.add();
    const { secret } = await api.created(account);
    const mint = () => api.mint(account.clientId, secret);
    const tokens: string[] = [];
    for (let count = 0; count < limit; count++) tokens.push((await mint()).body.access_token ?? "");
    const { status, body } = await mint();
    expect([status, body.error, typeof body.error_description]).toEqual([403, "access_denied", "string"]);
    await api.revoke(tokens[0] ?? "", account.clientId, secret);
    expect((await mint()).status).toBe(200);
    expect((await mint()).status).toBe(403);
    await api.simulator.advance(HOUR_MS + 1000);
    expect((await mint()).status).toBe(200);
  });

  // https://www.rfc-editor.org/rfc/rfc6749#section-5.1
  it("answers as JSON that nobody may store, also when it is refused", async () => {
    const api = await openApi({ mintLimitPerMinute: 2 });
    const account = await api.add();
    const { secret } = await api.created(account);
    const token = await api.mint(account.clientId, secret);
    const replies = [
      token,
      await api.mint(account.clientId, "wrong"),
      await api.mint(account.clientId, secret),
      await api.revoke(token.body.access_token ?? "", account.clientId, secret),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 401, 429, 200]);
    for (const { headers } of replies) {
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  it.each([
    { name: "at once", lastUsedAfterSeconds: 0, seconds: 0, isShown: true },
    { name: "not yet before the time that the switch tells", lastUsedAfterSeconds: 60, seconds: 50, isShown: false },
    { name: "after the time that the switch tells", lastUsedAfterSeconds: 60, seconds: 61, isShown: true },
    { name: "never when it is switched off", lastUsedAfterSeconds: null, seconds: 3600, isShown: false },
  ])("shows in lastUsedAt $name", async ({ lastUsedAfterSeconds, seconds, isShown }) => {
    const api = await openApi({ lastUsedAfterSeconds });
    const account = await api.add();
    const { secret } = await api.created(account);
    await api.mint(account.clientId, secret);
    await api.simulator.advance(seconds * 1000);
    const [shown] = await api.shown(account);
    expect(typeof shown?.lastUsedAt === "string").toBe(isShown);
  });
});

describe("a token", () => {
  it.each([
    { name: "works shortly before its end", seconds: 3590, status: 200 },
    { name: "does not work after an hour", seconds: 3601, status: 401 },
  ])("$name", async ({ seconds, status }) => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const { secret } = await api.created(account);
    const { body } = await api.mint(account.clientId, secret);
    await api.simulator.advance(seconds * 1000);
    expect((await api.get(account, { authorization: `Bearer ${body.access_token}` })).status).toBe(status);
  });

  it("stops working when the secret that it was minted from is deleted; one of the other secret goes on", async () => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const [one, two] = [await api.created(account), await api.created(account)];
    const [first, second] = [
      await api.mint(account.clientId, one.secret),
      await api.mint(account.clientId, two.secret),
    ];
    await api.delete(account, one.id);
    const statusWith = async (token = "") => (await api.get(account, { authorization: `Bearer ${token}` })).status;
    expect(await statusWith(first.body.access_token)).toBe(401);
    expect(await statusWith(second.body.access_token)).toBe(200);
  });

  it("stops working when its account is deleted", async () => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const { secret } = await api.created(account);
    const { body } = await api.mint(account.clientId, secret);
    await api.simulator.deleteAccount(account.clientId);
    const reply = await api.list(account, "", { authorization: `Bearer ${body.access_token}` });
    expect([reply.status, reply.body.errorCode]).toEqual([401, undefined]);
    expect((await api.simulator.inventory()).liveTokens).toBe(1);
  });

  it("stops working when it is revoked, and revoking it again is no error", async () => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const { secret } = await api.created(account);
    const { body } = await api.mint(account.clientId, secret);
    const token = body.access_token ?? "";
    expect((await api.revoke(token, account.clientId, secret)).status).toBe(200);
    expect((await api.get(account, { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await api.revoke(token, account.clientId, secret)).status).toBe(200);
    expect((await api.revoke(token, account.clientId, "wrong")).status).toBe(401);
  });
});

describe("a value that does not work at once", () => {
  it.each([
    { seconds: 9, status: 401 },
    { seconds: 11, status: 200 },
  ])("answers $status after $seconds of ten seconds", async ({ seconds, status }) => {
    const api = await openApi({ valueWorksAfterSeconds: 10 });
    const account = await api.add();
    const { secret, createdAt } = await api.created(account);
    await goTo(api.simulator, createdAt, seconds * 1000);
    expect((await api.mint(account.clientId, secret)).status).toBe(status);
  });
});
