/** Guards the credential that this process signs in with: deleting it would lock everybody out. */
import type { ClientCredential } from "../atlas/auth/mint.js";
import { isSameClientId } from "../ids.js";
import { isSameValue, Sensitive } from "../sensitive.js";

/** A secret, with what is known of its value. */
export interface CredentialTarget {
  readonly clientId: string;
  readonly value?: Sensitive | undefined;
  /** As Atlas shows it: four characters of the end behind dots or stars, though no end is promised. */
  readonly maskedSecretValue?: string | undefined;
}

/** Whether the target is the credential: `undefined` when only a look at its mask can tell. */
export function isOwnCredential(target: CredentialTarget, own: ClientCredential | undefined): boolean | undefined {
  if (!own || !isSameClientId(own.clientId, target.clientId)) return false;
  return target.value && isSameValue(target.value, own.secret);
}

/** Whether the target is the credential, or cannot be told from it: by its value, else by the end that Atlas shows. */
export function mayBeOwnCredential(target: CredentialTarget, own: ClientCredential | undefined): boolean {
  const isOwn = isOwnCredential(target, own);
  if (isOwn !== undefined || !own) return isOwn ?? false;
  const end = /(?:\.{3}|\*)([A-Za-z0-9_-]{4,})$/.exec(target.maskedSecretValue ?? "")?.[1];
  return end === undefined || Sensitive.reveal(own.secret).endsWith(end);
}
