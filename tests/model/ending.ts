/**
 * The end of a sequence: faults stop, every secret is made due, and each stack has two runs to get there. What stops must say
 * a way out that the documents name; the way is gone, and then it must get there. In the end nothing is lost: each secret that
 * a stack created is recorded, removed, expired or was named, and what is recorded works.
 */
import { findWait, followText } from "./person.js";
import { fetchTruth, signIn } from "./somebody.js";
import { type Sequence, UNDISTURBED_UP } from "./steps.js";
import { World } from "./world.js";

const MINUTE_MS = 60_000;

/** How often a way out may lead to another obstacle. */
const MAX_WAYS = 12;

/** How many runs in a row may succeed and change something: what was pending is verified, replaced, and its predecessor retired. */
const MAX_CHANGES = 3;

/** Lets a sequence happen and comes to its end, or stops at the first finding; resolves with what must not be. */
export async function playToEnd({ setup, steps }: Sequence): Promise<readonly string[]> {
  const world = await World.create(setup);
  for (const step of steps) {
    await world.take(step);
    if (world.findings.length > 0) return world.findings;
  }
  await finish(world);
  return world.findings;
}

/** Brings a world to rest; what must not be is in its findings. */
export async function finish(world: World): Promise<void> {
  const [first, second] = world.teams;
  await world.take({ kind: "skew", ms: 0 });
  // What a run that was killed a moment ago left is not listed by every variant of the server yet: nobody could name it.
  await world.atlas.control.advance(3 * MINUTE_MS);
  // Secrets that share an account rotate each other out of its slots: one is declared on each.
  first.declarations.keepOneOnEach();
  second.declarations.keepOneOnEach(first.declarations.accounts());
  for (const stack of [1, 0] as const) {
    world.teams[stack].declarations.changeTriggers();
    await settle(world, stack);
  }
  await findLost(world);
}

/** Runs until nothing changes any more. Two failures in a row have to name a way out. */
async function settle(world: World, stack: 0 | 1): Promise<void> {
  const team = world.teams[stack];
  let [failures, changes, ways] = [0, 0, 0];
  for (;;) {
    const { outcome, steps, errors, lines } = await world.run({ ...UNDISTURBED_UP, stack });
    if (world.findings.length > 0) return;
    const did = [...steps, ...errors].join(", ");
    if (outcome === "succeeded" && team.declarations.redo()) {
      await world.atlas.control.advance(3 * MINUTE_MS);
      continue;
    }
    const untilMs = findWait(lines, world.atlas.clock.now());
    // While a secret is not quiet, every run looks again.
    const isAtRest = steps.length === 0 || (untilMs !== undefined && changes === MAX_CHANGES);
    if (outcome === "succeeded" && isAtRest) {
      if (untilMs === undefined || ++ways > MAX_WAYS) return;
      changes = 0;
      await world.atlas.control.advance(Math.max(0, untilMs - world.atlas.clock.now()) + MINUTE_MS);
      continue;
    }
    if (lines.join().includes("the credential is still the old one")) await world.changeSignIn(team, "recorded");
    failures = outcome === "succeeded" ? 0 : failures + 1;
    changes = outcome === "succeeded" ? changes + 1 : 0;
    if (changes > MAX_CHANGES) return void world.watch.findings.push(`${team.stack.name} finds no rest: ${did}`);
    if (failures >= 2) {
      const isGone = ++ways <= MAX_WAYS && (await followText(world, team, errors.join("\n")));
      if (!isGone) return void world.watch.findings.push(`${team.stack.name} does not get there: ${did}`);
    }
    await world.atlas.control.advance(3 * MINUTE_MS);
  }
}

async function findLost(world: World): Promise<void> {
  const { watch, ledger, somebody, teams, atlas } = world;
  await atlas.control.advance(3 * MINUTE_MS);
  const [truth, nowMs] = [await fetchTruth(atlas), atlas.clock.now()];
  const held = new Map(truth.map((secret) => [secret.id, secret]));
  const recorded = new Set(teams.flatMap(({ stack }) => [...stack.recordedIds()]));
  for (const id of watch.unnamed) {
    const secret = held.get(id);
    if (!secret || recorded.has(id) || secret.expiresAtMs <= nowMs) continue;
    if (ledger.wasSeen(id)) watch.findings.push(`secret ${id} lives, is not recorded and was never named`);
  }
  for (const { stack } of teams) {
    for (const { outputs } of stack.resources.values()) {
      const { secretId, secret, clientId, status } = outputs;
      const id = String(secretId);
      const isToWork = status === "active" || status === "overlapping";
      if (!isToWork || somebody.ended.has(id) || ((held.get(id)?.expiresAtMs ?? 0) <= nowMs && held.has(id))) continue;
      if (!(await signIn(atlas, String(clientId), String(secret))))
        watch.findings.push(`${stack.name} records ${id} as ${status}, and it does not work`);
    }
  }
}
