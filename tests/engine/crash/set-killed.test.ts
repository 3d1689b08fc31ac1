/** A set is killed while its accounts are at different points of a rotation: what was given out works, and two runs settle it all. */
import type { HoldStage, Operation } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, toOperations, type World } from "../../helpers/atlas.js";
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants, killLeftOver, killNow, type RunningProcess } from "../../helpers/processes.js";
import type { PulumiStack, TestProgram } from "../../helpers/pulumi-stack.js";

/** Where the run is on each account when it is killed, and whether it leaves a secret there that no state records. */
const POINTS: Readonly<Record<string, { operation: Operation; stage: HoldStage; leavesSecret: boolean }>> = {
  look: { operation: "getAccount", stage: "after", leavesSecret: false },
  unsent: { operation: "createSecret", stage: "before", leavesSecret: true },
  unanswered: { operation: "createSecret", stage: "after", leavesSecret: true },
  unverified: { operation: "mint", stage: "before", leavesSecret: true },
  verified: { operation: "mint", stage: "after", leavesSecret: true },
};
const NAMES = Object.keys(POINTS);

const VICTIMS = ["provider", "cli"] as const;
type Victim = (typeof VICTIMS)[number];

let world: World;
/** What the sets hold before anything is killed: one for each victim, which then has a stack of its own. */
let before: Readonly<Record<string, Recorded>>;
const processes: RunningProcess[] = [];
const stacks: PulumiStack[] = [];

beforeAll(async () => {
  world = await createWorld();
  // Each account is looked at by itself, and so has a point of its own.
  await world.atlas.setSwitches({ listHoldsSecrets: false });
  for (const victim of VICTIMS) for (const name of NAMES) await world.addAccount(`${victim}-${name}`);
  expect((await world.stack.up(program(VICTIMS))).code).toBe(0);
  before = (await world.recordedAll()) as unknown as typeof before;
});
afterAll(async () => {
  await killLeftOver(processes);
  for (const stack of stacks) stack.remove();
  await closeWorlds();
});

function program(victims: readonly Victim[], changes: Readonly<Record<string, unknown>> = {}): TestProgram {
  const toSet = (victim: Victim) => {
    const accounts = Object.fromEntries(
      NAMES.map((name) => [name, { projectId: world.projectId, clientId: world.clientIdOf(`${victim}-${name}`) }]),
    );
    const args = { accounts, secretExpiresAfterHours: 720, exclusive: true, ...changes };
    return { args, class: "ProjectServiceAccountSecretSet" };
  };
  return { consumers: false, secrets: Object.fromEntries(victims.map((victim) => [victim, toSet(victim)])) };
}

type Recorded = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** Runs the rotation until every account is at its point, and kills. */
async function killRotation(stack: PulumiStack, victim: Victim): Promise<void> {
  for (const [name, { operation, stage }] of Object.entries(POINTS)) {
    const clientId = world.clientIdOf(`${victim}-${name}`);
    await world.atlas.addFault({ kind: "hold", stage, match: { operation, clientId } });
  }
  const run = stack.startUp(program([victim], { triggers: { ticket: 1 } }));
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

describe.each(VICTIMS)("kill -9 of the %s", (victim) => {
  const accountOf = (name: string) => `${victim}-${name}`;

  it("leaves every value working that was given out, and two runs settle all accounts", async () => {
    const stack = world.stack.fork(({ type, urn }) => !/Set$/.test(type) || urn.endsWith(`::${victim}`));
    stacks.push(stack);
    const { secrets, records } = before[victim] ?? {};
    await killRotation(stack, victim);
    const held: Record<string, number> = {};
    for (const name of NAMES) held[name] = (await world.heldIds(accountOf(name))).length;
    expect(held).toEqual(Object.fromEntries(NAMES.map((name) => [name, POINTS[name]?.leavesSecret ? 2 : 1])));
    for (const name of NAMES) expect(await world.signIn(secrets?.[name], accountOf(name))).toBe(true);

    if (victim === "cli") await stack.run(["cancel", "-y", "--stack", "test"]);
    await world.takeRequests();
    const rotated = program([victim], { triggers: { ticket: 1 } });
    const first = await stack.up(rotated, "--refresh");
    const { code, text } = first.code === 0 ? first : await stack.up(rotated);
    expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    const [after] = (await stack.secrets()).map(({ outputs }) => outputs as Recorded);
    for (const name of NAMES) {
      const { secretId, previousSecretId, generation } = after?.records?.[name] ?? {};
      expect(generation).toBe(2);
      expect(previousSecretId).toBe(records?.[name]?.secretId);
      expect(await world.heldIds(accountOf(name))).toEqual([previousSecretId, secretId]);
      expect(await world.signIn(after?.secrets?.[name], accountOf(name))).toBe(true);
      expect(await world.signIn(secrets?.[name], accountOf(name))).toBe(true);
    }
    // What the killed run had left went, and nothing else.
    const deletions = toOperations(await world.takeRequests()).filter((operation) => operation === "deleteSecret");
    expect(deletions).toHaveLength(NAMES.filter((name) => POINTS[name]?.leavesSecret).length);
  });
});
