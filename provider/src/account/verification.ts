/** Proves that a secret works by minting a token with it. */
import type { ClientCredential, MintOutcome } from "../atlas/auth/mint.js";
import type { Operation } from "../atlas/operation.js";
import { toBackoffMs, toRetryWait, type Wait } from "../atlas/retry.js";
import type { Clock } from "../clock.js";
import { AtlasError, ConnectionError } from "../errors.js";
import { describeId } from "../ids.js";

/** A new value may take a moment to work everywhere: it is tried again after one and after two seconds. */
const MAX_VERIFICATIONS = 3;

/** What is known of a secret after trying it. Only `invalid` is Atlas's own word that the value is not valid. */
export type Verification =
  | { readonly kind: "verified"; readonly atMs: number }
  | { readonly kind: "invalid"; readonly error: AtlasError }
  | { readonly kind: "undetermined"; readonly error: AtlasError };

/** Tries the credential up to three times, with waits as Atlas tells them. Resolves in every case. */
export async function verifySecret(
  verify: (credential: ClientCredential) => Promise<MintOutcome>,
  credential: ClientCredential,
  { operation, clock }: { operation: Operation; clock: Clock },
): Promise<Verification> {
  for (let failures = 1; ; failures++) {
    const outcome = await verify(credential).catch((error: unknown) => toUndetermined(error, credential));
    if (outcome.kind === "minted") return { kind: "verified", atMs: clock.now() };
    const wait = failures < MAX_VERIFICATIONS ? toVerificationWait(outcome, failures) : undefined;
    if (wait && (await operation.pause(wait.ms, wait.kind))) continue;
    return { kind: outcome.kind === "invalid-client" ? "invalid" : "undetermined", error: outcome.error };
  }
}

/** A failure of this package itself must not lose a secret that Atlas has given. */
function toUndetermined(error: unknown, { clientId }: ClientCredential): MintOutcome {
  if (error instanceof AtlasError) return { kind: "undetermined", error };
  const message = `Could not mint an access token for service account ${describeId(clientId)}: it failed before a request was sent.`;
  return { kind: "undetermined", error: new ConnectionError(message, {}, false) };
}

function toVerificationWait(outcome: Exclude<MintOutcome, { kind: "minted" }>, failures: number): Wait | undefined {
  if (outcome.kind === "invalid-client") return { ms: toBackoffMs(failures), kind: "backoff" };
  return toRetryWait(outcome.error, failures);
}
