/**
 * How an update of a rotating resource gets to a current secret: it tries the pending one, or issues the next one. Each step
 * takes the record and gives the one that is true after it.
 */

import type { Session, Work } from "../account/process.js";
import { describeStrays } from "../account/strays.js";
import { describeAccount } from "../atlas/account-ref.js";
import { toSafeReport } from "../atlas/report.js";
import { toIsoTime } from "../clock.js";
import { AccountFullError, explain } from "../errors.js";
import type { RotationInputValues } from "../records/inputs.js";
import type { RotationRecord } from "../records/rotation-record.js";
import { toAccountRef } from "../records/scope.js";
import type { IssueRecord } from "../records/secret-record.js";
import { toCut, toPromoted, toSeen, withoutPending } from "../records/transitions.js";
import { toRetireAfterMs } from "../rotation/overlap.js";
import type { PreviousMayGo } from "../rotation/rotating.js";
import { issueSecret, verifyAgain } from "./issue.js";
import { isPreviousGuarded, removePending } from "./rotating-removals.js";

/** The record after a step. With a `failure` the resource is not as asked. */
export interface StepOutcome {
  readonly record: RotationRecord;
  readonly failure?: string;
  /** Whether the update ends with this step. */
  readonly isDone: boolean;
}

/** Tries the pending secret: gives it out, keeps it, or deletes it when Atlas calls it invalid in this later run. */
export async function settlePending(
  session: Session,
  work: Work,
  record: RotationRecord,
  pending: IssueRecord,
  { verify }: RotationInputValues,
): Promise<StepOutcome> {
  if (!pending.value) {
    await removePending(session, work, record, pending, "the state does not hold its value.");
    return { record: withoutPending(record), isDone: false };
  }
  if (!verify) return deliverUnproven(session, work, record, pending);
  const verification = await verifyAgain(session, work, record.clientId, pending);
  if (verification.kind === "verified") {
    const proven = { ...record, pending: { ...pending, verifiedAtMs: verification.atMs } };
    return { record: await deliver(session, work, proven), isDone: true };
  }
  const why = verification.error.message;
  if (verification.kind === "invalid") {
    await removePending(session, work, record, pending, why);
    return { record: withoutPending(record), isDone: false };
  }
  if (isCurrentUnusable(record, session.clock.now())) {
    const given = await deliverUnproven(session, work, record, pending);
    if (given.record.current?.secretId === pending.secretId) {
      const what = `pending secret ${pending.secretId} is given out without a proof, since the current one is of no use any more`;
      session.report(`${describeAccount(toAccountRef(record))}: ${what}. ${why}`);
    }
    return given;
  }
  const failure = `${toStart(record, pending)} could not be proven to work: ${why} ${toRest(record)}`;
  return { record, failure, isDone: true };
}

/**
 * Gives out a pending secret that is not to be proven, if the account lists it: a run that was killed can have deleted it, and
 * so can somebody else.
 *
 * @throws AtlasError when the look fails
 */
async function deliverUnproven(
  session: Session,
  work: Work,
  record: RotationRecord,
  pending: IssueRecord,
): Promise<StepOutcome> {
  const { seen, held, serverTimeMs } = await look(session, work, record);
  if (!seen.pending) {
    const what = `pending secret ${pending.secretId} is not on the account any more: it is forgotten.`;
    session.report(`${describeAccount(toAccountRef(record))}: ${what}`);
    return { record: seen, isDone: false };
  }
  const isListed = held.some(({ id }) => id === pending.secretId);
  if (isListed) return { record: toPromoted(seen, serverTimeMs), isDone: true };
  const why = "was created a moment ago and is not listed: Atlas may not show it yet, or it was deleted.";
  return { record: seen, failure: `${toStart(seen, pending)} ${why} ${toRest(seen)}`, isDone: true };
}

/** Whether consumers were locked out: there was a current secret, and it has expired or is gone. */
function isCurrentUnusable({ current, isCurrentMissing }: RotationRecord, nowMs: number): boolean {
  return current !== undefined && (isCurrentMissing || nowMs >= (current.expiresAtMs ?? Number.POSITIVE_INFINITY));
}

/** The record with the proven secret given out, at Atlas's time if it can be learnt. */
async function deliver(session: Session, work: Work, record: RotationRecord): Promise<RotationRecord> {
  try {
    const { seen, serverTimeMs } = await look(session, work, record);
    // A list may lag behind what was just proven.
    const { pending = record.pending } = seen;
    return toPromoted({ ...seen, ...(pending && { pending }) }, serverTimeMs);
  } catch {
    // The look makes the record more exact; the consumers need the secret also without it.
    return toPromoted(record, session.clock.now());
  }
}

/**
 * Looks at the account, and tells of live secrets there that the stack does not record: a run that was killed can have left one,
 * and what comes next may look at this account no more.
 */
async function look({ clock, recorded, report }: Session, { client }: Work, record: RotationRecord) {
  const { clientId, secretExpiresAfterHours: hours } = record;
  const account = toAccountRef(record);
  const { value, serverTimeMs = clock.now() } = await client.fetchAccount(account);
  const deletedHere = recorded.deletedOn(clientId);
  const held = value.secrets.filter(({ id }) => !deletedHere.has(id));
  const request = { account, hours, toPolicy: () => ({ recordedIds: recorded.idsOf(clientId) }) };
  const shown = { held, serverAheadMs: serverTimeMs - clock.now() };
  for (const line of describeStrays(request, shown, clock)) toSafeReport(report)(line);
  return { seen: toSeen(record, held, serverTimeMs), held, serverTimeMs };
}

/**
 * Issues the next secret: proven, it is the current one; not proven, it is pending and the current one stays.
 *
 * @param previousMayGo why the previous secret may make room, when it may
 */
export async function issueNext(
  session: Session,
  work: Work,
  record: RotationRecord,
  inputs: RotationInputValues,
  previousMayGo?: PreviousMayGo,
): Promise<StepOutcome> {
  const { previous } = record;
  const mayGo = previous && previousMayGo && !isPreviousGuarded(record, work);
  const retirable = mayGo ? { secretId: previous.secretId, ...previousMayGo } : undefined;
  const { issue, verification, others, createdAtMs, serverAheadMs } = await issueSecret(
    session,
    work,
    inputs,
    retirable,
  ).catch((error: unknown) => {
    throw error instanceof AccountFullError ? explain(error, describeHold(record, inputs, work)) : error;
  });
  const issued = { ...toCut(toSeen(record, others, createdAtMs, true), createdAtMs), pending: issue };
  if (!verification || verification.kind === "verified") {
    return { record: toPromoted(issued, session.clock.now() + serverAheadMs), isDone: true };
  }
  const why = `was created and is saved encrypted, but is not proven to work yet: ${verification.error.message}`;
  return { record: issued, failure: `${toStart(issued, issue)} ${why} ${toRest(issued)}`, isDone: true };
}

/** Until when the previous secret holds its slot, and what ends that earlier; empty when there is none. */
function describeHold(record: RotationRecord, inputs: RotationInputValues, work: Work): string {
  const { previous } = record;
  if (!previous) return "";
  if (isPreviousGuarded(record, work)) {
    return (
      `Previous secret ${previous.secretId} stays, because the provider may sign in with it: update the credential where it is ` +
      "kept, then run 'pulumi up'."
    );
  }
  const untilMs = toRetireAfterMs(record, inputs);
  const until = untilMs === undefined ? "after its overlap" : `from ${toIsoTime(untilMs)} on`;
  return (
    `Previous secret ${previous.secretId} may go ${until}; earlier with a shorter overlapHours (quietHours: 0 if it is in ` +
    "use), and at once with changed triggers."
  );
}

function toStart(record: RotationRecord, { secretId }: IssueRecord): string {
  return `Secret ${secretId} of ${describeAccount(toAccountRef(record))}`;
}

function toRest({ current }: RotationRecord): string {
  const stays = current ? `The current secret ${current.secretId} stays current meanwhile. ` : "";
  return `${stays}The next 'pulumi up' tries it again.`;
}
