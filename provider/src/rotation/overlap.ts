/** How long a previous secret stays beside the current one: arithmetic on the overlap and the quiet time. */
import { HOUR_MS } from "../clock.js";
import { toRecordedWindowHours, toWritableMs } from "./due.js";
import { type RecordedRotation, type RetirementInputs, Unknown } from "./secret.js";
import { EXPIRY_MARGIN_MS, SHORTENED_TO_HOURS } from "./window.js";

/** The longest overlap and the longest quiet time, in hours: no previous secret lives longer. */
export const MAX_OVERLAP_HOURS = SHORTENED_TO_HOURS;

/** The default overlap, in hours, where the lifetime allows it. */
export const DEFAULT_OVERLAP_HOURS = 24;

/** The default quiet time, in hours, where the lifetime allows it. */
export const DEFAULT_QUIET_HOURS = 24;

/** The default overlap: a day, but no longer than the window, and over when the next rotation is due. */
export function toDefaultOverlapHours(lifetimeHours: number, windowHours: number): number {
  return Math.max(0, Math.min(DEFAULT_OVERLAP_HOURS, windowHours, lifetimeHours - windowHours));
}

/** The default quiet time: a day, but half of the time between two rotations at most, so that the next one need not wait for it. */
export function toDefaultQuietHours(lifetimeHours: number, windowHours: number): number {
  return Math.max(1, Math.min(DEFAULT_QUIET_HOURS, Math.floor((lifetimeHours - windowHours) / 2)));
}

/**
 * The overlap in hours that applies: the wanted one, but over by the time when a current secret that was granted
 * `grantedHours`, with the window `effectiveWindowHours`, is due itself.
 */
export function toEffectiveOverlapHours(
  overlapHours: number,
  grantedHours: number,
  effectiveWindowHours: number,
): number {
  return Math.max(0, Math.min(overlapHours, grantedHours - effectiveWindowHours));
}

/**
 * When the overlap of the previous secret is over, or that of an account that left its set, in milliseconds since the epoch; absent
 * when that is not known.
 */
export function toOverlapOverMs(recorded: RecordedRotation, desired: RetirementInputs): number | undefined {
  const { current, previous, promotedAtMs, removedAtMs, statedRetireAfterMs } = recorded;
  const { overlapHours, rotateBeforeExpiryHours } = desired;
  if (removedAtMs !== undefined) {
    return overlapHours === Unknown
      ? undefined
      : (statedRetireAfterMs ?? toWritableMs(removedAtMs + overlapHours * HOUR_MS));
  }
  if (!current || !previous) return undefined;
  if (statedRetireAfterMs !== undefined || promotedAtMs === undefined) return statedRetireAfterMs;
  if (overlapHours === Unknown || rotateBeforeExpiryHours === Unknown) return undefined;
  const window = toRecordedWindowHours({ ...current, rotateBeforeExpiryHours });
  const overlap = toEffectiveOverlapHours(overlapHours, current.grantedHours ?? current.issuedForHours, window);
  return toWritableMs(promotedAtMs + overlap * HOUR_MS);
}

/**
 * From when on a run looks whether the previous secret may go, in milliseconds since the epoch: after its overlap, or once it has
 * expired. Absent when that is not known.
 */
export function toRetireAfterMs(recorded: RecordedRotation, desired: RetirementInputs): number | undefined {
  const overlapOverMs = toOverlapOverMs(recorded, desired);
  return overlapOverMs === undefined ? undefined : Math.min(overlapOverMs, toExpiredMs(recorded));
}

/** Until when the previous secret is expected to hold its slot, by the uses that are recorded; absent when that is not known. */
export function toHoldsUntilMs(recorded: RecordedRotation, desired: RetirementInputs): number | undefined {
  const overlapOverMs = toOverlapOverMs(recorded, desired);
  if (overlapOverMs === undefined) return undefined;
  const quietMs = (recorded.previous?.lastUsedAtMs ?? Number.NEGATIVE_INFINITY) + toQuietHours(desired) * HOUR_MS;
  return Math.min(Math.max(overlapOverMs, toWritableMs(quietMs) ?? overlapOverMs), toExpiredMs(recorded));
}

/** The quiet time that applies: none without an overlap, where what uses the previous secret must not keep it. */
export function toQuietHours({
  overlapHours,
  quietHours,
}: Pick<RetirementInputs, "overlapHours" | "quietHours">): number {
  if (overlapHours === 0) return 0;
  return quietHours === Unknown ? DEFAULT_QUIET_HOURS : quietHours;
}

function toExpiredMs({ previous, removedAtMs }: RecordedRotation): number {
  if (removedAtMs !== undefined) return Number.POSITIVE_INFINITY;
  const expiresAtMs = previous?.expiresAtMs;
  if (expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
  return toWritableMs(expiresAtMs + EXPIRY_MARGIN_MS) ?? expiresAtMs;
}
