/**
 * Why something is done or refused: each constant names the fault that was found. They appear in verdicts, audit records
 * and policy messages, and do not change meaning between versions.
 */

/** Reasons of `decideReplacement` and `decideRotation`. */
export const Reason = {
  /** The state agrees with the program and no time limit is reached. */
  UpToDate: "UpToDate",
  /** The project or the service account is another one. */
  OwnerChanged: "OwnerChanged",
  /** `secretExpiresAfterHours` differs from what the secret was issued for. */
  ExpiryChanged: "ExpiryChanged",
  /** `triggers` differ from what the secret was issued for. */
  TriggersChanged: "TriggersChanged",
  /** The secret's own expiry is over. */
  Expired: "Expired",
  /** `rotateAfter` is over. */
  InsideRotationWindow: "InsideRotationWindow",
  /** The last run could not prove that the secret works. */
  VerificationPending: "VerificationPending",
  /** Atlas said in a later run that the secret is not valid. */
  SecretRejected: "SecretRejected",
  /** Only inputs changed that need no request. */
  SettingsChanged: "SettingsChanged",
  /** No secret is recorded as current, or the account holds the recorded one no more. */
  CurrentMissing: "CurrentMissing",
  /** A rotation is due, and waits because the previous secret still holds its slot and may not go yet. */
  PreviousHoldsSlot: "PreviousHoldsSlot",
  /** `retireAfter` is over: the previous secret is deleted unless it is in use. */
  OverlapOver: "OverlapOver",
  /** A previous secret is recorded, but not since when its successor is delivered: its overlap begins now. */
  PromotionUnrecorded: "PromotionUnrecorded",
} as const;

/** One of the reasons for an action on a recorded secret. */
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Reasons of `decideSlot`. */
export const SlotReason = {
  /** A slot is free. */
  SlotFree: "SlotFree",
  /** The resource's own previous secret holds the slot that is needed, and may go. */
  PreviousHoldsSlot: "PreviousHoldsSlot",
  /** An expired secret holds the slot that is needed. */
  ExpiredHoldsSlot: "ExpiredHoldsSlot",
  /** A secret named in `mayRemove` holds the slot that is needed. */
  RemovableHoldsSlot: "RemovableHoldsSlot",
  /** On an exclusive account, a secret that is newer than the recorded one and unused since its birth holds the slot. */
  OrphanHoldsSlot: "OrphanHoldsSlot",
  /** Secrets that may not be removed hold all slots. */
  AccountFull: "AccountFull",
} as const;

/** One of the reasons for a decision about slots. */
export type SlotReason = (typeof SlotReason)[keyof typeof SlotReason];

/** Reasons of `assess`. */
export const OverdueReason = {
  /** The secret's own expiry is over. */
  Expired: "Expired",
  /** `rotateAfter` is over. */
  InsideRotationWindow: "InsideRotationWindow",
  /** `retireAfter` of the previous secret is over. */
  OverlapOver: "OverlapOver",
} as const;

/** One of the reasons why a run is overdue. */
export type OverdueReason = (typeof OverdueReason)[keyof typeof OverdueReason];

/** Reasons of `decideLostSecret`. */
export const LostReason = {
  /** The account holds nothing that it did not hold before. */
  NothingNew: "NothingNew",
  /** The account holds one more secret, and all that is known says that it is the lost one. */
  LostSecretEvident: "LostSecretEvident",
  /** The account changed otherwise: what is new may be somebody's. */
  NotEvident: "NotEvident",
} as const;

/** One of the reasons for a decision about a lost secret. */
export type LostReason = (typeof LostReason)[keyof typeof LostReason];

/** Reasons of `decideRetirement`. */
export const RetirementReason = {
  /** The account does not hold the previous secret. */
  PreviousGone: "PreviousGone",
  /** It has expired by Atlas's time. */
  PreviousExpired: "PreviousExpired",
  /** Nobody used it after its successor was delivered. */
  UnusedSincePromotion: "UnusedSincePromotion",
  /** It was used after its successor was delivered, and `quietHours: 0` lets it go all the same. */
  InUseAllowed: "InUseAllowed",
  /** It was used after its successor was delivered. */
  InUse: "InUse",
  /** Its overlap is not over by Atlas's time, or the delivery of its successor is not recorded. */
  OverlapRunning: "OverlapRunning",
  /** The account does not hold its successor: consumers may have nothing else. */
  SuccessorMissing: "SuccessorMissing",
} as const;

/** One of the reasons for a decision about a previous secret. */
export type RetirementReason = (typeof RetirementReason)[keyof typeof RetirementReason];
