/** What one run has seen of one account: the secrets by the last answer, as changed by the run since. */
import type { Exchange } from "atlas-simulator";

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
  /** Whether the last look came after the last write. */
  isFresh = false;
  lookedAtMs = Number.NEGATIVE_INFINITY;
  doubt: Doubt | undefined;
  /** Whether Atlas has called one of the account's secrets not valid. */
  isToldInvalid = false;
  /** Ids that this run was given and has not deleted: an answer may not show them yet. */
  readonly given = new Set<string>();

  /** Takes note of an answer to a look; false when it showed nothing. */
  noteLook({ outcome }: Exchange, nowMs: number): boolean {
    const shown = outcome.kind === "answer" && outcome.status === 200 ? parseSecrets(outcome.body) : undefined;
    if (!shown) return false;
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
      this.given.delete(secretId);
    }
  }
}

/** How many secrets the account holds as far as the run can know. */
export function countShown({ shown, given }: Sight): number {
  return new Set([...shown.keys(), ...given]).size;
}

function parseSecrets(body: string): ShownSecret[] | undefined {
  try {
    const { secrets } = JSON.parse(body) as { secrets?: unknown };
    return Array.isArray(secrets) ? secrets.map(toShown) : undefined;
  } catch {
    return undefined; // Broken on purpose: it showed nothing.
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
