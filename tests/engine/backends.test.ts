/**
 * What the stack's backend has to do with secrets: its lock, and what it keeps of a run that was killed. Pulumi has one
 * implementation for all of its own backends, and these tests hold it to the same on a folder and on a real PostgreSQL server.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { untilFound } from "../helpers/poll.js";
import { type PostgresServer, startPostgres } from "../helpers/postgres.js";
import { fetchDescendants, killLeftOver, killNow } from "../helpers/processes.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const ACCOUNTS = ["first", "second", "third"] as const;
const IS_LOCKED = "the stack is currently locked by";

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-backend-"));
let postgres: PostgresServer;
let world: World;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await closeWorlds();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Each stack has a backend of its own, all of them on the one server or in the one folder. */
const BACKENDS = {
  file: () => `file://${mkdtempSync(join(folder, "state-"))}`,
  PostgreSQL: () => `${postgres.backendUrl}&table=state`,
};

const program = (triggers = {}): TestProgram =>
  world.programOf(Object.fromEntries(ACCOUNTS.map((name) => [name, { triggers }])));

/** Each account holds the one secret that is recorded for it, and its value works. Resolves with what is recorded. */
async function expectNothingLost() {
  const recorded = await world.recordedAll();
  for (const name of ACCOUNTS) {
    expect([name, await world.heldIds(name)]).toEqual([name, [recorded[name]?.secretId]]);
    expect([name, await world.signIn(recorded[name]?.secret, name)]).toEqual([name, true]);
  }
  return recorded;
}

function toIds(recorded: Readonly<Record<string, Record<string, unknown>>>) {
  return Object.fromEntries(Object.entries(recorded).map(([name, { secretId }]) => [name, secretId]));
}

async function countCreations(): Promise<number> {
  return (await world.takeRequests()).filter(({ operation }) => operation === "createSecret").length;
}

/** Starts a run of the program and resolves once its request for a new secret of the account is held. */
async function startHeldUp(name: string, stage: "before" | "after", wanted: TestProgram) {
  const match = { operation: "createSecret", clientId: world.clientIdOf(name) } as const;
  await world.atlas.addFault({ kind: "hold", stage, match });
  const run = world.stack.startUp(wanted);
  await untilFound(async () => (await world.atlas.held())[0]);
  return run;
}

// The tests of a backend follow one another on one stack.
describe.each(Object.keys(BACKENDS) as (keyof typeof BACKENDS)[])("a stack on the %s backend", (kind) => {
  let rotatedOnce: Awaited<ReturnType<World["recordedAll"]>>;

  beforeAll(async () => {
    world = await createWorld(undefined, { PULUMI_BACKEND_URL: BACKENDS[kind]() });
    for (const name of [...ACCOUNTS, "added"]) await world.addAccount(name);
  });

  it("lets no second run begin while one is under way, and the first one loses nothing", async () => {
    const first = await startHeldUp("second", "before", program());
    const second = await world.stack.up(program());
    expect([second.code === 0, second.text]).toEqual([false, expect.stringContaining(IS_LOCKED)]);
    await world.atlas.releaseHeld();
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await countCreations()).toBe(ACCOUNTS.length);
    await expectNothingLost();
  });

  it("rotates each secret once when two runs begin at once", async () => {
    const rotated = program({ rotate: "now" });
    const runs = [world.stack.startUp(rotated), world.stack.startUp(rotated)];
    const results = await Promise.all(runs.map(({ ended }) => ended));
    for (const { code, text } of results) if (code !== 0) expect(text).toContain(IS_LOCKED);
    if (results.every(({ code }) => code !== 0)) {
      // Each of the two saw the other's lock.
      expect(await world.stack.up(rotated)).toMatchObject({ code: 0 });
    }
    expect(await countCreations()).toBe(ACCOUNTS.length);
    rotatedOnce = await expectNothingLost();
  });

  it("is recovered after kill -9 of the CLI, with what it had recorded", async () => {
    const all = [...ACCOUNTS.map((name) => [name, { triggers: { rotate: "now" } }]), ["added", {}]];
    const grown = world.programOf(Object.fromEntries(all));
    const run = await startHeldUp("added", "after", grown);
    const left = await fetchDescendants(run.pid ?? 0);
    if (run.pid !== undefined) killNow(run.pid);
    await run.ended;
    await world.atlas.releaseHeld();
    const [lostId] = await world.heldIds("added");
    try {
      expect((await world.stack.up(grown)).text).toContain(IS_LOCKED);
      expect(await world.stack.run(["cancel", "-y", "--stack", "test"])).toMatchObject({ code: 0 });
      const recovered = await world.stack.up(grown, "--refresh", "--continue-on-error");
      expect([recovered.code, recovered.text]).toEqual([0, expect.stringContaining(`also holds secret ${lostId}`)]);
    } finally {
      await killLeftOver(left);
    }
    const { added, ...others } = await expectNothingLost();
    expect(toIds(others)).toEqual(toIds(rotatedOnce));
    expect(await world.heldIds("added")).toEqual([lostId, added?.secretId]);
    expect(await world.signIn(added?.secret, "added")).toBe(true);
  });
});
