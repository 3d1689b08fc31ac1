/**
 * The end of a sequence: faults stop, every secret is made due, and each stack has two runs to get there. What stops must say
 * a way out that the documents name; the way is gone, and then it must get there. In the end nothing is lost: each secret that
 * a stack created is recorded, removed, expired or was named, and what is recorded works.
 */
import type { Properties } from "../../provider/src/protocol.js";
import { fetchTruth, type HeldTruth, signIn } from "./somebody.js";
import { ACCOUNTS, type Sequence, UNDISTURBED_UP } from "./steps.js";
import { toRecordedIds } from "./stored-outputs.js";
import { type Team, World } from "./world.js";

const MINUTE_MS = 60_000;

/** How often a way out may lead to another obstacle. */
const MAX_WAYS = 12;

/** How many runs in a row may succeed and change something: what was pending is proven, replaced, and its predecessor retired. */
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
    if (outcome === "succeeded" && steps.length === 0) {
      const untilMs = findWait(lines);
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
      const isGone = ++ways <= MAX_WAYS && (await goWay(world, team, errors.join("\n")));
      if (!isGone) return void world.watch.findings.push(`${team.stack.name} does not get there: ${did}`);
    }
    await world.atlas.control.advance(3 * MINUTE_MS);
  }
}

/** Until when a rotation waits by the word of a run that changed nothing. */
function findWait(lines: readonly string[]): number | undefined {
  const [, until] = /That waits until (\S+Z):/.exec(lines.join("\n")) ?? [];
  return until === undefined ? undefined : Date.parse(until);
}

/** Does what the message of a failure offers; false when it offers nothing. */
async function goWay(world: World, team: Team, message: string): Promise<boolean> {
  const { control } = world.atlas;
  if (message.includes("not proven to work") || message.includes("in two minutes")) {
    await control.advance(3 * MINUTE_MS);
    return true;
  }
  if (message.includes("cannot be told from, the credential")) {
    const before = team.configuredId;
    const isChanged = (await world.changeSignIn(team, "recorded")) && team.configuredId !== before;
    return (isChanged && (await isSignInWorking(world, team))) || renewSignIn(world, team);
  }
  if (/answered 40[134]/.test(message)) return restoreAccess(world, team);
  if (message.includes("secretExpiresAfterHours must be")) {
    team.declarations.lowerHours(8);
    return true;
  }
  if (message.includes("set reclaimExpired") && team.declarations.reclaimExpired()) return true;
  if (/both slots are taken|slots fill up/.test(message)) return makeRoom(world, message);
  if (message.includes("is not valid")) return true;
  return false;
}

/** A person corrects the ids, the accounts' projects and roles, and a credential that does not work any more. */
async function restoreAccess(world: World, team: Team): Promise<boolean> {
  for (const account of ACCOUNTS) await world.somebody.reassign(account);
  const isCorrected = team.declarations.returnToProject();
  return (await isSignInWorking(world, team)) || (await renewSignIn(world, team)) || isCorrected;
}

async function isSignInWorking({ atlas }: World, { stack }: Team): Promise<boolean> {
  const { MONGODB_ATLAS_CLIENT_ID: clientId, MONGODB_ATLAS_CLIENT_SECRET: value } = stack.env;
  return !clientId || !value || signIn(atlas, clientId, value);
}

/** A person makes a fresh secret by hand, in the place of one that the account holds if need be. */
async function renewSignIn(world: World, team: Team): Promise<boolean> {
  if (await world.changeSignIn(team, "fresh")) return true;
  const recorded = new Set(world.teams.flatMap(({ stack }) => [...stack.recordedIds()]));
  const held = await world.somebody.heldOn("provider");
  const isDead = ({ expiresAtMs }: HeldTruth) => expiresAtMs <= world.atlas.clock.now();
  const victim = held.find(isDead) ?? held.find(({ id }) => !recorded.has(id)) ?? held[0];
  if (!victim) return false;
  world.somebody.ended.add(victim.id);
  await world.atlas.control.deleteSecret(victim.id);
  return world.changeSignIn(team, "fresh");
}

/** A person deletes by hand a secret that the message names and nobody needs, or waits until one has expired. */
async function makeRoom(world: World, message: string): Promise<boolean> {
  const { teams, atlas, somebody } = world;
  const named = (await fetchTruth(atlas)).filter(({ id }) => message.includes(id));
  const given = new Set(teams.flatMap(toGivenIds));
  const isNeeded = ({ id }: HeldTruth) => given.has(id) || teams.some(({ configuredId }) => configuredId === id);
  let victim = named.find((secret) => !isNeeded(secret));
  // One that a provider signs in with and no stack gives out goes once the recorded one has taken its place.
  const spare = named.find(({ id }) => !given.has(id));
  if (!victim && spare) {
    for (const team of teams) if (team.configuredId === spare.id) await world.changeSignIn(team, "recorded");
    if (!isNeeded(spare)) victim = spare;
  }
  if (victim) {
    somebody.ended.add(victim.id);
    await atlas.control.deleteSecret(victim.id);
    return true;
  }
  const firstMs = Math.min(...named.map(({ expiresAtMs }) => expiresAtMs));
  if (!Number.isFinite(firstMs)) return false;
  await atlas.control.advance(Math.max(0, firstMs - atlas.clock.now()) + 11 * MINUTE_MS);
  return true;
}

/**
 * Ids of the secrets that a stack gives to what depends on it; not of what is to go, and of what was replaced only those that
 * somebody still holds.
 */
function toGivenIds({ stack, consumers }: Team): string[] {
  const isGiven = ({ status }: Properties) => status !== "pending-verification" && status !== "rejected";
  const isStaying = ({ name }: { readonly name: string }) => name in stack.declared;
  const given = [...stack.resources.values()].filter(isStaying).flatMap(({ outputs }) => {
    const { secretId, previousSecretId } = outputs;
    const isRotating = outputs.quietHours !== undefined;
    return isRotating || isGiven(outputs) ? [secretId, previousSecretId] : [];
  });
  const recorded = stack.stored().filter(isStaying);
  const held = recorded.flatMap(({ outputs }) => toRecordedIds(outputs)).filter((id) => consumers.isHeld(id));
  return [...given.filter((id) => typeof id === "string"), ...held];
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
