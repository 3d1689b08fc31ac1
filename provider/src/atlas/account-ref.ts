/** Names a service account and its place in the API. Scope is data: both levels have the same calls. */

/** The service account of a project, or of an organisation. */
export interface AccountRef {
  readonly level: "project" | "organization";
  /** Id of the project or organisation, 24 hex digits. */
  readonly ownerId: string;
  readonly clientId: string;
}

/** Path of the list of an owner's service accounts. */
export function toAccountsPath({ level, ownerId }: Pick<AccountRef, "level" | "ownerId">): string {
  return `/api/atlas/v2/${level === "project" ? "groups" : "orgs"}/${encodeURIComponent(ownerId)}/serviceAccounts`;
}

/** Path of one service account. */
export function toAccountPath(ref: AccountRef): string {
  return `${toAccountsPath(ref)}/${encodeURIComponent(ref.clientId)}`;
}

/** An account in words: `service account mdb_sa_id_... of project ...`. */
export function describeAccount({ level, ownerId, clientId }: AccountRef): string {
  return `service account ${clientId} of ${level} ${ownerId}`;
}
