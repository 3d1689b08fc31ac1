/** The inventory by service account: what holds its slots, who records what, and what Atlas says. Pure. */
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { AccountKey, Inventory, ListedAccount, Owner, SecretRecord, StatedSecret } from "./inventory.js";

/** What a record takes a secret for. */
export type Role = "current" | "pending" | "previous" | "pending-deletion";

/** One record's statement about one secret. */
export interface Statement {
  readonly role: Role;
  readonly secret: StatedSecret;
  readonly record: SecretRecord;
}

/** A secret that holds a slot, as far as is known. */
export interface Holder {
  readonly secretId: string;
  /** As Atlas lists it; absent when nobody asked Atlas about the account. */
  readonly listed?: HeldSecret;
  readonly statements: readonly Statement[];
  /** Atlas's word where there is one, else the earliest that a record states. */
  readonly expiresAtMs?: number;
}

/** One account with everything that is known of it. */
export interface AccountView {
  readonly key: AccountKey;
  readonly records: readonly SecretRecord[];
  /** Whether Atlas listed it, under whatever owner. */
  readonly isListed: boolean;
  /** What Atlas lists, or what is recorded when it was not listed; by id. */
  readonly holders: readonly Holder[];
  /** Every secret that is recorded, with what is said of it; by id. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
}

/** Groups an inventory by account, sorted by client id. The order of records and pages makes no difference. */
export function toAccountViews({ records, accounts }: Pick<Inventory, "records" | "accounts">): AccountView[] {
  const clientIds = new Set([...records, ...accounts].map(({ clientId }) => clientId));
  const recordsOf = groupBy(records, ({ clientId }) => clientId);
  const listingsOf = groupBy(accounts, ({ clientId }) => clientId);
  return [...clientIds].sort().map((clientId) => toView(recordsOf.get(clientId) ?? [], listingsOf.get(clientId) ?? []));
}

/** What a record says of its secrets, with the role that it takes each for. */
export function toStatements(record: SecretRecord): Statement[] {
  const { current, pending, previous, isPendingDeletion } = record;
  const roles = { current: isPendingDeletion ? "pending-deletion" : "current", pending: isPendingDeletion ? "pending-deletion" : "pending" } as const;
  return [
    ...(current ? [{ role: roles.current, secret: current, record }] : []),
    ...(pending ? [{ role: roles.pending, secret: pending, record }] : []),
    ...(previous ? [{ role: isPendingDeletion ? ("pending-deletion" as const) : ("previous" as const), secret: previous, record }] : []),
  ];
}

/** Whether an owner's list was read, and does not hold the account of a record. */
export function isUnassigned(record: SecretRecord, { listedOwners, accounts }: Inventory): boolean {
  const isOfOwner = ({ level, ownerId }: Owner) => level === record.level && ownerId === record.ownerId;
  return (
    listedOwners.some(isOfOwner) &&
    !accounts.some((account) => isOfOwner(account) && account.clientId === record.clientId)
  );
}

function toView(unsorted: readonly SecretRecord[], listings: readonly ListedAccount[]): AccountView {
  const records = unsorted.toSorted(
    (a, b) =>
      compare(a.source, b.source) || compare(a.place, b.place) || compare(a.current?.secretId, b.current?.secretId),
  );
  const statements = groupBy(records.flatMap(toStatements), ({ secret }) => secret.secretId);
  const isListed = listings.length > 0;
  const inOrder = listings.toSorted((a, b) => compare(a.ownerId, b.ownerId));
  const listed = new Map(inOrder.flatMap(({ secrets }) => secrets).map((secret) => [secret.id, secret]));
  const ids = isListed ? [...listed.keys()] : [...statements.keys()];
  const holders = ids.sort().map((id) => toHolder(id, listed.get(id), statements.get(id) ?? []));
  return { key: toKey(records, listings), records, isListed, holders, statements };
}

/** An account can be listed under several owners, and recorded under another one: the first by id names it. */
function toKey(records: readonly SecretRecord[], listings: readonly ListedAccount[]): AccountKey {
  const keys = (records.length > 0 ? records : listings).map(({ level, ownerId, clientId }) => ({
    level,
    ownerId,
    clientId,
  }));
  const [key] = keys.sort((a, b) => compare(a.ownerId, b.ownerId) || compare(a.level, b.level));
  if (!key) throw new Error("an account without a record and without a listing");
  return key;
}

function toHolder(secretId: string, listed: HeldSecret | undefined, statements: readonly Statement[]): Holder {
  const stated = statements.flatMap(({ secret: { expiresAtMs } }) => (expiresAtMs === undefined ? [] : [expiresAtMs]));
  const expiresAtMs = listed?.expiresAtMs ?? (stated.length > 0 ? Math.min(...stated) : undefined);
  return {
    secretId,
    statements,
    ...(listed && { listed }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
}

function groupBy<T>(all: readonly T[], toKey: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(toKey(one));
    if (group) group.push(one);
    else groups.set(toKey(one), [one]);
  }
  return groups;
}

/** Orders texts by their code units, absent ones first. */
export function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
