/**
 * A workload that signs in all the time, over ten replacements of its secret on the real engine. It gets each new value when
 * the resource that carries the value to it is updated.
 */
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { untilFound } from "../helpers/poll.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";
import { Workload } from "../helpers/workload.js";

const REPLACEMENTS = 10;

let world: World;
let workload: Workload;

beforeEach(async () => {
  world = await createWorld();
  const { atlas, projectId, clientId } = world;
  workload = await Workload.start({ baseUrl: atlas.url, projectId, clientId });
});
afterEach(async () => {
  await workload.stop();
  await closeWorlds();
});

function program(changes: object = {}, options: object = {}): TestProgram {
  return { ...world.program({ ...changes }, { ...options }), workloadUrl: workload.url };
}

describe("a workload that signs in all the time", () => {
  it("never fails over ten replacements, by a trigger, by another expiry, and by time", async () => {
    expect((await world.stack.up(program())).code).toBe(0);
    let changes: Record<string, unknown> = {};
    for (let done = 0; done < REPLACEMENTS; done++) {
      const [old] = await world.heldIds();
      if (done % 3 === 0) changes = { ...changes, triggers: { replacement: done } };
      if (done % 3 === 1) changes = { ...changes, secretExpiresAfterHours: 700 - done };
      if (done % 3 === 2) await world.advance(500 * HOUR_MS);
      expect((await world.stack.up(program(changes))).code).toBe(0);
      const held = await world.heldIds();
      expect(held).toHaveLength(1);
      expect(held).not.toContain(old);
    }
    await workload.stop();
    expect(workload.failures).toEqual([]);
    expect(workload.tries).toHaveLength(1 + REPLACEMENTS);
    expect(workload.tries).not.toContain(0);
    expect((await world.atlas.counters()).contractViolations).toEqual([]);
  }, 300_000);

  it("fails when the program asks for the old secret to be deleted first", async () => {
    expect((await world.stack.up(program())).code).toBe(0);
    await world.atlas.addFault({ kind: "hold", stage: "before", match: { operation: "createSecret" } });
    const replaced = world.stack.up(program({ triggers: { now: "yes" } }, { deleteBeforeReplace: true }));
    await untilFound(() => (workload.failures.length > 0 ? true : undefined));
    await world.atlas.releaseHeld();
    expect((await replaced).code).toBe(0);
    expect(workload.failures[0]).toMatch(/^(mint|use|revoke): 401$/);
  });
});
