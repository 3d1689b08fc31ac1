/** A secret as a user names it on the command line: `PROJECT/CLIENT/SECRET`, the id of its resource. */
import { CliFailure } from "./failure.js";

/** One secret of a service account. */
export interface SecretAddress {
  readonly level: "project" | "organization";
  /** Id of the project or organization. */
  readonly ownerId: string;
  readonly clientId: string;
  readonly secretId: string;
}

const ADDRESS = /^([a-f0-9]{24})\/(mdb_sa_id_[a-fA-F\d]{24})\/([a-f0-9]{24})$/;

/**
 * Parses an address.
 *
 * @throws CliFailure when it is none; the text is not repeated, since it can be a value in the wrong place
 */
export function parseSecretAddress(text: string, level: SecretAddress["level"]): SecretAddress {
  const [, ownerId, clientId, secretId] = ADDRESS.exec(text) ?? [];
  if (ownerId === undefined || clientId === undefined || secretId === undefined) {
    const owner = level === "project" ? "PROJECT" : "ORGANIZATION";
    throw new CliFailure(
      `A secret is named as ${owner}/CLIENT/SECRET: an id of 24 digits of a-f0-9, a client id (mdb_sa_id_ and 24 hexadecimal ` +
        "digits) and the secret's id of 24 digits of a-f0-9.",
    );
  }
  return { level, ownerId, clientId, secretId };
}
