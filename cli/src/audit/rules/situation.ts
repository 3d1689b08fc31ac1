/** What every rule is given, and the words that they share. */
import { toRemoveCommand } from "pulumi-atlas-secrets/rotation";
import { describeAccount } from "../../wording.js";
import { type Account, type Holder, toClientKey } from "../accounts.js";
import { CODES, type CodeDescription, type FindingCode } from "../codes.js";
import type { FoundFault } from "../finding.js";
import { ATLAS, type Inventory, type Owner, type RecordedResource } from "../inventory.js";

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
  /** The owners whose lists were read, and the accounts that they hold, as `toListingKey` writes them. */
  readonly listings: ReadonlySet<string>;
}

/** An owner, or an account of it, as one text. */
export function toListingKey({ level, ownerId }: Owner, clientId = ""): string {
  return `${level} ${ownerId} ${toClientKey({ clientId })}`;
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

/** A fault of what resources record, with the advice for their kind. */
export function toFault(
  code: FindingCode,
  account: Pick<Account, "key" | "isListed">,
  resources: readonly RecordedResource[],
  what: string,
  secretId = "",
): FoundFault {
  const { adviceByHand }: CodeDescription = CODES[code];
  const isByHand = resources.length > 0 && resources.every(({ reading }) => reading.kind === "manual");
  return {
    code,
    account: account.key,
    message: sayOf(account, what),
    ...(isByHand && adviceByHand !== undefined && { advice: adviceByHand }),
    ...(secretId !== "" && { secretId }),
    ...toEvidence(account, ...resources),
  };
}

/** A fault of what holds a slot. */
export function toHolderFault(code: FindingCode, account: Account, holder: Holder, what: string): FoundFault {
  const resources = holder.statements.map(({ resource }) => resource);
  return toFault(code, account, resources, what, holder.secretId);
}

/**
 * What ends the slot of a secret that no source records: nothing, unless every stack of the backend was read. The command looks at
 * all of them once more.
 */
export function offerRemoval(
  { key, credentialPrefix }: Account,
  secretId: string,
  { inventory }: Situation,
): string | undefined {
  if (!inventory.hasAllStacks || inventory.unreadSources.length > 0) return undefined;
  const account = { ...key, ...(credentialPrefix !== undefined && { credentialPrefix }) };
  return (
    "No stack of this backend records it; another backend, a tool or a person may hold it. If you know that nobody does, " +
    `'${toRemoveCommand(account, secretId)}' looks at every state and at its use before it deletes it.`
  );
}
