/** Guards the credential that the provider itself authenticates with: deleting it would lock everybody out. */
import type { ClientCredential } from "../atlas/auth/mint.js";
import { ConfiguredCredentialError } from "../errors.js";
import { isSameClientId } from "../ids.js";
import type { HeldSecret } from "../rotation/slot.js";
import { isSameValue, Sensitive } from "../sensitive.js";

/** A secret of which the value, or at least its end, may be known. */
export interface DeletionTarget {
  readonly clientId: string;
  readonly secretId: string;
  readonly value?: Sensitive | undefined;
  readonly maskedSecretValue?: string | undefined;
}

/**
 * Whether the target is the configured credential, or cannot be told from it: by the value where it is known, else by the
 * last four characters that Atlas shows.
 */
export function mayBeConfigured(target: DeletionTarget, configured: ClientCredential | undefined): boolean {
  if (!configured || !isSameClientId(configured.clientId, target.clientId)) return false;
  if (target.value) return isSameValue(target.value, configured.secret);
  const shown = target.maskedSecretValue?.slice(-4);
  return shown === undefined || shown.length < 4 || Sensitive.reveal(configured.secret).endsWith(shown);
}

/** @throws ConfiguredCredentialError when deleting the target could delete the configured credential */
export function assertNotConfigured(target: DeletionTarget, configured: ClientCredential | undefined): void {
  if (!mayBeConfigured(target, configured)) return;
  throw new ConfiguredCredentialError(
    `Secret ${target.secretId} of service account ${target.clientId} was not deleted: it is, or cannot be told from, the credential ` +
      "that the provider is configured with. Put another secret of that service account where the credential is kept " +
      "(mongodbatlas:clientSecret in the stack configuration, or MONGODB_ATLAS_CLIENT_SECRET), then run 'pulumi up' again.",
  );
}

/** The deletion target for a secret as Atlas lists it. */
export function toDeletionTarget(clientId: string, { id, maskedSecretValue }: HeldSecret): DeletionTarget {
  return { clientId, secretId: id, maskedSecretValue };
}
