/**
 * The options by which the engine drops a resource without asking its provider: `retainOnDelete`, and `deletedWith` a resource that
 * the same run deletes. Its secret lives on at Atlas; what the reference says of it, and of the way to it, is what happens here.
 */
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";

const BIN = join(__dirname, "../../cli/bin/atlas-secrets.cjs");
const RETAINED = { retainOnDelete: true };
const REMOVAL_AGE_MS = 11 * 60_000;

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

/** What `audit` finds that no state records, by the ids of the secrets. */
async function auditUnmanaged(): Promise<string[]> {
  // A younger one may belong to a run under way.
  await world.advance(REMOVAL_AGE_MS);
  const options = `--all-stacks --live --project ${world.projectId} --format json --fail-on never`;
  const { stdout, stderr } = await world.stack.shell(`node '${BIN}' audit ${options}`);
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; secretId: string }[] };
  return findings.filter(({ code }) => code === "unmanaged").map(({ secretId }) => secretId);
}

/** Removes a secret as the reference says; no sooner than a run under way would have recorded it. */
async function remove(secretId: string): Promise<void> {
  await world.advance(REMOVAL_AGE_MS);
  const path = `${world.projectId}/${world.clientId}/${secretId}`;
  const result = await world.stack.shell(`node '${BIN}' remove ${path} --all-stacks --yes`);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" });
}

describe("a secret with retainOnDelete", () => {
  it("outlives destroy without a request or a word; audit finds it, and remove deletes it", async () => {
    await world.stack.up(world.program({}, RETAINED));
    const { secret } = (await world.recorded()) ?? {};
    const held = await world.heldIds();
    await world.takeRequests();

    const destroyed = await world.stack.destroy();
    expect(destroyed.code).toBe(0);
    for (const id of held) expect(destroyed.text).not.toContain(id);
    expect(await world.takeRequests()).toEqual([]);
    expect(await world.stack.secrets()).toEqual([]);
    expect(await world.heldIds()).toEqual(held);
    expect(await world.signIn(secret)).toBe(true);

    expect(await auditUnmanaged()).toEqual(held);
    await remove(String(held[0]));
    expect(await world.heldIds()).toEqual([]);
  });

  it("outlives its declaration too", async () => {
    await world.stack.up(world.program({}, RETAINED));
    const held = await world.heldIds();
    await world.takeRequests();
    expect((await world.stack.up({ secrets: {} })).code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
    expect(await auditUnmanaged()).toEqual(held);
  });

  it("outlives its replacement, and holds a slot until it has expired", async () => {
    await world.stack.up(world.program({}, RETAINED));
    const [first] = await world.heldIds();
    await world.stack.up(world.program({ triggers: { at: "1" } }, RETAINED));
    expect(await world.heldIds()).toEqual([first, expect.any(String)]);
    const full = await world.stack.up(world.program({ triggers: { at: "2" } }, RETAINED));
    expect(full.code).not.toBe(0);
    expect(full.text).toContain(`both slots are taken. ${first} (`);
    await world.advance(7 * 24 * 3_600_000 + REMOVAL_AGE_MS);
    expect((await world.stack.up(world.program({ triggers: { at: "2" } }, RETAINED))).code).toBe(0);
    expect(await world.heldIds()).not.toContain(first);
  });
});

describe("a secret with deletedWith", () => {
  it("outlives a destroy that deletes the other resource, and nothing but an audit says so", async () => {
    await world.addAccount("other");
    const { secrets } = world.programOf({ other: {}, main: {} });
    const main = { ...secrets.main, args: secrets.main?.args ?? {}, deletedWith: "other" };
    await world.stack.up({ consumers: false, secrets: { ...secrets, main } });
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    await world.takeRequests();

    const destroyed = await world.stack.destroy();
    expect(destroyed.code).toBe(0);
    for (const id of held) expect(destroyed.text).not.toContain(id);
    const deletions = (await world.takeRequests()).filter(({ operation }) => operation === "deleteSecret");
    expect(deletions).toEqual([expect.objectContaining({ clientId: world.clientIdOf("other"), status: 204 })]);
    expect(await world.heldIds("other")).toEqual([]);
    expect(await world.heldIds()).toEqual(held);
    expect(await auditUnmanaged()).toEqual(held);
  });
});
