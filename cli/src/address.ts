/** An account or a secret as a user names it: `PROJECT/CLIENT`, `PROJECT/CLIENT/SECRET`, the id of its resource. */
import type { AccountRef } from "pulumi-atlas-secrets/rotation";
import type { Owner } from "./audit/inventory.js";
import { CliFailure } from "./failure.js";

/** One secret of a service account. */
export interface SecretAddress extends AccountRef {
  readonly secretId: string;
}

const ADDRESS = /^([a-f0-9]{24})\/(mdb_sa_id_[a-fA-F\d]{24})(?:\/([a-f0-9]{24}))?$/;

const SHAPES =
  "an id of 24 digits of a-f0-9, a client id (mdb_sa_id_ and 24 hexadecimal digits), and for a secret its id of 24 digits of " +
  "a-f0-9. One of an organization begins with the id that --organization gives.";

/**
 * Parses the address of an account.
 *
 * @param organizations those that the user named: an id that is none of them is a project's
 * @throws CliFailure when it is none; the text is not repeated, since it can be a value in the wrong place
 */
export function parseAccountAddress(text: string, organizations: readonly Owner[] = []): AccountRef {
  const { secretId, ...account } = parse(text, organizations);
  if (account.clientId !== "" && secretId === "") return account;
  throw new CliFailure(`An account is named as PROJECT/CLIENT: ${SHAPES}`);
}

/**
 * Parses the address of a secret.
 *
 * @throws CliFailure when it is none
 */
export function parseSecretAddress(text: string, organizations: readonly Owner[] = []): SecretAddress {
  const address = parse(text, organizations);
  if (address.secretId !== "") return address;
  throw new CliFailure(`A secret is named as PROJECT/CLIENT/SECRET: ${SHAPES}`);
}

/** Its parts; those that it does not have are empty. */
function parse(text: string, organizations: readonly Owner[]): SecretAddress {
  const [, ownerId = "", clientId = "", secretId = ""] = ADDRESS.exec(text) ?? [];
  const isOrganization = organizations.some((owner) => owner.ownerId === ownerId);
  return { level: isOrganization ? "organization" : "project", ownerId, clientId, secretId };
}
