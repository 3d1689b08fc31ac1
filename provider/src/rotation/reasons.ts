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
  /** The last run could not verify the secret. */
  VerificationPending: "VerificationPending",
  /** Atlas said in a later run that the secret is not valid. */
  SecretRejected: "SecretRejected",
  /** Only inputs changed that need no request. */
  SettingsChanged: "SettingsChanged",
  /** No secret is recorded as current, or the account holds the recorded one no more. */
  CurrentMissing: "CurrentMissing",
  /** A rotation is due, and waits because the previous secret still holds its slot and may not go yet. */
  PreviousHoldsSlot: "PreviousHoldsSlot",
  /** `retireAfter` is over: the previous secret is deleted once it is quiet. */
  OverlapOver: "OverlapOver",
  /** A previous secret is recorded, but not when its successor was promoted: its overlap begins now. */
  PromotionUnrecorded: "PromotionUnrecorded",
  /** The account left its set: its secrets stay for the overlap. */
  AccountRemoved: "AccountRemoved",
} as const;

/** One of the reasons for an action on a recorded secret. */
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Reasons of `decideSlot` beside those of `decideRemoval`. */
export const SlotReason = {
  /** A slot is free. */
  SlotFree: "SlotFree",
  /** Secrets that may not be removed hold all slots. */
  AccountFull: "AccountFull",
} as const;

/** Reasons of `decideRemoval`. The first ones let a secret go. */
export const RemovalReason = {
  /** It has expired by Atlas's time. */
  Expired: "Expired",
  /** It is the resource's own previous secret, and may make room for the next one. */
  PreviousMayGo: "PreviousMayGo",
  /** `mayRemove` names it. */
  NamedInMayRemove: "NamedInMayRemove",
  /** A killed run left it, by all that is known; it goes where the account is exclusive. */
  Leftover: "Leftover",
  /** It is the previous one, its overlap is over, and it is quiet. */
  OverlapOver: "OverlapOver",
  /** It is pending and of no use to anybody. */
  Unusable: "Unusable",
  /** What supersedes it could not be verified, so that its consumers still have it. */
  SuccessorUnverified: "SuccessorUnverified",
  /** The engine deletes its resource. */
  ResourceDeleted: "ResourceDeleted",
  /** All that is known says that a lost response announced it. */
  LostResponse: "LostResponse",
  /** A person asked for it, and nothing speaks against it. */
  ByHand: "ByHand",
  /** This process created it for a trial. */
  CreatedForTrial: "CreatedForTrial",
  /** The account does not hold it. */
  NotOnAccount: "NotOnAccount",
  /** Its owner's list lacks the account: it was unassigned or deleted. */
  AccountUnassigned: "AccountUnassigned",
  /** No look at the account was taken yet. */
  NotSeen: "NotSeen",
  /** It is, or cannot be told from, the credential that the provider signs in with. */
  OwnCredential: "OwnCredential",
  /** The stack records it. */
  Recorded: "Recorded",
  /** Nothing that the engine told records it: it may be somebody's. */
  Untracked: "Untracked",
  /** It has expired, and `reclaimExpired` is false. */
  ReclaimOff: "ReclaimOff",
  /** It was used too short a time ago. */
  InUse: "InUse",
  /** Its overlap is not over, or the promotion of its successor is not recorded. */
  OverlapRunning: "OverlapRunning",
  /** The account does not hold its successor: consumers may have nothing else. */
  SuccessorMissing: "SuccessorMissing",
  /** Atlas's answer held no time to compare with. */
  NoServerTime: "NoServerTime",
  /** Records, uses or what could not be read speak against a deletion by hand. */
  Objections: "Objections",
} as const;

/** One of the reasons for a decision about a deletion. */
export type RemovalReason = (typeof RemovalReason)[keyof typeof RemovalReason];

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
