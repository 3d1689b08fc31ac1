/** What speaks against deleting a secret by hand, as `atlas-secrets remove` does it. Plain data in, sentences out. */
import type { HeldSecret } from "../atlas/types.js";
import { MINUTE_MS } from "../clock.js";
import { isUnusedSinceVerification } from "./account-view.js";
import { isExpired } from "./window.js";

/** A run records what it created within seconds, or minutes when Atlas lets it wait: younger ones may still be recorded. */
export const UNRECORDED_MS = 10 * MINUTE_MS;

/** What is known of the states when a secret is to go by hand. */
export interface ByHand {
  /** Where it is recorded and as what, each in words. */
  readonly locations: readonly string[];
  /** How many states were read. */
  readonly stateCount: number;
  /** What of them could not be read. */
  readonly unread: readonly string[];
  /** The id that the user repeated: overrules records and use, never the guard of the credential or a missing time. */
  readonly forcedId?: string | undefined;
}

/** Lists what speaks against it; empty when nothing does. */
export function findObjections(
  secret: HeldSecret,
  { locations, stateCount, unread }: ByHand,
  serverNowMs: number,
): string[] {
  const isYoung = serverNowMs - secret.createdAtMs < UNRECORDED_MS;
  const isUsed = !isUnusedSinceVerification(secret) && !isExpired(secret, serverNowMs);
  return [
    ...(locations.length > 0 ? [`${locations.join(" and ")} ${locations.length > 1 ? "record" : "records"} it`] : []),
    ...(stateCount === 0 ? ["no state was read that could record it (--stack, --all-stacks or a file)"] : []),
    ...(unread.length > 0 ? [`not everything could be read: ${unread.join(" ")}`] : []),
    ...(isYoung ? ["it was created in the last 10 minutes, and a run under way may not have recorded it yet"] : []),
    ...(isUsed ? ["it has been used since it was created"] : []),
  ];
}
