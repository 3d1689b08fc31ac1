/**
 * May the previous secret go, or one of an account that left its set? After the overlap, once nobody has signed in with it for the
 * quiet time; plain data and Atlas's time in, verdict out. Asked by `removal.ts` alone.
 */
import type { HeldSecret } from "../atlas/types.js";
import { HOUR_MS, toIsoTime } from "../clock.js";
import { describeSecret } from "./account-view.js";
import { toOverlapOverMs, toQuietHours } from "./overlap.js";
import { RemovalReason } from "./reasons.js";
import type { RemovalVerdict } from "./removal.js";
import type { RecordedRotation, RetirementInputs } from "./secret.js";
import { isExpired } from "./window.js";

/** What a rotating resource says about a secret that is to go after an overlap. */
export interface Retirement {
  /** Its successor; absent when there is none, because the account left its set. */
  readonly currentId?: string;
  /** When the overlap is over, in Atlas's time; absent when its beginning is not recorded. */
  readonly overlapOverMs?: number | undefined;
  /** How long nobody may have signed in with it; 0: a use does not count. */
  readonly quietHours: number;
}

/** The retirement of what a record holds: of its previous secret, or of an account that left its set, whose current one goes as well. */
export function toRetirement(
  recorded: RecordedRotation,
  desired: RetirementInputs,
): Retirement & { readonly kind: "retirement" } {
  const { current, removedAtMs } = recorded;
  return {
    kind: "retirement",
    ...(current && removedAtMs === undefined && { currentId: current.secretId }),
    overlapOverMs: toOverlapOverMs(recorded, desired),
    quietHours: toQuietHours(desired),
  };
}

/** Decides about the secret as the account holds it. */
export function decideRetirement(
  secret: HeldSecret,
  { currentId, overlapOverMs, quietHours }: Retirement,
  hasSuccessor: boolean,
  serverNowMs: number | undefined,
): RemovalVerdict {
  const isOfRemoved = currentId === undefined;
  const what = `${isOfRemoved ? "" : "previous "}secret ${describeSecret(secret)}`;
  if (!isOfRemoved && !hasSuccessor) {
    const message = `${what} stays, because the account does not hold its successor ${currentId}.`;
    return { action: "keep", reason: RemovalReason.SuccessorMissing, message };
  }
  if (serverNowMs === undefined) {
    const message = `${what} stays, because Atlas's answer holds no time.`;
    return { action: "keep", reason: RemovalReason.NoServerTime, message };
  }
  if (isExpired(secret, serverNowMs)) {
    return { action: "delete", reason: RemovalReason.Expired, message: `${what} is deleted: it has expired.` };
  }
  if (overlapOverMs === undefined || serverNowMs < overlapOverMs) {
    const until = overlapOverMs === undefined ? "" : ` until ${toIsoTime(overlapOverMs)}`;
    return {
      action: "keep",
      reason: RemovalReason.OverlapRunning,
      message: `${what} stays: its overlap runs${until}.`,
    };
  }
  const { lastUsedAtMs } = secret;
  if (lastUsedAtMs !== undefined && serverNowMs < lastUsedAtMs + quietHours * HOUR_MS) {
    const way = isOfRemoved
      ? "the account left the set, but something still signs in with it"
      : "move what uses it to the current one";
    const message =
      `${what} stays, because it was used less than ${quietHours} h ago: ${way}. It is deleted once ` +
      `nobody has signed in with it for ${quietHours} h, and expires at ${toIsoTime(secret.expiresAtMs)} at the latest.`;
    return { action: "keep", reason: RemovalReason.InUse, message };
  }
  const why =
    quietHours === 0 ? "its overlap is over" : `its overlap is over, and nobody has used it for ${quietHours} h`;
  return { action: "delete", reason: RemovalReason.OverlapOver, message: `${what} is deleted: ${why}.` };
}
