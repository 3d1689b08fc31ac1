/** What must hold after every crash: one test for each point, after one run for all that can be reached together. */
import { canSignIn, type Killed, killRun, type Recovery, recover } from "./killed-run.js";
import { toCrashRuns, type Victim } from "./points.js";
import { CrashSite, type Place, type Scene } from "./site.js";

/** `CRASH_ROUNDS=3` does every point three times. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 1);

/** Recovery takes no more than this. */
const MOST_COMMANDS = 3;

/** Defines the tests of a victim. */
export function defineCrashTests(victim: Victim): void {
  const runs = toCrashRuns(victim, ROUNDS);
  const table: string[] = [];
  let site: CrashSite;

  beforeAll(async () => {
    site = await CrashSite.open(runs);
  });
  afterAll(async () => {
    await site.close();
    if (ROUNDS > 1) process.stdout.write(`${table.join("\n")}\n`);
  });

  describe.each(runs)("round $round, in a run killed at $cases.length points", (run) => {
    let scene: Scene;
    let killed: Killed;
    let recordedAtOnce: ReadonlyMap<Place, readonly string[]>;
    let heldAtOnce: ReadonlyMap<Place, readonly string[]>;
    let recovery: Recovery;

    beforeAll(async () => {
      scene = await site.setScene(run);
      killed = await killRun(scene, run);
      recordedAtOnce = new Map(scene.places.map((place) => [place, place.recordedIds().current]));
      heldAtOnce = new Map(
        await Promise.all(scene.places.map(async (place) => [place, await place.heldIds()] as const)),
      );
      recovery = await recover(scene, run);
    });

    it("nothing is sent after the kill but what was under way", () => {
      expect(killed.result.code).not.toBe(0);
      // Also an orphan, which had all the time of the recovery, does not go on.
      expect(killed.sentAfter()).toEqual(killed.inFlight);
    });

    it.each(run.cases.map((crashCase, index) => ({ ...crashCase, index })))(
      "nothing is lost of a $errand $point",
      async ({ index, errand, point }) => {
        const place = scene.places[index];
        if (!place) throw new Error(`there is no place ${index}`);
        const commands = recovery.commands.get(place) ?? [];
        table.push(`${victim} killed, ${errand} ${point}: ${commands.join("; ")}`);
        expect(heldAtOnce.get(place)).toEqual(expect.arrayContaining([...(recordedAtOnce.get(place) ?? ["none"])]));
        expect(recovery).toMatchObject({ code: 0 });
        expect(commands.filter((command) => !command.startsWith("(")).length).toBeLessThanOrEqual(MOST_COMMANDS);
        await assertNothingLost(scene, place, recovery);
      },
    );

    it("the engine keeps a note of each creation that was interrupted, and of nothing else", () => {
      const pending = scene.stack.storedState().pending_operations ?? [];
      const isNoted = victim === "cli" && run.cases.every(({ inFlight }) => inFlight !== "deleteSecret");
      expect(pending.map(({ type }) => type)).toEqual(isNoted ? run.cases.map(() => "creating") : []);
    });

    it("no secret was deleted that a state called current", async () => {
      expect(site.lapses).toEqual([]);
      expect((await site.atlas.counters()).contractViolations).toEqual([]);
    });
  });
}

/** Every secret on the account is recorded, or was reported by its id with the command that deletes it; the recorded one works. */
async function assertNothingLost(scene: Scene, place: Place, { text }: Recovery): Promise<void> {
  const { clientId, crashCase, name } = place;
  const held = await place.heldIds();
  const { current, toDelete } = place.recordedIds();
  expect(current).toHaveLength(1);
  expect(held).toEqual(expect.arrayContaining([...current]));
  expect(toDelete).toEqual([]);
  const unrecorded = held.filter((id) => !current.includes(id));
  for (const id of unrecorded) expect(text).toContain(`/${clientId}/${id} --all-stacks`);
  // A first secret finds a free slot beside the lost one; a replacement needs the lost one's.
  expect(unrecorded).toHaveLength(crashCase.leavesSecret && crashCase.errand === "creation" ? 1 : 0);
  const secret = (await scene.stack.secrets()).find(({ urn }) => urn.endsWith(`::${name}`));
  expect(secret?.outputs).toMatchObject({
    secretId: current[0],
    status: "active",
    issuedForTriggers: { rotate: "now" },
  });
  expect(await canSignIn(scene, clientId, secret?.outputs.secret)).toBe(true);
}
