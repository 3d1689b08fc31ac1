/** A set is killed while its accounts are at different points of a rotation: what was given out works, and two runs settle it all. */
import type { HoldStage, Operation } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, toOperations, type World } from "../../helpers/atlas.js";
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants, killLeftOver, killNow, type RunningProcess } from "../../helpers/processes.js";
import type { TestProgram } from "../../helpers/pulumi-stack.js";

/** Where the run is on each account when it is killed, and whether it leaves a secret there that no state records. */
const POINTS: Readonly<Record<string, { operation: Operation; stage: HoldStage; leavesSecret: boolean }>> = {
  look: { operation: "getAccount", stage: "after", leavesSecret: false },
  unsent: { operation: "createSecret", stage: "before", leavesSecret: true },
  unanswered: { operation: "createSecret", stage: "after", leavesSecret: true },
  unverified: { operation: "mint", stage: "before", leavesSecret: true },
  verified: { operation: "mint", stage: "after", leavesSecret: true },
};
const NAMES = Object.keys(POINTS);

let world: World;
const processes: RunningProcess[] = [];

beforeEach(async () => {
  world = await createWorld();
  // Each account is looked at by itself, and so has a point of its own.
  await world.atlas.setSwitches({ listHoldsSecrets: false });
  for (const name of NAMES) await world.addAccount(name);
});
afterEach(async () => {
  await killLeftOver(processes.splice(0));
  await closeWorlds();
});

function program(changes: Readonly<Record<string, unknown>> = {}): TestProgram {
  const accounts = Object.fromEntries(
    NAMES.map((name) => [name, { projectId: world.projectId, clientId: world.clientIdOf(name) }]),
  );
  const args = { accounts, secretExpiresAfterHours: 720, exclusive: true, ...changes };
  return { consumers: false, secrets: { fleet: { args, class: "ProjectServiceAccountSecretSet" } } };
}

type Recorded = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
const recorded = async () => (await world.recorded("fleet")) as Recorded;

/** Runs the rotation until every account is at its point, and kills. */
async function killRotation(victim: "provider" | "cli"): Promise<void> {
  for (const [name, { operation, stage }] of Object.entries(POINTS)) {
    await world.atlas.addFault({ kind: "hold", stage, match: { operation, clientId: world.clientIdOf(name) } });
  }
  const run = world.stack.startUp(program({ triggers: { ticket: 1 } }));
  await untilFound(async () => ((await world.atlas.held()).length === NAMES.length ? true : undefined));
  const all = await fetchDescendants(run.pid ?? 0);
  processes.push(...all);
  const provider = all.find(({ args }) => /\bdynamic-provider\S* 127\.0\.0\.1:\d+/.test(args));
  const pid = victim === "cli" ? run.pid : provider?.pid;
  if (pid === undefined) throw new Error("there is no process to kill");
  killNow(pid);
  const { code } = await run.ended;
  expect(code).not.toBe(0);
  await world.atlas.releaseHeld({});
}

describe.each(["provider", "cli"] as const)("kill -9 of the %s", (victim) => {
  it("leaves every value working that was given out, and two runs settle all accounts", async () => {
    expect((await world.stack.up(program())).code).toBe(0);
    const before = await recorded();
    await killRotation(victim);
    const held = Object.fromEntries(
      await Promise.all(NAMES.map(async (name) => [name, (await world.heldIds(name)).length] as const)),
    );
    expect(held).toEqual(Object.fromEntries(NAMES.map((name) => [name, POINTS[name]?.leavesSecret ? 2 : 1])));
    for (const name of NAMES) expect(await world.signIn(before.secrets?.[name], name)).toBe(true);

    if (victim === "cli") await world.stack.run(["cancel", "-y", "--stack", "test"]);
    await world.takeRequests();
    const rotated = program({ triggers: { ticket: 1 } });
    const first = await world.stack.up(rotated, "--refresh");
    const { code, text } = first.code === 0 ? first : await world.stack.up(rotated);
    expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    const after = await recorded();
    for (const name of NAMES) {
      const { secretId, previousSecretId, generation } = after.records?.[name] ?? {};
      expect(generation).toBe(2);
      expect(previousSecretId).toBe(before.records?.[name]?.secretId);
      expect(await world.heldIds(name)).toEqual([previousSecretId, secretId]);
      expect(await world.signIn(after.secrets?.[name], name)).toBe(true);
      expect(await world.signIn(before.secrets?.[name], name)).toBe(true);
    }
    // What the killed run had left went, and nothing else.
    const deletions = toOperations(await world.takeRequests()).filter((operation) => operation === "deleteSecret");
    expect(deletions).toHaveLength(NAMES.filter((name) => POINTS[name]?.leavesSecret).length);
  });
});
