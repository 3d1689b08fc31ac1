/**
 * Creates one secret, looks at every answer, and deletes the secret whatever happened meanwhile. Nothing else is ever deleted:
 * the one id that is sent in a DELETE comes from the answer to the POST.
 */
import type { AtlasClient, CreatedSecret } from "pulumi-atlas-secrets/internal/atlas";
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { AccountKey } from "../audit/inventory.js";
import type { Check } from "../doctor/check.js";
import { toFailure } from "../doctor/gather-atlas.js";
import type { PatientClock } from "../doctor/patience.js";
import type { Seen, Watch } from "../doctor/watch.js";
import { isCutAt } from "./consent.js";
import { type Observations, type Refused, toKnowledge } from "./observations.js";
import type { HeldSignals } from "./signals.js";

/** Lifetime of the secret: the shortest that Atlas accepts. */
const HOURS = 8;

/** Waits before each try to mint with the value: a minute in all. */
const VERIFY_WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Waits before each try to delete it. */
const DELETE_WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000];

/** A deletion is worth waiting for a rate limit's refill, in milliseconds. */
const DELETE_PATIENCE_MS = 120_000;

/** A client id of the right shape that nobody has. */
const NOBODY = "mdb_sa_id_000000000000000000000000";

/** What is needed to run it. */
export interface WriteCheckTools {
  readonly client: AtlasClient;
  readonly watch: Watch;
  readonly clock: PatientClock;
  readonly signals: Pick<HeldSignals, "isInterrupted">;
}

/** What came of it. */
export interface WriteCheckResult {
  readonly checks: readonly Check[];
  /** What is known now of what the public description leaves open. */
  readonly known: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Runs it on an account with a free slot.
 *
 * @param before what the account holds now
 */
export async function runWriteCheck(
  account: AccountKey,
  before: readonly HeldSecret[],
  tools: WriteCheckTools,
): Promise<WriteCheckResult> {
  const checks: Check[] = [];
  const observations: Mutable<Observations> = {};
  const created = await create(account, before, tools, checks);
  if (created) {
    try {
      if (created.secret) await observe(account, before, created.secret, observations, tools, checks);
    } finally {
      checks.push(await remove(account, created.id, observations, tools));
    }
    await observeRemoved(account, created, observations, tools, checks);
  }
  if (tools.signals.isInterrupted()) {
    checks.push({ name: "write-check", status: "unknown", found: "it was interrupted, and ended early." });
  }
  checks.push(decideContract(tools.watch.seen));
  return { checks, known: toKnowledge(observations, tools.watch.seen) };
}

interface Created {
  readonly id: string;
  /** Absent when the answer held no usable value. */
  readonly secret?: CreatedSecret;
}

async function create(
  account: AccountKey,
  before: readonly HeldSecret[],
  { client, watch }: WriteCheckTools,
  checks: Check[],
): Promise<Created | undefined> {
  const name = "write-check-create";
  try {
    const { value: secret } = await client.createSecret(account, HOURS);
    if (isKnown(secret.id, before)) {
      checks.push({
        name,
        status: "failed",
        found: `Atlas gave the id of another secret, ${secret.id}: it was left alone.`,
      });
      return undefined;
    }
    checks.push({ name, status: "ok", found: `secret ${secret.id} was created for ${HOURS} h.` });
    return { id: secret.id, secret };
  } catch (error) {
    const { message, code, status } = toFailure(error, watch);
    const isInDoubt = (error as { mayHaveBeenApplied?: unknown }).mayHaveBeenApplied === true;
    // An answer that cannot be used may still tell the id of what it created.
    const answer = watch.seen.at(-1);
    const id =
      isInDoubt && answer?.call === "createSecret" && answer.status === 201 ? answer.secrets[0]?.id : undefined;
    const leftover = isInDoubt && id === undefined ? await findLeftovers(account, before, client) : "";
    const isDefinite = code === "rejected" || code === "authentication" || status === 201;
    checks.push({ name, status: isDefinite ? "failed" : "unknown", found: `${message}${leftover}` });
    return id === undefined ? undefined : { id };
  }
}

/** Whether the account held it before: such a one is never deleted, whatever an answer says. */
function isKnown(secretId: string, before: readonly HeldSecret[]): boolean {
  return before.some(({ id }) => id === secretId);
}

/** What may have come of a creation without an answer: it is named, and left to whoever knows whose it is. */
async function findLeftovers(account: AccountKey, before: readonly HeldSecret[], client: AtlasClient): Promise<string> {
  try {
    const { secrets } = (await client.fetchAccount(account)).value;
    const added = secrets.filter(({ id }) => !isKnown(id, before)).map(({ id }) => id);
    if (added.length === 0) return " The account shows no new secret.";
    const commands = added.map((id) => `'${toRemoveCommand(account, id)}'`).join(" and ");
    return ` The account holds ${added.join(" and ")} since: if nobody else made it, delete it with ${commands}.`;
  } catch {
    return ` Look at the account: a secret of ${HOURS} h may be left there.`;
  }
}

async function observe(
  account: AccountKey,
  before: readonly HeldSecret[],
  secret: CreatedSecret,
  observations: Mutable<Observations>,
  { client, watch, clock, signals }: WriteCheckTools,
  checks: Check[],
): Promise<void> {
  const shown = watch.seen.at(-1)?.secrets.find(({ id }) => id === secret.id);
  if (shown) observations.created = { hasMask: shown.hasMask, lastUsedAt: shown.lastUsedAt };
  const createdMs = clock.now();
  await attempt("write-check-read", checks, watch, async () => {
    const { secrets } = (await client.fetchAccount(account)).value;
    observations.isListedAtOnce = secrets.some(({ id }) => id === secret.id);
    const cut = before.filter((held) => isCutAt(held, secret.createdAtMs));
    const now = secrets.find(({ id }) => id === cut[0]?.id);
    if (cut[0] && now) observations.isCutShownAtOnce = now.expiresAtMs < cut[0].expiresAtMs;
    const not = observations.isListedAtOnce ? "" : "not ";
    return { status: "ok", found: `a read right after its creation does ${not}show it.` };
  });
  if (signals.isInterrupted()) return;
  await attempt("write-check-verify", checks, watch, async () => {
    let last = "";
    for (const waitMs of VERIFY_WAITS_MS) {
      if (signals.isInterrupted())
        return { status: "unknown", found: "it was interrupted before its value was proven." };
      await pause(waitMs, clock, signals);
      const outcome = await client.verify({ clientId: account.clientId, secret: secret.value });
      if (outcome.kind === "minted") {
        observations.worksAfterMs = last === "" ? 0 : clock.now() - createdMs;
        return { status: "ok", found: "a token was minted with its value." };
      }
      last = outcome.error.message;
      if (outcome.kind === "undetermined") return { status: "unknown", found: last };
    }
    observations.worksAfterMs = null;
    return { status: "failed", found: last };
  });
  if (typeof observations.worksAfterMs !== "number" || signals.isInterrupted()) return;
  await attempt("write-check-use", checks, watch, async () => {
    await client.fetchAccount(account);
    const used = watch.seen.at(-1)?.secrets.find(({ id }) => id === secret.id);
    if (used) observations.lastUsedAtAfterMint = used.lastUsedAt;
    return { status: "ok", found: "the account was read after that mint." };
  });
}

/** Waits, but no longer than a second after an interrupt. */
async function pause(
  ms: number,
  clock: PatientClock,
  { isInterrupted }: Pick<HeldSignals, "isInterrupted">,
): Promise<void> {
  for (let leftMs = ms; leftMs > 0 && !isInterrupted(); leftMs -= 1_000) await clock.sleep(Math.min(leftMs, 1_000));
}

/** Deletes it, again while that can help. */
async function remove(
  account: AccountKey,
  secretId: string,
  { isListedAtOnce = false }: Observations,
  { client, watch, clock }: WriteCheckTools,
): Promise<Check> {
  const name = "write-check-delete";
  const done: Check = { name, status: "ok", found: `secret ${secretId} was deleted.` };
  const usualMs = clock.patienceMs;
  clock.patienceMs = DELETE_PATIENCE_MS;
  let why = "";
  let isInDoubt = false;
  try {
    for (const waitMs of DELETE_WAITS_MS) {
      if (waitMs > 0) await clock.sleep(waitMs);
      try {
        await client.deleteSecret(account, secretId);
        return done;
      } catch (error) {
        const { message, status } = toFailure(error, watch);
        // An earlier try has deleted it, and its answer was lost.
        if (isInDoubt && status === 404) return done;
        // Only of a secret that a read has shown does its absence say that it is gone.
        if (isListedAtOnce && (await isAbsent(account, secretId, client))) return done;
        isInDoubt ||= (error as { mayHaveBeenApplied?: unknown }).mayHaveBeenApplied === true;
        why = message;
      }
    }
  } finally {
    clock.patienceMs = usualMs;
  }
  const advice = `Delete it: '${toRemoveCommand(account, secretId)}'; by itself it ends ${HOURS} h after its creation.`;
  return { name, status: "failed", found: `secret ${secretId} is left on the account: ${why}`, advice };
}

async function isAbsent(account: AccountKey, secretId: string, client: AtlasClient): Promise<boolean> {
  try {
    return !(await client.fetchAccount(account)).value.secrets.some(({ id }) => id === secretId);
  } catch {
    return false; // It could not be told.
  }
}

/** What can be asked only once it is gone. */
async function observeRemoved(
  account: AccountKey,
  { id, secret }: Created,
  observations: Mutable<Observations>,
  { client, watch, signals }: WriteCheckTools,
  checks: readonly Check[],
): Promise<void> {
  const isGone = checks.some(({ name, status }) => name === "write-check-delete" && status === "ok");
  if (!isGone || signals.isInterrupted()) return;
  const again = await ask(watch, () => client.deleteSecret(account, id));
  if (again) observations.repeatedDelete = again;
  if (secret && typeof observations.worksAfterMs === "number") {
    const { clientId } = account;
    const outcome = await client.verify({ clientId, secret: secret.value }).catch(() => undefined);
    if (outcome && outcome.kind !== "undetermined") observations.isDeadAtOnce = outcome.kind === "invalid-client";
  }
  const nobody = await ask(watch, () => client.fetchAccount({ ...account, clientId: NOBODY }));
  if (nobody && nobody.status >= 400) observations.unknownAccount = nobody;
}

/** The answer to a request; nothing when there was none, or one that tells nothing. */
async function ask(watch: Watch, send: () => Promise<unknown>): Promise<Refused | undefined> {
  const before = watch.seen.length;
  await send().catch(() => {}); // A refusal is what is looked for.
  const { status, errorCode } = watch.seen.slice(before).at(-1) ?? {};
  if (status === undefined || status === 401 || status === 403 || status === 429 || status >= 500) return undefined;
  return { status, ...(errorCode !== undefined && { errorCode }) };
}

async function attempt(
  name: string,
  checks: Check[],
  watch: Watch,
  step: () => Promise<Omit<Check, "name">>,
): Promise<void> {
  try {
    checks.push({ name, ...(await step()) });
  } catch (error) {
    checks.push({ name, status: "unknown", found: toFailure(error, watch).message });
  }
}

/** Whether every answer was as the public description has it. */
function decideContract(seen: readonly Seen[]): Check {
  const name = "write-check-contract";
  const wrong = seen.flatMap(({ call, status, deviations }) =>
    deviations.map((deviation) => `the answer ${status} to ${call}: ${deviation}`),
  );
  const distinct = [...new Set(wrong)];
  if (distinct.length === 0) return { name, status: "ok", found: "every answer was as the public description has it." };
  return { name, status: "warning", found: `not as the public description has it: ${distinct.join("; ")}.` };
}

function toRemoveCommand({ ownerId, clientId }: AccountKey, secretId: string): string {
  return `atlas-secrets remove ${ownerId}/${clientId}/${secretId}`;
}
