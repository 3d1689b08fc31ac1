/**
 * Decides what becomes of one recorded secret: keep, update in place, or replace. Plain data and `now` in, verdict out;
 * total, never throws, knows no network and no clock.
 *
 *   pending-verification --update--> active            (the new value works)
 *   pending-verification --update--> rejected          (a later run was told that it is not valid)
 *   rejected             --replace, delete first-->    a new secret
 *   active               --replace-->                  a new secret (owner, expiry or triggers changed, window reached)
 */
import { findCause, findChangedInputs, findMovedOwner } from "./due.js";
import { Reason } from "./reasons.js";
import type { DesiredSecret, RecordedSecret } from "./secret.js";

/** What to do with a recorded secret. `properties` names the inputs or outputs that are the cause, for the engine's plan. */
export type ReplacementVerdict =
  | { readonly action: "keep"; readonly reason: typeof Reason.UpToDate; readonly message: string }
  | {
      readonly action: "update";
      readonly reason: Reason;
      readonly properties: readonly string[];
      readonly message: string;
    }
  | {
      readonly action: "replace";
      readonly reason: Reason;
      readonly properties: readonly string[];
      readonly deleteBeforeReplace: boolean;
      readonly message: string;
    };

/**
 * Decides what a run does with the recorded secret at `nowMs`. An unknown input that would replace when it changes is taken
 * as changed: a preview rather announces a replacement that does not come than hides one that does.
 */
export function decideReplacement(recorded: RecordedSecret, desired: DesiredSecret, nowMs: number): ReplacementVerdict {
  const what = `secret ${recorded.secretId}`;
  if (recorded.status === "pending-verification") {
    const message = `${what} is not verified yet: it is verified again, other changes wait.`;
    return { action: "update", reason: Reason.VerificationPending, properties: ["status"], message };
  }
  if (recorded.status === "rejected") {
    const message = `${what} is not valid: it is deleted and a new one is made.`;
    const reason = Reason.SecretRejected;
    return { action: "replace", reason, properties: ["status"], deleteBeforeReplace: true, message };
  }
  const moved = findMovedOwner(recorded, desired);
  if (moved.length > 0) {
    const message = `${moved.join(" and ")} changed: ${what} is replaced.`;
    return { action: "replace", reason: Reason.OwnerChanged, properties: moved, deleteBeforeReplace: false, message };
  }
  const cause = findCause(recorded, desired, nowMs, "is replaced");
  if (cause) return { action: "replace", ...cause, deleteBeforeReplace: false };
  return decideByInputs(recorded, desired);
}

/** The last one differs from the program's only when a run could not act on it, for example one that only verified. */
const ECHOED = ["rotateBeforeExpiryHours", "secretExpiresAfterHours"] as const;

function decideByInputs(recorded: RecordedSecret, desired: DesiredSecret): ReplacementVerdict {
  const changed = findChangedInputs(recorded, desired, ECHOED);
  if (changed.length === 0) return { action: "keep", reason: Reason.UpToDate, message: "nothing to do." };
  const message = `${changed.join(", ")} changed: the record is updated, nothing is asked of Atlas.`;
  return { action: "update", reason: Reason.SettingsChanged, properties: changed, message };
}
