/**
 * Decides what a creation whose response was lost left behind. Nobody can ever learn the value of such a secret, so it may go;
 * but only one that can be nothing else. Plain data in, verdict out.
 */

import type { HeldSecret } from "../atlas/types.js";
import { HOUR_MS } from "../clock.js";
import { describeSecret } from "./account-view.js";
import { LostReason } from "./reasons.js";

/** Server times have whole seconds, and ours is estimated from them. */
export const SERVER_TIME_MARGIN_MS = 2_000;

/** A creation without a usable answer, and what the account held before and holds now. */
export interface LostCreation {
  readonly before: readonly HeldSecret[];
  readonly after: readonly HeldSecret[];
  /** The lifetime that was asked for, in hours. */
  readonly hours: number;
  /** When it was sent and when it was given up, by the server's time; absent when that is not known. */
  readonly serverTimes: { readonly sentMs: number; readonly givenUpMs: number } | undefined;
}

/** What to do about it. */
export type LostVerdict =
  | { readonly action: "ask-again"; readonly reason: typeof LostReason.NothingNew }
  | { readonly action: "delete"; readonly reason: typeof LostReason.LostSecretEvident; readonly secret: HeldSecret }
  | {
      readonly action: "stop";
      readonly reason: typeof LostReason.NotEvident;
      readonly suspects: readonly HeldSecret[];
      readonly message: string;
    };

/** Decides about the one secret that a lost response may have announced. */
export function decideLostSecret(lost: LostCreation): LostVerdict {
  const { before, after } = lost;
  const suspects = after.filter(({ id }) => !before.some((known) => known.id === id));
  const [only] = suspects;
  if (!only) return { action: "ask-again", reason: LostReason.NothingNew };
  const doubt = suspects.length > 1 ? "more than one of them is new" : findDoubt(only, lost);
  if (!doubt) return { action: "delete", reason: LostReason.LostSecretEvident, secret: only };
  const message = `the account now holds ${suspects.map(describeSecret).join("; ")}, and ${doubt}.`;
  return { action: "stop", reason: LostReason.NotEvident, suspects, message };
}

/** Why the one new secret might be somebody's; absent when everything says that it is the lost one. */
function findDoubt(secret: HeldSecret, { before, after, hours, serverTimes }: LostCreation): string | undefined {
  // One is new, so any other length means that one which was there is gone, or that the list repeats itself.
  if (after.length !== before.length + 1) return "others changed the account meanwhile";
  if (!serverTimes) return "Atlas's answers hold no time to compare with";
  const { sentMs, givenUpMs } = serverTimes;
  const { createdAtMs, expiresAtMs, lastUsedAtMs } = secret;
  if (createdAtMs < sentMs - SERVER_TIME_MARGIN_MS) return "it was created before this request was sent";
  if (createdAtMs > givenUpMs + SERVER_TIME_MARGIN_MS) return "it was created after this request was given up";
  if (Math.abs(expiresAtMs - createdAtMs - hours * HOUR_MS) > SERVER_TIME_MARGIN_MS) {
    return `its lifetime is not the ${hours} h of this request`;
  }
  if (lastUsedAtMs !== undefined) return "it is in use";
  return undefined;
}
