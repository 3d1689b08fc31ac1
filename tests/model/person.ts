/**
 * The person on call: does what the text of a failed run says, and nothing else. What they know besides is what people know: which
 * consumers hold what, what the stacks declare, and which secrets they made themselves.
 */
import type { StoredResource } from "./model-stack.js";
import { findRemoveCommands, followRemoveCommands, runRemove } from "./remove-command.js";
import { type HeldTruth, signIn } from "./somebody.js";
import { ACCOUNTS, UNDISTURBED_UP } from "./steps.js";
import { toRecordedIds } from "./stored-outputs.js";
import type { Team, World } from "./world.js";

const MINUTE_MS = 60_000;

/** The longest quiet time that a stack of the model declares. */
const QUIET_MS = 24 * 60 * MINUTE_MS;

/**
 * Does what the message of a failure offers; false when it offers nothing that can be done.
 *
 * @param isAlone whether the other stack is not to be run
 */
export async function followText(world: World, team: Team, message: string, isAlone = false): Promise<boolean> {
  const { control } = world.atlas;
  // Whatever else it says: an account that is not where it belongs is put back first.
  if (message.includes("answered 404")) for (const account of ACCOUNTS) await world.somebody.reassign(account);
  if (/not verified|could not be verified|in two minutes/.test(message)) {
    await control.advance(3 * MINUTE_MS);
    return true;
  }
  if (message.includes("the credential is still the old one") && (await changeToRecorded(world, team))) return true;
  if (message.includes("set reclaimExpired") && team.declarations.reclaimExpired()) return true;
  if (/both slots are taken|slots fill up/.test(message) && (await makeRoom(world, team, message, isAlone)))
    return true;
  if (message.includes("cannot be told from, the credential")) {
    return (await changeToRecorded(world, team)) || renewSignIn(world, team);
  }
  if (/answered 40[134]/.test(message)) return restoreAccess(world, team);
  if (message.includes("secretExpiresAfterHours must be")) {
    team.declarations.lowerHours(8);
    return true;
  }
  if (/both slots are taken|slots fill up/.test(message)) return waitForSlot(world, message);
  return message.includes("is not valid");
}

/** Until when a rotation or a retirement waits by the word of a run. */
export function findWait(lines: readonly string[], nowMs: number): number | undefined {
  const text = lines.join("\n");
  const [, until] = /That waits until (\S+Z):/.exec(text) ?? [];
  const [, hours] = /stays, because it was used less than (\d+) h ago/.exec(text) ?? [];
  if (until !== undefined) return Date.parse(until);
  return hours === undefined ? undefined : nowMs + Number(hours) * 60 * MINUTE_MS;
}

/** Signs in with what the state records, if that is another one and works. */
async function changeToRecorded(world: World, team: Team): Promise<boolean> {
  const before = team.configuredId;
  const isChanged = (await world.changeSignIn(team, "recorded")) && team.configuredId !== before;
  return isChanged && isSignInWorking(world, team);
}

/** A person corrects the ids, the accounts' projects and roles, and a credential that does not work any more. */
async function restoreAccess(world: World, team: Team): Promise<boolean> {
  for (const account of ACCOUNTS) await world.somebody.reassign(account);
  const isCorrected = team.declarations.returnToProject();
  if ((await isSignInWorking(world, team)) || (await shareSignIn(world, team))) return true;
  return (await renewSignIn(world, team)) || isCorrected;
}

/** A person takes the credential of the other stack, if that works. */
async function shareSignIn(world: World, team: Team): Promise<boolean> {
  const other = world.teams.find((one) => one !== team);
  if (!other || team.configuredId === undefined || other.configuredId === undefined) return false;
  if (!(await isSignInWorking(world, other))) return false;
  const { MONGODB_ATLAS_CLIENT_SECRET } = other.stack.env;
  team.configuredId = other.configuredId;
  team.stack.env = { ...team.stack.env, MONGODB_ATLAS_CLIENT_SECRET };
  return true;
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
  // Another one in its place would be in the way as well.
  if (victim.id === team.configuredId && (await isSignInWorking(world, team))) return world.signInElsewhere(team);
  world.somebody.ended.add(victim.id);
  await world.atlas.control.deleteSecret(victim.id);
  return world.changeSignIn(team, "fresh");
}

/** One of the ways out of a full account, in the order of the text, but for the wait. */
async function makeRoom(world: World, team: Team, message: string, isAlone: boolean): Promise<boolean> {
  const { atlas, teams } = world;
  const stacks = teams.map(({ stack }) => stack);
  // They know what they have put where the providers sign in; what consumers hold the command has to tell.
  const isCredential = (id: string) => teams.some(({ configuredId }) => configuredId === id);
  const deleted = await followRemoveCommands(atlas, stacks, message, isCredential);
  if (deleted !== undefined) {
    noteRemoved(world, deleted);
    return true;
  }
  if (await removeByKnowledge(world, message)) return true;
  if (!isAlone && (await finishElsewhere(world, team, message))) return true;
  const isUntracked = message.includes("untracked secret can still be this stack's own");
  if (isUntracked && (team.stack.untaint() || carryOver(team, message))) return true;
  const isToWait = message.includes("after its overlap");
  if (!isToWait && message.includes("hold this creation back") && team.declarations.undo(team.stack)) return true;
  const stack = world.teams[0] === team ? 0 : 1;
  // What is not declared any more is no matter of its consumers either.
  const isNeeded = (id: string) => isInUse(world, id) && !world.somebody.ended.has(id);
  const dropped = listDropped(team).filter(({ outputs }) => !toRecordedIds(outputs).some(isNeeded));
  if (message.includes("--target URN") && dropped.length > 0) {
    const run = {
      ...UNDISTURBED_UP,
      stack,
      command: "up --target",
      targetNames: dropped.map(({ name }) => name),
    } as const;
    if ((await world.run(run)).outcome === "succeeded") return true;
  }
  if (message.includes("one resource after the other")) {
    let isDone = false;
    for (const target of Object.keys(team.declarations.toProgram()).keys()) {
      const { outcome, steps } = await world.run({ ...UNDISTURBED_UP, stack, command: "up --target", target });
      isDone ||= outcome === "succeeded" && steps.length > 0;
    }
    if (isDone) return true;
  }
  if (isToWait && team.declarations.undo(team.stack)) {
    const overlaps = [...team.stack.resources.values()].map(({ outputs }) => Date.parse(String(outputs.retireAfter)));
    const overMs = Math.max(...overlaps.filter((ms) => ms > 0), atlas.clock.now());
    await atlas.control.advance(overMs - atlas.clock.now() + QUIET_MS);
    return true;
  }
  return removeByKnowledge(world, message, true);
}

/**
 * `--force`, for what the command refused for its use alone, or waits for its deletion: where nobody uses it as far as those know
 * who could. What somebody else made goes in accord with them.
 *
 * @param isLast whether that is done as well for what waits for its deletion by the word of the command, not of the text
 */
async function removeByKnowledge(world: World, message: string, isLast = false): Promise<boolean> {
  const { atlas, teams, somebody } = world;
  const stacks = teams.map(({ stack }) => stack);
  const current = new Set(
    teams.flatMap(({ stack }) => [...stack.resources.values()].flatMap(({ outputs }) => toRecordedIds(outputs))),
  );
  for (const { secretId, isForced } of findRemoveCommands(message)) {
    const isPendingDeletion = stacks.some(({ pendingDeletes }) =>
      pendingDeletes.some(({ outputs }) => outputs.secretId === secretId),
    );
    // What signs in with it takes the recorded one first.
    for (const team of teams)
      if (team.configuredId === secretId && !(await changeToRecorded(world, team))) world.signInElsewhere(team);
    if (isInUse(world, secretId) || current.has(secretId) || (isPendingDeletion && !isForced && !isLast)) continue;
    if ((await runRemove(atlas, stacks, { secretId, isForced: true })) !== "deleted") continue;
    somebody.ended.add(secretId);
    return true;
  }
  return false;
}

/** The command named the state that records it: where that is of another stack, which is to delete it, it is let do so. */
async function finishElsewhere(world: World, team: Team, message: string): Promise<boolean> {
  for (const [index, other] of world.teams.entries()) {
    const { pendingDeletes, resources } = other.stack;
    const program = other.declarations.toProgram();
    const isLeaving = ({ name, outputs }: StoredResource) => program[name]?.clientId !== outputs.clientId;
    const leaving = [...pendingDeletes, ...[...resources.values()].filter(isLeaving)];
    const ids = leaving.flatMap(({ outputs }) => toRecordedIds(outputs));
    if (other === team || !ids.some((id) => message.includes(id))) continue;
    const { errors } = await world.run({ ...UNDISTURBED_UP, stack: index === 0 ? 0 : 1 });
    return errors.length === 0 || followText(world, other, errors.join("\n"), true);
  }
  return false;
}

/** What a text led to must not lock anybody out. */
function noteRemoved({ teams, watch }: World, secretId: string): void {
  for (const { stack, consumers } of teams) {
    if (consumers.isHeld(secretId))
      watch.findings.push(`${stack.name}: a text led to the deletion of ${secretId}, which is in use`);
  }
}

/** `aliases`: what was renamed, or became a rotating resource, goes on as what it was. */
function carryOver({ stack }: Team, message: string): boolean {
  for (const [name, { clientId, quietHours }] of Object.entries(stack.declared)) {
    if (stack.resources.has(name)) continue;
    const old = [...stack.resources.values()].find(({ name: other, outputs }) => {
      const isCarried = quietHours !== undefined || outputs.quietHours === undefined;
      const isNamed = toRecordedIds(outputs).some((id) => message.includes(id));
      return !(other in stack.declared) && outputs.clientId === clientId && isCarried && isNamed;
    });
    if (!old) continue;
    stack.carryOver(old.name, name);
    return true;
  }
  return false;
}

function isInUse({ teams }: World, secretId: string): boolean {
  return teams.some(({ consumers, configuredId }) => consumers.isHeld(secretId) || configuredId === secretId);
}

/** What the stack records and its program does not declare any more. */
function listDropped({ stack }: Team): StoredResource[] {
  return [...stack.resources.values()].filter(({ name }) => !(name in stack.declared));
}

/** Until a slot is free by the word of the text. */
async function waitForSlot({ atlas }: World, message: string): Promise<boolean> {
  const [, until] = /wait until (\S+Z), when/.exec(message) ?? /may go from (\S+Z) on/.exec(message) ?? [];
  if (until === undefined) return false;
  await atlas.control.advance(Math.max(0, Date.parse(until) - atlas.clock.now()) + MINUTE_MS);
  return true;
}
