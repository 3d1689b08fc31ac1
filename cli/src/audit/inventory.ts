/**
 * What was gathered, as plain data: what each source records, and what Atlas lists. Nothing here is judged. What a source marks
 * as a secret is dropped before it gets here. Times are in milliseconds since the epoch.
 */
import { listRecorded, type RecordedSecretOf, type StateReading } from "pulumi-atlas-secrets/records";
import type { AccountRef, HeldSecret } from "pulumi-atlas-secrets/rotation";

/** The project or organization that an account is listed under. */
export type Owner = Pick<AccountRef, "level" | "ownerId">;

/** Where statements come from. */
export interface Source {
  /** What a report calls it: `stack organization/shop/prod`, a path, `atlas`. */
  readonly name: string;
  readonly kind: "stack" | "stack-export" | "stack-outputs" | "atlas";
  /** When it was read, or written where it is a file, by Atlas's clock where that is known; absent: just now. */
  readonly asOfMs?: number;
}

/** What a resource of a state, or an audit record, says: it names an account. */
export type Reading = Exclude<StateReading, { readonly kind: "damaged" }>;

/** One resource of a state, or one audit record of a stack's outputs. */
export interface RecordedResource {
  /** Name of the source. */
  readonly source: string;
  /** A urn, or the name of an output. */
  readonly location: string;
  /** Whether it was replaced and only waits for its deletion. */
  readonly isPendingDeletion: boolean;
  /** Name of the explicit provider that looks after it, with a credential of its own. */
  readonly provider?: string;
  readonly reading: Reading;
}

/** Operations that a state says were under way when it was written. */
export interface PendingOperations {
  readonly source: string;
  /** As `creating urn:...`. */
  readonly operations: readonly string[];
}

/** A service account as Atlas lists it. */
export interface ListedAccount extends AccountRef {
  readonly name?: string;
  /** Of the variables with the credential that listed it, where that is not the usual one. */
  readonly credentialPrefix?: string;
  readonly secrets: readonly HeldSecret[];
}

/** A credential that this audit signs in with, when it is a service account that was listed. */
export interface UsedCredential {
  readonly clientId: string;
  /** Ids of those secrets of the account that it can be. */
  readonly candidateIds: readonly string[];
}

/** Something that could not be read, so that the report is not complete. */
export interface UnreadSource {
  readonly source: string;
  /** One sentence. */
  readonly message: string;
}

/** Everything that was gathered. */
export interface Inventory {
  readonly sources: readonly Source[];
  readonly resources: readonly RecordedResource[];
  readonly pendingOperations: readonly PendingOperations[];
  /** Owners whose accounts were listed, every page. */
  readonly listedOwners: readonly Owner[];
  readonly accounts: readonly ListedAccount[];
  readonly credentials: readonly UsedCredential[];
  readonly unreadSources: readonly UnreadSource[];
  /** Whether every stack of the backend was asked for. */
  readonly hasAllStacks: boolean;
  /** Whether secrets of accounts that no source records are found too. */
  readonly hasUnmanaged: boolean;
}

/** Name of the source that is Atlas itself. */
export const ATLAS = "atlas";

/** The secrets that a resource records, and as what: all that is replaced waits for its deletion. */
export function listRoles({ reading, isPendingDeletion }: RecordedResource): readonly RecordedSecretOf[] {
  return listRecorded(reading).map((one) => (isPendingDeletion ? { ...one, role: "pending-deletion" } : one));
}

/** The sources that record secrets: all but Atlas. */
export function listRecordSources({ sources }: Pick<Inventory, "sources">): readonly Source[] {
  return sources.filter(({ kind }) => kind !== "atlas");
}
