/** When a secret is due: arithmetic on the rotation window, shared by issuance, refresh, decisions and audit. */
import { HOUR_MS, MINUTE_MS } from "../clock.js";

/** Shortest lifetime that Atlas accepts, in hours. @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/ */
export const MIN_LIFETIME_HOURS = 8;

/** Longest lifetime that Atlas accepts, in hours; an organization may lower it. */
export const MAX_LIFETIME_HOURS = 8760;

/** How long a secret must be expired, by Atlas's time, before that counts. */
export const EXPIRY_MARGIN_MS = 10 * MINUTE_MS;

/** Whether the secret has expired for certain; never without Atlas's time. */
export function isExpired({ expiresAtMs }: { readonly expiresAtMs: number }, serverNowMs: number | undefined): boolean {
  return serverNowMs !== undefined && serverNowMs >= expiresAtMs + EXPIRY_MARGIN_MS;
}

/** What remains of every other secret of an account at most when one is created, in hours. @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/ */
export const SHORTENED_TO_HOURS = 168;

/** When a secret that was to expire at `expiresAtMs` expires once another one was created at `createdAtMs`. */
export function toShortenedExpiryMs(expiresAtMs: number, createdAtMs: number): number {
  return Math.min(expiresAtMs, createdAtMs + SHORTENED_TO_HOURS * HOUR_MS);
}

/** The default window: a third of the lifetime, in whole hours, rounded down. */
export function toDefaultWindowHours(lifetimeHours: number): number {
  return Math.floor(lifetimeHours / 3);
}

/**
 * The shortest window, in hours, that leaves a failing rotation time to be noticed: `minWindowHours`, but no more than the
 * default window, so that a short lifetime need not be spent inside its window.
 */
export function toShortestWindowHours(lifetimeHours: number, minWindowHours: number): number {
  return Math.min(minWindowHours, toDefaultWindowHours(lifetimeHours));
}

/** The lifetime that Atlas granted, in hours, to the nearest minute (so that a lost second does not cost an hour of window). */
export function toGrantedHours(createdAtMs: number, expiresAtMs: number): number {
  return Math.round((expiresAtMs - createdAtMs) / MINUTE_MS) / 60;
}

/**
 * The window in hours that applies to a secret: the wanted one scaled to the lifetime that was granted, whole hours, and at
 * least one hour shorter than that lifetime, so that a secret is never due right after it was issued.
 */
export function toEffectiveWindowHours(windowHours: number, grantedHours: number, requestedHours: number): number {
  if (!(requestedHours > 0) || !(grantedHours > 0)) return 0;
  const scaled = Math.floor((windowHours * grantedHours) / requestedHours);
  return Math.max(0, Math.min(scaled, grantedHours - 1));
}

/**
 * The time, in milliseconds since the epoch, from which `pulumi up` rotates a secret that expires at `expiresAtMs`. Not within
 * the first hour of its life, also when the creation of another one has shortened that.
 */
export function toRotateAfterMs(expiresAtMs: number, effectiveWindowHours: number, createdAtMs?: number): number {
  const dueMs = expiresAtMs - effectiveWindowHours * HOUR_MS;
  return createdAtMs === undefined
    ? dueMs
    : Math.min(Math.max(dueMs, createdAtMs + HOUR_MS), Math.max(dueMs, expiresAtMs));
}
