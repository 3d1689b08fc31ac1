/** What a program wants of a secret and what the state holds of one: the plain data that every decision here is made from. */

/** What can be recorded of the life of a secret. */
export const SECRET_STATUSES = ["active", "pending-verification", "rejected", "account-unassigned"] as const;

/** What is recorded of the life of a secret. */
export type SecretStatus = (typeof SECRET_STATUSES)[number];

/** What can be recorded of the life of a rotating resource. */
export const ROTATION_STATUSES = [
  "active",
  "overlapping",
  "pending-verification",
  "current-missing",
  "account-unassigned",
  "account-removed",
] as const;

/** What is recorded of the life of a rotating resource. */
export type RotationStatus = (typeof ROTATION_STATUSES)[number];

/** Stands for an input that only the real run will know. */
export const Unknown: unique symbol = Symbol("unknown until the real run");

/** A value, or `Unknown` in a preview. */
export type MaybeUnknown<T> = T | typeof Unknown;

/** Inputs as a preview may see them. */
export type Desired<T> = { readonly [K in keyof T]: MaybeUnknown<T[K]> };

/** Values by which a user forces a rotation: any change of any of them counts. */
export type Triggers = Readonly<Record<string, unknown>>;

/** Whose secret it is: a service account of a project or of an organization, so that one of the two ids is there. */
export interface OwnerInputs {
  readonly projectId?: string;
  readonly orgId?: string;
  readonly clientId: string;
}

/** Inputs that make the secret what it is. */
export interface SecretInputs extends OwnerInputs {
  readonly secretExpiresAfterHours: number;
  readonly triggers: Triggers;
}

/** Inputs whose change alone updates the record and sends no request. */
export interface LocalInputs {
  readonly rotateBeforeExpiryHours: number;
  readonly verify: boolean;
  readonly reclaimExpired: boolean;
  readonly mayRemove: readonly string[];
  readonly exclusive: boolean;
}

/** Inputs that the state keeps beside a secret, as the last run had them. */
export type EchoedInputs = OwnerInputs &
  Pick<SecretInputs, "secretExpiresAfterHours"> &
  Pick<LocalInputs, "rotateBeforeExpiryHours">;

/** What the program wants. Each input may be `Unknown` in a preview. */
export type DesiredSecret = Desired<SecretInputs & LocalInputs>;

/** One issued secret as the state holds it. Times are absent when the state does not hold a usable one. */
export interface RecordedIssue {
  readonly secretId: string;
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
  /** From when on a run rotates it, where the record states just that: an audit record holds no inputs. */
  readonly statedRotateAfterMs?: number;
  /** The lifetime that Atlas granted when it was issued, in hours. */
  readonly grantedHours?: number;
  /** The lifetime it was issued for; compared with the program's, unlike the echoed input. */
  readonly issuedForHours: number;
  /** The triggers it was issued for; compared with the program's, unlike the echoed input. */
  readonly issuedForTriggers: Triggers;
}

/** What the state holds of a secret: its issue, its status, and the inputs as the last run echoed them. */
export interface RecordedSecret extends RecordedIssue, EchoedInputs {
  readonly status: SecretStatus;
  /** Ids of the secrets that this one replaced: one of them may still wait for its deletion, and be in use. */
  readonly supersedes?: readonly string[];
}

/** Inputs that only a rotating resource has. */
export interface RotationInputs {
  /** How long the previous secret stays after its successor was promoted, in hours. */
  readonly overlapHours: number;
  /** After the overlap it goes once nobody has signed in with it for so many hours; 0: at the end of the overlap. */
  readonly quietHours: number;
}

/** What the program wants of a rotating resource. Each input may be `Unknown` in a preview. */
export type DesiredRotation = DesiredSecret & Desired<RotationInputs>;

/** A secret that was current before; its value is not kept. */
export interface PreviousSecret {
  readonly secretId: string;
  readonly expiresAtMs?: number;
  /** As of the last look at the account. */
  readonly lastUsedAtMs?: number;
}

/** What the state holds of a rotating resource: up to three secrets, and the inputs as the last run echoed them. */
export interface RecordedRotation extends EchoedInputs, RotationInputs {
  readonly current?: RecordedIssue;
  /** Whether a look at the account did not show the current secret. */
  readonly isCurrentMissing: boolean;
  readonly previous?: PreviousSecret;
  /** A secret that was issued and is not verified. */
  readonly pending?: RecordedIssue;
  /** The first operation that gave the current secret out without failing, by Atlas's time. */
  readonly promotedAtMs?: number;
  /** When its account left the set that it was in: its secrets go after the overlap, and nothing new is issued. */
  readonly removedAtMs?: number;
  /** From when on a run retires the previous secret, where the record states just that. */
  readonly statedRetireAfterMs?: number;
}

/** The inputs that say when the previous secret goes. */
export type RetirementInputs = Pick<DesiredRotation, "overlapHours" | "rotateBeforeExpiryHours" | "quietHours">;
