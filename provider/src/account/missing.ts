/**
 * Finds out whether a secret is gone. Atlas answers 404 for a secret, an account and a project alike, and nowhere says which
 * status an unknown id gets, so a refusal alone is never read as 'the secret is gone'.
 */
import { type AccountRef, describeAccount } from "../atlas/account-ref.js";
import type { AtlasClient } from "../atlas/client.js";
import { MINUTE_MS } from "../clock.js";
import { RejectionError } from "../errors.js";
import { toComparableClientId } from "../ids.js";
import type { HeldSecret } from "../rotation/slot.js";

/** For so long after its creation a secret may not be listed yet: how long that takes is not documented. */
const LISTED_AFTER_MS = 2 * MINUTE_MS;

/** Whether a secret that was created at this time can be missing from an answer and exist all the same. */
export function canBeUnlisted(createdAtMs: number | undefined, serverNowMs: number): boolean {
  return createdAtMs !== undefined && Math.abs(serverNowMs - createdAtMs) <= LISTED_AFTER_MS;
}

/** What a look at a secret found. */
export type Sighting =
  | { readonly kind: "present"; readonly secret: HeldSecret }
  /** The account is there and does not list the secret. With the server's time, where the answer holds it. */
  | { readonly kind: "secret-missing"; readonly serverTimeMs?: number }
  /** The complete list of the owner's accounts lacks the account: it was unassigned or deleted. */
  | { readonly kind: "account-missing" };

/** What a look at an account found. */
export type AccountSighting =
  | { readonly kind: "present"; readonly secrets: readonly HeldSecret[]; readonly serverTimeMs?: number }
  /** The complete list of the owner's accounts lacks the account: it was unassigned or deleted. */
  | { readonly kind: "account-missing" };

/**
 * Whether a refusal can mean that what it was about does not exist, so that a look is worth it. Never a 401 or a 403: those are
 * about who asks.
 */
export function canMeanMissing(error: unknown): error is RejectionError {
  return error instanceof RejectionError && (error.status === 400 || error.status === 404 || error.status === 410);
}

/**
 * Looks for one secret on the account and, when the account seems unknown, for the account in its owner's list.
 *
 * @throws AtlasError when either look fails otherwise, or when the list holds an account that seems unknown
 */
export async function fetchSighting(
  client: Pick<AtlasClient, "fetchAccount" | "fetchAccountIds">,
  account: AccountRef,
  secretId: string,
): Promise<Sighting> {
  const sighting = await fetchAccountSighting(client, account, `secret ${secretId} exists`);
  if (sighting.kind === "account-missing") return sighting;
  const secret = sighting.secrets.find(({ id }) => id === secretId);
  if (secret) return { kind: "present", secret };
  const { serverTimeMs } = sighting;
  return serverTimeMs === undefined ? { kind: "secret-missing" } : { kind: "secret-missing", serverTimeMs };
}

/**
 * Looks at the account and, when it seems unknown, for it in its owner's list.
 *
 * @param question what the look is to tell, for the message of a failure
 * @throws AtlasError when either look fails otherwise, or when the list holds an account that seems unknown
 */
export async function fetchAccountSighting(
  client: Pick<AtlasClient, "fetchAccount" | "fetchAccountIds">,
  account: AccountRef,
  question: string,
): Promise<AccountSighting> {
  try {
    const { value, serverTimeMs } = await client.fetchAccount(account);
    const seen = { kind: "present", secrets: value.secrets } as const;
    return serverTimeMs === undefined ? seen : { ...seen, serverTimeMs };
  } catch (error) {
    if (!canMeanMissing(error)) throw error;
    const ids = await client.fetchAccountIds(account);
    if (!ids.has(toComparableClientId(account.clientId))) return { kind: "account-missing" };
    const { status } = error;
    const why = `Atlas lists ${describeAccount(account)} but answers ${status} for it.`;
    throw new RejectionError(`Could not tell whether ${question}: ${why} Run 'pulumi up' again later.`, {
      ...(status !== undefined && { status }),
    });
  }
}
