/** Tokens that nobody needs any more are given back: whatever comes of that, nothing else waits for it or fails. */
import { DEMO_ADMIN_CLIENT_ID, type Fault } from "pulumi-atlas-secrets-simulator";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { untilFound } from "../../helpers/poll.js";
import { type ClientWorld, createClientWorld } from "./helpers.js";

let world: ClientWorld;

beforeEach(async () => {
  world = await createClientWorld();
});
afterEach(async () => {
  await world.atlas.close();
});

const liveTokens = async () => (await world.atlas.inventory()).liveTokens;
const revocations = async () => (await world.atlas.requests()).filter(({ operation }) => operation === "revoke");

/** Creates a secret, and verifies it. */
async function createAndVerify(client = world.connect()) {
  const { clientId } = world.account;
  const { value: created } = await client.createSecret(world.account, 8);
  return { client, outcome: await client.verify({ clientId, secret: created.value }) };
}

describe("the client's own token", () => {
  it("is given back once, at the end, and a call that follows all the same has another one", async () => {
    const client = world.connect();
    await client.fetchAccount(world.account);
    expect(await liveTokens()).toBe(1);
    await client.revokeToken();
    await client.revokeToken();
    expect(await liveTokens()).toBe(0);
    expect(await revocations()).toMatchObject([{ clientId: DEMO_ADMIN_CLIENT_ID, status: 200 }]);
    await client.fetchAccount(world.account);
    expect(await liveTokens()).toBe(1);
  });

  it("is not asked for to be given back", async () => {
    await world.connect().revokeToken();
    expect(await world.atlas.requests()).toEqual([]);
  });

  it("is left alone when somebody else minted it", async () => {
    const client = world.connect({ kind: "access-token", token: new Sensitive("not-a-real-token") });
    await client.fetchAccount(world.account).catch(() => undefined);
    await client.revokeToken();
    expect(await revocations()).toEqual([]);
  });
});

describe("the token of a verification", () => {
  it("is given back with the credential that it was minted with, and the client's own goes on to work", async () => {
    const { client, outcome } = await createAndVerify();
    expect(outcome.kind).toBe("minted");
    await untilFound(async () => (await liveTokens()) === 1 || undefined);
    expect(await revocations()).toMatchObject([{ clientId: world.account.clientId, status: 200 }]);
    await client.fetchAccount(world.account);
    const mints = (await world.atlas.requests()).filter(({ operation }) => operation === "mint");
    expect(mints.map(({ clientId }) => clientId)).toEqual([DEMO_ADMIN_CLIENT_ID, world.account.clientId]);
  });

  it("is not waited for", async () => {
    await world.atlas.addFault({ kind: "hold", stage: "before", match: { operation: "revoke" } });
    const { client, outcome } = await createAndVerify();
    expect(outcome.kind).toBe("minted");
    await client.fetchAccount(world.account);
    await untilFound(async () => (await world.atlas.held()).length === 1 || undefined);
    await world.atlas.releaseHeld();
  });

  it("is not to be given back when none was minted", async () => {
    const { clientId } = world.account;
    const secret = new Sensitive("mdb_sa_sk_FAKE-wrong-not-a-real-secret-00000000000");
    expect(await world.connect().verify({ clientId, secret })).toHaveProperty("kind", "invalid-client");
    expect(await revocations()).toEqual([]);
  });
});

describe("a token that is not taken back", () => {
  it.each<Fault>([
    { kind: "status", status: 429, headers: { "retry-after": "3600" } },
    { kind: "status", status: 503 },
    { kind: "status", status: 401, body: { error: "invalid_client" } },
    { kind: "cut-before" },
    { kind: "malformed" },
    { kind: "redirect", location: "http://127.0.0.1:1/" },
    { kind: "refuse" },
  ])("is forgotten after one try ($kind $status)", async (fault) => {
    await world.atlas.addFault({ ...fault, match: { operation: "revoke" }, times: "always" });
    const { client, outcome } = await createAndVerify();
    expect(outcome.kind).toBe("minted");
    await client.revokeToken();
    await untilFound(async () => (await revocations()).length === 2 || undefined);
    expect(world.waitsMs).toEqual([]);
    await client.fetchAccount(world.account);
  });
});
