/**
 * Deletes secrets: the only caller of the client's delete. Every DELETE is allowed by `decideRemoval`, on a view that was taken
 * after the last write wherever the verdict needs one, also when it is tried again.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toRetryWait, type Wait } from "../atlas/retry.js";
import type { AccountRef } from "../atlas/types.js";
import { ConfiguredCredentialError, explain } from "../errors.js";
import type { AccountView } from "../rotation/account-view.js";
import { RemovalReason } from "../rotation/reasons.js";
import { decideRemoval, type RemovalPurpose, type RemovalVerdict } from "../rotation/removal.js";
import type { Sensitive } from "../sensitive.js";
import type { Operation } from "./operation.js";
import { isOwnCredential } from "./own-credential.js";
import { type AccountProcess, canMeanMissing, findAccount } from "./view.js";

/** A secret that may have to go. */
export interface RemovalTask {
  readonly account: AccountRef;
  readonly secretId: string;
  readonly purpose: RemovalPurpose;
  /** Where it is recorded: it tells the provider's own credential for certain. */
  readonly value?: Sensitive | undefined;
  /** Whether it is the provider's own credential, where its caller knows better than its value or Atlas's mask tell. */
  readonly isCredential?: boolean | undefined;
  /** A view taken after the last write, for the first verdict. */
  readonly view?: AccountView | undefined;
}

/** What became of it. `view` is the last look, which still shows a secret that is deleted now. */
export interface Removal {
  readonly verdict: RemovalVerdict;
  readonly view?: AccountView | undefined;
}

/**
 * Deletes the secret if that is allowed, and shows the verdict's message. To be called under the account's lock.
 *
 * @throws AtlasError when the look or the deletion fails
 */
export async function removeSecret(
  process: AccountProcess,
  operation: Operation,
  { account, secretId, purpose, value, view: firstView, ...task }: RemovalTask,
): Promise<Removal> {
  const { clock, known, snapshots } = process;
  const isCredential =
    task.isCredential ?? isOwnCredential({ clientId: account.clientId, value }, operation.credential);
  const decide = (view: AccountView | undefined) =>
    decideRemoval({ secretId, purpose, view, nowMs: clock.now(), isCredential });
  let view = firstView;
  for (let failures = 1; ; failures++) {
    let verdict = decide(view);
    if (verdict.action === "look") {
      view = await findAccount(process, operation, account, `secret ${secretId} may be deleted`);
      verdict = view ? decide(view) : toUnassigned(account, secretId);
    }
    if (verdict.message !== "") operation.report(`${describeAccount(account)}: ${verdict.message}`);
    // One that was never asked to be deleted may only not be listed yet, and counts again once it is.
    const isGone = verdict.reason === RemovalReason.NotOnAccount && failures > 1;
    if (isGone) known.noteDeleted(account.clientId, secretId);
    if (verdict.action !== "delete") return { verdict, view };
    try {
      snapshots.drop(account);
      await operation.client.deleteSecret(account, secretId);
      known.noteDeleted(account.clientId, secretId);
      operation.deleted.push(secretId);
      return { verdict, view };
    } catch (error) {
      const wait = toDeletionWait(error, failures);
      const what = `the deletion of secret ${secretId} is tried again`;
      if (!wait || !(await operation.time.pause(wait.ms, wait.kind, wait.why ?? what))) throw error;
      // Whoever changed the account meanwhile, the next verdict knows.
      view = await findAccount(process, operation, account, `secret ${secretId} may be deleted`).catch(
        (failure: unknown) => {
          throw explain(failure, error instanceof Error ? error.message : "");
        },
      );
      if (!view) return { verdict: tell(operation, account, toUnassigned(account, secretId)) };
    }
  }
}

/** The same for one that may be the provider's own credential: that is a failure of whoever asked. */
export function assertNotOwnCredential({ reason, message }: RemovalVerdict, account: AccountRef): void {
  if (reason !== RemovalReason.OwnCredential) return;
  throw new ConfiguredCredentialError(`Could not delete a secret of ${describeAccount(account)}: ${message}`);
}

function tell(operation: Operation, account: AccountRef, verdict: RemovalVerdict): RemovalVerdict {
  operation.report(`${describeAccount(account)}: ${verdict.message}`);
  return verdict;
}

function toUnassigned({ level }: AccountRef, secretId: string): RemovalVerdict {
  const message = `it is not in its ${level}'s list: secret ${secretId} was not deleted and may live on at organization level.`;
  return { action: "gone", reason: RemovalReason.AccountUnassigned, message };
}

/** The wait before the look that decides whether a deletion is tried again; `undefined` when no other try can help. */
function toDeletionWait(error: unknown, failures: number): Wait | undefined {
  // What is gone is removed; whether it is the secret or the account that is gone, the next view tells.
  return canMeanMissing(error) && failures === 1 ? { ms: 0, kind: "backoff" } : toRetryWait(error, failures);
}
