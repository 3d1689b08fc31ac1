/** What the public documentation leaves open: each switch has every variant, and the default is one of them. */
import { DEMO_ORG_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeApis, HOUR_MS, openApi } from "./helpers.js";

afterEach(closeApis);

const PROJECT_ID = "0".repeat(23).concat("c");
const ODD = { status: 418, errorCode: "FAKE_CODE" } as const;

describe("a switch for a refusal", () => {
  it.each([400, 403, 409])("sets what a third secret answers: %i", async (status) => {
    const api = await openApi({ thirdSecret: { status, errorCode: "FAKE_CODE" } });
    const account = await api.add();
    await api.created(account);
    await api.created(account);
    const refused = await api.create(account);
    expect([refused.status, refused.body.errorCode]).toEqual([status, "FAKE_CODE"]);
    expect(await api.shown(account)).toHaveLength(2);
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

  // The words: https://www.mongodb.com/docs/atlas/reference/api-errors/
  it.each([
    {
      unknownProject: { status: 404, errorCode: "GROUP_NOT_FOUND" },
      says: "No group with ID",
      parameters: [PROJECT_ID],
    },
    { unknownProject: { status: 401, errorCode: "NOT_IN_GROUP" }, says: "or the group does not exist", parameters: [] },
  ])(
    "sets what everything in a project that is gone answers: $unknownProject.status",
    async ({ unknownProject, says, parameters }) => {
      const api = await openApi({ unknownProject });
      const account = await api.add({ ownerId: PROJECT_ID });
      const { id } = await api.created(account);
      await api.simulator.deleteProject(PROJECT_ID);
      const replies = [
        await api.list(account),
        await api.get(account),
        await api.create(account),
        await api.delete(account, id),
      ];
      for (const { status, body } of replies) {
        expect([status, body.errorCode, body.parameters]).toEqual([
          unknownProject.status,
          unknownProject.errorCode,
          parameters,
        ]);
        expect(body.detail).toContain(says);
      }
      expect(await api.shown({ level: "organization", ownerId: DEMO_ORG_ID, clientId: account.clientId })).toHaveLength(
        1,
      );
    },
  );

  it.each([
    { name: "accountSuspended", status: 402, code: "ACCOUNT_SUSPENDED", read: 402 },
    { name: "appUpgrade", status: 405, code: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", read: 200 },
  ] as const)(
    "$name answers $status to changes and $read to reads, as long as it is on",
    async ({ name, status, code, read }) => {
      const api = await openApi();
      const account = await api.add();
      const { id } = await api.created(account);
      await api.simulator.setSwitches({ [name]: true });
      const writes = [await api.create(account), await api.delete(account, id)];
      expect(writes.map((reply) => [reply.status, reply.body.errorCode])).toEqual([
        [status, code],
        [status, code],
      ]);
      expect([(await api.list(account)).status, (await api.get(account)).status]).toEqual([read, read]);
      await api.simulator.setSwitches({ [name]: false });
      expect(await api.shown(account)).toHaveLength(1);
    },
  );

  it.each([
    { name: "accountSuspended", status: 402 },
    { name: "appUpgrade", status: 405 },
  ] as const)(
    "$name is over after as many seconds as it is told, whatever else is set meanwhile",
    async ({ name, status }) => {
      const api = await openApi();
      const account = await api.add();
      await api.simulator.setSwitches({ [name]: 90 });
      await api.simulator.advance(60_000);
      await api.simulator.setSwitches({ maxHours: 100 });
      expect((await api.create(account, 8)).status).toBe(status);
      await api.simulator.advance(30_000);
      expect((await api.create(account, 8)).status).toBe(201);
      await api.simulator.setSwitches({ [name]: 90 });
      expect((await api.create(account, 8)).status).toBe(status);
    },
  );

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

  it("leaves a mask without its end", async () => {
    const api = await openApi({ maskShowsEnd: false });
    const account = await api.add();
    expect((await api.created(account)).maskedSecretValue).toBe("mdb_sa_sk_...");
    expect((await api.shown(account))[0]?.maskedSecretValue).toBe("mdb_sa_sk_...");
  });

  it.each([
    { totalCountOffBy: 0, totalCount: 2 },
    { totalCountOffBy: 5, totalCount: 7 },
    { totalCountOffBy: -1, totalCount: 1 },
    { totalCountOffBy: -9, totalCount: 0 },
    { totalCountOffBy: null, totalCount: undefined },
  ])(
    "makes totalCount of a list of two $totalCount when it is off by $totalCountOffBy",
    async ({ totalCountOffBy, totalCount }) => {
      const api = await openApi({ totalCountOffBy });
      const account = await api.add();
      await api.add();
      const { body } = await api.list(account);
      expect([body.results?.length, body.totalCount]).toEqual([2, totalCount]);
    },
  );

  it.each([90, -90])("moves the Date of answers by %i seconds, and no other time", async (dateAheadSeconds) => {
    const api = await openApi({ dateAheadSeconds });
    const { headers, body } = await api.create(await api.add());
    const aheadMs = Date.parse(headers.get("date") ?? "") - Date.parse(body.createdAt ?? "");
    expect(Math.abs(aheadMs - dateAheadSeconds * 1000)).toBeLessThanOrEqual(1000);
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

  it.each([
    { hours: 7, status: 400, granted: undefined },
    { hours: 720, status: 201, granted: 720 },
    { hours: 721, status: 201, granted: 720 },
  ])(
    "grants at most the longest lifetime of 720 hours: $hours hours answer $status",
    async ({ hours, status, granted }) => {
      const api = await openApi({ maxHours: 720, hoursBeyondMax: "shortened" });
      const { status: found, body } = await api.create(await api.add(), hours);
      expect(found).toBe(status);
      if (granted === undefined) return;
      expect(Date.parse(body.expiresAt ?? "") - Date.parse(body.createdAt ?? "")).toBe(granted * HOUR_MS);
    },
  );

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
});
