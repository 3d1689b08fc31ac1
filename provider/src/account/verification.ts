/**
 * Verifies a secret by minting a token with it. A value just made may not be known everywhere, so that a refusal of a young one
 * says nothing yet.
 */
import { describeAccount } from "../atlas/account-ref.js";
import type { MintOutcome } from "../atlas/auth/mint.js";
import { toBackoffMs, toRetryWait, type Wait } from "../atlas/retry.js";
import type { AccountRef } from "../atlas/types.js";
import { MINUTE_MS, toIsoTime } from "../clock.js";
import { AtlasError, ConnectionError } from "../errors.js";
import { describeId } from "../ids.js";
import type { Sensitive } from "../sensitive.js";
import type { Operation } from "./operation.js";
import type { AccountProcess } from "./view.js";

/** How long a value that Atlas does not accept is tried. */
export const PATIENCE_MS = MINUTE_MS;

/** From this age on a refusal is believed. */
export const SETTLED_AFTER_MS = 10 * MINUTE_MS;

/** After so long a line says what is being waited for. */
const QUIET_MS = 10_000;

/** The longest pause between two tries: Atlas gives about ten tokens a minute, refused ones counted. */
const LONGEST_PAUSE_MS = 10_000;

/** A secret to try. */
export interface Candidate {
  readonly id: string;
  readonly value: Sensitive;
  readonly createdAtMs?: number | undefined;
}

/** What is known of a secret after trying it. `rejected` is Atlas's own word, on a secret that is old enough to be known. */
export type Verification =
  | { readonly kind: "verified"; readonly atMs: number }
  | { readonly kind: "rejected" | "unverified"; readonly error: AtlasError };

/** Tries the secret for up to a minute, with waits as Atlas tells them. Resolves in every case. */
export async function verifySecret(
  { clock }: Pick<AccountProcess, "clock">,
  operation: Operation,
  { clientId, ...account }: AccountRef,
  { id, value, createdAtMs }: Candidate,
): Promise<Verification> {
  const startMs = clock.now();
  for (let failures = 1; ; failures++) {
    const outcome = await tryOnce(operation, clientId, value);
    if (outcome.kind === "minted") return { kind: "verified", atMs: clock.now() };
    const isRefused = outcome.kind === "invalid-client";
    if (isRefused && isSettled(createdAtMs, outcome.serverTimeMs)) return { kind: "rejected", error: outcome.error };
    const wait = isRefused ? toPause(failures, clock.now() - startMs) : toRetryWait(outcome.error, failures);
    if (!wait) return { kind: "unverified", error: outcome.error };
    if (isRefused && clock.now() - startMs >= QUIET_MS) {
      const until = toIsoTime(startMs + PATIENCE_MS);
      const what = `secret ${id} of ${describeAccount({ ...account, clientId })}`;
      operation.report(
        `Atlas does not accept ${what} yet, which can take a minute after its creation: it is tried until ${until}.`,
      );
    }
    const what = isRefused ? "" : (wait.why ?? `the verification of secret ${id}`);
    if (!(await operation.time.pause(wait.ms, wait.kind, what))) return { kind: "unverified", error: outcome.error };
  }
}

/** A failure of this package itself must not lose a secret that Atlas has given. */
async function tryOnce({ client }: Operation, clientId: string, secret: Sensitive): Promise<MintOutcome> {
  try {
    return await client.verify({ clientId, secret });
  } catch (error) {
    if (error instanceof AtlasError) return { kind: "undetermined", error };
    const message = `Could not mint an access token for service account ${describeId(clientId)}: it failed before a request was sent.`;
    return { kind: "undetermined", error: new ConnectionError(message, {}, false) };
  }
}

/** Whether the secret is old enough that every part of Atlas must know it; never without Atlas's time. */
function isSettled(createdAtMs: number | undefined, serverTimeMs: number | undefined): boolean {
  return createdAtMs !== undefined && serverTimeMs !== undefined && serverTimeMs - createdAtMs > SETTLED_AFTER_MS;
}

function toPause(failures: number, sinceStartMs: number): Wait | undefined {
  // The last try comes at the end of the minute, not before it.
  const ms = Math.min(toBackoffMs(failures), LONGEST_PAUSE_MS, PATIENCE_MS - sinceStartMs);
  return ms > 0 ? { ms, kind: "backoff" } : undefined;
}
