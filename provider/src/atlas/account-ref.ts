/** Names a service account and its place in the API. Scope is data: both levels have the same calls. */
import { RejectionError } from "../errors.js";
import { describeId } from "../ids.js";
import type { AccountRef } from "./types.js";

/**
 * Path of the list of an owner's service accounts.
 *
 * @throws RejectionError when an id would lead elsewhere
 */
export function toAccountsPath({ level, ownerId }: Pick<AccountRef, "level" | "ownerId">): string {
  return `/api/atlas/v2/${level === "project" ? "groups" : "orgs"}/${toSegment(ownerId)}/serviceAccounts`;
}

/**
 * Path of one service account.
 *
 * @throws RejectionError when an id would lead elsewhere
 */
export function toAccountPath(ref: AccountRef): string {
  return `${toAccountsPath(ref)}/${toSegment(ref.clientId)}`;
}

/**
 * Path of one secret.
 *
 * @throws RejectionError when an id would lead elsewhere
 */
export function toSecretPath(ref: AccountRef, secretId: string): string {
  return `${toAccountPath(ref)}/secrets/${toSegment(secretId)}`;
}

/** An id as part of a path. An empty one or dots, also encoded ones, would make it that of something else: the account's. */
function toSegment(id: string): string {
  if (/^[\w-]+$/.test(id)) return id;
  const why =
    "an id must consist of letters, digits, _ and -, and one of the project's, the account's or the secret's does not";
  throw new RejectionError(`Nothing was sent to Atlas: ${why}.`, {});
}

/** An account in words: `service account mdb_sa_id_... of project ...`. */
export function describeAccount(ref: AccountRef): string {
  return `service account ${describeId(ref.clientId)} of ${describeOwner(ref)}`;
}

/** An owner of accounts in words: `project ...`. Atlas limits the requests for each of them, so that it names that limit too. */
export function describeOwner({ level, ownerId }: Pick<AccountRef, "level" | "ownerId">): string {
  return `${level} ${describeId(ownerId)}`;
}
