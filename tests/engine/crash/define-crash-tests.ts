/** What must hold after every crash: one test for each case. */
import { canSignIn, killRun, type Recovery, recover } from "./killed-run.js";
import { type CrashCase, toCrashCases, type Victim } from "./points.js";
import { CrashSite, type Scene } from "./site.js";

/** `CRASH_ROUNDS=3` does every point three times. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 1);

/** Recovery takes no more than this. */
const MOST_COMMANDS = 3;

/** Defines the tests of a victim. */
export function defineCrashTests(victim: Victim): void {
  const cases = toCrashCases(victim, ROUNDS);
  const table: string[] = [];
  let site: CrashSite;

  beforeAll(async () => {
    site = await CrashSite.open(cases);
  });
  afterAll(async () => {
    await site.close();
    if (ROUNDS > 1) process.stdout.write(`${table.join("\n")}\n`);
  });

  const rows = cases.map((crashCase, index) => ({ ...crashCase, index, crashCase }));
  it.each(rows)(
    "round $round, a $errand $point: nothing more is sent, nothing is lost",
    async ({ index, crashCase }) => {
      const scene = await site.setScene(index);
      const killed = await killRun(scene, [crashCase]);
      await assertRecordedAreHeld(scene);
      const recovery = await recover(scene, [crashCase]);
      table.push(`${victim} killed, ${crashCase.errand} ${crashCase.point}: ${recovery.commands.join("; ")}`);

      expect(killed.result.code).not.toBe(0);
      expect(killed.sentAfter()).toEqual(killed.inFlight);
      expect(recovery).toMatchObject({ code: 0 });
      expect(recovery.commands.length).toBeLessThanOrEqual(MOST_COMMANDS);
      await assertNothingLost(scene, crashCase, recovery);
      expect(site.lapses).toEqual([]);
      expect((await site.atlas.counters()).contractViolations).toEqual([]);
    },
  );
}

async function assertRecordedAreHeld(scene: Scene): Promise<string[]> {
  const held = await scene.heldIds();
  expect(held).toEqual(expect.arrayContaining([...scene.recordedIds().current]));
  return held;
}

/** Every secret on the account is recorded, or was reported by its id with the command that deletes it; the recorded one works. */
async function assertNothingLost(scene: Scene, crashCase: CrashCase, { text }: Recovery): Promise<void> {
  const { errand, inFlight, leavesSecret, victim } = crashCase;
  const held = await assertRecordedAreHeld(scene);
  const { current, toDelete } = scene.recordedIds();
  expect(current).toHaveLength(1);
  expect(toDelete).toEqual([]);
  // The engine keeps the note of an interrupted creation until somebody clears it.
  const pending = scene.stack.storedState().pending_operations ?? [];
  expect(pending.map(({ type }) => type)).toEqual(victim === "cli" && inFlight !== "deleteSecret" ? ["creating"] : []);
  const unrecorded = held.filter((id) => !current.includes(id));
  for (const id of unrecorded) expect(text).toContain(`--clientId ${scene.clientId} --secretId ${id}`);
  // A first secret finds a free slot beside the lost one; a replacement needs the lost one's.
  expect(unrecorded).toHaveLength(leavesSecret && errand === "creation" ? 1 : 0);
  const [secret] = await scene.stack.secrets();
  expect(secret?.outputs).toMatchObject({
    secretId: current[0],
    status: "active",
    issuedForTriggers: { rotate: "now" },
  });
  expect(await canSignIn(scene, scene.clientId, secret?.outputs.secret)).toBe(true);
}
