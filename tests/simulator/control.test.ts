/** The control interface: the same in the process and over HTTP, and it never tells a value that it did not have to. */
import {
  connectControl,
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_CLIENT_ID,
  DEMO_PROJECT_ID,
} from "pulumi-atlas-secrets-simulator";
import { findCanaries } from "../helpers/canaries.js";
import { untilFound } from "../helpers/poll.js";
import { closeApis, HOUR_MS, openApi } from "./helpers.js";

afterEach(closeApis);

describe.each([{ over: "the process" }, { over: "HTTP" }])("control over $over", ({ over }) => {
  async function open() {
    const api = await openApi();
    const control = over === "HTTP" ? connectControl(`${api.simulator.url}/`) : api.simulator;
    return { api, control };
  }

  it("moves the clock", async () => {
    const { control } = await open();
    await control.setTime("2031-02-03T04:05:06Z");
    await control.advance(24 * HOUR_MS);
    expect(await control.now()).toMatch(/^2031-02-04T04:05:/);
    for (const time of ["2031-02-03", "2031-02-03T05:06+01:00"]) {
      await control.setTime(time);
      expect(Date.parse(await control.now()) - Date.parse(time)).toBeLessThan(HOUR_MS);
    }
  });

  it("seeds accounts, with and without an initial secret", async () => {
    const { api, control } = await open();
    const seeded = await control.seed({ projects: 3, accountsPerProject: 4, initialSecrets: true });
    expect(seeded).toHaveLength(12);
    expect(new Set(seeded.map(({ ownerId }) => ownerId)).size).toBe(3);
    const [one] = seeded;
    expect((await api.mint(one?.clientId ?? "", one?.secret?.value ?? "")).status).toBe(200);
    expect(await control.addAccount()).not.toHaveProperty("secret");
    await expect(control.addAccount({ clientId: one?.clientId ?? "" })).rejects.toThrow("exists");
  });

  it("acts as somebody else on secrets and accounts", async () => {
    const { api, control } = await open();
    const account = await api.add();
    const { id } = await control.createForeignSecret(account, { hours: 100, lastUsedAt: "2026-03-01T07:00:00Z" });
    expect((await api.shown(account))[0]).toMatchObject({ id, lastUsedAt: "2026-03-01T07:00:00Z" });
    await control.setLastUsed(id, null);
    await control.setExpiry(id, "2026-03-02T00:00:00Z");
    expect((await api.shown(account))[0]).toMatchObject({ expiresAt: "2026-03-02T00:00:00Z", lastUsedAt: null });
    await expect(control.createForeignSecret(account, { id })).rejects.toThrow(`secret ${id} exists`);
    const given = "fa4e00000000000000000001";
    expect(await control.createForeignSecret(account, { id: given })).toEqual({ id: given });
    await expect(control.createForeignSecret(account)).rejects.toThrow("holds 2 secrets");
    await control.deleteSecret(id);
    expect((await api.shown(account)).map((secret) => secret.id)).not.toContain(id);
    await expect(control.deleteSecret(id)).rejects.toThrow(`no secret ${id}`);
  });

  it("logs requests, counts them, and takes stock", async () => {
    const { api, control } = await open();
    const account = await api.add();
    await api.created(account, 8);
    await api.get(account);
    expect((await control.requests()).map(({ operation, status }) => [operation, status])).toEqual([
      ["createSecret", 201],
      ["getAccount", 200],
    ]);
    await control.resetLog();
    expect(await control.requests()).toEqual([]);
    expect(await control.counters()).toMatchObject({ requests: 2, byStatus: { 200: 1, 201: 1 } });
    await control.advance(9 * HOUR_MS);
    const found = (await control.inventory()).accounts.find(({ clientId }) => clientId === account.clientId);
    expect(found?.secrets).toMatchObject([{ isExpired: true }]);
  });

  it("scripts faults, sets switches, and adds keys", async () => {
    const { api, control } = await open();
    const account = await api.add();
    await control.addFault({ kind: "status", status: 500, body: { error: 500, errorCode: "UNEXPECTED_ERROR" } });
    expect((await api.get(account)).status).toBe(500);
    await control.setSwitches({ maxHours: 8 });
    expect((await api.create(account, 9)).status).toBe(400);
    expect(await control.addApiKey({ publicKey: "fakekey" })).toMatchObject({ publicKey: "fakekey" });
    expect(await control.issueAccessToken()).toMatch(/^FAKE\./);
  });
});

describe("values", () => {
  it("of secrets and tokens are in no log, count or inventory", async () => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const { secret } = await api.created(account);
    const token = (await api.mint(account.clientId, secret)).body.access_token ?? "";
    await api.get(account, { authorization: `Bearer ${token}` });
    await api.send({ target: `/api/atlas/v2/groups/${DEMO_PROJECT_ID}/serviceAccounts?x=${secret}` });
    const { simulator } = api;
    const seen = JSON.stringify([await simulator.requests(), await simulator.counters(), await simulator.inventory()]);
    expect(findCanaries(seen, { secret, token, admin: DEMO_ADMIN_SECRET })).toEqual([]);
    expect(findCanaries(seen, { account: account.clientId })).toEqual(["account"]);
  });

  it("are shown nowhere either when a client puts one where it does not belong", async () => {
    const api = await openApi();
    const account = await api.add();
    const { secret } = await api.created(account);
    const token = (await api.mint(account.clientId, secret)).body.access_token ?? "";
    const { privateKey } = await api.simulator.addApiKey();
    const values = { secret, token, privateKey, admin: DEMO_ADMIN_SECRET };
    for (const value of Object.values(values)) {
      const target = `/api/atlas/v2/groups/${DEMO_PROJECT_ID}/serviceAccounts/${value}`;
      await api.send({ target });
      await api.send({ method: "DELETE", target: `${target}/secrets/${value}` });
      await api.send({ target: `/api/atlas/v2/${value}` });
      await api.mint(value, account.clientId);
    }
    await api.simulator.addFault({ kind: "hold", stage: "before" });
    const held = api.send({ target: `/api/atlas/v2/groups/${secret}/serviceAccounts/${token}` });
    await untilFound(async () => ((await api.simulator.held()).length > 0 ? true : undefined));
    const control = connectControl(api.simulator.url);
    const seen = JSON.stringify(
      await Promise.all([control.requests(), control.counters(), control.inventory(), control.held()]),
    );
    await api.simulator.releaseHeld();
    await held;
    expect(findCanaries(seen, values)).toEqual([]);
    expect(seen).toContain("(a value)");
    for (const method of ["setExpiry", "setLastUsed", "deleteSecret", "createForeignSecret"] as const) {
      const answer = await fetch(`${api.simulator.url}/_control/${method}`, {
        method: "POST",
        body: JSON.stringify([method === "createForeignSecret" ? { clientId: secret } : secret, token]),
      });
      expect(answer.status).toBe(400);
      expect(findCanaries(await answer.text(), values)).toEqual([]);
    }
  });
});

describe("the control interface", () => {
  it("knows the administrator always, and the demonstration's account when it is seeded", async () => {
    const plain = await openApi();
    expect((await plain.mint(DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET)).status).toBe(200);
    expect((await plain.get({ ownerId: DEMO_PROJECT_ID, clientId: DEMO_CLIENT_ID })).status).toBe(404);
    const seeded = await openApi({}, { seed: "demo" });
    expect((await seeded.get({ ownerId: DEMO_PROJECT_ID, clientId: DEMO_CLIENT_ID })).status).toBe(200);
  });
});
