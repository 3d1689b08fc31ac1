/** What one run has seen of one account: the secrets by the last answer, as changed by the run since. */
import type { Exchange } from "pulumi-atlas-secrets-simulator";

/** A secret as an answer showed it. Times in milliseconds since the epoch. */
export interface ShownSecret {
  readonly id: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs?: number;
}

/** A creation without a usable answer. */
export interface Doubt {
  /** The resource that it was for. */
  readonly subject: string;
  /** What the account was seen to hold before it. */
  readonly known: ReadonlySet<string>;
  /** The lifetime that was asked for. */
  readonly hours: number;
  readonly sentMs: number;
  readonly givenUpMs: number;
}

export class Sight {
  /** By id. */
  shown = new Map<string, ShownSecret>();
  /** Ids as the last look of a call itself showed them, by its resource: a list that another call asked for may be later. */
  readonly ownLooks = new Map<string, readonly string[]>();
  /** Whether the last look came after the last write. */
  isFresh = false;
  lookedAtMs = Number.NEGATIVE_INFINITY;
  doubt: Doubt | undefined;
  /** Whether Atlas has called one of the account's secrets not valid. */
  isToldInvalid = false;
  /** Ids that this run was given and has not deleted: an answer may not show them yet. */
  readonly given = new Set<string>();

  /** Takes note of what an answer shows of the account's secrets; false when that is nothing. */
  noteShown(secrets: unknown, nowMs: number): boolean {
    if (!Array.isArray(secrets)) return false;
    const shown = secrets.map(toShown);
    this.shown = new Map(shown.map((secret) => [secret.id, secret]));
    this.isFresh = true;
    this.lookedAtMs = nowMs;
    return true;
  }

  noteCreated({ outcome }: Exchange): void {
    this.doubt = undefined;
    if (outcome.kind !== "answer") return;
    const { id } = JSON.parse(outcome.body) as { id: string };
    this.given.add(id);
  }

  noteDeletion({ changes }: Exchange): void {
    for (const { secretId } of changes) {
      this.shown.delete(secretId);
      for (const [subject, ids] of this.ownLooks)
        this.ownLooks.set(
          subject,
          ids.filter((id) => id !== secretId),
        );
      this.given.delete(secretId);
    }
  }
}

/** How many secrets the account holds as far as a call for this resource can know, without these. */
export function countShown({ shown, ownLooks, given }: Sight, subject: string, without: ReadonlySet<string>): number {
  const count = (ids: Iterable<string>) => [...new Set([...ids, ...given])].filter((id) => !without.has(id)).length;
  return Math.min(count(shown.keys()), count(ownLooks.get(subject) ?? shown.keys()));
}

/** What a successful answer holds; nothing of one that is broken on purpose. */
export function parseAnswer({ outcome }: Exchange): Record<string, unknown> {
  if (outcome.kind !== "answer" || outcome.status !== 200) return {};
  try {
    return (JSON.parse(outcome.body) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function toShown({ id, createdAt, expiresAt, lastUsedAt }: Record<string, unknown>): ShownSecret {
  return {
    id: String(id),
    createdAtMs: Date.parse(String(createdAt)),
    expiresAtMs: Date.parse(String(expiresAt)),
    ...(typeof lastUsedAt === "string" && { lastUsedAtMs: Date.parse(lastUsedAt) }),
  };
}
