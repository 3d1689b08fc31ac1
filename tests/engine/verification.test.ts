/** A new secret that cannot be verified: saved, reported, and healed, with the old one kept until then. */
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";

const MINUTE_MS = 60_000;

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

const INVALID_CLIENT = { error: "invalid_client", error_description: "Fake." };
const SERVER_FAULT = { error: 500, reason: "Fake" };

/** Makes the next mints of a managed account fail; the administrator's go through. */
async function breakMints(name: string, times: number | "always", body: object = SERVER_FAULT): Promise<void> {
  const status = body === INVALID_CLIENT ? 401 : 500;
  const match = { operation: "mint", clientId: world.clientIdOf(name) } as const;
  await world.atlas.addFault({ kind: "status", status, body, match, times });
}

describe("a first secret that cannot be verified", () => {
  it("is saved and reported; later it is verified, or called invalid and replaced, or stays pending", async () => {
    const names = ["healed", "invalid", "undecided", "unverified"];
    for (const name of names) await world.addAccount(name);
    await breakMints("healed", 4);
    await breakMints("invalid", 4);
    await breakMints("undecided", 8);
    await breakMints("unverified", 4);

    const failed = await world.stack.up(
      world.programOf({ healed: {}, invalid: {}, undecided: {}, unverified: {} }),
      "--continue-on-error",
    );
    expect(failed.code).not.toBe(0);
    const ids: Record<string, string> = {};
    for (const name of names) {
      const [id = ""] = await world.heldIds(name);
      ids[name] = id;
      expect(failed.text).toContain(`Secret ${id} of service account ${world.clientIdOf(name)}`);
      const outputs = await world.recorded(name);
      expect(outputs).toMatchObject({ secretId: id, status: "pending-verification" });
      expect(world.stack.backendText()).not.toContain(String(outputs?.secret));
    }
    expect(failed.text).toContain("is not verified yet");

    // Young ones may not be known everywhere; of this age a refusal is believed.
    await world.advance(11 * MINUTE_MS);
    await breakMints("invalid", "always", INVALID_CLIENT);

    const program = world.programOf({ healed: {}, invalid: {}, undecided: {}, unverified: { verify: false } });
    const second = await world.stack.up(program, "--continue-on-error");
    expect(second.code).not.toBe(0);
    expect(second.text).toContain(`Secret ${ids.invalid} of service account ${world.clientIdOf("invalid")}`);
    expect(second.text).toContain("is not valid");
    const statusOf = async (name: string) => (await world.recorded(name))?.status;
    expect(await statusOf("healed")).toBe("active");
    expect(await statusOf("invalid")).toBe("rejected");
    expect(await statusOf("undecided")).toBe("pending-verification");
    expect(await statusOf("unverified")).toBe("active");
    await world.atlas.clearFaults();
    await world.takeRequests();

    expect((await world.stack.up(program)).code).toBe(0);
    const requests = await world.takeRequests();
    const ofInvalid = requests.filter(({ clientId }) => clientId === world.clientIdOf("invalid"));
    expect(toOperations(ofInvalid)).toEqual(["deleteSecret", "getAccount", "createSecret", "mint"]);
    expect(await world.heldIds("invalid")).not.toContain(ids.invalid);
    expect(await world.heldIds("undecided")).toEqual([ids.undecided]);
    for (const name of names) expect(await statusOf(name)).toBe("active");
  });
});

describe("a replacement that cannot be verified", () => {
  let old: string;

  beforeEach(async () => {
    expect((await world.stack.up(world.program())).code).toBe(0);
    [old = ""] = await world.heldIds();
    await breakMints("main", 4);
    const failed = await world.stack.up(world.program({ triggers: { now: "yes" } }));
    expect(failed.code).not.toBe(0);
    expect(await world.heldIds()).toHaveLength(2);
    await world.takeRequests();
  });

  async function expectHealed(): Promise<void> {
    const requests = await world.takeRequests();
    const verified = requests.findIndex(
      ({ operation, clientId }) => operation === "mint" && clientId === world.clientId,
    );
    expect(verified).toBeGreaterThanOrEqual(0);
    expect(toOperations(requests).indexOf("deleteSecret")).toBeGreaterThan(verified);
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    expect(held).not.toContain(old);
    expect(await world.recorded()).toMatchObject({ secretId: held[0], status: "active" });
    expect(await world.stack.secrets()).toHaveLength(1);
  }

  it("is verified by the next up, and only then the old one goes", async () => {
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }))).code).toBe(0);
    await expectHealed();
  });

  it("is verified after a refresh, which clears the engine's own note of the failure", async () => {
    expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.heldIds()).toContain(old);
    await world.takeRequests();
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }))).code).toBe(0);
    await expectHealed();
  });

  it("is verified by up --refresh, and the old one stays while that cannot verify it", async () => {
    await breakMints("main", "always");
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }), "--refresh")).code).not.toBe(0);
    expect(await world.heldIds()).toContain(old);
    await world.atlas.clearFaults();
    await world.takeRequests();
    expect((await world.stack.up(world.program({ triggers: { now: "yes" } }), "--refresh")).code).toBe(0);
    await expectHealed();
  });
});

describe("a first secret that cannot be verified and is carried to the rotating class by aliases", () => {
  it("is verified before it is handed out", async () => {
    await breakMints("main", "always");
    expect((await world.stack.up(world.program())).code).not.toBe(0);
    const [id = ""] = await world.heldIds();
    const { args } = world.program().secrets.main ?? { args: {} };
    const options = { aliases: [{ type: "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret" }] };
    const rotating = { secrets: { main: { args, options, class: "RotatingProjectServiceAccountSecret" } } };
    const failed = await world.stack.up(rotating);
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain(`Secret ${id} of service account ${world.clientId} of project`);
    expect(await world.recorded()).toMatchObject({ pendingSecretId: id, status: "pending-verification" });

    await world.atlas.clearFaults();
    await world.takeRequests();
    expect((await world.stack.up(rotating)).code).toBe(0);
    expect(toOperations(await world.takeRequests())).not.toContain("createSecret");
    const outputs = await world.recorded();
    expect(outputs).toMatchObject({ secretId: id, status: "active", generation: 1 });
    expect(await world.signIn(outputs?.secret)).toBe(true);
    expect(await world.heldIds()).toEqual([id]);
  });
});
