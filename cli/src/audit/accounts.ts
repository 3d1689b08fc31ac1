/** The inventory by service account: what holds its slots, who records what, and what Atlas says. Pure. */
import { listRecorded, type RecordedRole, type RecordedSecretOf } from "pulumi-atlas-secrets/records";
import { type AccountRef, type AccountView, type HeldSecret, UNRECORDED_MS } from "pulumi-atlas-secrets/rotation";
import { type Inventory, type ListedAccount, listRoles, type RecordedResource } from "./inventory.js";
import { type SeenResource, toSeenResource } from "./seen.js";

/** What a record takes a secret for. */
export type Role = RecordedRole;

/** One resource's statement about one secret. */
export interface Statement extends RecordedSecretOf {
  readonly resource: SeenResource;
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
export interface Account {
  readonly key: AccountRef;
  /** As people named it at Atlas; absent when Atlas did not list it. */
  readonly name?: string;
  /** Of the variables with the credential that listed it, where that is not the usual one. */
  readonly credentialPrefix?: string;
  readonly resources: readonly SeenResource[];
  /** Whether Atlas listed it, under whatever owner. */
  readonly isListed: boolean;
  /** What Atlas lists, or what is recorded when it was not listed; by id. */
  readonly holders: readonly Holder[];
  /** Every secret that is recorded, with what is said of it; by id. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
}

/** Groups an inventory by account, sorted by client id. The order of records and pages makes no difference. */
export function toAccounts(
  { resources, accounts, sources }: Pick<Inventory, "resources" | "accounts" | "sources">,
  nowMs: number,
): Account[] {
  const asOfMs = new Map(sources.map((source) => [source.name, source.asOfMs ?? nowMs]));
  const resourcesOf = groupBy(resources, ({ reading }) => toClientKey(reading.account));
  const listingsOf = groupBy(accounts, toClientKey);
  return [...new Set([...resourcesOf.keys(), ...listingsOf.keys()])].sort().map((clientId) => {
    return toAccount(resourcesOf.get(clientId) ?? [], listingsOf.get(clientId) ?? [], asOfMs, nowMs);
  });
}

/** Whether a run may have made the secret after a state of this time was read, or so shortly before that it was not recorded yet. */
export function canBeLater({ createdAtMs }: HeldSecret, asOfMs: number): boolean {
  return createdAtMs > asOfMs - UNRECORDED_MS;
}

/** What a resource says of its secrets, with the role that it takes each for. */
export function toStatements(resource: SeenResource): Statement[] {
  return listRoles(resource).map((recorded) => ({ ...recorded, resource }));
}

const ROLES: readonly Role[] = ["current", "pending", "previous", "pending-deletion"];

/** The statement that counts: a secret that is current by one source is that, even if an older state calls it something else. */
export function findMainStatement(statements: readonly Statement[]): Statement | undefined {
  return statements.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))[0];
}

/**
 * A listed account as the decisions about removals take it. Never complete: what none of the sources records may be another
 * stack's.
 */
export function toAccountView({ key, holders }: Account): AccountView {
  const secrets = holders.flatMap(({ listed, statements }) => {
    const role = findMainStatement(statements)?.role ?? ("untracked" as const);
    return listed ? [{ ...listed, role, mayBeCredential: false }] : [];
  });
  return { account: key, secrets, serverAheadMs: 0, isRecordComplete: false };
}

function toAccount(
  unsorted: readonly RecordedResource[],
  listings: readonly ListedAccount[],
  asOfMs: ReadonlyMap<string, number>,
  nowMs: number,
): Account {
  const isListed = listings.length > 0;
  const inOrder = listings.toSorted((a, b) => compare(a.ownerId, b.ownerId));
  const listed = new Map(inOrder.flatMap(({ secrets }) => secrets).map((secret) => [secret.id, secret]));
  const known = new Set(unsorted.flatMap(({ reading }) => listRecorded(reading)).map(({ secretId }) => secretId));
  const untracked = [...listed.values()].filter(({ id }) => !known.has(id));
  const resources = unsorted
    .toSorted((a, b) => compare(a.source, b.source) || compare(a.location, b.location) || compare(toId(a), toId(b)))
    .map((resource) => {
      const laterThanIt = untracked.filter((one) => canBeLater(one, asOfMs.get(resource.source) ?? nowMs));
      return toSeenResource(resource, isListed ? [...listed.values()] : undefined, laterThanIt, nowMs);
    });
  const statements = groupBy(resources.flatMap(toStatements), ({ secretId }) => secretId);
  // What is known only by its id may be deleted long since.
  const recorded = [...statements].filter(([, all]) => all.some(({ secret }) => secret)).map(([id]) => id);
  const ids = isListed ? [...listed.keys()] : recorded;
  const holders = ids.sort().map((id) => toHolder(id, listed.get(id), statements.get(id) ?? []));
  const name = inOrder.find((account) => account.name)?.name;
  const key = toKey(resources, listings);
  const { credentialPrefix } = inOrder.find(({ ownerId }) => ownerId === key.ownerId) ?? {};
  const listing = { ...(name && { name }), ...(credentialPrefix !== undefined && { credentialPrefix }) };
  return { key, ...listing, resources, isListed, holders, statements };
}

function toId({ reading }: RecordedResource): string | undefined {
  return listRecorded(reading).at(-1)?.secretId;
}

/** An account can be listed under several owners, and recorded under another one: the first by id names it. */
function toKey(resources: readonly RecordedResource[], listings: readonly ListedAccount[]): AccountRef {
  const keys = (resources.length > 0 ? resources.map(({ reading }) => reading.account) : listings).map(
    ({ level, ownerId, clientId }) => ({ level, ownerId, clientId }),
  );
  const [key] = keys.sort((a, b) => compare(a.ownerId, b.ownerId) || compare(a.level, b.level));
  if (!key) throw new Error("an account without a record and without a listing");
  return key;
}

function toHolder(secretId: string, listed: HeldSecret | undefined, statements: readonly Statement[]): Holder {
  const stated = statements.flatMap(({ secret }) => secret?.expiresAtMs ?? []);
  const expiresAtMs = listed?.expiresAtMs ?? (stated.length > 0 ? Math.min(...stated) : undefined);
  return {
    secretId,
    statements,
    ...(listed && { listed }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
}

/** What tells accounts apart: hex digits of either case are allowed. */
export function toClientKey({ clientId }: Pick<AccountRef, "clientId">): string {
  return clientId.toLowerCase();
}

/** The elements by a key, in their order. */
export function groupBy<T>(all: readonly T[], toKey: (one: T) => string): Map<string, T[]> {
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
