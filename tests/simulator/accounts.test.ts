/** The calls of https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts */
import { DEMO_ORG_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeApis, HOUR_MS, openApi, START } from "./helpers.js";

afterEach(closeApis);

const LEVELS = [{ level: "project" }, { level: "organization" }] as const;
const OTHER_ID = "ffffffffffffffffffffffff";

describe.each(LEVELS)("service accounts at $level level", ({ level }) => {
  it("creates a secret with an id, whole times and a value of the described shapes", async () => {
    const api = await openApi();
    const { status, headers, body } = await api.create(await api.add({ level }), 8);
    expect(status).toBe(201);
    expect(headers.get("content-type")).toMatch(/^application\/vnd\.atlas\.2024-08-05\+json/);
    expect(body.id).toMatch(/^[a-f0-9]{24}$/);
    expect(body.secret).toMatch(/^mdb_sa_sk_[A-Za-z0-9_-]{40}$/);
    expect(body.maskedSecretValue).toBe(`mdb_sa_sk_...${body.secret?.slice(-4)}`);
    expect(body.lastUsedAt).toBeNull();
    for (const time of [body.createdAt, body.expiresAt]) expect(time).toMatch(/^2026-03-01T\d{2}:\d{2}:\d{2}Z$/);
    expect(Date.parse(body.expiresAt ?? "") - Date.parse(body.createdAt ?? "")).toBe(8 * HOUR_MS);
  });

  it("gives every secret an id and a value of its own", async () => {
    const api = await openApi();
    const account = await api.add({ level });
    const [first, second] = [await api.created(account), await api.created(account)];
    expect(first.id).not.toBe(second.id);
    expect(first.secret).not.toBe(second.secret);
  });

  it("shows the secret in 'get' and in 'list', and never its value again", async () => {
    const api = await openApi();
    const account = await api.add({ level, name: "backend" });
    const { secret, ...shown } = await api.created(account);
    const [got, listed] = [await api.get(account), await api.list(account)];
    expect(got.status).toBe(200);
    expect(got.body).toMatchObject({ clientId: account.clientId, name: "backend", secrets: [shown] });
    expect(listed.body.results?.find(({ clientId }) => clientId === account.clientId)).toEqual(got.body);
    for (const { text } of [got, listed]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('"secret"');
    }
  });

  it("deletes a secret with 204 and no body, and leaves the other one", async () => {
    const api = await openApi();
    const account = await api.add({ level });
    const [first, second] = [await api.created(account), await api.created(account)];
    expect(await api.delete(account, first.id)).toMatchObject({ status: 204, text: "" });
    expect((await api.shown(account)).map(({ id }) => id)).toEqual([second.id]);
  });

  it("answers 404 for a secret of another account, and keeps it", async () => {
    const api = await openApi();
    const [account, other] = [await api.add({ level }), await api.add({ level })];
    const { id } = await api.created(other);
    expect(await api.delete(account, id)).toMatchObject({ status: 404, body: { errorCode: "RESOURCE_NOT_FOUND" } });
    expect(await api.shown(other)).toHaveLength(1);
  });

  it("answers 404 to every call for an account that does not exist", async () => {
    const api = await openApi();
    const { ownerId } = await api.add({ level });
    const missing = { level, ownerId, clientId: `mdb_sa_id_${OTHER_ID}` };
    const replies = [await api.get(missing), await api.create(missing), await api.delete(missing, OTHER_ID)];
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe("an id of the other kind", () => {
  it.each([
    { level: "organization", ownerId: DEMO_PROJECT_ID, code: "RESOURCE_NOT_FOUND" },
    { level: "project", ownerId: DEMO_ORG_ID, code: "GROUP_NOT_FOUND" },
    { level: "organization", ownerId: OTHER_ID, code: "RESOURCE_NOT_FOUND" },
  ] as const)("is not found at $level level: $ownerId", async ({ level, ownerId, code }) => {
    const api = await openApi();
    const { clientId } = await api.add({ level: level === "project" ? "organization" : "project" });
    const account = { level, ownerId, clientId };
    const replies = [await api.list(account), await api.get(account), await api.create(account)];
    expect(replies.map(({ status, body }) => [status, body.errorCode])).toEqual(Array(3).fill([404, code]));
  });
});

// "By default, system-managed Service Accounts are excluded."
describe.each(LEVELS)("an account that Atlas manages itself, at $level level", ({ level }) => {
  it("is in a list only when it is asked for, and found by its id", async () => {
    const api = await openApi();
    const [own, system] = [await api.add({ level }), await api.add({ level, isSystemManaged: true })];
    await api.created(system);
    const listed = async (query: string) =>
      (await api.list(own, query)).body.results?.map(({ clientId }) => clientId) ?? [];
    for (const query of ["", "?includeSystemManaged=false"]) {
      expect(await listed(query)).toContain(own.clientId);
      expect(await listed(query)).not.toContain(system.clientId);
    }
    expect(await listed("?includeSystemManaged=true")).toEqual(expect.arrayContaining([own.clientId, system.clientId]));
    expect(await api.shown(system)).toHaveLength(1);
  });
});

describe("service accounts across levels", () => {
  it("shows an account of a project at the level of its organization, with the same secrets", async () => {
    const api = await openApi();
    const { clientId, orgId, ownerId } = await api.simulator.addAccount();
    const { id } = await api.created({ ownerId, clientId });
    const atTop = { level: "organization", ownerId: orgId, clientId } as const;
    expect((await api.shown(atTop)).map((secret) => secret.id)).toEqual([id]);
    expect((await api.delete(atTop, id)).status).toBe(204);
    expect(await api.shown({ ownerId, clientId })).toEqual([]);
  });

  it("answers 404 for an account of the organization in a project to which it is not assigned", async () => {
    const api = await openApi();
    const { clientId } = await api.add({ level: "organization" });
    expect((await api.get({ ownerId: DEMO_PROJECT_ID, clientId })).status).toBe(404);
  });

  it("stamps answers with the virtual time and an id of the request", async () => {
    const api = await openApi();
    const { headers } = await api.get(await api.add());
    const drift = Date.parse(headers.get("date") ?? "") - Date.parse(START);
    expect(drift).toBeGreaterThanOrEqual(0);
    expect(drift).toBeLessThan(HOUR_MS);
    const [record] = await api.simulator.requests();
    expect(headers.get("x-request-id")).toBe(record?.requestId);
  });
});

// An unassigned account is gone from the project only:
// https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-deletegroupserviceaccount
describe("an account that is unassigned from its project", () => {
  it("answers 404 there to every call, and keeps secrets that work at the organization", async () => {
    const api = await openApi();
    const { clientId, orgId, ownerId } = await api.simulator.addAccount();
    const account = { ownerId, clientId };
    const { id, secret } = await api.created(account);
    await api.simulator.unassign(clientId, ownerId);
    const replies = [await api.get(account), await api.create(account), await api.delete(account, id)];
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await api.list(account)).body.results).toEqual([]);
    expect(await api.shown({ level: "organization", ownerId: orgId, clientId })).toHaveLength(1);
    expect((await api.mint(clientId, secret)).status).toBe(200);
  });

  it("is back with the same secrets when it is assigned again", async () => {
    const api = await openApi();
    const account = await api.add();
    const { id } = await api.created(account);
    await api.simulator.unassign(account.clientId, account.ownerId);
    await api.simulator.reassign(account.clientId, account.ownerId);
    expect((await api.shown(account)).map((secret) => secret.id)).toEqual([id]);
  });

  it("is gone at both levels when it is deleted", async () => {
    const api = await openApi();
    const { clientId, orgId, ownerId } = await api.simulator.addAccount();
    await api.simulator.deleteAccount(clientId);
    expect((await api.get({ ownerId, clientId })).status).toBe(404);
    expect((await api.get({ level: "organization", ownerId: orgId, clientId })).status).toBe(404);
  });
});
