/**
 * What an update of a rotating resource removes from its account: the pending secret that is not valid, the previous one that
 * may go, the current one that has expired. Each looks first, and deletes only what the look allows.
 */

import { assertNotConfigured, mayBeConfigured } from "../account/configured-credential.js";
import { toServerNowMs } from "../account/look.js";
import { canMeanMissing, fetchAccountSighting } from "../account/missing.js";
import type { Session, Work } from "../account/process.js";
import { type RemovalRequest, type RemovalVerdict, removeIfAllowed } from "../account/removal.js";
import { describeAccount } from "../atlas/account-ref.js";
import { toIsoTime } from "../clock.js";
import type { RotationInputValues } from "../records/inputs.js";
import type { RotationRecord } from "../records/rotation-record.js";
import { toAccountRef } from "../records/scope.js";
import type { IssueRecord } from "../records/secret-record.js";
import { toSeen, withoutPrevious } from "../records/transitions.js";
import { toOverlapOverMs } from "../rotation/overlap.js";
import { decideRetirement } from "../rotation/retirement.js";
import { isExpired } from "../rotation/slot.js";

/** Removes a pending secret that is of no use to anybody. */
export async function removePending(
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
  const { current, previous, promotedAtMs } = record;
  if (!current || !previous) return record;
  const account = toAccountRef(record);
  if (isPreviousGuarded(record, work)) return record;
  const overlapOverMs = toOverlapOverMs(record, inputs);
  try {
    const { look, verdict } = await remove(session, work, record, previous.secretId, ({ held }, serverNowMs) =>
      decideRetirement({
        previousId: previous.secretId,
        currentId: current.secretId,
        held,
        quietHours: inputs.quietHours,
        nowMs: serverNowMs ?? session.clock.now(),
        ...(promotedAtMs !== undefined && { promotedAtMs }),
        ...(overlapOverMs !== undefined && { overlapOverMs }),
        ...(serverNowMs !== undefined && { serverNowMs }),
      }),
    );
    const seen = toSeen(record, look.held, toServerNowMs(look, session.clock) ?? session.clock.now());
    return verdict.action === "keep" ? seen : withoutPrevious(seen);
  } catch (error) {
    if (!canMeanMissing(error)) throw error;
    const sighting = await fetchAccountSighting(work.client, account, `secret ${previous.secretId} may go`);
    if (sighting.kind === "present") throw error;
    session.report(
      `${describeAccount(account)} is not in its ${account.level}'s list: unassigned or deleted. The record stays.`,
    );
    return { ...record, isUnassigned: true };
  }
}

/** Says that the provider signs in with an older secret of the account, and what to do; `undefined` when it does not. */
export function describeOldCredential(record: RotationRecord, work: Pick<Work, "configured">): string | undefined {
  const { current, previous } = record;
  if (!current || !isPreviousGuarded(record, work)) return undefined;
  const stays = previous ? `previous secret ${previous.secretId} stays, because ` : "";
  return (
    `${describeAccount(toAccountRef(record))}: ${stays}the provider signs in with a secret of this service account that is not the ` +
    `current one (${current.secretId}): the credential is still the old one. Update it where it is kept, then run 'pulumi up'.`
  );
}

/** Whether the provider's own credential may be the previous secret, whose value is not recorded. */
export function isPreviousGuarded(
  { clientId, current }: RotationRecord,
  { configured }: Pick<Work, "configured">,
): boolean {
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
    toDeletedHere: () => recorded.deletedOn(clientId),
    secretId,
    decide,
  };
  return locks.runExclusive(clientId, async () => {
    const removal = await removeIfAllowed(request, { ...work, clock, report });
    if (removal.verdict.action === "delete") recorded.noteDeleted(clientId, secretId);
    return removal;
  });
}
