/** What the public documentation leaves open: each switch has every variant, and the default is one of them. */
import { type DEFAULT_SWITCHES, DEMO_PROJECT_ID } from "atlas-simulator";
import { closeApis, openApi } from "./helpers.js";

afterEach(closeApis);

const ODD = { status: 418, errorCode: "FAKE_CODE" } as const;

describe("a switch for a refusal", () => {
  it("sets what a third secret answers", async () => {
    const api = await openApi({ thirdSecret: ODD });
    const account = await api.add();
    await api.created(account);
    await api.created(account);
    const { status, body } = await api.create(account);
    expect([status, body.errorCode]).toEqual([418, "FAKE_CODE"]);
  });

  it("sets what a lifetime out of range answers", async () => {
    const api = await openApi({ hoursOutOfRange: ODD });
    const { status, body } = await api.create(await api.add(), 7);
    expect([status, body.errorCode]).toEqual([418, "FAKE_CODE"]);
  });

  it("sets what an unknown secret answers", async () => {
    const api = await openApi({ unknownSecret: ODD });
    expect((await api.delete(await api.add(), "f".repeat(24))).status).toBe(418);
  });

  it("sets what an unknown account answers", async () => {
    const api = await openApi({ unknownAccount: ODD });
    const account = { ownerId: DEMO_PROJECT_ID, clientId: `mdb_sa_id_${"f".repeat(24)}` };
    expect((await api.get(account)).status).toBe(418);
  });

  it.each([
    { repeatedDelete: "not-found", again: 404 },
    { repeatedDelete: "no-content", again: 204 },
  ] as const)(
    "makes a second DELETE answer $again, but not one of a secret that never was",
    async ({ repeatedDelete, again }) => {
      const api = await openApi({ repeatedDelete });
      const account = await api.add();
      const { id } = await api.created(account);
      expect((await api.delete(account, id)).status).toBe(204);
      expect((await api.delete(account, id)).status).toBe(again);
      expect((await api.delete(account, "f".repeat(24))).status).toBe(404);
    },
  );
});

describe("a switch for what answers show", () => {
  it.each([
    { unusedLastUsedAt: "null", expected: null },
    { unusedLastUsedAt: "absent", expected: undefined },
  ] as const)("makes lastUsedAt of an unused secret $unusedLastUsedAt", async ({ unusedLastUsedAt, expected }) => {
    const api = await openApi({ unusedLastUsedAt });
    expect((await api.created(await api.add())).lastUsedAt).toBe(expected);
  });

  it.each([
    { maskAtCreation: true, isThere: true },
    { maskAtCreation: false, isThere: false },
  ])("puts a mask into the answer of a creation: $isThere", async ({ maskAtCreation, isThere }) => {
    const api = await openApi({ maskAtCreation });
    const account = await api.add();
    const { maskedSecretValue, secret } = await api.created(account);
    expect(maskedSecretValue === `mdb_sa_sk_...${secret.slice(-4)}`).toBe(isThere);
    expect((await api.shown(account))[0]?.maskedSecretValue).toBe(`mdb_sa_sk_...${secret.slice(-4)}`);
  });

  it("leaves secrets out of lists", async () => {
    const api = await openApi({ listHoldsSecrets: false });
    const account = await api.add();
    const { body } = await api.list(account);
    expect(body.results?.find(({ clientId }) => clientId === account.clientId)).not.toHaveProperty("secrets");
    expect(await api.shown(account)).toEqual([]);
  });

  it.each([
    { seconds: 29, count: 0 },
    { seconds: 31, count: 1 },
  ])("hides a new secret for thirty seconds: after $seconds there are $count", async ({ seconds, count }) => {
    const api = await openApi({ readLagSeconds: 30 });
    const account = await api.add();
    await api.created(account);
    await api.simulator.advance(seconds * 1000);
    expect(await api.shown(account)).toHaveLength(count);
  });

  it("adds fields that the description does not know", async () => {
    const api = await openApi({ extraFields: true });
    const account = await api.add();
    expect(await api.created(account)).toHaveProperty("someLaterField");
    expect((await api.get(account)).body).toHaveProperty("someLaterField");
  });
});

describe("a switch for a limit", () => {
  it.each([
    { hours: 720, status: 201 },
    { hours: 721, status: 400 },
  ])("lowers the longest lifetime to 720 hours: $hours answers $status", async ({ hours, status }) => {
    const api = await openApi({ maxHours: 720 });
    expect((await api.create(await api.add(), hours)).status).toBe(status);
  });

  it("lifts the limit of mints", async () => {
    const api = await openApi({ mintLimitPerMinute: null });
    const account = await api.add();
    const { secret } = await api.created(account);
    for (let count = 0; count < 15; count++) expect((await api.mint(account.clientId, secret)).status).toBe(200);
  });

  it("lifts the rate limits", async () => {
    const api = await openApi({ rateLimits: false });
    const account = await api.add();
    for (let count = 0; count < 1201; count++) await api.get(account);
    expect((await api.get(account)).status).toBe(200);
  });
});

describe("setSwitches", () => {
  it("changes what it names and keeps the rest", async () => {
    const api = await openApi({ maxHours: 100 });
    await api.simulator.setSwitches({ maskAtCreation: false });
    const account = await api.add();
    expect((await api.create(account, 101)).status).toBe(400);
    expect(await api.created(account, 100)).not.toHaveProperty("maskedSecretValue");
  });

  it("refuses a switch that there is not", async () => {
    const api = await openApi();
    const unknown = { maxDays: 1 } as unknown as Partial<typeof DEFAULT_SWITCHES>;
    await expect(api.simulator.setSwitches(unknown)).rejects.toThrow("there is no switch maxDays");
  });
});
