/**
 * Says what is due about recorded secrets, for reports and policies: by the verdicts that `pulumi up` acts on, so that the two
 * cannot differ. Plain data and a time in, findings out.
 */
import { toIsoTime } from "../clock.js";
import { findCauseInTime, toRecordedRotateAfterMs } from "./due.js";
import { toHoldsUntilMs, toOverlapOverMs, toRetireAfterMs } from "./overlap.js";
import { Reason } from "./reasons.js";
import { decideReplacement, type ReplacementVerdict } from "./replacement.js";
import { decideRotation, type RotationVerdict, toLatestMs } from "./rotating.js";
import {
  type DesiredRotation,
  type DesiredSecret,
  type RecordedIssue,
  type RecordedRotation,
  type RecordedSecret,
  Unknown,
} from "./secret.js";

/** What a state says of one resource: its record, and the inputs of the program as the last run echoed them. */
export type StatedResource =
  | { readonly kind: "plain"; readonly record: RecordedSecret; readonly desired: DesiredSecret }
  | { readonly kind: "rotating"; readonly record: RecordedRotation; readonly desired: DesiredRotation }
  /** Of a resource that no run rotates by time, as those of `@pulumi/mongodbatlas`. */
  | { readonly kind: "manual"; readonly record: RecordedIssue };

/** What the next `pulumi up` does, or what a person has to do. */
export type NextUp = ReplacementVerdict | RotationVerdict;

/** One thing that is due. */
export interface Finding {
  readonly reason: Reason;
  readonly secretId: string;
  readonly message: string;
}

/** What the next `pulumi up` does with a recorded resource; absent for one that no run rotates. */
export function decideNextUp(stated: StatedResource, nowMs: number): NextUp | undefined {
  switch (stated.kind) {
    case "plain":
      return decideReplacement(stated.record, stated.desired, nowMs);
    case "rotating":
      return decideRotation(stated.record, stated.desired, nowMs);
    case "manual":
      return undefined;
  }
}

/** Lists what is due at `nowMs`, what the next run does first; empty when nothing is. */
export function assess(stated: StatedResource, nowMs: number): Finding[] {
  const verdict = decideNextUp(stated, nowMs);
  const found = verdict && isDue(verdict) ? [toFinding(stated, verdict)] : [];
  const others = [assessCurrent(stated, nowMs), assessPrevious(stated, nowMs)];
  return [...found, ...others.filter((other) => other !== undefined && other.reason !== verdict?.reason)].filter(
    (finding) => finding !== undefined,
  );
}

/** The current secret of a record: the only one of a plain resource. */
export function toCurrentIssue({ kind, record }: StatedResource): RecordedIssue | undefined {
  return kind === "rotating" ? record.current : record;
}

/** From when on the current secret is due, in milliseconds since the epoch; absent when that is not known. */
export function toDueMs(stated: StatedResource): number | undefined {
  const current = toCurrentIssue(stated);
  const window = stated.kind === "manual" ? 0 : stated.desired.rotateBeforeExpiryHours;
  if (!current || window === Unknown || isRemoved(stated)) return undefined;
  return toRecordedRotateAfterMs({ ...current, rotateBeforeExpiryHours: window });
}

/** The times at which what is due can change, in order: between two of them nothing does. */
export function listTurnsMs(stated: StatedResource): number[] {
  const current = toCurrentIssue(stated);
  const turns = [toDueMs(stated), current?.expiresAtMs];
  if (stated.kind === "rotating" && (current || isRemoved(stated))) {
    const { record, desired } = stated;
    turns.push(toRetireAfterMs(record, desired), toHoldsUntilMs(record, desired), toOverlapOverMs(record, desired));
    if (current) turns.push(toLatestMs(current, desired));
  }
  const known = turns.flatMap((ms) => (ms === undefined || !Number.isFinite(ms) ? [] : [ms]));
  return [...new Set(known)].sort((a, b) => a - b);
}

/** Whether its account left its set: nothing follows its secrets. */
export function isRemoved(stated: StatedResource): boolean {
  return stated.kind === "rotating" && stated.record.removedAtMs !== undefined;
}

function isDue({ action, reason }: NextUp): boolean {
  return (action !== "keep" && reason !== Reason.SettingsChanged) || reason === Reason.PreviousHoldsSlot;
}

function toFinding(stated: StatedResource, { reason, message }: NextUp): Finding {
  const { pending, previous } = stated.kind === "rotating" ? stated.record : {};
  const about = {
    [Reason.VerificationPending]: pending,
    [Reason.OverlapOver]: previous,
    [Reason.PromotionUnrecorded]: previous,
  };
  const secret = about[reason as keyof typeof about] ?? toCurrentIssue(stated);
  return { reason, secretId: secret?.secretId ?? "", message };
}

function assessCurrent(stated: StatedResource, nowMs: number): Finding | undefined {
  const current = toCurrentIssue(stated);
  if (!current || isRemoved(stated)) return undefined;
  const window = stated.kind === "manual" ? 0 : stated.desired.rotateBeforeExpiryHours;
  const consequence = stated.kind === "manual" ? "is not replaced by any run: rotate it by hand" : "needs a successor";
  const cause = findCauseInTime(current, window, nowMs, consequence);
  return cause && { reason: cause.reason, secretId: current.secretId, message: cause.message };
}

function assessPrevious(stated: StatedResource, nowMs: number): Finding | undefined {
  if (stated.kind !== "rotating" || !stated.record.previous) return undefined;
  const retireAfterMs = toRetireAfterMs(stated.record, stated.desired);
  if (retireAfterMs === undefined || nowMs < retireAfterMs) return undefined;
  const { secretId } = stated.record.previous;
  const message = `previous secret ${secretId} was due to be retired at ${toIsoTime(retireAfterMs)}.`;
  return { reason: Reason.OverlapOver, secretId, message };
}
