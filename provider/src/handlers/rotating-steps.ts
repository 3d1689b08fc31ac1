/**
 * How an update of a rotating resource gets to a current secret: it verifies the pending one, or issues the next one. Each step
 * takes the record and gives the one that is true after it.
 */
import { reportUntracked } from "../account/creation.js";
import type { Operation } from "../account/operation.js";
import type { ProviderProcess } from "../account/process.js";
import { type Verification, verifySecret } from "../account/verification.js";
import { toServerNowMs, viewAccount } from "../account/view.js";
import { describeAccount } from "../atlas/account-ref.js";
import { toIsoTime } from "../clock.js";
import { AccountFullError, explain } from "../errors.js";
import type { RotationInputValues } from "../records/inputs.js";
import type { RotationRecord } from "../records/rotation-record.js";
import { toAccountRef } from "../records/scope.js";
import type { IssueRecord } from "../records/secret-record.js";
import { withoutPending, withPromoted, withSeen, withShortened } from "../records/transitions.js";
import { type AccountView, findSecret } from "../rotation/account-view.js";
import { toRetireAfterMs } from "../rotation/overlap.js";
import type { PreviousMayGo } from "../rotation/rotating.js";
import { issueSecret } from "./issue.js";
import { isPreviousGuarded, removePending } from "./rotating-removals.js";

/** The record after a step. With a `failure` the resource is not as asked. */
export interface StepOutcome {
  readonly record: RotationRecord;
  readonly failure?: string;
  /** Whether the update ends with this step. */
  readonly isDone: boolean;
}

/** Verifies the pending secret: promotes it, keeps it, or deletes it when Atlas calls it invalid long after its creation. */
export async function settlePending(
  process: ProviderProcess,
  operation: Operation,
  record: RotationRecord,
  pending: IssueRecord,
  { verify }: RotationInputValues,
): Promise<StepOutcome> {
  const { value, secretId: id, createdAtMs } = pending;
  if (!value) {
    await removePending(process, operation, record, pending, "the state does not hold its value.");
    return { record: withoutPending(record), isDone: false };
  }
  if (!verify) return promoteUnverified(process, operation, record, pending);
  const verification = await verifySecret(process, operation, toAccountRef(record), { id, value, createdAtMs });
  if (verification.kind === "verified") {
    const verified = { ...record, pending: { ...pending, verifiedAtMs: verification.atMs } };
    return { record: await promote(process, operation, verified), isDone: true };
  }
  if (verification.kind === "rejected") {
    await removePending(process, operation, record, pending, `it is not valid. ${verification.error.message}`);
    return { record: withoutPending(record), isDone: false };
  }
  return keepOrPromote(process, operation, record, pending, verification);
}

async function keepOrPromote(
  process: ProviderProcess,
  operation: Operation,
  record: RotationRecord,
  pending: IssueRecord,
  { error }: Extract<Verification, { readonly error: unknown }>,
): Promise<StepOutcome> {
  if (!isCurrentUnusable(record, process.clock.now())) {
    const failure = `${toStart(record, pending)} could not be verified: ${error.message} ${toRest(record)}`;
    return { record, failure, isDone: true };
  }
  const promoted = await promoteUnverified(process, operation, record, pending);
  if (promoted.record.current?.secretId === pending.secretId) {
    const what = `pending secret ${pending.secretId} is promoted without verification, because the current one no longer works`;
    operation.report(`${describeAccount(toAccountRef(record))}: ${what}. ${error.message}`);
  }
  return promoted;
}

/**
 * Promotes a pending secret that is not to be verified, if the account lists it: a run that was killed can have deleted it, and
 * so can somebody else.
 *
 * @throws AtlasError when the look fails
 */
async function promoteUnverified(
  process: ProviderProcess,
  operation: Operation,
  record: RotationRecord,
  pending: IssueRecord,
): Promise<StepOutcome> {
  const { seen, view, serverNowMs } = await look(process, operation, record);
  if (!seen.pending) {
    const what = `pending secret ${pending.secretId} is not on the account any more: it is removed from the state.`;
    operation.report(`${describeAccount(toAccountRef(record))}: ${what}`);
    return { record: seen, isDone: false };
  }
  if (findSecret(view, pending.secretId)) return { record: withPromoted(seen, serverNowMs), isDone: true };
  const why = "was created a moment ago and is not listed: Atlas may not show it yet, or it was deleted.";
  return { record: seen, failure: `${toStart(seen, pending)} ${why} ${toRest(seen)}`, isDone: true };
}

/** Whether consumers were locked out: there was a current secret, and it has expired or is gone. */
function isCurrentUnusable({ current, isCurrentMissing }: RotationRecord, nowMs: number): boolean {
  return current !== undefined && (isCurrentMissing || nowMs >= (current.expiresAtMs ?? Number.POSITIVE_INFINITY));
}

/** The record with the verified secret promoted, at Atlas's time if it can be learned; else the next run learns it. */
async function promote(
  process: ProviderProcess,
  operation: Operation,
  record: RotationRecord,
): Promise<RotationRecord> {
  try {
    const { seen, serverNowMs } = await look(process, operation, record);
    // A list may lag behind what was just verified.
    const { pending = record.pending } = seen;
    return withPromoted({ ...seen, ...(pending && { pending }) }, serverNowMs);
  } catch {
    // The look makes the record more exact; the consumers need the secret also without it.
    return withPromoted(record, undefined);
  }
}

/** Begins the overlap of a previous secret, the promotion of whose successor is not recorded; without Atlas's time the next run does. */
export async function recordPromotion(
  process: ProviderProcess,
  operation: Operation,
  record: RotationRecord,
): Promise<RotationRecord> {
  const { seen, serverNowMs } = await look(process, operation, record);
  return serverNowMs === undefined ? seen : { ...seen, promotedAtMs: serverNowMs };
}

/** Looks at the account, and tells of untracked secrets there: what comes next may look at this account no more. */
async function look(process: ProviderProcess, operation: Operation, record: RotationRecord) {
  const view: AccountView = await viewAccount(process, operation, toAccountRef(record));
  reportUntracked(process, operation, view);
  const serverNowMs = toServerNowMs(view, process.clock);
  return { view, serverNowMs, seen: withSeen(record, view.secrets, serverNowMs ?? process.clock.now()) };
}

/**
 * Issues the next secret: verified, it is the current one; not verified, it is pending and the current one stays.
 *
 * @param previousMayGo why the previous secret may make room, when it may
 */
export async function issueNext(
  process: ProviderProcess,
  operation: Operation,
  record: RotationRecord,
  inputs: RotationInputValues,
  previousMayGo?: PreviousMayGo,
): Promise<StepOutcome> {
  const { previous } = record;
  const mayGo = previous && previousMayGo && !isPreviousGuarded(record, operation.credential);
  const retirable = mayGo ? { secretId: previous.secretId, ...previousMayGo } : undefined;
  const issued = await issueSecret(process, operation, inputs, retirable).catch((error: unknown) => {
    throw error instanceof AccountFullError && previous
      ? explain(error, describeHold(record, previous.secretId, inputs, operation))
      : error;
  });
  const { issue, before, secret, serverAheadMs, verification } = issued;
  const after = withShortened(withSeen(record, before.secrets, secret.createdAtMs, true), secret.createdAtMs);
  const next = { ...after, pending: issue };
  if (!verification || verification.kind === "verified") {
    return { record: withPromoted(next, process.clock.now() + serverAheadMs), isDone: true };
  }
  const why = `was created and is saved encrypted, but is not verified yet: ${verification.error.message}`;
  return { record: next, failure: `${toStart(next, issue)} ${why} ${toRest(next)}`, isDone: true };
}

/** Until when the previous secret holds its slot, and what ends that earlier. */
function describeHold(
  record: RotationRecord,
  previousId: string,
  inputs: RotationInputValues,
  { credential }: Operation,
): string {
  if (isPreviousGuarded(record, credential)) {
    return (
      `Previous secret ${previousId} stays, because the provider may sign in with it: update the credential where it is ` +
      "kept, then run 'pulumi up'."
    );
  }
  const untilMs = toRetireAfterMs(record, inputs);
  const until = untilMs === undefined ? "after its overlap" : `from ${toIsoTime(untilMs)} on`;
  return (
    `Previous secret ${previousId} may go ${until}, once nobody has used it for quietHours; earlier with a shorter ` +
    "overlapHours, and at once with changed triggers."
  );
}

function toStart(record: RotationRecord, { secretId }: IssueRecord): string {
  return `Secret ${secretId} of ${describeAccount(toAccountRef(record))}`;
}

function toRest({ current }: RotationRecord): string {
  const stays = current ? `The current secret ${current.secretId} stays current meanwhile. ` : "";
  return `${stays}The next 'pulumi up' tries it again.`;
}
