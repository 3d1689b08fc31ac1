/** The three kinds of credentials end to end, and how often they ask. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { listClientIds } from "../../helpers/client-ids.js";
import { ADMIN, type ClientWorld, createClientWorld, failureOf } from "./helpers.js";

let world: ClientWorld;

beforeEach(async () => {
  world = await createClientWorld();
});
afterEach(async () => {
  await world.atlas.close();
});

async function statusesOf(operation: string): Promise<(number | null)[]> {
  return (await world.atlas.requests()).filter((sent) => sent.operation === operation).map(({ status }) => status);
}

describe("a service account's credential", () => {
  it("mints once for twenty calls at the same time", async () => {
    const client = world.connect();
    await Promise.all(Array.from({ length: 20 }, () => client.fetchAccount(world.account)));
    expect(await statusesOf("mint")).toEqual([200]);
    expect(await statusesOf("getAccount")).toHaveLength(20);
  });

  it("mints again, once, after a 401 to a token that had worked, and the call succeeds", async () => {
    const client = world.connect();
    await client.fetchAccount(world.account);
    await world.atlas.advance(2 * 3_600_000);
    await client.createSecret(world.account, 8);
    expect(await statusesOf("mint")).toEqual([200, 200]);
    expect(await statusesOf("createSecret")).toEqual([401, 201]);
  });

  it("does not mint again after a 401 to a token that never worked", async () => {
    const body = { error: 401, reason: "Unauthorized", detail: "You are not authorized for this resource." };
    await world.atlas.addFault({
      kind: "status",
      status: 401,
      body,
      match: { operation: "getAccount" },
      times: "always",
    });
    const error = await failureOf(world.connect().fetchAccount(world.account));
    expect(error).toMatchObject({ code: "authentication", status: 401 });
    expect(await statusesOf("mint")).toEqual([200]);
  });

  it("fails with the mint's error when the pair is wrong, and asks nothing else", async () => {
    const clientSecret = new Sensitive("mdb_sa_sk_FAKE-wrong-not-a-real-secret-00000000000");
    const client = world.connect({ kind: "service-account", clientId: DEMO_ADMIN_CLIENT_ID, clientSecret });
    const error = await failureOf(client.fetchAccount(world.account));
    expect(error).toMatchObject({ code: "authentication", status: 401 });
    expect(await statusesOf("getAccount")).toEqual([]);
  });

  it("waits as the server tells when others have minted too often, and works then", async () => {
    await world.atlas.setSwitches({ mintLimitPerMinute: 1 });
    await world.connect(ADMIN).fetchAccount(world.account);
    await world.connect(ADMIN).fetchAccount(world.account);
    expect(await statusesOf("mint")).toEqual([200, 429, 200]);
    expect(world.waitsMs.length).toBeGreaterThan(0);
  });

  it("fails with the wait that the server asks for when no wait helps", async () => {
    await world.atlas.setSwitches({ mintLimitPerMinute: 0 });
    const error = await failureOf(world.connect(ADMIN).fetchAccount(world.account));
    expect(error).toMatchObject({ code: "rate-limit", status: 429 });
    expect(error.retryAfterSeconds).toEqual(expect.any(Number));
  });
});

describe("an access token", () => {
  it("is used as it is, and never renewed", async () => {
    const token = new Sensitive(await world.atlas.issueAccessToken({ ownerId: DEMO_PROJECT_ID, lifetimeSeconds: 60 }));
    const client = world.connect({ kind: "access-token", token });
    await client.fetchAccount(world.account);
    await world.atlas.advance(61_000);
    const error = await failureOf(client.fetchAccount(world.account));
    expect(error).toMatchObject({ code: "authentication", status: 401 });
    expect(await statusesOf("mint")).toEqual([]);
    expect(await statusesOf("getAccount")).toEqual([200, 401]);
  });
});

describe("an API key", () => {
  it.each(["MD5", "SHA-256"] as const)("signs by digest with %s, and is asked only once", async (algorithm) => {
    await world.atlas.setSwitches({ digestAlgorithms: [algorithm] });
    const { publicKey, privateKey } = await world.atlas.addApiKey({ ownerId: DEMO_PROJECT_ID });
    const client = world.connect({ kind: "api-key", publicKey, privateKey: new Sensitive(privateKey) });
    await client.fetchAccount(world.account);
    await client.createSecret(world.account, 8);
    await listClientIds(client, world.account);
    expect(await statusesOf("getAccount")).toEqual([401, 200]);
    expect(await statusesOf("createSecret")).toEqual([201]);
    expect(await statusesOf("listAccounts")).toEqual([200]);
  });

  it("takes a new nonce when the old one is stale", async () => {
    const { publicKey, privateKey } = await world.atlas.addApiKey({ ownerId: DEMO_PROJECT_ID });
    const client = world.connect({ kind: "api-key", publicKey, privateKey: new Sensitive(privateKey) });
    await client.fetchAccount(world.account);
    await world.atlas.advance(3_600_000);
    await client.createSecret(world.account, 8);
    expect(await statusesOf("createSecret")).toEqual([401, 201]);
  });

  it("fails when the key is wrong", async () => {
    const { publicKey } = await world.atlas.addApiKey({ ownerId: DEMO_PROJECT_ID });
    const client = world.connect({ kind: "api-key", publicKey, privateKey: new Sensitive("FAKE-wrong-key") });
    expect(await failureOf(client.fetchAccount(world.account))).toMatchObject({ code: "authentication", status: 401 });
  });

  it.each([401, 403] as const)("that may only read is refused a creation with %i", async (status) => {
    await world.atlas.setSwitches({ missingRole: status });
    const { publicKey, privateKey } = await world.atlas.addApiKey({ roles: ["GROUP_READ_ONLY"] });
    const client = world.connect({ kind: "api-key", publicKey, privateKey: new Sensitive(privateKey) });
    await client.fetchAccount(world.account);
    const error = await failureOf(client.createSecret(world.account, 8));
    expect(error).toMatchObject({ code: "rejected", status, errorCode: "USER_UNAUTHORIZED" });
  });
});
