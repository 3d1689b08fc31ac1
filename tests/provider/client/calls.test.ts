/** The calls of the client against the simulator over real HTTP. */
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { listClientIds } from "../../helpers/client-ids.js";
import { type ClientWorld, createClientWorld, failureOf } from "./helpers.js";

let world: ClientWorld;

beforeEach(async () => {
  world = await createClientWorld();
});
afterEach(async () => {
  await world.atlas.close();
});

const HOUR_MS = 3_600_000;

describe("AtlasClient", () => {
  it("creates, reads and deletes a secret, all of it as described", async () => {
    const client = world.connect();
    const { value: created, serverTimeMs = 0 } = await client.createSecret(world.account, 8);
    expect(Sensitive.reveal(created.value)).toMatch(/^mdb_sa_sk_[\w-]{40}$/);
    expect(created.expiresAtMs - created.createdAtMs).toBe(8 * HOUR_MS);
    expect(Math.abs(serverTimeMs - created.createdAtMs)).toBeLessThanOrEqual(2000);
    const { value: account } = await client.fetchAccount(world.account);
    expect(account.secrets.map(({ id }) => id)).toEqual([created.id]);
    expect(account.secrets[0]).not.toHaveProperty("value");
    await client.deleteSecret(world.account, created.id);
    expect((await client.fetchAccount(world.account)).value.secrets).toEqual([]);
    expect((await world.atlas.counters()).contractViolations).toEqual([]);
  });

  it("does the same at organization level", async () => {
    const seeded = await world.atlas.addAccount({ level: "organization" });
    const account = { level: seeded.level, ownerId: seeded.ownerId, clientId: seeded.clientId };
    const client = world.connect();
    const { value: created } = await client.createSecret(account, 8760);
    await client.deleteSecret(account, created.id);
    expect((await listClientIds(client, account)).has(seeded.clientId)).toBe(true);
    expect((await world.atlas.counters()).contractViolations).toEqual([]);
  });

  it("tells the server's time by the Date header of the answer", async () => {
    await world.atlas.setTime("2031-02-03T04:05:06Z");
    const { serverTimeMs = 0 } = await world.connect().fetchAccount(world.account);
    expect(new Date(serverTimeMs).toISOString()).toMatch(/^2031-02-03T04:05:/);
  });

  it("accepts a thousand answers with fields that the description does not know", async () => {
    await world.atlas.setSwitches({ extraFields: true });
    const client = world.connect();
    const { value: created } = await client.createSecret(world.account, 8);
    for (let round = 0; round < 1000; round++) {
      const { value } = await client.fetchAccount(world.account);
      expect(value.secrets[0]?.id).toBe(created.id);
    }
  });

  it.each(["null", "absent"] as const)(
    "reads a secret that was never used when lastUsedAt is %s",
    async (unusedLastUsedAt) => {
      await world.atlas.setSwitches({ unusedLastUsedAt });
      await world.atlas.createForeignSecret(world.account);
      const { value } = await world.connect().fetchAccount(world.account);
      expect(value.secrets).toHaveLength(1);
      expect(value.secrets[0]).not.toHaveProperty("lastUsedAtMs");
    },
  );

  it("creates a secret also when the answer has no mask", async () => {
    await world.atlas.setSwitches({ maskAtCreation: false });
    const { value } = await world.connect().createSecret(world.account, 8);
    expect(value).not.toHaveProperty("maskedSecretValue");
  });

  it("lists all accounts of a project over several pages", async () => {
    const [first] = await world.atlas.seed({ projects: 1, accountsPerProject: 1001 });
    const owner = { level: "project", ownerId: first?.ownerId ?? "" } as const;
    await world.atlas.resetLog();
    expect((await listClientIds(world.connect(), owner)).size).toBe(1001);
    const pages = (await world.atlas.requests()).filter(({ operation }) => operation === "listAccounts");
    expect(pages).toHaveLength(3);
  });

  it("lists accounts also when the list holds no secrets", async () => {
    await world.atlas.setSwitches({ listHoldsSecrets: false });
    const ids = await listClientIds(world.connect(), { level: "project", ownerId: DEMO_PROJECT_ID });
    expect(ids.has(world.account.clientId)).toBe(true);
  });

  it.each([
    ["without its secrets", (clientId: string) => ({ clientId })],
    ["of another account", () => ({ clientId: "mdb_sa_id_999999999999999999999999", secrets: [] })],
    ["with a secret that has no expiry", (clientId: string) => ({ clientId, secrets: [{ id: "a".repeat(24) }] })],
  ])("does not take an answer %s for the account", async (_what, toBody) => {
    const body = toBody(world.account.clientId);
    await world.atlas.addFault({
      kind: "status",
      status: 200,
      body,
      match: { operation: "getAccount" },
      times: "always",
    });
    const error = await failureOf(world.connect().fetchAccount(world.account));
    expect(error).toMatchObject({ code: "connection", status: 200, mayHaveBeenApplied: false });
  });

  it("verifies a pair by a mint, and tells an invalid one from no answer", async () => {
    const client = world.connect();
    const { value: created } = await client.createSecret(world.account, 8);
    const { clientId } = world.account;
    expect(await client.verify({ clientId, secret: created.value })).toMatchObject({ kind: "minted" });
    const wrong = new Sensitive("mdb_sa_sk_FAKE-wrong-not-a-real-secret-00000000000");
    expect(await client.verify({ clientId, secret: wrong })).toMatchObject({ kind: "invalid-client" });
    await world.atlas.addFault({ kind: "cut-before", match: { operation: "mint" } });
    expect(await client.verify({ clientId, secret: created.value })).toMatchObject({ kind: "undetermined" });
  });
});
