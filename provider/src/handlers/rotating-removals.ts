/**
 * What an update of a rotating resource removes from its account: the pending secret that is of no use, the previous one that may
 * go, the current one that has expired. `removal.ts` decides and deletes; this says what it is asked for.
 */

import type { Operation } from "../account/operation.js";
import { isOwnCredential } from "../account/own-credential.js";
import type { ProviderProcess } from "../account/process.js";
import { assertNotOwnCredential, type Removal, type RemovalTask, removeSecret } from "../account/removal.js";
import { type AccountProcess, toServerNowMs } from "../account/view.js";
import { describeAccount } from "../atlas/account-ref.js";
import type { ClientCredential } from "../atlas/auth/mint.js";
import { isSameClientId } from "../ids.js";
import type { RotationInputValues } from "../records/inputs.js";
import { type RotationRecord, toOwnInputs } from "../records/rotation-record.js";
import { toAccountRef } from "../records/scope.js";
import type { IssueRecord } from "../records/secret-record.js";
import { toRecordedIds, withoutPrevious, withSeen } from "../records/transitions.js";
import type { AccountView } from "../rotation/account-view.js";
import { RemovalReason } from "../rotation/reasons.js";
import type { RemovalPurpose } from "../rotation/removal.js";
import { toRetirement } from "../rotation/retirement.js";
import { decideRotation } from "../rotation/rotating.js";

/**
 * Removes a pending secret that is of no use to anybody.
 *
 * @throws ConfiguredCredentialError when it can be the provider's own credential
 */
export async function removePending(
  process: AccountProcess,
  operation: Operation,
  record: RotationRecord,
  { secretId, value }: IssueRecord,
  why: string,
): Promise<void> {
  const removal = await remove(process, operation, record, { secretId, value }, { kind: "unusable", why });
  assertNotOwnCredential(removal.verdict, toAccountRef(record));
}

/** Removes the previous secret if the account shows that it may go; otherwise says why it stays. */
export async function retirePrevious(
  process: AccountProcess,
  operation: Operation,
  record: RotationRecord,
  inputs: RotationInputValues,
): Promise<RotationRecord> {
  const { current, previous } = record;
  if (!current || !previous || isPreviousGuarded(record, operation.credential)) return record;
  // Its value is not recorded, and the guard above knows that the credential is the current one.
  const target = { secretId: previous.secretId, isCredential: false };
  const { verdict, view } = await remove(process, operation, record, target, toRetirement(record, inputs));
  if (verdict.reason === RemovalReason.AccountUnassigned || !view) return { ...record, isUnassigned: true };
  const seen = toSeen(process, record, view);
  // One that the view lacks may only not be listed yet.
  return verdict.action === "delete" ? withoutPrevious(seen) : seen;
}

/** Removes the current secret when it has expired for certain, so that no expired one is left when its successor is there. */
export async function removeExpiredCurrent(
  process: AccountProcess,
  operation: Operation,
  record: RotationRecord,
  { reclaimExpired }: Pick<RotationInputValues, "reclaimExpired">,
): Promise<void> {
  const { clientId, current } = record;
  if (!current || !reclaimExpired || process.clock.now() < (current.expiresAtMs ?? Number.POSITIVE_INFINITY)) return;
  const { secretId, value } = current;
  if (isOwnCredential({ clientId, value }, operation.credential) !== false) return;
  await remove(process, operation, record, { secretId, value }, { kind: "expired-current" });
}

/**
 * Removes what goes of an account that left its set, each secret once its overlap is over and it is quiet; nothing is asked of Atlas
 * before. Resolves with what is left.
 */
export async function retireRemoved(
  process: AccountProcess & Pick<ProviderProcess, "begin">,
  record: RotationRecord,
): Promise<RotationRecord | undefined> {
  const inputs = toOwnInputs(record);
  const { action } = decideRotation(record, inputs, process.clock.now());
  if (action === "keep" && toRecordedIds(record).length > 0) return record;
  let left: RotationRecord = record;
  for (const role of ["pending", "previous", "current"] as const) {
    const secret = record[role];
    if (!secret) continue;
    const operation = process.begin([record.current?.value, record.pending?.value]);
    const purpose: RemovalPurpose =
      role === "pending" ? { kind: "unusable", why: "its account left the set." } : toRetirement(record, inputs);
    const target =
      role === "previous"
        ? { secretId: secret.secretId, isCredential: isPreviousGuarded(record, operation.credential) }
        : { secretId: secret.secretId, value: record[role]?.value };
    const { verdict, view } = await remove(process, operation, record, target, purpose);
    if (verdict.reason === RemovalReason.AccountUnassigned) return undefined;
    const seen = view && toSeen(process, record, view);
    const isUnlisted = seen?.[role] !== undefined && !(role === "current" && seen.isCurrentMissing);
    if (verdict.action === "keep" || (verdict.action === "gone" && isUnlisted)) continue;
    const { [role]: _, ...rest } = left;
    left = rest;
  }
  return toRecordedIds(left).length > 0 ? left : undefined;
}

function toSeen({ clock }: AccountProcess, record: RotationRecord, view: AccountView): RotationRecord {
  return withSeen(record, view.secrets, toServerNowMs(view, clock) ?? clock.now());
}

async function remove(
  process: AccountProcess,
  operation: Operation,
  record: RotationRecord,
  target: Pick<RemovalTask, "secretId" | "value" | "isCredential">,
  purpose: RemovalPurpose,
): Promise<Removal> {
  const task = { ...target, account: toAccountRef(record), purpose };
  return process.locks.runExclusive(record.clientId, () => removeSecret(process, operation, task));
}

/** Whether the provider's own credential may be the previous secret, whose value is not recorded. */
export function isPreviousGuarded(
  { clientId, current }: Pick<RotationRecord, "clientId" | "current">,
  credential: ClientCredential | undefined,
): boolean {
  if (!credential || !isSameClientId(credential.clientId, clientId)) return false;
  return isOwnCredential({ clientId, value: current?.value }, credential) !== true;
}

/** Says that the provider signs in with an older secret of the account, and what to do; `undefined` when it does not. */
export function describeOldCredential(
  record: RotationRecord,
  credential: ClientCredential | undefined,
): string | undefined {
  const { current, previous } = record;
  if (!current || !isPreviousGuarded(record, credential)) return undefined;
  const stays = previous ? `previous secret ${previous.secretId} stays, because ` : "";
  return (
    `${describeAccount(toAccountRef(record))}: ${stays}the provider signs in with a secret of this service account that is not the ` +
    `current one (${current.secretId}): the credential is still the old one. Update it where it is kept, then run 'pulumi up'.`
  );
}
