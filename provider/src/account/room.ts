/** Makes room on an account for one more secret: looks, lets `rotation/slot` decide, deletes what may go, looks again. */
import { describeAccount } from "../atlas/account-ref.js";
import { toRetryWait } from "../atlas/retry.js";
import { AccountFullError, explain } from "../errors.js";
import { decideSlot, type HeldSecret, SLOTS_PER_ACCOUNT } from "../rotation/slot.js";
import { assertNotConfigured, toDeletionTarget } from "./configured-credential.js";
import type { IssuanceRequest } from "./context.js";
import { type Look, lookAtAccount, toServerNowMs } from "./look.js";
import { canMeanMissing } from "./missing.js";
import type { IssuanceWork } from "./progress.js";
import { findOrphanAdvice } from "./strays.js";

/**
 * Frees a slot if needed and allowed; resolves with the last look, which shows one. Every DELETE follows a fresh look, also
 * one that is tried again.
 *
 * @throws AccountFullError when no slot is free and none may be freed
 * @throws ConfiguredCredentialError when the secret that may go can be the provider's own credential
 * @throws AtlasError when a look or a DELETE fails
 */
export async function makeRoom(request: IssuanceRequest, work: IssuanceWork): Promise<Look> {
  try {
    return await lookUntilFree(request, work);
  } catch (error) {
    throw explain(error, work.progress.describeEnd());
  }
}

async function lookUntilFree(request: IssuanceRequest, work: IssuanceWork): Promise<Look> {
  const { account, toPolicy } = request;
  const { client, clock, configured, operation, progress, report } = work;
  const where = describeAccount(account);
  let [deletions, failures] = [0, 0];
  for (;;) {
    const look = await lookAtAccount(request, work);
    // Without the server's time nothing counts as expired.
    const verdict = decideSlot(look.held, toPolicy(), toServerNowMs(look, clock) ?? Number.NEGATIVE_INFINITY);
    if (verdict.action === "use-free") return look;
    const holders = look.held.map(({ id }) => id);
    if (verdict.action === "refuse" || deletions === SLOTS_PER_ACCOUNT) {
      const why = verdict.action === "refuse" ? verdict.message : toRaceText(look.held);
      const advice = findOrphanAdvice(request, look, toServerNowMs(look, clock) ?? clock.now());
      throw new AccountFullError(`Could not create a secret for ${where}: ${why}${advice}`, holders);
    }
    const { secret } = verdict;
    assertNotConfigured(toDeletionTarget(account.clientId, secret), configured);
    report(`${where}: ${verdict.message}`);
    try {
      await client.deleteSecret(account, secret.id);
      deletions += 1;
      progress.deleted.add(secret.id);
    } catch (error) {
      if (canMeanMissing(error)) {
        deletions += 1;
        continue;
      }
      failures += 1;
      const wait = toRetryWait(error, failures);
      if (wait && (await operation.pause(wait.ms, wait.kind))) continue;
      throw explain(error, "Its slot was needed for the new secret.");
    }
  }
}

function toRaceText(held: readonly HeldSecret[]): string {
  const now = held.map(({ id }) => id).join(" and ");
  return `its slots fill up as fast as they are freed (now ${now}): somebody else creates secrets on it.`;
}
