/** How long a previous secret stays beside the current one: arithmetic on the overlap. */
import { HOUR_MS } from "../clock.js";
import { toRecordedWindowHours, toWritableMs } from "./due.js";
import { isUsedSince } from "./retirement.js";
import { type RecordedRotation, type RetirementInputs, Unknown } from "./secret.js";
import { EXPIRY_MARGIN_MS } from "./slot.js";

/** The longest overlap, in hours: Atlas lets a secret live so long once another one was created. @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/ */
export const MAX_OVERLAP_HOURS = 168;

/** The default overlap is a day where the lifetime allows it. */
const USUAL_OVERLAP_HOURS = 24;

/** The default overlap: a day, but no longer than the window, and over when the next rotation is due. */
export function toDefaultOverlapHours(lifetimeHours: number, windowHours: number): number {
  return Math.max(0, Math.min(USUAL_OVERLAP_HOURS, windowHours, lifetimeHours - windowHours));
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

/** When the overlap of the previous secret is over, in milliseconds since the epoch; absent when that is not known. */
export function toOverlapOverMs(recorded: RecordedRotation, desired: RetirementInputs): number | undefined {
  const { current, previous, promotedAtMs } = recorded;
  const { overlapHours, rotateBeforeExpiryHours } = desired;
  if (!current || !previous || promotedAtMs === undefined) return undefined;
  if (overlapHours === Unknown || rotateBeforeExpiryHours === Unknown) return undefined;
  const window = toRecordedWindowHours({ ...current, rotateBeforeExpiryHours });
  const overlap = toEffectiveOverlapHours(overlapHours, current.grantedHours ?? current.issuedForHours, window);
  return toWritableMs(promotedAtMs + overlap * HOUR_MS);
}

/**
 * From when on a run retires the previous secret, in milliseconds since the epoch: after its overlap, or once it has expired;
 * one that is known to be in use only then. Absent when that is not known.
 */
export function toRetireAfterMs(recorded: RecordedRotation, desired: RetirementInputs): number | undefined {
  const overlapOverMs = toOverlapOverMs(recorded, desired);
  if (overlapOverMs === undefined || recorded.promotedAtMs === undefined) return undefined;
  const { expiresAtMs, lastUsedAtMs } = recorded.previous ?? {};
  if (expiresAtMs === undefined) return overlapOverMs;
  const expiredMs = toWritableMs(expiresAtMs + EXPIRY_MARGIN_MS) ?? expiresAtMs;
  const staysInUse = desired.quietHours !== 0 && isUsedSince(lastUsedAtMs, recorded.promotedAtMs);
  return staysInUse ? expiredMs : Math.min(overlapOverMs, expiredMs);
}
