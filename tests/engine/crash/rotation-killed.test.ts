/**
 * Runs that rotate a secret, or delete a previous one, are killed at every request. One kill meets many accounts, each at a
 * point of its own: a run of the CLI takes seconds.
 */
import { canSignIn, type Killed, killRun, type Recovery, recover } from "./killed-run.js";
import { ROTATION_CRASHES } from "./rotation-points.js";
import { CrashSite, type Place, type Scene } from "./site.js";

let site: CrashSite;

beforeAll(async () => {
  site = await CrashSite.open(ROTATION_CRASHES);
});
afterAll(() => site.close());

describe.each(ROTATION_CRASHES)("kill -9 of $name", (run) => {
  const { cases, settings = {} } = run;
  /** Whether the value of what the state called current worked after the kill, by account. */
  const worked = new Map<string, boolean>();
  let scene: Scene;
  let killed: Killed;
  let recovery: Recovery;
  let outputs: readonly Readonly<Record<string, unknown>>[];

  beforeAll(async () => {
    scene = await site.setScene(run);
    killed = await killRun(scene, run);
    for (const { clientId, recordedIds } of scene.places) {
      const [current] = recordedIds().current;
      worked.set(clientId, await canSignIn(scene, clientId, await site.valueOf(current)));
    }
    recovery = await recover(scene, run);
    outputs = (await scene.stack.secrets()).map((secret) => secret.outputs);
  });

  it.each(cases.map((crashCase, index) => ({ ...crashCase, index })))(
    "in a $errand, $point: the current secret works, and the next runs complete",
    async ({ errand, index, leavesSecret }) => {
      const { clientId, heldIds, recordedIds } = scene.places[index] as Place;
      expect(worked.get(clientId)).toBe(true);
      const recorded = outputs.find((found) => found.clientId === clientId) ?? {};
      const status = errand === "rotation" ? "overlapping" : "active";
      expect(recorded).toMatchObject({ status, generation: 2, issuedForTriggers: { rotate: "now" } });
      const { current, previous } = recordedIds();
      expect(await heldIds()).toEqual([...previous, ...current]);
      expect(await canSignIn(scene, clientId, recorded.secret)).toBe(true);
      const isLeftNamed = new RegExp(`/${clientId}/\\w+ --all-stacks'`).test(recovery.text);
      expect(isLeftNamed).toBe(leavesSecret && settings.exclusive !== true);
    },
  );

  it("sends nothing more, is done with in two runs, and deletes nothing that is recorded as current", async () => {
    expect(killed.result.code).not.toBe(0);
    expect(killed.sentAfter()).toEqual(killed.inFlight);
    expect(recovery.code).toBe(0);
    const isSettledAtOnce = settings.exclusive === true || cases.every(({ leavesSecret }) => !leavesSecret);
    for (const commands of recovery.commands.values()) {
      expect(commands.filter((command) => command.startsWith("pulumi up"))).toHaveLength(isSettledAtOnce ? 1 : 2);
    }
    expect(site.lapses).toEqual([]);
    expect((await site.atlas.counters()).contractViolations).toEqual([]);
  });
});
