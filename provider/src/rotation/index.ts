/**
 * Entry `pulumi-atlas-secrets/rotation`: the pure verdicts, for policies, reports and programs.
 *
 * @module pulumi-atlas-secrets/rotation
 */
export type { AccountRef, HeldSecret } from "../atlas/types.js";
export { parseIsoTime, toIsoTime } from "../clock.js";
export {
  type AccountView,
  type AddressedAccount,
  canBeUnlisted,
  describeSecret,
  findSecret,
  isRecorded,
  isUnusedSinceVerification,
  type SecretRole,
  toRemoveCommand,
  type ViewedSecret,
} from "./account-view.js";
export {
  assess,
  decideNextUp,
  type Finding,
  isRemoved,
  listTurnsMs,
  type NextUp,
  type StatedResource,
  toCurrentIssue,
  toDueMs,
} from "./assess.js";
export { toRecordedRotateAfterMs } from "./due.js";
export { isLeftover } from "./leftover.js";
export {
  DEFAULT_QUIET_HOURS,
  MAX_OVERLAP_HOURS,
  toDefaultOverlapHours,
  toEffectiveOverlapHours,
  toOverlapOverMs,
  toQuietHours,
  toRetireAfterMs,
} from "./overlap.js";
export { LostReason, Reason, RemovalReason, SlotReason } from "./reasons.js";
export {
  decideRemoval,
  listWaysOut,
  type RemovalPurpose,
  type RemovalRequest,
  type RemovalVerdict,
  type SlotPolicy,
} from "./removal.js";
export { type ByHand, UNRECORDED_MS } from "./removal-by-hand.js";
export { decideReplacement, type ReplacementVerdict } from "./replacement.js";
export { toRetirement } from "./retirement.js";
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
  type RotationStatus,
  type SecretInputs,
  type SecretStatus,
  type Triggers,
  Unknown,
} from "./secret.js";
export { findSecretType, SECRET_TYPE_TOKENS, type SecretType } from "./secret-types.js";
export { decideSlot, SLOTS_PER_ACCOUNT, type SlotVerdict } from "./slot.js";
export {
  EXPIRY_MARGIN_MS,
  isExpired,
  MAX_LIFETIME_HOURS,
  MIN_LIFETIME_HOURS,
  SHORTENED_TO_HOURS,
  toDefaultWindowHours,
  toEffectiveWindowHours,
  toGrantedHours,
  toRotateAfterMs,
  toShortenedExpiryMs,
  toShortestWindowHours,
} from "./window.js";
