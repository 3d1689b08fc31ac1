/**
 * Tells which live secret a killed run can have left: one that was created but never recorded, so that nobody knows its
 * value. A label for people; it deletes nothing.
 */
import { HOUR_MS } from "../clock.js";
import { SERVER_TIME_MARGIN_MS } from "./lost-secret.js";
import { type HeldSecret, isUnusedSinceBirth } from "./slot.js";

/** A run that was killed longer ago is told from a secret of somebody else no more. */
const RECENT_MS = 24 * HOUR_MS;

/** Any creation on the account cuts the expiry of the others to this. @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/ */
export const OTHERS_LIVE_AT_MOST_MS = 7 * 24 * HOUR_MS;

/** Whether a run for `hours` that was killed can have left the secret, as seen at `serverNowMs`. */
export function canBeOrphan(secret: HeldSecret, hours: number, serverNowMs: number): boolean {
  const { createdAtMs, expiresAtMs } = secret;
  const isRecent = createdAtMs <= serverNowMs + SERVER_TIME_MARGIN_MS && serverNowMs - createdAtMs <= RECENT_MS;
  return isRecent && isUnusedSinceBirth(secret) && hasLifetime(expiresAtMs - createdAtMs, hours);
}

/** Whether a secret issued for `hours` can have this lifetime, in full or cut by a later creation of the last day. */
function hasLifetime(lifetimeMs: number, hours: number): boolean {
  const fullMs = hours * HOUR_MS;
  if (Math.abs(lifetimeMs - fullMs) <= SERVER_TIME_MARGIN_MS) return true;
  return (
    lifetimeMs < fullMs && lifetimeMs >= OTHERS_LIVE_AT_MOST_MS && lifetimeMs <= OTHERS_LIVE_AT_MOST_MS + RECENT_MS
  );
}
