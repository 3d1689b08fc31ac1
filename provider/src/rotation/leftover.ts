/**
 * Is a secret what a killed run left: one that was created, and never recorded, so that nobody knows its value? The one
 * definition of it; without this evidence a secret is untracked, and may be somebody's.
 */
import { HOUR_MS } from "../clock.js";
import { type AccountView, isRecorded, isUnusedSinceVerification, type ViewedSecret } from "./account-view.js";
import { SERVER_TIME_MARGIN_MS } from "./lost-secret.js";

/**
 * Whether all that is known says that a run for `hours` that was killed left the secret: every resource that the engine named
 * has told, something is recorded on the account, the secret is newer than all of that, made for as long as our runs ask, and
 * unused since its verification. Newer, since an older one can wait for its deletion and be in use until then.
 */
export function isLeftover(secret: ViewedSecret, view: AccountView, hours: number): boolean {
  if (isRecorded(secret) || !view.isRecordComplete) return false;
  const recorded = view.secrets.filter(isRecorded);
  // Nor can it have come to the account after a secret of this very run.
  const isLater = ({ role, createdAtMs }: ViewedSecret) => role === "created-here" || createdAtMs >= secret.createdAtMs;
  if (recorded.length === 0 || recorded.some(isLater)) return false;
  const isOurs = Math.abs(secret.expiresAtMs - secret.createdAtMs - hours * HOUR_MS) <= SERVER_TIME_MARGIN_MS;
  return isOurs && isUnusedSinceVerification(secret);
}
