/**
 * Creates one secret, looks at every answer, and deletes the secret whatever happened meanwhile: by the provider's own creation,
 * verification and removal, which deletes for a trial only what this process created.
 */
import {
  type Created,
  createSecret,
  type ProviderProcess,
  removeSecret,
  verifySecret,
  viewAccount,
} from "pulumi-atlas-secrets/internal/account";
import { type AccountRef, toRemoveCommand } from "pulumi-atlas-secrets/rotation";
import type { Check } from "../doctor/check.js";
import { toFailure } from "../doctor/gather-atlas.js";
import { type PatientClock, USUAL_PATIENCE_MS } from "../doctor/patience.js";
import type { Seen, Watch } from "../doctor/watch.js";
import { isShortenedAt } from "./consent.js";
import { type Learnt, type Observations, type Refused, toLearnt } from "./observations.js";
import type { HeldSignals } from "./signals.js";

/** Lifetime of the secret: the shortest that Atlas accepts. */
const HOURS = 8;

/** What may make room for it: nothing. */
const POLICY = { reclaimExpired: false, mayRemove: [], exclusive: false, hours: HOURS };

/** The creation and the deletion are worth waiting for a rate limit's refill, in milliseconds. */
const WRITE_PATIENCE_MS = 120_000;

/** A client id of the right shape that nobody has. */
const NOBODY = "mdb_sa_id_000000000000000000000000";

/** What is needed to run it. */
export interface WriteCheckTools {
  readonly process: ProviderProcess;
  readonly watch: Watch;
  readonly clock: PatientClock;
  readonly signals: Pick<HeldSignals, "isInterrupted">;
}

/** What came of it. */
export interface WriteCheckResult {
  readonly checks: readonly Check[];
  /** What is known now of what the public description leaves open. */
  readonly known: readonly Learnt[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Runs it on an account with a free slot. */
export async function runWriteCheck(account: AccountRef, tools: WriteCheckTools): Promise<WriteCheckResult> {
  const { clock, signals, watch } = tools;
  const checks: Check[] = [];
  const observations: Mutable<Observations> = {};
  clock.patienceMs = WRITE_PATIENCE_MS;
  const created = await create(account, tools, checks);
  if (created) {
    clock.shouldStop = signals.isInterrupted;
    clock.patienceMs = USUAL_PATIENCE_MS;
    try {
      await observe(account, created, observations, tools, checks);
    } finally {
      clock.shouldStop = () => false;
      clock.patienceMs = WRITE_PATIENCE_MS;
      checks.push(await remove(account, created, tools));
    }
    clock.patienceMs = USUAL_PATIENCE_MS;
    await observeRemoved(account, created, observations, tools, checks);
  }
  if (signals.isInterrupted()) {
    checks.push({ name: "write-check", status: "unknown", found: "it was interrupted, and ended early." });
  }
  checks.push(decideContract(watch.seen));
  return { checks, known: toLearnt(observations, watch.seen) };
}

async function create(
  account: AccountRef,
  { process, watch }: WriteCheckTools,
  checks: Check[],
): Promise<Created | undefined> {
  const name = "write-check-create";
  try {
    const created = await createSecret(process, process.begin(), { account, policy: POLICY, verify: false });
    const { id } = created.secret;
    if (created.before.secrets.some((held) => held.id === id)) {
      checks.push({ name, status: "failed", found: `Atlas gave the id of another secret, ${id}: it was left alone.` });
      return undefined;
    }
    checks.push({ name, status: "ok", found: `secret ${id} was created for ${HOURS} h.` });
    return created;
  } catch (error) {
    const { message, code = "" } = toFailure(error, watch);
    const isDefinite = ["rejected", "authentication", "account-full"].includes(code);
    checks.push({ name, status: isDefinite ? "failed" : "unknown", found: message });
    return undefined;
  }
}

async function observe(
  account: AccountRef,
  { secret, before }: Created,
  observations: Mutable<Observations>,
  { process, watch, clock, signals }: WriteCheckTools,
  checks: Check[],
): Promise<void> {
  const shown = findShown(watch, "createSecret", secret.id);
  if (shown) observations.created = { hasMask: shown.hasMask, lastUsedAt: shown.lastUsedAt };
  const createdMs = clock.now();
  await attempt("write-check-read", checks, watch, async () => {
    const { secrets } = await viewAccount(process, process.begin(), account);
    observations.isListedAtOnce = findShown(watch, "getAccount", secret.id) !== undefined;
    const shortened = before.secrets.find((held) => isShortenedAt(held, secret.createdAtMs));
    const now = secrets.find(({ id }) => id === shortened?.id);
    if (shortened && now) observations.isShorteningShownAtOnce = now.expiresAtMs < shortened.expiresAtMs;
    const not = observations.isListedAtOnce ? "" : "not ";
    return { status: "ok", found: `a read right after its creation does ${not}show it.` };
  });
  if (signals.isInterrupted()) return;
  await attempt("write-check-verify", checks, watch, async () => {
    const tries = watch.seen.length;
    const verification = await verifySecret(process, process.begin(), account, secret);
    if (verification.kind === "verified") {
      const mints = watch.seen.slice(tries).filter(({ call }) => call === "mint");
      observations.worksAfterMs = mints.length === 1 ? 0 : clock.now() - createdMs;
      return { status: "ok", found: "a token was minted with its value." };
    }
    const { error } = verification;
    const isRefused = error.code === "authentication" || error.code === "rejected";
    if (isRefused) observations.worksAfterMs = null;
    return { status: isRefused ? "failed" : "unknown", found: error.message };
  });
  if (typeof observations.worksAfterMs !== "number" || signals.isInterrupted()) return;
  await attempt("write-check-use", checks, watch, async () => {
    await viewAccount(process, process.begin(), account);
    const used = findShown(watch, "getAccount", secret.id);
    if (used) observations.lastUsedAtAfterMint = used.lastUsedAt;
    return { status: "ok", found: "the account was read after that mint." };
  });
}

/** What the last answer to such a call shows of a secret. */
function findShown({ seen }: Watch, call: Seen["call"], secretId: string) {
  return seen.findLast((one) => one.call === call)?.secrets.find(({ id }) => id === secretId);
}

async function remove(account: AccountRef, { secret }: Created, { process, watch }: WriteCheckTools): Promise<Check> {
  const name = "write-check-delete";
  const { id: secretId, value } = secret;
  let why = "";
  try {
    const task = { account, secretId, value, purpose: { kind: "trial" } } as const;
    const { verdict } = await process.locks.runExclusive(account.clientId, () =>
      removeSecret(process, process.begin([value]), task),
    );
    if (verdict.action !== "keep") return { name, status: "ok", found: `secret ${secretId} was deleted.` };
    why = verdict.message;
  } catch (error) {
    why = toFailure(error, watch).message;
  }
  const advice = `In 10 minutes, '${toRemoveCommand(account, secretId)}' checks it again and deletes it; it expires ${HOURS} h after its creation.`;
  return { name, status: "failed", found: `secret ${secretId} is left on the account: ${why}`, advice };
}

/** What can be asked only once it is gone. */
async function observeRemoved(
  account: AccountRef,
  { secret }: Created,
  observations: Mutable<Observations>,
  { process, watch, signals }: WriteCheckTools,
  checks: readonly Check[],
): Promise<void> {
  const isGone = checks.some(({ name, status }) => name === "write-check-delete" && status === "ok");
  if (!isGone || signals.isInterrupted()) return;
  const { client } = process.begin([secret.value]);
  if (typeof observations.worksAfterMs === "number") {
    const outcome = await client.verify({ clientId: account.clientId, secret: secret.value }).catch(() => undefined);
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
