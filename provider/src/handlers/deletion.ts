/** Deletes what a resource records, when the resource itself goes. */

import { canBeUnlisted, canMeanMissing, fetchSighting } from "../account/missing.js";
import type { Session, Work } from "../account/process.js";
import { toDeleteCommand } from "../account/strays.js";
import { describeAccount } from "../atlas/account-ref.js";
import { repeat } from "../atlas/retry.js";
import { toAccountRef } from "../records/scope.js";
import type { OwnerInputs } from "../rotation/secret.js";

/** A recorded secret to delete. */
export interface DoomedSecret {
  readonly secretId: string;
  readonly createdAtMs?: number;
}

/**
 * Deletes secrets of one account, one after the other. A missing one counts as deleted; of an account that is not in its
 * owner's list the secrets are named and left.
 */
export async function deleteSecrets(
  session: Session,
  { client, operation }: Work,
  owner: OwnerInputs,
  secrets: readonly DoomedSecret[],
): Promise<void> {
  const account = toAccountRef(owner);
  const { clientId } = owner;
  await session.locks.runExclusive(clientId, async () => {
    for (const [index, { secretId, createdAtMs }] of secrets.entries()) {
      try {
        await repeat(() => client.deleteSecret(account, secretId), operation);
      } catch (error) {
        if (!canMeanMissing(error)) throw error;
        const sighting = await fetchSighting(client, account, secretId);
        if (sighting.kind === "present") throw error;
        const isUnlisted =
          sighting.kind === "secret-missing" &&
          canBeUnlisted(createdAtMs, sighting.serverTimeMs ?? session.clock.now());
        if (isUnlisted) {
          session.report(
            `Secret ${secretId} of ${describeAccount(account)} was created a moment ago and is not found, so that it counts as ` +
              `deleted. Should Atlas show it later, delete it: '${toDeleteCommand(account, secretId)}'.`,
          );
        }
        if (sighting.kind === "account-missing") {
          const left = secrets.slice(index).map((secret) => secret.secretId);
          const [what, were] = left.length > 1 ? ["secrets", "were"] : ["secret", "was"];
          session.report(
            `${describeAccount(account)} is not in its ${account.level}'s list: its ${what} ${left.join(" and ")} ${were} not ` +
              "deleted and may live on at organization level.",
          );
          return;
        }
      }
      session.recorded.noteDeleted(clientId, secretId);
    }
  });
}
