/**
 * Moving a stack over into one set on the real engine, by the steps that `atlas-secrets adopt --set` prints: no secret is made or
 * deleted at Atlas, no value changes, and at the end nothing is to be done. The chapters follow one another.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toOperations } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import { type AdoptionWorld, closeAdoptionWorlds, createAdoptionWorld, type Known, READS } from "./adoption/world.js";

const SET = "ProjectServiceAccountSecretSet";

let world: AdoptionWorld;
let names: readonly string[];

beforeAll(async () => {
  world = await createAdoptionWorld(2);
  names = Object.keys(world.peers);
});
afterAll(closeAdoptionWorlds);

/** The program with one set of all accounts. */
function toProgram() {
  const accounts = Object.fromEntries(
    Object.entries(world.peers).map(([name, { args }]) => [
      name,
      { projectId: args.projectId, clientId: args.clientId },
    ]),
  );
  const args = { accounts, secretExpiresAfterHours: 720 };
  return { ours: { fleet: { class: SET, args } }, consumed: names.map((name) => `fleet/${name}`) };
}

async function takeOperations(): Promise<string[]> {
  const operations = toOperations(await world.atlas.requests());
  await world.atlas.resetLog();
  return operations;
}

const toValues = (all: Readonly<Record<string, Known>>) =>
  Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));

describe("moving a stack over into one set", () => {
  let steps = "";

  it("writes one resource with all accounts, each value as only the stack can read it", async () => {
    const { code, stdout, stderr } = await world.adopt("--stack", "test", "--set", "fleet", "--output", "fleet.json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await takeOperations()).toEqual([]);
    steps = stdout;
    expect(steps).toContain(`new ${SET}("fleet", {`);
    const text = readFileSync(join(world.stack.programFolder, "fleet.json"), "utf8");
    expect(findCanaries(text, toValues(world.peers))).toEqual([]);
    const { resources } = JSON.parse(text) as { resources: { outputs: { secrets: object } }[] };
    expect(resources.map(({ outputs }) => Object.keys(outputs.secrets).sort())).toEqual([[...names].sort()]);
  });

  it("forgets the old resources, imports the set and declares it: nothing is made or deleted, and no value changes", async () => {
    const peers = Object.fromEntries(Object.entries(world.peers).map(([name, { args }]) => [name, args]));
    expect(await world.up({ peers, isRetained: true, consumed: names })).toMatchObject({ code: 0 });
    const [, command = ""] = /\$ pulumi (import .*)/.exec(steps) ?? [];
    const imported = await world.stack.run([...command.split(" "), "--stack", "test", "--non-interactive"]);
    expect([imported.code, imported.code === 0 ? "" : imported.text]).toEqual([0, ""]);
    await takeOperations();
    const result = await world.up(toProgram());
    expect([result.code, result.code === 0 ? "" : result.text]).toEqual([0, ""]);
    // The set itself, whose values are then in one mark; its consumers have what they had.
    expect(result.text).toMatch(/~ 1 updated/);
    expect(result.text).not.toMatch(/\d+ (created|replaced)/);
    expect(await takeOperations()).toEqual([]);
  });

  it("has kept every value, and changes nothing from then on, also after a refresh", async () => {
    const [set, ...more] = await world.stack.secrets();
    expect(more).toEqual([]);
    expect(set?.outputs.secrets).toEqual(toValues(world.peers));
    expect((await world.stack.refresh()).code).toBe(0);
    const asked = await takeOperations();
    expect(asked.filter((operation) => !READS.includes(operation))).toEqual([]);
    expect(await world.up(toProgram(), "--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await takeOperations()).toEqual([]);
    const shown = [world.stack.backendText(), ...world.stack.transcript].join("\n");
    expect(findCanaries(shown, toValues(world.peers))).toEqual([]);
  });

  it("rotates them when they are due, and the old values work on", async () => {
    const before = toValues(world.peers);
    await world.atlas.advance(500 * 3_600_000);
    world.stack.shiftClock(500 * 3_600_000);
    const result = await world.up(toProgram());
    expect([result.code, result.code === 0 ? "" : result.text]).toEqual([0, ""]);
    expect((await takeOperations()).filter((operation) => operation === "createSecret")).toHaveLength(names.length);
    const [set] = await world.stack.secrets();
    const { secrets, records } = (set?.outputs ?? {}) as Record<string, Record<string, unknown>>;
    for (const name of names) {
      expect(secrets?.[name]).not.toBe(before[name]);
      expect(records?.[name]).toMatchObject({ status: "overlapping", generation: 2 });
    }
  });
});
