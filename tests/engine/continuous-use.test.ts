/**
 * What uses a secret all the time, over runs on the real engine that each replace one secret and rotate another: a workload that is
 * handed each new value when the resource that carries it is updated, and a reader of the stack's outputs that comes late. Ninety more
 * such replacements, in virtual time, are in model/continuous-use.
 */
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { untilFound } from "../helpers/poll.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";
import { createRandom } from "../helpers/random.js";
import { Workload } from "../helpers/workload.js";

/** Each cause of a replacement, and one of them again: a trigger, another expiry, time. */
const ROUNDS = 4;

/** Between two runs: each finds the rotating secret due, and its predecessor expired. */
const GAP_HOURS = 85;
const OVERLAP_HOURS = 30;
const ROTATING = { secretExpiresAfterHours: 120, rotateBeforeExpiryHours: 40, overlapHours: OVERLAP_HOURS };

/** With this window the replaced secret is due after such a gap; with the default one it is not. */
const WINDOW_OF_A_GAP = { rotateBeforeExpiryHours: 640 };

let world: World;
let workload: Workload;

function wait(hours: number): Promise<void> {
  return workload.pauseDuring(() => world.advance(hours * HOUR_MS));
}

/** The replaced secret `main`, with the workload, and the rotating one `late`. */
function program(changes: object = {}, options: object = {}): TestProgram {
  const { late } = world.programOf({ late: ROTATING }).secrets;
  const rotating = { args: late?.args ?? {}, class: "RotatingProjectServiceAccountSecret", consumer: false };
  const { main = rotating } = world.program({ ...changes }, { ...options }).secrets;
  return { secrets: { main, late: rotating }, workloadUrl: workload.url };
}

describe(`over ${ROUNDS} runs that replace one secret and rotate another`, () => {
  /** Values that the reader holds, and how its sign-ins went, by the name of the secret. */
  const held: Record<string, string> = {};
  const signIns: Record<string, boolean[]> = { main: [], late: [] };
  const generations: unknown[] = [];
  const replaced: (readonly string[])[] = [];
  let failures: readonly string[] = [];
  let tries: readonly number[] = [];

  async function read(): Promise<void> {
    const { stdout } = await world.stack.shell("pulumi stack output --show-secrets --json --stack test");
    const outputs = JSON.parse(stdout) as Record<string, unknown>;
    for (const name of Object.keys(signIns)) held[name] = String(outputs[`${name}-secret`]);
    generations.push((outputs["late-audit"] as { generation: unknown }).generation);
  }

  async function use(): Promise<void> {
    for (const [name, results] of Object.entries(signIns)) {
      results.push(await world.signIn(held[name], name));
    }
  }

  beforeAll(async () => {
    world = await createWorld();
    await world.addAccount("late");
    const { atlas, projectId, clientId } = world;
    workload = await Workload.start({ baseUrl: atlas.url, projectId, clientId });
    const random = createRandom(5);
    expect((await world.stack.up(program())).code).toBe(0);
    await read();
    await wait(GAP_HOURS);
    let changes: Record<string, unknown> = {};
    for (let done = 0; done < ROUNDS; done++) {
      const before = await world.heldIds();
      if (done % 3 === 0) changes = { ...changes, triggers: { replacement: done } };
      if (done % 3 === 1) changes = { ...changes, secretExpiresAfterHours: 710 - done };
      await use();
      const { code, text } = await world.stack.up(
        program(done % 3 === 2 ? { ...changes, ...WINDOW_OF_A_GAP } : changes),
      );
      if (code !== 0) throw new Error(text);
      replaced.push([...before, ...(await world.heldIds())]);
      // Before it reads the outputs the reader holds what they were before the run.
      await use();
      const lagHours = random() * (OVERLAP_HOURS - 1);
      await wait(lagHours);
      await use();
      await read();
      await wait(GAP_HOURS - lagHours);
    }
    await use();
    failures = [...workload.failures];
    tries = [...workload.tries];
  });
  afterAll(async () => {
    await workload.stop();
    await closeWorlds();
  });

  it("a workload that gets each new value never fails, whether a trigger, another expiry or time is the cause", async () => {
    expect(failures).toEqual([]);
    expect(tries).toHaveLength(1 + ROUNDS);
    expect(tries).not.toContain(0);
    for (const ids of replaced) expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
    expect((await world.atlas.counters()).contractViolations).toEqual([]);
  });

  it("a reader that comes up to an hour before the overlap is over never fails with the rotating secret", () => {
    expect(generations).toEqual(Array.from({ length: 1 + ROUNDS }, (_, index) => index + 1));
    expect(signIns.late).toHaveLength(3 * ROUNDS + 1);
    expect(signIns.late).not.toContain(false);
  });

  it("the same reader fails with the replaced secret after each run, until it reads again", () => {
    const round = [true, false, false];
    expect(signIns.main).toEqual([...Array.from({ length: ROUNDS }, () => round).flat(), true]);
  });

  it("the workload fails when the program asks for the old secret to be deleted first", async () => {
    await world.atlas.addFault({
      kind: "hold",
      stage: "before",
      match: { operation: "createSecret", clientId: world.clientId },
    });
    const last = world.stack.up(program({ triggers: { now: "yes" } }, { deleteBeforeReplace: true }));
    await untilFound(async () => (workload.failures.length > 0 && (await world.atlas.held()).length > 0) || undefined);
    await world.atlas.releaseHeld();
    expect((await last).code).toBe(0);
    expect(workload.failures[0]).toMatch(/^(mint|use|revoke): 401$/);
  });
});
