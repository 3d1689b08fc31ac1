/** What every rule is given, and the words that they share. */
import { describeAccount } from "../../wording.js";
import type { Account, Holder } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import { ATLAS, type Inventory, type RecordedResource } from "../inventory.js";

/** Limits that a user may set. */
export interface AuditLimits {
  /** A secret whose lifetime is longer is found. */
  readonly maxLifetimeHours: number;
  /** How long after its rotation point the only secret of an account may wait for the next run. */
  readonly graceHours: number;
  /** How old a secret must be before it counts as never used. */
  readonly unusedAfterHours: number;
  /** How long before its end the credential of the audit itself is found. */
  readonly credentialHours: number;
}

/** The limits as they are when nothing is said. */
export const DEFAULT_LIMITS: AuditLimits = {
  maxLifetimeHours: 720,
  graceHours: 24,
  unusedAfterHours: 168,
  credentialHours: 168,
};

/** What is judged, and when. */
export interface Situation {
  readonly inventory: Inventory;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly limits: AuditLimits;
}

/** Finds faults of one account. */
export type AccountRule = (account: Account, situation: Situation) => FoundFault[];

/** A sentence about an account. */
export function sayOf({ key }: Pick<Account, "key">, what: string): string {
  return `${describeAccount(key)}: ${what}`;
}

/** Where a statement about a recorded secret comes from: its record, and Atlas when that listed the account. */
export function toEvidence({ isListed }: Pick<Account, "isListed">, ...resources: readonly RecordedResource[]) {
  const names = resources.map(({ source }) => source);
  return {
    sources: isListed ? [...names, ATLAS] : names,
    locations: resources.map(({ source, location }) => `${source} ${location}`),
  };
}

/** Where a statement about what holds a slot comes from. */
export function toHolderEvidence(account: Account, holder: Holder) {
  return toEvidence(account, ...holder.statements.map(({ resource }) => resource));
}

/** The holder of a slot with this id. */
export function findHolder({ holders }: Account, secretId: string): Holder | undefined {
  return holders.find((holder) => holder.secretId === secretId);
}
