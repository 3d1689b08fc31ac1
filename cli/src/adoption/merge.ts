/** From what the sources show to one for each secret, with the expiry that the account's newer secret has left it. */
import { toShortenedExpiryMs } from "pulumi-atlas-secrets/rotation";
import type { FoundSecret, Origin } from "./found-secret.js";

/** Which of two that show a secret says who looks after it. */
const RANKS: Readonly<Record<Origin["kind"], number>> = { piped: 0, listed: 1, terraform: 2, mongodbatlas: 2 };

/**
 * One for each secret, however many show it: an imported one gets its value from its service account's list, or from the pipe.
 * Two resources of its own stay two.
 */
export function mergeFound(found: readonly FoundSecret[]): FoundSecret[] {
  const merged = new Map<string, FoundSecret>();
  for (const secret of found) {
    const other = merged.get(secret.secretId);
    const areTwo =
      other && RANKS[other.origin.kind] === RANKS.terraform && RANKS[secret.origin.kind] === RANKS.terraform;
    merged.set(areTwo ? secret.what : secret.secretId, other && !areTwo ? mergeTwo(other, secret) : secret);
  }
  const all = [...merged.values()];
  return all.map((secret) => withShortenedExpiry(secret, all));
}

function mergeTwo(one: FoundSecret, other: FoundSecret): FoundSecret {
  const [main, more] = RANKS[one.origin.kind] > RANKS[other.origin.kind] ? [one, other] : [other, one];
  const { name, remarks = [] } = more.origin.kind === "piped" ? { ...main, name: more.name } : main;
  // An expiry never gets later: the earlier one was seen last.
  const expiries = [one.expiresAtMs, other.expiresAtMs].filter((ms) => ms !== undefined);
  return { ...more, ...main, name, remarks, ...(expiries.length > 0 && { expiresAtMs: Math.min(...expiries) }) };
}

/** Whether they are secrets of one account. */
export function isSameAccount(one: FoundSecret, other: FoundSecret): boolean {
  return one.clientId === other.clientId && one.ownerId === other.ownerId;
}

/** What a source records is as old as its last refresh, and the creation of a newer secret leaves the others a week at most. */
function withShortenedExpiry(secret: FoundSecret, all: readonly FoundSecret[]): FoundSecret {
  const { createdAtMs = Number.POSITIVE_INFINITY, expiresAtMs } = secret;
  if (expiresAtMs === undefined) return secret;
  const newer = all.filter((other) => isSameAccount(secret, other) && (other.createdAtMs ?? 0) > createdAtMs);
  const shortened = newer.reduce((ms, other) => toShortenedExpiryMs(ms, other.createdAtMs ?? ms), expiresAtMs);
  return { ...secret, expiresAtMs: shortened };
}
