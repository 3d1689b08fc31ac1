/** Proves that a secret works by minting a token with it. */
import type { ClientCredential, MintOutcome } from "../atlas/auth/mint.js";
import type { Clock } from "../clock.js";
import type { AtlasError } from "../errors.js";

/** Waits between tries: a new value may take a moment to work everywhere. */
const RETRY_DELAYS_MS = [1_000, 2_000] as const;

/** What is known of a secret after trying it. Only `invalid` is Atlas's own word that the value is not valid. */
export type Verification =
  | { readonly kind: "verified"; readonly atMs: number }
  | { readonly kind: "invalid"; readonly error: AtlasError }
  | { readonly kind: "undetermined"; readonly error: AtlasError };

/** Tries the credential up to three times over three seconds. Resolves in every case. */
export async function verifySecret(
  verify: (credential: ClientCredential) => Promise<MintOutcome>,
  credential: ClientCredential,
  clock: Clock,
): Promise<Verification> {
  for (const delayMs of [...RETRY_DELAYS_MS, undefined]) {
    const outcome = await verify(credential);
    if (outcome.kind === "minted") return { kind: "verified", atMs: clock.now() };
    if (delayMs === undefined) {
      return { kind: outcome.kind === "invalid-client" ? "invalid" : "undetermined", error: outcome.error };
    }
    await clock.sleep(delayMs);
  }
  throw new Error("unreachable: the last try returns");
}
