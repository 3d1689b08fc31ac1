/**
 * What an update of a rotating resource does at Atlas: try the pending secret, remove what may go, issue the next one. Each
 * step takes the record and gives the one that is true after it.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toIsoTime } from "../clock.js";
import { AccountFullError, explain } from "../errors.js";
import { assertNotConfigured, mayBeConfigured } from "../issuance/configured-credential.js";
import { toServerNowMs } from "../issuance/look.js";
import { fetchAccountSighting, isNotFound } from "../issuance/missing.js";
import { type RemovalRequest, type RemovalVerdict, removeIfAllowed } from "../issuance/removal.js";
import { toOverlapOverMs, toRetireAfterMs } from "../rotation/overlap.js";
import { decideRetirement } from "../rotation/retirement.js";
import { isExpired } from "../rotation/slot.js";
import type { RotationInputValues } from "./inputs.js";
import { issueSecret, verifyAgain } from "./issue.js";
import type { IssueRecord } from "./record.js";
import type { RotationRecord } from "./rotating-record.js";
import { toCut, toDelivered, toSeen, withoutPending, withoutPrevious } from "./rotating-transitions.js";
import { toAccountRef } from "./scope.js";
import type { Session, Work } from "./session.js";

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
  if (!verify) return { record: await deliver(session, work, { ...record, pending }), isDone: true };
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
    const what = `pending secret ${pending.secretId} is given out without a proof, since the current one is of no use any more`;
    session.report(`${describeAccount(toAccountRef(record))}: ${what}. ${why}`);
    return { record: await deliver(session, work, record), isDone: true };
  }
  const failure = `${toStart(record, pending)} could not be proven to work: ${why} ${toRest(record)}`;
  return { record, failure, isDone: true };
}

/** Whether consumers were locked out: there was a current secret, and it has expired or is gone. */
function isCurrentUnusable({ current, isCurrentMissing }: RotationRecord, nowMs: number): boolean {
  return current !== undefined && (isCurrentMissing || nowMs >= (current.expiresAtMs ?? Number.POSITIVE_INFINITY));
}

/** The record with the pending secret given out, at Atlas's time if it can be learnt. */
async function deliver({ clock }: Session, { client }: Work, record: RotationRecord): Promise<RotationRecord> {
  try {
    const { value, serverTimeMs = clock.now() } = await client.fetchAccount(toAccountRef(record));
    const seen = toSeen(record, value.secrets, serverTimeMs);
    // A list may lag behind what was just proven.
    const { pending = record.pending } = seen;
    return toDelivered({ ...seen, ...(pending && { pending }) }, serverTimeMs);
  } catch {
    // The look makes the record more exact; the consumers need the secret also without it.
    return toDelivered(record, clock.now());
  }
}

async function removePending(
  session: Session,
  work: Work,
  record: RotationRecord,
  { secretId, value }: IssueRecord,
  why: string,
): Promise<void> {
  assertNotConfigured({ clientId: record.clientId, secretId, value }, work.configured);
  await remove(session, work, record, secretId, ({ held }) => {
    const isHeld = held.some(({ id }) => id === secretId);
    const fate = isHeld ? "is deleted" : "is not on the account any more";
    return {
      action: isHeld ? "delete" : "forget",
      message: `pending secret ${secretId} is not valid and ${fate}: ${why}`,
    };
  });
}

/** Removes the previous secret if the account shows that it may go; otherwise says why it stays. */
export async function retirePrevious(
  session: Session,
  work: Work,
  record: RotationRecord,
  inputs: RotationInputValues,
): Promise<RotationRecord> {
  const { current, previous, deliveredAtMs } = record;
  if (!current || !previous) return record;
  const account = toAccountRef(record);
  if (isPreviousGuarded(record, work)) {
    session.report(
      `${describeAccount(account)}: previous secret ${previous.secretId} stays, because the provider signs in with a secret of this ` +
        "service account that is not the current one: the credential is still the old one. Update it where it is kept, then " +
        "run 'pulumi up'.",
    );
    return record;
  }
  const overlapOverMs = toOverlapOverMs(record, inputs);
  try {
    const { look, verdict } = await remove(session, work, record, previous.secretId, ({ held }, serverNowMs) =>
      decideRetirement({
        previousId: previous.secretId,
        currentId: current.secretId,
        held,
        retireInUse: inputs.retireInUse,
        nowMs: serverNowMs ?? session.clock.now(),
        ...(deliveredAtMs !== undefined && { deliveredAtMs }),
        ...(overlapOverMs !== undefined && { overlapOverMs }),
        ...(serverNowMs !== undefined && { serverNowMs }),
      }),
    );
    const seen = toSeen(record, look.held, toServerNowMs(look, session.clock) ?? session.clock.now());
    return verdict.action === "keep" ? seen : withoutPrevious(seen);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const sighting = await fetchAccountSighting(work.client, account, `secret ${previous.secretId} may go`);
    if (sighting.kind === "present") throw error;
    session.report(
      `${describeAccount(account)} is not in its ${account.level}'s list: unassigned or deleted. The record stays.`,
    );
    return { ...record, isUnassigned: true };
  }
}

/** Whether the provider's own credential may be the previous secret, whose value is not recorded. */
function isPreviousGuarded({ clientId, current }: RotationRecord, { configured }: Work): boolean {
  if (configured?.clientId !== clientId) return false;
  const { secretId = "", value } = current ?? {};
  return !value || !mayBeConfigured({ clientId, secretId, value }, configured);
}

/** Removes the current secret when it has expired for certain, so that no expired one is left when its successor is there. */
export async function removeExpiredCurrent(session: Session, work: Work, record: RotationRecord): Promise<void> {
  const { clientId, current, reclaimExpired } = record;
  if (!current || !reclaimExpired || session.clock.now() < (current.expiresAtMs ?? Number.POSITIVE_INFINITY)) return;
  const { secretId, value } = current;
  if (mayBeConfigured({ clientId, secretId, value }, work.configured)) return;
  await remove(session, work, record, secretId, ({ held }, serverNowMs) => {
    const seen = held.find(({ id }) => id === secretId);
    if (!seen || serverNowMs === undefined || !isExpired(seen, serverNowMs)) return { action: "keep", message: "" };
    return {
      action: "delete",
      message: `current secret ${secretId} has expired at ${toIsoTime(seen.expiresAtMs)}: it is deleted.`,
    };
  });
}

async function remove<V extends RemovalVerdict>(
  { clock, locks, recorded, report }: Session,
  work: Work,
  record: RotationRecord,
  secretId: string,
  decide: RemovalRequest<V>["decide"],
) {
  const { clientId } = record;
  const request = {
    account: toAccountRef(record),
    toCreatedHere: () => recorded.createdOn(clientId),
    secretId,
    decide,
  };
  return locks.runExclusive(clientId, async () => {
    const removal = await removeIfAllowed(request, { ...work, clock, report });
    if (removal.verdict.action === "delete") recorded.noteDeleted(clientId, secretId);
    return removal;
  });
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
  previousMayGo?: string,
): Promise<StepOutcome> {
  const { previous } = record;
  const mayGo = previous && previousMayGo !== undefined && !isPreviousGuarded(record, work);
  const retirable = mayGo ? { secretId: previous.secretId, why: previousMayGo } : undefined;
  const { issue, verification, others, createdAtMs, serverAheadMs } = await issueSecret(
    session,
    work,
    inputs,
    retirable,
  ).catch((error: unknown) => {
    throw error instanceof AccountFullError ? explain(error, describeHold(record, inputs, work)) : error;
  });
  const issued = { ...toCut(toSeen(record, others, createdAtMs), createdAtMs), pending: issue };
  if (!verification || verification.kind === "verified") {
    return { record: toDelivered(issued, session.clock.now() + serverAheadMs), isDone: true };
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
    `Previous secret ${previous.secretId} may go ${until}; earlier with a shorter overlapHours (retireInUse: true if it is in ` +
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
