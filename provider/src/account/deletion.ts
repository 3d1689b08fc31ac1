/** Deletes what a resource records, when the resource itself goes. */
import { describeAccount } from "../atlas/account-ref.js";
import type { AccountRef } from "../atlas/types.js";
import { AtlasSecretsError } from "../errors.js";
import { canBeUnlisted, toRemoveCommand } from "../rotation/account-view.js";
import { RemovalReason } from "../rotation/reasons.js";
import { decideRemoval, type RemovalPurpose, type RemovalVerdict } from "../rotation/removal.js";
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
 * With '--continue-on-error' the engine deletes what was replaced in the very run in which the new secret could not be verified,
 * though no consumer has got that one: the program goes on with unknown outputs.
 *
 * @see registerResource in sdk/nodejs/runtime/resource.ts of pulumi/pulumi 3.276; in 3.259 such a program ended
 */
function toPurpose({ known }: AccountProcess, secretId: string): RemovalPurpose {
  return { ...PURPOSE, unverifiedSuccessorId: known.findUnverifiedSuccessor(secretId) };
}

/**
 * Deletes secrets of one account, one after the other. A missing one counts as deleted; of an account that is not in its
 * owner's list the secrets are named and left.
 *
 * @throws AtlasSecretsError when one of them is to be superseded by a secret that is not verified
 * @throws ConfiguredCredentialError when one of them can be the provider's own credential; as above, before anything is deleted
 *   unless it turned out only then
 */
export async function deleteRecorded(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
  targets: readonly RecordedTarget[],
): Promise<void> {
  await process.locks.runExclusive(account.clientId, async () => {
    for (const { secretId } of targets) {
      const purpose = toPurpose(process, secretId);
      assertSuccessorVerified(decideRemoval({ secretId, purpose, nowMs: process.clock.now() }), account);
    }
    await assertNoneIsCredential(process, operation, account, targets);
    for (const { secretId, value, createdAtMs } of targets) {
      const purpose = toPurpose(process, secretId);
      const { verdict, view } = await removeSecret(process, operation, { account, secretId, value, purpose });
      assertSuccessorVerified(verdict, account);
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

function assertSuccessorVerified({ reason, message }: RemovalVerdict, account: AccountRef): void {
  if (reason !== RemovalReason.SuccessorUnverified) return;
  throw new AtlasSecretsError("state", `Could not delete a secret of ${describeAccount(account)}: ${message}`);
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
  for (const { secretId, isCredential } of judged) {
    const request = { secretId, isCredential, view, purpose: PURPOSE, nowMs: process.clock.now() };
    assertNotOwnCredential(decideRemoval(request), account);
  }
}
