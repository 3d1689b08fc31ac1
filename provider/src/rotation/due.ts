/** Why a recorded secret needs a successor, and which inputs changed: shared by replacement and rotation. */
import { isDeepStrictEqual } from "node:util";
import { toIsoTime } from "../clock.js";
import { Reason } from "./reasons.js";
import { type DesiredSecret, type MaybeUnknown, type OwnerInputs, type RecordedIssue, Unknown } from "./secret.js";
import { toEffectiveWindowHours, toRotateAfterMs } from "./window.js";

/** Why a secret needs a successor. `properties` names the inputs or outputs that say so, for the engine's plan. */
export interface Cause {
  readonly reason: "ExpiryChanged" | "TriggersChanged" | "Expired" | "InsideRotationWindow";
  readonly properties: readonly string[];
  readonly message: string;
}

/** The inputs by which the owner of the secret is another one than recorded; an unknown one counts as changed. */
export function findMovedOwner(recorded: OwnerInputs, desired: DesiredSecret): string[] {
  return (["projectId", "orgId", "clientId"] as const).filter((key) => desired[key] !== recorded[key]);
}

/**
 * Finds why a secret needs a successor at `nowMs`; `undefined` when it does not. An unknown input counts as changed: a
 * preview rather announces what does not come than hides what does.
 *
 * @param consequence what happens then, in words: 'is replaced'
 */
export function findCause(
  issue: RecordedIssue,
  desired: DesiredSecret,
  nowMs: number,
  consequence: string,
): Cause | undefined {
  const what = `secret ${issue.secretId}`;
  const isExpiryChanged = desired.secretExpiresAfterHours !== issue.issuedForHours;
  // Before the expiry, since they ask for more: a rotation for them does not wait for the previous secret.
  if (desired.triggers === Unknown || !isSameJson(desired.triggers, issue.issuedForTriggers)) {
    const properties = isExpiryChanged ? ["secretExpiresAfterHours", "triggers"] : ["triggers"];
    return {
      reason: Reason.TriggersChanged,
      properties,
      message: `${properties.join(" and ")} changed: ${what} ${consequence}.`,
    };
  }
  if (isExpiryChanged) {
    const message = `secretExpiresAfterHours changed: ${what}, issued for ${issue.issuedForHours} h, ${consequence}.`;
    return { reason: Reason.ExpiryChanged, properties: ["secretExpiresAfterHours"], message };
  }
  return findCauseInTime(issue, desired.rotateBeforeExpiryHours, nowMs, consequence);
}

/** Finds why time alone asks for a successor at `nowMs`: the expiry, or the rotation window before it. */
export function findCauseInTime(
  issue: RecordedIssue,
  rotateBeforeExpiryHours: MaybeUnknown<number>,
  nowMs: number,
  consequence: string,
): Cause | undefined {
  const { expiresAtMs, secretId } = issue;
  if (expiresAtMs === undefined) return undefined;
  if (nowMs >= expiresAtMs) {
    const message = `secret ${secretId} expired at ${toIsoTime(expiresAtMs)}: it ${consequence}.`;
    return { reason: Reason.Expired, properties: ["expiresAt"], message };
  }
  if (rotateBeforeExpiryHours === Unknown) return undefined;
  const rotateAfterMs = toRecordedRotateAfterMs({ ...issue, rotateBeforeExpiryHours });
  if (rotateAfterMs === undefined || nowMs < rotateAfterMs) return undefined;
  const message =
    `secret ${secretId} expires at ${toIsoTime(expiresAtMs)} and has been inside its rotation window since ` +
    `${toIsoTime(rotateAfterMs)}: it ${consequence}.`;
  return { reason: Reason.InsideRotationWindow, properties: ["rotateAfter"], message };
}

/** The time from which a recorded secret is due, in milliseconds since the epoch; absent when the state holds no expiry. */
export function toRecordedRotateAfterMs(
  recorded: Pick<
    RecordedIssue,
    "createdAtMs" | "expiresAtMs" | "grantedHours" | "issuedForHours" | "statedRotateAfterMs"
  > & {
    readonly rotateBeforeExpiryHours: number;
  },
): number | undefined {
  const { createdAtMs, expiresAtMs, statedRotateAfterMs } = recorded;
  if (statedRotateAfterMs !== undefined || expiresAtMs === undefined) return statedRotateAfterMs;
  return toWritableMs(toRotateAfterMs(expiresAtMs, toRecordedWindowHours(recorded), createdAtMs));
}

/**
 * A window of half the lifetime or more can be as long as the time between two runs, and so can the time between two rotations. It
 * begins a little earlier than it says: a run that comes minutes before its time would leave the rotation to the next one, and that
 * one would find the secret expired.
 */
const EARLY_HOURS = 0.25;

/** The window that applies to a recorded secret, in hours. */
export function toRecordedWindowHours({
  grantedHours,
  issuedForHours,
  rotateBeforeExpiryHours,
}: Pick<RecordedIssue, "grantedHours" | "issuedForHours"> & { readonly rotateBeforeExpiryHours: number }): number {
  const granted = grantedHours ?? issuedForHours;
  const window = toEffectiveWindowHours(rotateBeforeExpiryHours, granted, issuedForHours);
  return window > 0 && 2 * window >= granted ? Math.min(window + EARLY_HOURS, granted - 1) : window;
}

/** Times further away than this cannot be written; only a damaged state has them. @see ECMA-262, Time Values */
const MAX_TIME_MS = 8.64e15;

/** The time, or `undefined` when it cannot be written. */
export function toWritableMs(ms: number): number | undefined {
  return Math.abs(ms) <= MAX_TIME_MS ? ms : undefined;
}

/** Which of the inputs differ from those that the last run echoed. */
export function findChangedInputs<K extends string>(
  recorded: Readonly<Record<K, unknown>>,
  desired: Readonly<Record<K, unknown>>,
  keys: readonly K[],
): K[] {
  return keys.filter((key) => desired[key] === Unknown || !isSameJson(desired[key], recorded[key]));
}

/** Whether two values are the same once the state has kept them as JSON, which knows no -0. */
function isSameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(toJson(a), toJson(b));
}

function toJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
