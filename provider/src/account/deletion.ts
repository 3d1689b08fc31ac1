/** Deletes what a resource records, when the resource itself goes. */
import { describeAccount } from "../atlas/account-ref.js";
import type { AccountRef } from "../atlas/types.js";
import { canBeUnlisted, toRemoveCommand } from "../rotation/account-view.js";
import { RemovalReason } from "../rotation/reasons.js";
import { decideRemoval } from "../rotation/removal.js";
import type { Sensitive } from "../sensitive.js";
import type { Operation } from "./operation.js";
import { isOwnCredential } from "./own-credential.js";
import { assertNotOwnCredential, removeSecret } from "./removal.js";
import { type AccountProcess, findAccount, toServerNowMs } from "./view.js";

/** A recorded secret to delete. */
export interface RecordedTarget {
  readonly secretId: string;
  readonly value?: Sensitive | undefined;
  readonly createdAtMs?: number | undefined;
}

const PURPOSE = { kind: "resource-deleted" } as const;

/**
 * Deletes secrets of one account, one after the other. A missing one counts as deleted; of an account that is not in its
 * owner's list the secrets are named and left.
 *
 * @throws ConfiguredCredentialError before anything is deleted, when one of them can be the provider's own credential
 */
export async function deleteRecorded(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
  targets: readonly RecordedTarget[],
): Promise<void> {
  await process.locks.runExclusive(account.clientId, async () => {
    await assertNoneIsCredential(process, operation, account, targets);
    for (const { secretId, value, createdAtMs } of targets) {
      const { verdict, view } = await removeSecret(process, operation, { account, secretId, value, purpose: PURPOSE });
      assertNotOwnCredential(verdict, account);
      if (verdict.reason !== RemovalReason.NotOnAccount || !view) continue;
      if (!canBeUnlisted(createdAtMs, toServerNowMs(view, process.clock) ?? process.clock.now())) continue;
      operation.report(
        `Secret ${secretId} of ${describeAccount(account)} was created a moment ago and is not found, so that it counts as deleted. ` +
          `Should Atlas show it later: '${toRemoveCommand(account, secretId)}'.`,
      );
    }
  });
}

async function assertNoneIsCredential(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
  targets: readonly RecordedTarget[],
): Promise<void> {
  const judged = targets.map(({ secretId, value }) => ({
    secretId,
    isCredential: isOwnCredential({ clientId: account.clientId, value }, operation.credential),
  }));
  const needsView = judged.some(({ isCredential }) => isCredential === undefined);
  const view = needsView ? await findAccount(process, operation, account, "its secrets may be deleted") : undefined;
  if (needsView && !view) return;
  for (const { secretId, isCredential } of judged) {
    const request = { secretId, isCredential, view, purpose: PURPOSE, nowMs: process.clock.now() };
    assertNotOwnCredential(decideRemoval(request), account);
  }
}
