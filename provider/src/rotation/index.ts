/** Entry `pulumi-atlas-secrets/rotation`: the pure verdicts, for policies, reports and programs. */
export { parseIsoTime } from "../clock.js";
export { type AssessedPrevious, type AssessedSecret, assess, type Finding } from "./assess.js";
export { OverdueReason, Reason, SlotReason } from "./reasons.js";
export {
  type DesiredSecret,
  decideReplacement,
  type LocalInputs,
  type MaybeUnknown,
  type RecordedSecret,
  type ReplacementVerdict,
  type SecretInputs,
  type SecretStatus,
  type Triggers,
  toRecordedRotateAfterMs,
  Unknown,
} from "./replacement.js";
export {
  BIRTH_VERIFICATION_MS,
  decideSlot,
  describeSecret,
  EXPIRY_MARGIN_MS,
  type HeldSecret,
  isUnusedSinceBirth,
  SLOTS_PER_ACCOUNT,
  type SlotPolicy,
  type SlotVerdict,
} from "./slot.js";
export {
  MAX_LIFETIME_HOURS,
  MIN_LIFETIME_HOURS,
  toDefaultWindowHours,
  toEffectiveWindowHours,
  toGrantedHours,
  toRotateAfterMs,
  toShortestWindowHours,
} from "./window.js";
