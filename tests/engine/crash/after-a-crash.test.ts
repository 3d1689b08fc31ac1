/** What a person reads after a crash, and the engine's own note of a creation that was interrupted. */
import { closeWorlds, createWorld } from "../../helpers/atlas.js";
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants, killLeftOver, killNow, type RunningProcess } from "../../helpers/processes.js";
import { killRun } from "./killed-run.js";
import { CRASH_POINTS, type CrashCase, type Errand } from "./points.js";
import { CrashSite } from "./site.js";

let site: CrashSite | undefined;
const leftOver: RunningProcess[] = [];

afterEach(async () => {
  await site?.close();
  site = undefined;
  await killLeftOver(leftOver.splice(0));
  await closeWorlds();
});

/** A secret is on the account and in no state: the CLI was killed before it got to know of it. */
function toCase(errand: Errand): CrashCase {
  const point = CRASH_POINTS.find((candidate) => candidate.leavesSecret && candidate.errand === errand);
  if (!point) throw new Error("there is no such point");
  return { ...point, round: 1, victim: "cli", wayOut: "mayRemove" };
}

describe("after the CLI was killed in a creation", () => {
  it("up names what was left and how to be rid of it; its warning stays until refresh --clear-pending-creates", async () => {
    const crashCase = toCase("creation");
    site = await CrashSite.open([crashCase]);
    const scene = await site.setScene(0);
    const { stack, clientId, projectId } = scene;
    await killRun(scene, [crashCase]);
    scene.signInAs(scene.signers.recovery);
    const [left] = await scene.heldIds();

    const locked = await stack.up(scene.program());
    expect(locked.code).not.toBe(0);
    expect(locked.text).toContain("the stack is currently locked");
    const cancelled = await stack.run(["cancel", "-y", "--stack", "test"]);
    expect(cancelled.text).toContain("has been canceled");

    const up = await stack.up(scene.program(), "--refresh");
    expect(up.code).toBe(0);
    const command = `atlas api serviceAccounts deleteGroupSecret --groupId ${projectId} --clientId ${clientId} --secretId ${left}`;
    const line = new RegExp(
      `service account ${clientId} of project ${projectId} also holds secret ${left} \\(created \\S+, expires \\S+, never used\\), ` +
        "which this run neither records nor touches\\. It looks like what a killed run left; if it is, nobody knows its value and " +
        `it can go: name it in mayRemove, and it goes when its slot is needed; or delete it now: '${command}'\\.`,
    );
    expect(up.text.replaceAll(/\s+/g, " ")).toMatch(line);

    const WARNING = "with 1 pending operations from previous deployment";
    expect((await stack.up(scene.program(), "--expect-no-changes")).text).toContain(WARNING);
    const cleared = await stack.refresh("--clear-pending-creates");
    expect(cleared.code).toBe(0);
    const last = await stack.up(scene.program(), "--expect-no-changes");
    expect(last.code).toBe(0);
    expect(last.text).not.toContain(WARNING);
    expect(await scene.heldIds()).toEqual([left, ...scene.recordedIds().current]);
  });
});

describe("after the CLI was killed in a replacement on an exclusive account", () => {
  it("up --refresh removes what was left and replaces the secret", async () => {
    const crashCase = toCase("replacement");
    site = await CrashSite.open([crashCase]);
    const scene = await site.setScene(0);
    const { stack } = scene;
    await killRun(scene, [crashCase]);
    scene.signInAs(scene.signers.recovery);
    const [old, left] = await scene.heldIds();
    await stack.run(["cancel", "-y", "--stack", "test"]);

    const up = await stack.up(
      scene.program(() => ({ exclusive: true })),
      "--refresh",
    );
    expect(up.text).toContain(`secret ${left} (created`);
    expect(up.code).toBe(0);
    const held = await scene.heldIds();
    expect(held).toEqual(scene.recordedIds().current);
    expect(held).not.toContain(old);
    expect(held).not.toContain(left);
    expect(site.lapses).toEqual([]);
  });
});

describe("after the CLI was killed while several secrets were replaced", () => {
  const NAMES = ["one", "two", "three"];

  it("one up with --continue-on-error names what was left on every account, and the next up removes it", async () => {
    const { addAccount, atlas, clientIdOf, heldIds, programOf, recorded, stack } = await createWorld();
    for (const name of NAMES) await addAccount(name);
    const toProgram = (toChanges: (name: string) => object) =>
      programOf(Object.fromEntries(NAMES.map((name) => [name, { ...toChanges(name) }])));
    expect((await stack.up(toProgram(() => ({})))).code).toBe(0);
    const triggers = { rotate: "now" };
    await atlas.addFault({ kind: "hold", stage: "after", match: { operation: "createSecret" }, times: NAMES.length });
    const run = stack.startUp(toProgram(() => ({ triggers })));
    await untilFound(async () => ((await atlas.held()).length === NAMES.length ? true : undefined));
    const { pid } = run;
    if (pid === undefined) throw new Error("there is no process to kill");
    leftOver.push(...(await fetchDescendants(pid)));
    killNow(pid);
    await run.ended;
    await atlas.releaseHeld();

    await stack.run(["cancel", "-y", "--stack", "test"]);
    const named = await stack.up(
      toProgram(() => ({ triggers })),
      "--refresh",
      "--continue-on-error",
    );
    expect(named.code).not.toBe(0);
    const left: Record<string, string | undefined> = {};
    for (const name of NAMES) {
      left[name] = new RegExp(`--clientId ${clientIdOf(name)} --secretId (\\w+)`).exec(named.text)?.[1];
      expect(await heldIds(name)).toEqual([(await recorded(name))?.secretId, left[name]]);
    }
    expect((await stack.up(toProgram((name) => ({ triggers, mayRemove: [left[name]] })))).code).toBe(0);
    for (const name of NAMES) expect(await heldIds(name)).toEqual([(await recorded(name))?.secretId]);
  });
});
