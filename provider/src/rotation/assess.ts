/**
 * Says what is overdue about a recorded secret, for reports and policies. It takes the times as they are recorded and derives
 * none anew, so that it agrees with what the next run does. Plain data and a time in, findings out.
 */
import { toIsoTime } from "../clock.js";
import { OverdueReason } from "./reasons.js";

/** What a report knows of a secret. Times are in milliseconds since the epoch, absent when they are not recorded. */
export interface AssessedSecret {
  readonly secretId: string;
  readonly expiresAtMs?: number | undefined;
  /** From when on a run rotates it. */
  readonly rotateAfterMs?: number | undefined;
  readonly previous?: AssessedPrevious | undefined;
}

/** What a report knows of the secret before the current one. */
export interface AssessedPrevious {
  readonly secretId: string;
  /** From when on a run deletes it. */
  readonly retireAfterMs?: number | undefined;
}

/** One thing that is overdue. */
export interface Finding {
  readonly reason: OverdueReason;
  readonly secretId: string;
  readonly message: string;
}

/** Lists what is overdue at `nowMs`, the current secret first; empty when nothing is. */
export function assess({ previous, ...current }: AssessedSecret, nowMs: number): Finding[] {
  return [assessCurrent(current, nowMs), previous && assessPrevious(previous, nowMs)].filter(
    (finding) => finding !== undefined,
  );
}

function assessCurrent({ secretId, expiresAtMs, rotateAfterMs }: AssessedSecret, nowMs: number): Finding | undefined {
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs) {
    const message = `secret ${secretId} expired at ${toIsoTime(expiresAtMs)}.`;
    return { reason: OverdueReason.Expired, secretId, message };
  }
  if (rotateAfterMs === undefined || nowMs < rotateAfterMs) return undefined;
  const expiry = expiresAtMs === undefined ? "" : ` and expires at ${toIsoTime(expiresAtMs)}`;
  const message = `secret ${secretId} is inside its rotation window since ${toIsoTime(rotateAfterMs)}${expiry}.`;
  return { reason: OverdueReason.InsideRotationWindow, secretId, message };
}

function assessPrevious({ secretId, retireAfterMs }: AssessedPrevious, nowMs: number): Finding | undefined {
  if (retireAfterMs === undefined || nowMs < retireAfterMs) return undefined;
  const message = `the previous secret ${secretId} was to be retired from ${toIsoTime(retireAfterMs)} on.`;
  return { reason: OverdueReason.OverlapOver, secretId, message };
}
