/** Deletes what a resource records, when the resource itself goes. */
import { describeAccount } from "../atlas/account-ref.js";
import { repeat } from "../atlas/retry.js";
import { canMeanMissing, fetchSighting } from "../issuance/missing.js";
import type { OwnerInputs } from "../rotation/secret.js";
import { toAccountRef } from "./scope.js";
import type { Session, Work } from "./session.js";

/**
 * Deletes secrets of one account, one after the other. A missing one counts as deleted; of an account that is not in its
 * owner's list the secrets are named and left.
 */
export async function deleteSecrets(
  session: Session,
  { client, operation }: Work,
  owner: OwnerInputs,
  secretIds: readonly string[],
): Promise<void> {
  const account = toAccountRef(owner);
  const { clientId } = owner;
  await session.locks.runExclusive(clientId, async () => {
    for (const [index, secretId] of secretIds.entries()) {
      try {
        await repeat(() => client.deleteSecret(account, secretId), operation);
      } catch (error) {
        if (!canMeanMissing(error)) throw error;
        const sighting = await fetchSighting(client, account, secretId);
        if (sighting.kind === "present") throw error;
        if (sighting.kind === "account-missing") {
          const left = secretIds.slice(index);
          const [what, were] = left.length > 1 ? ["secrets", "were"] : ["secret", "was"];
          session.report(
            `${describeAccount(account)} is not in its ${account.level}'s list: its ${what} ${left.join(" and ")} ${were} not ` +
              "deleted and may live on at organisation level.",
          );
          return;
        }
      }
      session.recorded.noteDeleted(clientId, secretId);
    }
  });
}
