/**
 * Decides what becomes of one recorded secret: keep, update in place, or replace. Plain data and `now` in, verdict out;
 * total, never throws, knows no network and no clock.
 *
 *   pending-verification --update--> active            (the new value works)
 *   pending-verification --update--> rejected          (a later run was told that it is not valid)
 *   rejected             --replace, delete first-->    a new secret
 *   active               --replace-->                  a new secret (owner, expiry or triggers changed, window reached)
 */
import { isDeepStrictEqual } from "node:util";
import { toIsoTime } from "../clock.js";
import { Reason } from "./reasons.js";
import { toEffectiveWindowHours, toRotateAfterMs } from "./window.js";

/** What is recorded of the life of a secret. */
export type SecretStatus = "active" | "pending-verification" | "rejected" | "account-unassigned";

/** Stands for an input that only the real run will know. */
export const Unknown: unique symbol = Symbol("unknown until the real run");

/** A value, or `Unknown` in a preview. */
export type MaybeUnknown<T> = T | typeof Unknown;

/** Values by which a user forces a rotation: any change of any of them replaces. */
export type Triggers = Readonly<Record<string, unknown>>;

/** Inputs whose change alone updates the record and sends no request. */
export interface LocalInputs {
  readonly rotateBeforeExpiryHours: number;
  readonly verify: boolean;
  readonly reclaimExpired: boolean;
  readonly mayRemove: readonly string[];
  readonly exclusive: boolean;
}

/** What the program wants. Each input may be `Unknown` in a preview. */
export type DesiredSecret = {
  readonly [K in keyof (SecretInputs & LocalInputs)]: MaybeUnknown<(SecretInputs & LocalInputs)[K]>;
};

/** Inputs that make the secret what it is. */
export interface SecretInputs {
  readonly projectId: string;
  readonly clientId: string;
  readonly secretExpiresAfterHours: number;
  readonly triggers: Triggers;
}

/** What the state holds of a secret. Times are absent when the state does not hold a usable one. */
export interface RecordedSecret extends LocalInputs {
  readonly projectId: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly status: SecretStatus;
  readonly expiresAtMs?: number;
  /** The lifetime that Atlas granted when it was issued, in hours. */
  readonly grantedHours?: number;
  /** The lifetime it was issued for; compared with the program's, unlike the echoed input. */
  readonly issuedForHours: number;
  /** The triggers it was issued for; compared with the program's, unlike the echoed input. */
  readonly issuedForTriggers: Triggers;
  /** Inputs echoed by the last run. */
  readonly secretExpiresAfterHours: number;
  readonly triggers: Triggers;
}

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
    const message = `${what} is not proven to work yet: it is verified again, other changes wait.`;
    return { action: "update", reason: Reason.VerificationPending, properties: ["status"], message };
  }
  if (recorded.status === "rejected") {
    return toReplace(
      Reason.SecretRejected,
      ["status"],
      `${what} is not valid: it is deleted and a new one is made.`,
      true,
    );
  }
  const moved = (["projectId", "clientId"] as const).filter((key) => desired[key] !== recorded[key]);
  if (moved.length > 0)
    return toReplace(Reason.OwnerChanged, moved, `${moved.join(" and ")} changed: ${what} is replaced.`);
  if (desired.secretExpiresAfterHours !== recorded.issuedForHours) {
    const message = `secretExpiresAfterHours changed: ${what}, issued for ${recorded.issuedForHours} h, is replaced.`;
    return toReplace(Reason.ExpiryChanged, ["secretExpiresAfterHours"], message);
  }
  if (desired.triggers === Unknown || !isSameJson(desired.triggers, recorded.issuedForTriggers)) {
    return toReplace(Reason.TriggersChanged, ["triggers"], `triggers changed: ${what} is replaced.`);
  }
  return decideByTime(recorded, desired, nowMs, what) ?? decideByLocalInputs(recorded, desired);
}

/** Whether two values are the same once the state has kept them as JSON, which knows no -0. */
function isSameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}

function decideByTime(
  recorded: RecordedSecret,
  desired: DesiredSecret,
  nowMs: number,
  what: string,
): ReplacementVerdict | undefined {
  const { expiresAtMs } = recorded;
  if (expiresAtMs === undefined) return undefined;
  if (nowMs >= expiresAtMs) {
    return toReplace(Reason.Expired, ["expiresAt"], `${what} expired at ${toIsoTime(expiresAtMs)}: it is replaced.`);
  }
  const window = desired.rotateBeforeExpiryHours;
  if (window === Unknown) return undefined;
  const rotateAfterMs = toRecordedRotateAfterMs({ ...recorded, rotateBeforeExpiryHours: window });
  if (rotateAfterMs === undefined || nowMs < rotateAfterMs) return undefined;
  const message =
    `${what} expires at ${toIsoTime(expiresAtMs)} and is inside its rotation window since ${toIsoTime(rotateAfterMs)}: ` +
    "it is replaced.";
  return toReplace(Reason.InsideRotationWindow, ["rotateAfter"], message);
}

/** The time from which a recorded secret is due, in milliseconds since the epoch; absent when the state holds no expiry. */
export function toRecordedRotateAfterMs(
  recorded: Pick<RecordedSecret, "expiresAtMs" | "grantedHours" | "issuedForHours" | "rotateBeforeExpiryHours">,
): number | undefined {
  const { expiresAtMs, rotateBeforeExpiryHours, issuedForHours } = recorded;
  if (expiresAtMs === undefined) return undefined;
  const granted = recorded.grantedHours ?? issuedForHours;
  const ms = toRotateAfterMs(expiresAtMs, toEffectiveWindowHours(rotateBeforeExpiryHours, granted, issuedForHours));
  return Math.abs(ms) <= MAX_TIME_MS ? ms : undefined;
}

/** Times further away than this cannot be written; only a damaged state has them. @see ECMA-262, Time Values */
const MAX_TIME_MS = 8.64e15;

const LOCAL_INPUTS = ["rotateBeforeExpiryHours", "verify", "reclaimExpired", "mayRemove", "exclusive"] as const;

function decideByLocalInputs(recorded: RecordedSecret, desired: DesiredSecret): ReplacementVerdict {
  const changed: string[] = LOCAL_INPUTS.filter((key) => !isDeepStrictEqual(desired[key], recorded[key]));
  // Echoed inputs can lag behind what the secret was issued for, for example after a run that only verified.
  if (recorded.secretExpiresAfterHours !== recorded.issuedForHours) changed.push("secretExpiresAfterHours");
  if (!isDeepStrictEqual(recorded.triggers, recorded.issuedForTriggers)) changed.push("triggers");
  if (changed.length === 0) return { action: "keep", reason: Reason.UpToDate, message: "nothing to do." };
  const message = `${changed.join(", ")} changed: the record is updated, nothing is asked of Atlas.`;
  return { action: "update", reason: Reason.SettingsChanged, properties: changed, message };
}

function toReplace(
  reason: Reason,
  properties: readonly string[],
  message: string,
  deleteBeforeReplace = false,
): ReplacementVerdict {
  return { action: "replace", reason, properties, deleteBeforeReplace, message };
}
