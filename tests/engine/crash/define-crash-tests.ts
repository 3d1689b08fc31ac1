/** What must hold after every crash: one test for each point, after one run for all that can be reached together. */
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import type { ExportedResource } from "../../helpers/pulumi-stack.js";
import { canSignIn, type Killed, killRun, type Recovery, recover } from "./killed-run.js";
import { hasTwoSlots, toCrashRuns, type Victim } from "./points.js";
import { CrashSite, type Place, type Scene } from "./site.js";

type Outputs = Readonly<Record<string, unknown>>;

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
    const recordedAtOnce = new Map<Place, readonly string[]>();
    const heldAtOnce = new Map<Place, readonly string[]>();
    /** Whether the value of what the state called current worked after the kill, where two slots are in use. */
    const worked = new Map<Place, boolean>();
    let scene: Scene;
    let killed: Killed;
    let recovery: Recovery;
    let secrets: readonly ExportedResource[];

    beforeAll(async () => {
      scene = await site.setScene(run);
      killed = await killRun(scene, run);
      for (const place of scene.places) {
        const { current } = place.recordedIds();
        recordedAtOnce.set(place, current);
        heldAtOnce.set(place, await place.heldIds());
        if (!hasTwoSlots(place.errand)) continue;
        worked.set(place, await canSignIn(scene, place.clientId, await site.valueOf(current[0])));
      }
      recovery = await recover(scene, run);
      secrets = await scene.stack.secrets();
    });

    it("nothing is sent after the kill but what was under way", () => {
      expect(killed.result.code).not.toBe(0);
      // Also an orphan, which had all the time of the recovery, does not go on.
      expect(killed.sentAfter()).toEqual(killed.inFlight);
    });

    it.each(run.cases.map((crashCase, index) => ({ ...crashCase, index })))(
      "nothing is lost of a $errand $point, with the way out $wayOut",
      async ({ index, errand, point, leavesSecret, wayOut }) => {
        const place = scene.places[index];
        if (!place) throw new Error(`there is no place ${index}`);
        const commands = recovery.commands.get(place) ?? [];
        table.push(`${victim} killed, ${errand} ${point}: ${commands.join("; ")}`);
        expect(heldAtOnce.get(place)).toEqual(expect.arrayContaining([...(recordedAtOnce.get(place) ?? ["none"])]));
        expect(recovery.last).toMatchObject({ code: 0 });
        expect(commands.filter((command) => !command.startsWith("(")).length).toBeLessThanOrEqual(MOST_COMMANDS);
        // A first secret finds a free slot beside the lost one; any other needs the lost one's.
        const needsSlot = leavesSecret && errand !== "creation";
        const isSettledAtOnce = !needsSlot || wayOut === "exclusive from the start";
        expect(recovery.stopped.has(place)).toBe(!isSettledAtOnce);
        if (needsSlot) {
          const left = heldAtOnce.get(place)?.filter((id) => !recordedAtOnce.get(place)?.includes(id)) ?? [];
          expect(left).toHaveLength(1);
          expect(recovery.text).toContain(`${left[0]} (created`);
          expect(recovery.text.includes(`/${place.clientId}/${left[0]} --all-stacks`)).toBe(!isSettledAtOnce);
        }
        const secret = secrets.find(({ urn }) => urn.endsWith(`::${place.name}`))?.outputs ?? {};
        expect(await canSignIn(scene, place.clientId, secret.secret)).toBe(true);
        if (hasTwoSlots(errand)) {
          expect(worked.get(place)).toBe(true);
          await assertRotated(place, secret);
        } else await assertNothingLost(place, secret, recovery);
      },
    );

    it("the engine keeps a note of each creation that was interrupted, and of nothing else", () => {
      const pending = scene.stack.storedState().pending_operations ?? [];
      const noted = run.cases.filter(({ errand, inFlight }) => !hasTwoSlots(errand) && inFlight !== "deleteSecret");
      expect(pending.map(({ type }) => type)).toEqual(victim === "cli" ? noted.map(() => "creating") : []);
    });

    it("no secret was deleted that a state called current", async () => {
      expect(site.lapses).toEqual([]);
      expect((await site.atlas.counters()).contractViolations).toEqual([]);
    });

    if (victim !== "cli") return;

    it("the stack is locked until pulumi cancel", () => {
      expect(recovery.locked).toMatchObject({ text: expect.stringContaining("the stack is currently locked") });
      expect(recovery.locked?.code).not.toBe(0);
      expect(recovery.text).toContain("has been canceled");
    });

    if (run.cases.every(({ errand, leavesSecret }) => errand !== "creation" || !leavesSecret)) return;

    it("the engine's warning stays until refresh --clear-pending-creates, which touches no secret", async () => {
      const { stack, places } = scene;
      const WARNING = /with \d+ pending operations from previous deployment/;
      expect(recovery.last.text).toMatch(WARNING);
      const held = async () => Promise.all(places.map((place) => place.heldIds()));
      const before = await held();
      expect((await stack.refresh("--clear-pending-creates")).code).toBe(0);
      const next = await stack.up(recovery.program, "--expect-no-changes");
      expect([next.code, next.text]).toEqual([0, expect.not.stringMatching(WARNING)]);
      expect(await held()).toEqual(before);
    });
  });
}

/** Every secret on the account is recorded, or was reported by its id with the command that deletes it; the recorded one works. */
async function assertNothingLost(place: Place, secret: Outputs, { text }: Recovery): Promise<void> {
  const { clientId, crashCase } = place;
  const held = await place.heldIds();
  const { current, toDelete } = place.recordedIds();
  expect(current).toHaveLength(1);
  expect(held).toEqual(expect.arrayContaining([...current]));
  expect(toDelete).toEqual([]);
  const unrecorded = held.filter((id) => !current.includes(id));
  expect(unrecorded).toHaveLength(crashCase.leavesSecret && crashCase.errand === "creation" ? 1 : 0);
  for (const id of unrecorded) {
    const account = `service account ${clientId} of project ${DEMO_PROJECT_ID}`;
    const times = "created \\S+, expires \\S+, (never used|last used \\S+)";
    const line = new RegExp(
      `${account} also holds secret ${id} \\(${times}\\), of which the engine told this run nothing; it is not touched\\. If no state ` +
        `records it and nobody uses it, 'atlas-secrets remove ${DEMO_PROJECT_ID}/${clientId}/${id} --all-stacks' deletes it after looking\\.`,
    );
    expect(text.replaceAll(/\s+/g, " ")).toMatch(line);
  }
  expect(secret).toMatchObject({ secretId: current[0], status: "active", issuedForTriggers: { rotate: "now" } });
}

/** What had been begun is done, once: the account holds what is recorded as current and as previous, and nothing else. */
async function assertRotated(place: Place, secret: Outputs): Promise<void> {
  const status = place.errand === "rotation" ? "overlapping" : "active";
  expect(secret).toMatchObject({ status, generation: 2, issuedForTriggers: { rotate: "now" } });
  const { current, previous } = place.recordedIds();
  expect(await place.heldIds()).toEqual([...previous, ...current]);
}
