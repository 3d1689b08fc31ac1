/**
 * Decides what a run does with a rotating resource: one account, of which consumers get the current secret while the previous
 * one stays for an overlap. Plain data and `now` in, verdict out; total, never throws, knows no network and no clock.
 *
 *   (none) --create, verified--> active              (none) --create, not verified--> pending-verification
 *
 *   active, overlapping, current-missing
 *     --rotate or issue, verified-->   overlapping: the new one is current, the current one previous, promotedAt = now
 *     --rotate or issue, not verified--> pending-verification: the new one is pending, the current one stays current
 *   pending-verification
 *     --verify, it works-->                        overlapping (active when there was no current one)
 *     --verify, invalid after 10 minutes-->        the pending one is deleted; rotate or issue in the same run
 *     --verify, cannot be told-->                  pending-verification; if the current one is unusable: overlapping
 *   overlapping
 *     --retire (retireAfter is over), quiet or expired-->  active: the previous one is deleted
 *     --retire, used within quietHours-->          overlapping: every run looks again
 *   active, overlapping
 *     --refresh, the account lacks the current one-->   current-missing
 *     --refresh, the account lacks the previous one-->  active
 *
 *   any --its account leaves the set-->  account-removed: each secret is deleted after the overlap, once it is quiet or expired
 *
 * A rotation needs a slot. Its owner is the previous secret while that lives, so a rotation that can wait waits for it.
 */
import { HOUR_MS, toIsoTime } from "../clock.js";
import { findCause, findChangedInputs, findMovedOwner, toRecordedWindowHours } from "./due.js";
import { toHoldsUntilMs, toOverlapOverMs, toRetireAfterMs } from "./overlap.js";
import { Reason } from "./reasons.js";
import { type DesiredRotation, type RecordedIssue, type RecordedRotation, Unknown } from "./secret.js";

/** What to do with a rotating resource. `properties` names the inputs or outputs that are the cause. */
export type RotationVerdict =
  | { readonly action: "keep"; readonly reason: Reason; readonly message: string }
  | {
      readonly action: "update" | "verify" | "issue" | "retire" | "replace";
      readonly reason: Reason;
      readonly properties: readonly string[];
      readonly message: string;
    }
  | {
      readonly action: "rotate";
      readonly reason: Reason;
      readonly properties: readonly string[];
      readonly message: string;
      /** That the previous secret may make room, although it lives; absent when it may not. */
      readonly previousMayGo?: PreviousMayGo;
    };

/** Why a previous secret that lives may make room, and from when on by Atlas's clock; at once where that is absent. */
export interface PreviousMayGo {
  readonly why: string;
  readonly fromMs?: number;
}

/** Decides what a run does at `nowMs`. At most one secret is issued by it. */
export function decideRotation(recorded: RecordedRotation, desired: DesiredRotation, nowMs: number): RotationVerdict {
  const moved = findMovedOwner(recorded, desired);
  if (moved.length > 0) {
    const message = `${moved.join(" and ")} changed: a secret of the other account is made, those of this one are deleted last.`;
    return { action: "replace", reason: Reason.OwnerChanged, properties: moved, message };
  }
  if (recorded.removedAtMs !== undefined) return decideRemoved(recorded, desired, nowMs);
  if (recorded.pending) {
    const message = `secret ${recorded.pending.secretId} is not verified yet: it is verified again, other changes wait.`;
    return { action: "verify", reason: Reason.VerificationPending, properties: ["pendingSecretId"], message };
  }
  const { current } = recorded;
  if (!current || recorded.isCurrentMissing) {
    const what = current ? `secret ${current.secretId} is not on the account any more` : "no secret is recorded";
    return {
      action: "issue",
      reason: Reason.CurrentMissing,
      properties: ["secretId"],
      message: `${what}: the next 'pulumi up' makes one.`,
    };
  }
  const rotation = decideDue({ ...recorded, current }, desired, nowMs);
  if (rotation?.action === "rotate") return rotation;
  return decideRetiring(recorded, desired, nowMs) ?? decideByInputs(recorded, desired, rotation);
}

/** The account left its set: its secrets stay for the overlap, and after it as long as somebody uses them. */
function decideRemoved(recorded: RecordedRotation, desired: DesiredRotation, nowMs: number): RotationVerdict {
  const overMs = toOverlapOverMs(recorded, desired);
  if (overMs === undefined || nowMs < overMs) {
    const until = overMs === undefined ? "" : ` until ${toIsoTime(overMs)}`;
    const message = `the account left the set: its secrets stay${until}, and then as long as they are used.`;
    return { action: "keep", reason: Reason.AccountRemoved, message };
  }
  const message = `the account left the set, and its overlap has been over since ${toIsoTime(overMs)}: its secrets are deleted once nobody uses them.`;
  return { action: "retire", reason: Reason.OverlapOver, properties: ["retireAfter"], message };
}

type WithCurrent = RecordedRotation & { readonly current: RecordedIssue };

/** A rotation that is due: now, or later because the previous secret holds the slot. */
function decideDue(recorded: WithCurrent, desired: DesiredRotation, nowMs: number): RotationVerdict | undefined {
  const cause = findCause(recorded.current, desired, nowMs, "is rotated");
  if (!cause) return undefined;
  const rotation = { action: "rotate", ...cause } as const;
  if (!recorded.previous) return rotation;
  if (cause.reason === Reason.TriggersChanged) {
    const why = "it is the previous one, and changed triggers do not wait for its overlap";
    return { ...rotation, previousMayGo: { why } };
  }
  const latestMs = toLatestMs(recorded.current, desired);
  const waitUntilMs = Math.min(toHoldsUntilMs(recorded, desired) ?? Number.NEGATIVE_INFINITY, latestMs);
  if (nowMs < waitUntilMs) {
    const holder = `previous secret ${recorded.previous.secretId} holds the other slot`;
    const message = `${cause.message} That waits until ${toIsoTime(waitUntilMs)}: ${holder}.`;
    return { action: "keep", reason: Reason.PreviousHoldsSlot, message };
  }
  const overlapOverMs = toOverlapOverMs(recorded, desired);
  if (nowMs < latestMs || overlapOverMs === undefined || nowMs < overlapOverMs) return rotation;
  const why = "it is the previous one, its overlap is over, and the current one expires soon";
  // Both by Atlas's clock: where this machine's is ahead, the current one does not expire soon.
  return { ...rotation, previousMayGo: { why, fromMs: Math.max(overlapOverMs, latestMs) } };
}

/** Until when a rotation can wait and still be made in time by runs that are at most half a window apart. */
export function toLatestMs(
  current: RecordedIssue,
  { rotateBeforeExpiryHours }: Pick<DesiredRotation, "rotateBeforeExpiryHours">,
): number {
  const { expiresAtMs } = current;
  if (expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
  if (rotateBeforeExpiryHours === Unknown) return expiresAtMs;
  return expiresAtMs - (toRecordedWindowHours({ ...current, rotateBeforeExpiryHours }) * HOUR_MS) / 2;
}

function decideRetiring(
  recorded: RecordedRotation,
  desired: DesiredRotation,
  nowMs: number,
): RotationVerdict | undefined {
  const { previous, promotedAtMs } = recorded;
  if (!previous) return undefined;
  const what = `previous secret ${previous.secretId}`;
  if (promotedAtMs === undefined) {
    const message = `it is not recorded when the successor of ${what} was promoted: the overlap begins now.`;
    return { action: "update", reason: Reason.PromotionUnrecorded, properties: ["promotedAt"], message };
  }
  const retireAfterMs = toRetireAfterMs(recorded, desired);
  if (retireAfterMs === undefined || nowMs < retireAfterMs) return undefined;
  const message = `the overlap of ${what} has been over since ${toIsoTime(retireAfterMs)}: it is deleted once nobody uses it.`;
  return { action: "retire", reason: Reason.OverlapOver, properties: ["retireAfter"], message };
}

const ECHOED = ["rotateBeforeExpiryHours", "overlapHours", "quietHours", "secretExpiresAfterHours"] as const;

function decideByInputs(
  recorded: RecordedRotation,
  desired: DesiredRotation,
  waiting: RotationVerdict | undefined,
): RotationVerdict {
  const changed = findChangedInputs(recorded, desired, ECHOED);
  const verdict = waiting ?? { action: "keep", reason: Reason.UpToDate, message: "nothing to do." };
  if (changed.length === 0) return verdict;
  if (waiting) return { action: "update", reason: waiting.reason, properties: changed, message: waiting.message };
  const message = `${changed.join(", ")} changed: the record is updated, nothing is asked of Atlas.`;
  return { action: "update", reason: Reason.SettingsChanged, properties: changed, message };
}
