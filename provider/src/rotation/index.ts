/** Entry `pulumi-atlas-secrets/rotation`: the pure verdicts, for policies, reports and programs. */
export { parseIsoTime } from "../clock.js";
export { type AssessedPrevious, type AssessedSecret, assess, type Finding } from "./assess.js";
export { toRecordedRotateAfterMs } from "./due.js";
export {
  MAX_OVERLAP_HOURS,
  toDefaultOverlapHours,
  toEffectiveOverlapHours,
  toOverlapOverMs,
  toRetireAfterMs,
} from "./overlap.js";
export { OverdueReason, Reason, RetirementReason, SlotReason } from "./reasons.js";
export { decideReplacement, type ReplacementVerdict } from "./replacement.js";
export { decideRetirement, type RetirementSituation, type RetirementVerdict } from "./retirement.js";
export { decideRotation, type RotationVerdict } from "./rotating.js";
export {
  type Desired,
  type DesiredRotation,
  type DesiredSecret,
  type LocalInputs,
  type MaybeUnknown,
  type OwnerInputs,
  type PreviousSecret,
  type RecordedIssue,
  type RecordedRotation,
  type RecordedSecret,
  type RetirementInputs,
  type RotationInputs,
  type SecretInputs,
  type SecretStatus,
  type Triggers,
  Unknown,
} from "./secret.js";
export { findSecretType, SECRET_TYPE_TOKENS, type SecretType } from "./secret-types.js";
export {
  BIRTH_VERIFICATION_MS,
  decideSlot,
  describeSecret,
  EXPIRY_MARGIN_MS,
  type HeldSecret,
  isExpired,
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
