/**
 * Removes a secret from an account as long as a fresh look says that it may go. Every DELETE follows a look that was made
 * after the last write, also one that is tried again.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { toRetryWait, type Wait } from "../atlas/retry.js";
import type { IssuanceContext, IssuanceRequest } from "./context.js";
import { type Look, lookAtAccount, toServerNowMs } from "./look.js";
import { canMeanMissing } from "./missing.js";
import { Progress } from "./progress.js";

/** A verdict on one secret: only `delete` removes it. */
export interface RemovalVerdict {
  readonly action: "delete" | "keep" | "forget";
  /** What the user is told; empty when nothing needs to be said. */
  readonly message: string;
}

/** What may be removed. */
export interface RemovalRequest<V extends RemovalVerdict>
  extends Pick<IssuanceRequest, "account" | "toCreatedHere" | "toDeletedHere"> {
  /** The one secret that may go; its caller has made sure that it is not the provider's own credential. */
  readonly secretId: string;
  /** Decides by a look; `serverNowMs` is absent when Atlas told no time. */
  readonly decide: (look: Look, serverNowMs: number | undefined) => V;
}

/** The last look and the verdict on it; after a deletion the look still shows the secret. */
export interface Removal<V> {
  readonly look: Look;
  readonly verdict: V;
}

/**
 * Looks, decides, and deletes if the verdict says so. Shows the verdict's message. To be called under the account's lock.
 *
 * @throws AtlasError when the look or the deletion fails
 */
export async function removeIfAllowed<V extends RemovalVerdict>(
  { secretId, decide, ...request }: RemovalRequest<V>,
  context: Pick<IssuanceContext, "client" | "clock" | "operation" | "report">,
): Promise<Removal<V>> {
  const { client, clock, operation, report } = context;
  const progress = new Progress();
  for (let failures = 1; ; failures++) {
    const look = await lookAtAccount(request, { client, clock, progress });
    const verdict = decide(look, toServerNowMs(look, clock));
    if (verdict.message !== "") report(`${describeAccount(request.account)}: ${verdict.message}`);
    if (verdict.action !== "delete") return { look, verdict };
    try {
      await client.deleteSecret(request.account, secretId);
      return { look, verdict };
    } catch (error) {
      const wait = toDeletionWait(error, failures);
      if (!wait || !(await operation.pause(wait.ms, wait.kind))) throw error;
    }
  }
}

/** The wait before the look that decides whether a deletion is tried again; `undefined` when no other try can help. */
export function toDeletionWait(error: unknown, failures: number): Wait | undefined {
  // What is gone is removed; whether it is the secret or the account that is gone, the next look tells.
  return canMeanMissing(error) && failures === 1 ? { ms: 0, kind: "backoff" } : toRetryWait(error, failures);
}
