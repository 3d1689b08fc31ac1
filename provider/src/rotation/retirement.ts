/**
 * Decides about a previous secret, from a look at the account: it goes when its overlap is over and nobody uses it. Plain
 * data and times in, verdict out.
 */
import { toIsoTime } from "../clock.js";
import { RetirementReason } from "./reasons.js";
import { describeSecret, type HeldSecret, isExpired } from "./slot.js";

/** What is known when the previous secret is to go. Times are Atlas's, in milliseconds since the epoch. */
export interface RetirementSituation {
  readonly previousId: string;
  /** Its successor. */
  readonly currentId: string;
  readonly held: readonly HeldSecret[];
  readonly promotedAtMs?: number;
  /** `promotedAtMs` and the overlap; absent when that is not known. */
  readonly overlapOverMs?: number;
  readonly quietHours: number;
  /** Absent when Atlas's answer held no time: nothing counts as expired then. */
  readonly serverNowMs?: number;
  /** Atlas's time if it is known, else the machine's. */
  readonly nowMs: number;
}

/** What to do with the previous secret. */
export type RetirementVerdict =
  | { readonly action: "forget"; readonly reason: typeof RetirementReason.PreviousGone; readonly message: string }
  | {
      readonly action: "delete" | "keep";
      readonly reason: RetirementReason;
      readonly secret: HeldSecret;
      readonly message: string;
    };

/** Decides whether the previous secret is forgotten, deleted, or stays. */
export function decideRetirement(situation: RetirementSituation): RetirementVerdict {
  const { held, previousId, currentId, promotedAtMs, overlapOverMs, serverNowMs, nowMs } = situation;
  const secret = held.find(({ id }) => id === previousId);
  if (!secret) {
    const message = `previous secret ${previousId} is not on the account any more: it is forgotten.`;
    return { action: "forget", reason: RetirementReason.PreviousGone, message };
  }
  const what = `previous secret ${describeSecret(secret)}`;
  if (!held.some(({ id }) => id === currentId)) {
    const message = `${what} stays, because the account does not hold its successor ${currentId}.`;
    return { action: "keep", reason: RetirementReason.SuccessorMissing, secret, message };
  }
  if (serverNowMs !== undefined && isExpired(secret, serverNowMs)) {
    return {
      action: "delete",
      reason: RetirementReason.PreviousExpired,
      secret,
      message: `${what} is deleted: it has expired.`,
    };
  }
  if (promotedAtMs === undefined || overlapOverMs === undefined || nowMs < overlapOverMs) {
    const message = `${what} stays: its overlap is not over.`;
    return { action: "keep", reason: RetirementReason.OverlapRunning, secret, message };
  }
  return decideByUse(secret, promotedAtMs, situation.quietHours, what);
}

function decideByUse(secret: HeldSecret, promotedAtMs: number, quietHours: number, what: string): RetirementVerdict {
  if (!isUsedSince(secret.lastUsedAtMs, promotedAtMs)) {
    const message = `${what} is deleted: its overlap is over, and nobody used it since its successor was delivered.`;
    return { action: "delete", reason: RetirementReason.UnusedSincePromotion, secret, message };
  }
  const since = `it was used after its successor was delivered at ${toIsoTime(promotedAtMs)}`;
  if (quietHours === 0) {
    const message = `${what} is deleted: its overlap is over, and quietHours is 0, although ${since}.`;
    return { action: "delete", reason: RetirementReason.InUseAllowed, secret, message };
  }
  const message =
    `${what} stays until it has expired, because ${since}: move what uses it to the current one. ` +
    "With quietHours: 0 the next 'pulumi up' deletes it at once.";
  return { action: "keep", reason: RetirementReason.InUse, secret, message };
}

/** Whether a use counts as one after the delivery. Atlas's times have whole seconds, so the same second counts. */
export function isUsedSince(lastUsedAtMs: number | undefined, promotedAtMs: number): boolean {
  return lastUsedAtMs !== undefined && lastUsedAtMs >= Math.floor(promotedAtMs / 1000) * 1000;
}
