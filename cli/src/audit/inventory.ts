/**
 * What was gathered, as plain data: what each source records, and what Atlas lists. Nothing here is judged, and nothing here
 * can hold a value: ids, times, states and names alone. Times are in milliseconds since the epoch.
 */
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";

/** Whose the service account is, by level. */
export type OwnerLevel = "project" | "organization";

/** The project or organization that an account is listed under. */
export interface Owner {
  readonly level: OwnerLevel;
  readonly ownerId: string;
}

/** A service account. Its client id names it wherever it is used. */
export interface AccountKey extends Owner {
  readonly clientId: string;
}

/** Where statements come from. */
export interface Source {
  /** What a report calls it: `stack organization/shop/prod`, a path, `atlas`. */
  readonly name: string;
  readonly kind: "stack" | "stack-export" | "stack-outputs" | "atlas";
}

/** States that a record can have. */
export const STATUSES = [
  "active",
  "overlapping",
  "pending-verification",
  "rejected",
  "current-missing",
  "account-unassigned",
] as const;

/** One of them. */
export type RecordedStatus = (typeof STATUSES)[number];

/** What a record says of its current, previous or pending secret. */
export interface StatedSecret {
  readonly secretId: string;
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
  readonly lastUsedAtMs?: number;
  readonly verifiedAtMs?: number;
}

/** One resource of a state, or one audit record of a stack's outputs. */
export interface SecretRecord extends AccountKey {
  /** Name of the source. */
  readonly source: string;
  /** A urn, or the name of an output. */
  readonly location: string;
  readonly kind: "ours" | "mongodbatlas" | "audit-record";
  readonly isRotating: boolean;
  /** Whether it was replaced and only waits for its deletion. */
  readonly isPendingDeletion: boolean;
  readonly status?: RecordedStatus;
  readonly current?: StatedSecret;
  /** From when on a run makes a new secret. */
  readonly rotateAfterMs?: number;
  readonly pending?: StatedSecret;
  readonly previous?: StatedSecret;
  /** Since when the current secret is given out. */
  readonly promotedAtMs?: number;
  /** From when on the overlap of the previous secret is over. */
  readonly overlapOverMs?: number;
  /** From when on a run deletes the previous secret. */
  readonly retireAfterMs?: number;
  readonly generation?: number;
}

/** Operations that a state says were under way when it was written. */
export interface PendingOperations {
  readonly source: string;
  /** As `creating urn:...`. */
  readonly operations: readonly string[];
}

/** A service account as Atlas lists it. */
export interface ListedAccount extends AccountKey {
  readonly secrets: readonly HeldSecret[];
}

/** The credential that this audit signs in with, when it is a service account that was listed. */
export interface UsedCredential {
  readonly clientId: string;
  /** Ids of those secrets of the account that it can be. */
  readonly candidateIds: readonly string[];
}

/** Something that could not be read, so that the audit is not complete. */
export interface UnreadSource {
  readonly source: string;
  /** One sentence. */
  readonly message: string;
}

/** Everything that was gathered. */
export interface Inventory {
  readonly sources: readonly Source[];
  readonly records: readonly SecretRecord[];
  readonly pendingOperations: readonly PendingOperations[];
  /** Owners whose accounts were listed, every page. */
  readonly listedOwners: readonly Owner[];
  readonly accounts: readonly ListedAccount[];
  readonly credential?: UsedCredential;
  readonly unreadSources: readonly UnreadSource[];
}

/** Name of the source that is Atlas itself. */
export const ATLAS = "atlas";

/** The sources that record secrets: all but Atlas. */
export function listRecordSources({ sources }: Pick<Inventory, "sources">): readonly Source[] {
  return sources.filter(({ kind }) => kind !== "atlas");
}
