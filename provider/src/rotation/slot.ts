/**
 * Decides where a new secret goes: an account holds two, and an expired one keeps its slot until it is deleted.
 * Plain data and the server's time in, verdict out.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/
 */
import type { HeldSecret } from "../atlas/types.js";
import { MINUTE_MS, toIsoTime } from "../clock.js";
import { SlotReason } from "./reasons.js";

export type { HeldSecret };

/** How many secrets one service account holds at most, expired ones included. */
export const SLOTS_PER_ACCOUNT = 2;

/** How long a secret must be expired, by the server's time, before it may be deleted for its slot. */
export const EXPIRY_MARGIN_MS = 10 * MINUTE_MS;

/** A use up to this long after its creation counts as the verification at a secret's birth. */
export const BIRTH_VERIFICATION_MS = 10 * MINUTE_MS;

/** What may be done to make room on an account. */
export interface SlotPolicy {
  /** Ids that the stack records: never removed unless expired, but for `retirable`. */
  readonly recordedIds: ReadonlySet<string>;
  /** Whether `recordedIds` is known to be complete for the account; `exclusive` counts only then. */
  readonly isRecordComplete: boolean;
  readonly reclaimExpired: boolean;
  readonly mayRemove: readonly string[];
  readonly exclusive: boolean;
  /** The resource's own previous secret when it may go, from `fromMs` on where that is given, with the reason in words. */
  readonly retirable?: { readonly secretId: string; readonly why: string; readonly fromMs?: number };
}

/** Where a new secret goes. */
export type SlotVerdict =
  | { readonly action: "use-free"; readonly reason: typeof SlotReason.SlotFree }
  | {
      readonly action: "delete-first";
      readonly reason: SlotReason;
      readonly secret: HeldSecret;
      readonly message: string;
    }
  | {
      readonly action: "refuse";
      readonly reason: typeof SlotReason.AccountFull;
      readonly holders: readonly HeldSecret[];
      readonly message: string;
    };

/** Decides whether a slot is free, which secret may make room, or that the account is full. `serverNowMs` is Atlas's time. */
export function decideSlot(held: readonly HeldSecret[], policy: SlotPolicy, serverNowMs: number): SlotVerdict {
  if (held.length < SLOTS_PER_ACCOUNT) return { action: "use-free", reason: SlotReason.SlotFree };
  const expired = held.find((secret) => isExpired(secret, serverNowMs));
  if (expired && policy.reclaimExpired) return toDelete(expired, SlotReason.ExpiredHoldsSlot, "it has expired");
  const { secretId, why = "", fromMs = serverNowMs } = policy.retirable ?? {};
  const previous = held.find(({ id }) => id === secretId);
  if (previous && serverNowMs >= fromMs) return toDelete(previous, SlotReason.PreviousHoldsSlot, why);
  const foreign = held.filter((secret) => !policy.recordedIds.has(secret.id));
  const removable = foreign.find((secret) => policy.mayRemove.includes(secret.id));
  if (removable) return toDelete(removable, SlotReason.RemovableHoldsSlot, "mayRemove names it");
  const orphan = policy.exclusive && policy.isRecordComplete ? findOrphan(held, policy) : undefined;
  if (orphan) {
    const why = "the account is exclusive, and it is newer than the recorded one and unused since its birth";
    return toDelete(orphan, SlotReason.OrphanHoldsSlot, why);
  }
  return { action: "refuse", reason: SlotReason.AccountFull, holders: held, message: toRefusal(held, policy) };
}

/** Whether the secret has expired for certain. */
export function isExpired({ expiresAtMs }: Pick<HeldSecret, "expiresAtMs">, serverNowMs: number): boolean {
  return serverNowMs >= expiresAtMs + EXPIRY_MARGIN_MS;
}

/**
 * The secret that a run which was killed can have left, on an account where nobody else creates any. It is newer than what is
 * recorded: an older one can be recorded as well, waiting for its deletion and in use until then, and the engine tells of such
 * a one only when it is to be deleted. With nothing recorded on the account the engine may not have told yet what is.
 */
function findOrphan(held: readonly HeldSecret[], { recordedIds }: SlotPolicy): HeldSecret | undefined {
  const recorded = held.filter(({ id }) => recordedIds.has(id));
  if (recorded.length === 0) return undefined;
  const isNewer = ({ createdAtMs }: HeldSecret) => recorded.every((own) => createdAtMs > own.createdAtMs);
  return held.find((secret) => !recordedIds.has(secret.id) && isNewer(secret) && isUnusedSinceBirth(secret));
}

/** Whether nobody used the secret but for a verification right after its creation. */
export function isUnusedSinceBirth(secret: HeldSecret): boolean {
  return secret.lastUsedAtMs === undefined || secret.lastUsedAtMs - secret.createdAtMs <= BIRTH_VERIFICATION_MS;
}

/** One secret in words, for a person on call: id, created, expires, last used. */
export function describeSecret(secret: HeldSecret): string {
  const used = secret.lastUsedAtMs === undefined ? "never used" : `last used ${toIsoTime(secret.lastUsedAtMs)}`;
  return `${secret.id} (created ${toIsoTime(secret.createdAtMs)}, expires ${toIsoTime(secret.expiresAtMs)}, ${used})`;
}

function toDelete(secret: HeldSecret, reason: SlotReason, why: string): SlotVerdict {
  const message = `secret ${describeSecret(secret)} is deleted to free its slot: ${why}.`;
  return { action: "delete-first", reason, secret, message };
}

function toRefusal(held: readonly HeldSecret[], policy: SlotPolicy): string {
  const own = held.filter((secret) => policy.recordedIds.has(secret.id)).map((secret) => secret.id);
  const ways = [
    "delete one of them that nobody uses",
    "name one that may go in mayRemove",
    ...(policy.reclaimExpired ? [] : ["set reclaimExpired so that an expired one may go"]),
    "wait until one has been expired for 10 minutes (it is then removed by the next 'pulumi up')",
  ];
  const recorded =
    own.length > 0
      ? ` This stack records ${own.join(" and ")}, which is never removed for its slot while it lives.`
      : "";
  return `both slots are taken: ${held.map(describeSecret).join("; ")}.${recorded} Ways out: ${ways.join("; or ")}.`;
}
