/** From what the sources show to one for each secret, with the expiry that the account's newer secret has left it. */
import { toShortenedExpiryMs } from "pulumi-atlas-secrets/rotation";
import { CliFailure } from "../failure.js";
import type { FoundSecret, Origin } from "./found-secret.js";

/** Which of two that show a secret says who looks after it. */
const RANKS: Readonly<Record<Origin["kind"], number>> = { piped: 0, listed: 1, terraform: 2, mongodbatlas: 2 };

/**
 * One for each secret, however many show it: an imported one gets its value from its service account's list, or from the pipe.
 *
 * @throws CliFailure when two tools, or two resources, look after one secret
 */
export function mergeFound(found: readonly FoundSecret[]): FoundSecret[] {
  const merged = new Map<string, FoundSecret>();
  for (const secret of found) {
    const other = merged.get(secret.secretId);
    merged.set(secret.secretId, other ? mergeTwo(other, secret) : secret);
  }
  const all = [...merged.values()];
  return all.map((secret) => withShortenedExpiry(secret, all));
}

function mergeTwo(one: FoundSecret, other: FoundSecret): FoundSecret {
  const [more, main] = [one, other].toSorted((a, b) => RANKS[a.origin.kind] - RANKS[b.origin.kind]) as [
    FoundSecret,
    FoundSecret,
  ];
  if (RANKS[more.origin.kind] === RANKS.terraform) {
    throw new CliFailure(
      `Secret ${one.secretId} is found twice, as ${one.what} and as ${other.what}: name one source of it.`,
    );
  }
  const name = more.origin.kind === "piped" ? more.name : main.name;
  // An expiry never gets later: the earlier one was seen last.
  const expiries = [one.expiresAtMs, other.expiresAtMs].filter((ms) => ms !== undefined);
  return { ...more, ...main, name, ...(expiries.length > 0 && { expiresAtMs: Math.min(...expiries) }) };
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
