/**
 * Two slots, lifetimes and the cut to seven days: https://www.mongodb.com/docs/atlas/api/service-accounts-overview/ and
 * https://www.mongodb.com/docs/atlas/tutorial/rotate-service-account-secrets/
 */
import { closeApis, DAY_MS, goTo, HOUR_MS, openApi } from "./helpers.js";

afterEach(closeApis);

describe("the two slots of an account", () => {
  it("refuses a third secret and keeps the two", async () => {
    const api = await openApi();
    const account = await api.add();
    const held = [(await api.created(account)).id, (await api.created(account)).id];
    const { status, body } = await api.create(account);
    expect([status, body.errorCode]).toEqual([400, "SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED"]);
    expect((await api.shown(account)).map(({ id }) => id)).toEqual(held);
  });

  it("counts an expired secret until it is deleted", async () => {
    const api = await openApi();
    const account = await api.add();
    const [first] = [await api.created(account, 8), await api.created(account, 720)];
    await goTo(api.simulator, first.expiresAt, HOUR_MS);
    expect((await api.create(account)).status).toBe(400);
    expect((await api.delete(account, first.id)).status).toBe(204);
    expect((await api.create(account)).status).toBe(201);
  });

  it("counts each account for itself", async () => {
    const api = await openApi();
    const [full, other] = [await api.add(), await api.add()];
    await api.created(full);
    await api.created(full);
    expect((await api.create(other)).status).toBe(201);
  });
});

describe("the lifetime of a secret", () => {
  it.each([
    { hours: 7, status: 400 },
    { hours: 8, status: 201 },
    { hours: 8760, status: 201 },
    { hours: 8761, status: 400 },
  ])("answers $status for $hours hours", async ({ hours, status }) => {
    const api = await openApi();
    expect((await api.create(await api.add(), hours)).status).toBe(status);
  });

  it.each([
    { name: "works shortly before its end", ms: -30_000, status: 200 },
    { name: "no longer works at its end", ms: 0, status: 401 },
  ])("$name", async ({ ms, status }) => {
    const api = await openApi();
    const account = await api.add();
    const { secret, expiresAt } = await api.created(account, 8);
    await goTo(api.simulator, expiresAt, ms);
    expect((await api.mint(account.clientId, secret)).status).toBe(status);
  });
});

describe("the cut of the other secret when one is created", () => {
  it.each([
    { name: "8 hours stay", hours: 8, isCut: false },
    { name: "7 days stay", hours: 168, isCut: false },
    { name: "7 days and an hour become 7 days", hours: 169, isCut: true },
    { name: "a year becomes 7 days", hours: 8760, isCut: true },
  ])("$name", async ({ hours, isCut }) => {
    const api = await openApi();
    const account = await api.add();
    const first = await api.created(account, hours);
    const second = await api.created(account, 8760);
    const [cut, fresh] = await api.shown(account);
    expect(Date.parse(cut?.expiresAt ?? "")).toBe(
      isCut ? Date.parse(second.createdAt) + 7 * DAY_MS : Date.parse(first.expiresAt),
    );
    expect(fresh?.expiresAt).toBe(second.expiresAt);
  });

  it("leaves the secrets of other accounts alone", async () => {
    const api = await openApi();
    const [account, other] = [await api.add(), await api.add()];
    const { expiresAt } = await api.created(other);
    await api.created(account);
    await api.created(account);
    expect((await api.shown(other)).map((secret) => secret.expiresAt)).toEqual([expiresAt]);
  });

  it("does not happen when the creation is refused", async () => {
    const api = await openApi();
    const account = await api.add();
    const { expiresAt } = await api.created(account);
    await api.create(account, 7);
    expect((await api.shown(account)).map((secret) => secret.expiresAt)).toEqual([expiresAt]);
  });

  it("shows at once by default, and from the moment that the switch tells when it is set", async () => {
    const api = await openApi({ cutShowsAfterSeconds: 3600 });
    const account = await api.add();
    const first = await api.created(account);
    const second = await api.created(account);
    const shownFirst = async () => (await api.shown(account))[0]?.expiresAt;
    await goTo(api.simulator, second.createdAt, HOUR_MS - 30_000);
    expect(await shownFirst()).toBe(first.expiresAt);
    await goTo(api.simulator, second.createdAt, HOUR_MS);
    expect(Date.parse((await shownFirst()) ?? "")).toBe(Date.parse(second.createdAt) + 7 * DAY_MS);
  });

  it("ends the secret after 7 days even while it does not show", async () => {
    const api = await openApi({ cutShowsAfterSeconds: 30 * 86_400, mintLimitPerMinute: null });
    const account = await api.add();
    const first = await api.created(account);
    const second = await api.created(account);
    await goTo(api.simulator, second.createdAt, 7 * DAY_MS - 30_000);
    expect((await api.mint(account.clientId, first.secret)).status).toBe(200);
    await goTo(api.simulator, second.createdAt, 7 * DAY_MS);
    expect((await api.mint(account.clientId, first.secret)).status).toBe(401);
    expect((await api.shown(account))[0]?.expiresAt).toBe(first.expiresAt);
  });
});

// Seen by users: https://github.com/mongodb/terraform-provider-mongodbatlas/issues (DATA_CONCURRENCY_ERROR)
describe("two creations for one account at a time", () => {
  it("gives one a 201 and the other a 409, and creates one secret", async () => {
    const api = await openApi({ postDurationMs: 300 });
    const account = await api.add();
    const replies = await Promise.all([api.create(account), api.create(account)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.errorCode).toBe("DATA_CONCURRENCY_ERROR");
    expect(await api.shown(account)).toHaveLength(1);
    expect((await api.create(account)).status).toBe(201);
  });

  it("lets both through for two accounts", async () => {
    const api = await openApi({ postDurationMs: 50 });
    const accounts = [await api.add(), await api.add()];
    const replies = await Promise.all(accounts.map((account) => api.create(account)));
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
  });
});
