/** A new secret that does not prove itself: saved, reported, and healed, with the old one kept until then. */
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

const INVALID_CLIENT = { error: "invalid_client", error_description: "Fake." };

/** Makes the next `times` mints of the managed account fail; the administrator's go through. */
async function breakMints(
  times: number | "always",
  status = 500,
  body: unknown = { error: 500, reason: "Fake" },
): Promise<void> {
  await world.atlas.addFault({
    kind: "status",
    status,
    body,
    match: { operation: "mint", clientId: world.clientId },
    times,
  });
}

async function recorded() {
  return (await world.stack.secrets()).map(({ outputs, delete: isOld }) => ({
    secretId: outputs.secretId,
    status: outputs.status,
    isOld: isOld === true,
  }));
}

describe("a first secret that cannot be verified", () => {
  it("is saved encrypted, reported by id, and proven by the next up", async () => {
    await breakMints(3);
    const failed = await world.stack.up(world.program());
    expect(failed.code).not.toBe(0);
    const [id = ""] = await world.heldIds();
    expect(failed.text).toContain(id);
    expect(failed.text).toContain("not proven to work");
    expect(await recorded()).toEqual([{ secretId: id, status: "pending-verification", isOld: false }]);
    const [secret] = await world.stack.secrets();
    expect(world.stack.backendText()).not.toContain(String(secret?.outputs.secret));
    await world.takeRequests();

    const healed = await world.stack.up(world.program());
    expect(healed.code).toBe(0);
    expect(toOperations(await world.takeRequests())).toEqual(["mint", "mint"]);
    expect(await recorded()).toEqual([{ secretId: id, status: "active", isOld: false }]);
  });

  it("is replaced, itself deleted first, once a later run is told that it is not valid", async () => {
    await breakMints(6, 401, INVALID_CLIENT);
    expect((await world.stack.up(world.program())).code).not.toBe(0);
    const [bad] = await world.heldIds();
    const rejected = await world.stack.up(world.program());
    expect(rejected.code).not.toBe(0);
    expect(rejected.text).toContain("is not valid");
    expect(await recorded()).toEqual([{ secretId: bad, status: "rejected", isOld: false }]);
    await world.takeRequests();
    expect((await world.stack.up(world.program())).code).toBe(0);
    const operations = toOperations(await world.takeRequests());
    expect(operations.indexOf("deleteSecret")).toBeLessThan(operations.indexOf("createSecret"));
    expect(await world.heldIds()).not.toContain(bad);
  });

  it("stays pending while Atlas gives no definite answer", async () => {
    await breakMints(6);
    expect((await world.stack.up(world.program())).code).not.toBe(0);
    expect((await world.stack.up(world.program())).code).not.toBe(0);
    expect((await recorded())[0]?.status).toBe("pending-verification");
  });

  it("counts as active without a mint when verification is switched off", async () => {
    await breakMints(3);
    expect((await world.stack.up(world.program())).code).not.toBe(0);
    await world.takeRequests();
    expect((await world.stack.up(world.program({ verify: false }))).code).toBe(0);
    expect((await recorded())[0]?.status).toBe("active");
  });
});

describe("a replacement that cannot be verified", () => {
  let old: string;

  beforeEach(async () => {
    expect((await world.stack.up(world.program())).code).toBe(0);
    [old = ""] = await world.heldIds();
    await breakMints(3);
    const failed = await world.stack.up(world.program({ triggers: { now: "yes" } }));
    expect(failed.code).not.toBe(0);
    expect(await world.heldIds()).toHaveLength(2);
  });

  async function expectHealed(): Promise<void> {
    const requests = await world.takeRequests();
    const operations = toOperations(requests);
    const verified = requests.findIndex(
      ({ operation, clientId }) => operation === "mint" && clientId === world.clientId,
    );
    expect(verified).toBeGreaterThanOrEqual(0);
    expect(operations.indexOf("deleteSecret")).toBeGreaterThan(verified);
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    expect(held).not.toContain(old);
    expect(await recorded()).toEqual([{ secretId: held[0], status: "active", isOld: false }]);
  }

  it("is proven by the next up, and only then the old one goes", async () => {
    await world.takeRequests();
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }))).code).toBe(0);
    await expectHealed();
  });

  it("is proven after a refresh, which clears the engine's own note of the failure", async () => {
    expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.heldIds()).toContain(old);
    await world.takeRequests();
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }))).code).toBe(0);
    await expectHealed();
  });

  it("is proven by up --refresh", async () => {
    await world.takeRequests();
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }), "--refresh")).code).toBe(0);
    await expectHealed();
  });

  it("leaves the old one in place while up --refresh cannot prove it either", async () => {
    await breakMints("always");
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }), "--refresh")).code).not.toBe(0);
    expect(await world.heldIds()).toContain(old);
  });
});
