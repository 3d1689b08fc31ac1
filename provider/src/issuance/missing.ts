/**
 * Finds out whether a secret is gone. Atlas answers 404 for a secret, an account and a project alike, and nowhere says which
 * status an unknown id gets, so a refusal alone is never read as 'the secret is gone'.
 */
import { type AccountRef, describeAccount } from "../atlas/account-ref.js";
import type { AtlasClient } from "../atlas/client.js";
import { MINUTE_MS } from "../clock.js";
import { RejectionError } from "../errors.js";
import type { HeldSecret } from "../rotation/slot.js";

/** How old a secret must be before its absence from the account says anything: Atlas may show a new one late. */
export const SHOWS_WITHIN_MS = MINUTE_MS;

/** What a look at a secret found. */
export type Sighting =
  | { readonly kind: "present"; readonly secret: HeldSecret }
  /** The account is there and does not list the secret, at this time of the server if it told one. */
  | { readonly kind: "secret-missing"; readonly serverTimeMs?: number }
  /** The complete list of the owner's accounts lacks the account: it was unassigned or deleted. */
  | { readonly kind: "account-missing" };

/** Whether an error is Atlas's 404. */
export function isNotFound(error: unknown): boolean {
  return error instanceof RejectionError && error.status === 404;
}

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
  try {
    const { value, serverTimeMs } = await client.fetchAccount(account);
    const secret = value.secrets.find(({ id }) => id === secretId);
    if (secret) return { kind: "present", secret };
    return { kind: "secret-missing", ...(serverTimeMs !== undefined && { serverTimeMs }) };
  } catch (error) {
    if (!canMeanMissing(error)) throw error;
    const ids = await client.fetchAccountIds(account);
    if (!ids.has(account.clientId)) return { kind: "account-missing" };
    const { status } = error;
    const why = `Atlas lists ${describeAccount(account)} but answers ${status} for it.`;
    throw new RejectionError(`Could not tell whether secret ${secretId} exists: ${why} Run 'pulumi up' again later.`, {
      ...(status !== undefined && { status }),
    });
  }
}
