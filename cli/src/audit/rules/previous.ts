/** Faults of previous secrets: still used, or still there, after the overlap. */
import {
  assess,
  decideRetirement,
  type HeldSecret,
  OverdueReason,
  RetirementReason,
} from "pulumi-atlas-secrets/rotation";
import { toIsoTime } from "../../wording.js";
import type { AccountView } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import type { SecretRecord, StatedSecret } from "../inventory.js";
import { type AccountRule, findHolder, hasExpired, type Situation, sayOf, toEvidence } from "./situation.js";

/** Stands for an expiry that nobody told: so late that it is never over. */
const NEVER_MS = 8e15;

export const findPreviousFaults: AccountRule = (account, situation) =>
  account.records.flatMap((record) => findFaultsOfRecord(record, account, situation));

function findFaultsOfRecord(record: SecretRecord, account: AccountView, { nowMs }: Situation): FoundFault[] {
  const { previous, isPendingDeletion, retireAfterMs } = record;
  const holder = previous && findHolder(account, previous.secretId);
  // An expired one is found as that.
  if (!previous || isPendingDeletion || !holder || hasExpired(holder, nowMs)) return [];
  const { secretId } = previous;
  const fault = { account: account.key, secretId, ...toEvidence(account, record) };
  const usedAtMs = findUseAfterOverlap(record, account, nowMs);
  if (usedAtMs !== undefined) {
    const message = `the overlap of previous secret ${secretId} is over, and it was used at ${toIsoTime(usedAtMs)}, after its successor was given out.`;
    return [{ ...fault, code: "previous-in-use", message: sayOf(account, message) }];
  }
  const findings = assess({ secretId: "", previous: { secretId, retireAfterMs } }, nowMs);
  const overdue = findings.find(({ reason }) => reason === OverdueReason.OverlapOver);
  return overdue ? [{ ...fault, code: "overlap-over", message: sayOf(account, overdue.message) }] : [];
}

/** When the previous secret was last used, if the verdict about it is that it stays because of that. */
function findUseAfterOverlap(record: SecretRecord, account: AccountView, nowMs: number): number | undefined {
  const { previous, current, promotedAtMs, overlapOverMs } = record;
  if (!previous || !current) return undefined;
  const verdict = decideRetirement({
    previousId: previous.secretId,
    currentId: current.secretId,
    held: [previous, current].flatMap((secret) => toHeld(secret, account)),
    quietHours: 24,
    serverNowMs: nowMs,
    nowMs,
    ...(promotedAtMs !== undefined && { promotedAtMs }),
    ...(overlapOverMs !== undefined && { overlapOverMs }),
  });
  const isInUse = verdict.action === "keep" && verdict.reason === RetirementReason.InUse;
  return isInUse ? verdict.secret.lastUsedAtMs : undefined;
}

/** A recorded secret as Atlas lists it, or as if it did when nobody asked Atlas. */
function toHeld(stated: StatedSecret, account: AccountView): HeldSecret[] {
  const holder = findHolder(account, stated.secretId);
  if (!holder) return [];
  if (holder.listed) return [holder.listed];
  const { secretId: id, createdAtMs = 0, expiresAtMs = NEVER_MS, lastUsedAtMs } = stated;
  return [{ id, createdAtMs, expiresAtMs, ...(lastUsedAtMs !== undefined && { lastUsedAtMs }) }];
}
