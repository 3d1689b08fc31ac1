/** Project or organization: which input names the owner of a service account. Everything else is the same for both. */
import type { AccountRef } from "../atlas/types.js";
import type { OwnerInputs } from "../rotation/secret.js";

/** One of the two levels at which service accounts live. */
export interface Scope {
  readonly level: AccountRef["level"];
  /** The input that names the owner. */
  readonly ownerKey: "projectId" | "orgId";
}

export const PROJECT: Scope = { level: "project", ownerKey: "projectId" };
export const ORGANIZATION: Scope = { level: "organization", ownerKey: "orgId" };

/** The account that inputs or a record are about. */
export function toAccountRef({ projectId, orgId, clientId }: OwnerInputs): AccountRef {
  const { level } = orgId === undefined ? PROJECT : ORGANIZATION;
  return { level, ownerId: orgId ?? projectId ?? "", clientId };
}

/** The inputs that name the owner and the account, and nothing else: those of a record stay when others change. */
export function toOwner({ projectId, orgId, clientId }: OwnerInputs): OwnerInputs {
  return { ...(projectId !== undefined && { projectId }), ...(orgId !== undefined && { orgId }), clientId };
}
