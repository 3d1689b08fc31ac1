/** How the record of a rotating resource changes: what a view of the account, a creation and a promotion make of it. Pure. */
import type { HeldSecret } from "../atlas/types.js";
import { HOUR_MS, toIsoTime } from "../clock.js";
import { canBeUnlisted, describeSecret } from "../rotation/account-view.js";
import { SERVER_TIME_MARGIN_MS } from "../rotation/lost-secret.js";
import { SHORTENED_TO_HOURS, toShortenedExpiryMs } from "../rotation/window.js";
import type { RotationRecord } from "./rotation-record.js";
import { defined, type IssueRecord } from "./secret-record.js";

/**
 * The record after a view of the account at `nowMs`: times as Atlas tells them, what is gone is marked or removed. What was
 * created a moment ago is not taken for gone, since Atlas may not list it yet.
 *
 * @param hasNew whether the account holds a new secret besides
 */
export function withSeen(
  record: RotationRecord,
  held: readonly HeldSecret[],
  nowMs: number,
  hasNew = false,
): RotationRecord {
  const { current, previous, pending, ...rest } = record;
  const find = (secretId: string | undefined) => held.find(({ id }) => id === secretId);
  const [seenCurrent, seenPrevious, seenPending] = [current, previous, pending].map((item) => find(item?.secretId));
  // Beside both others there is no slot for it.
  const isCrowdedOut = seenPrevious !== undefined && (seenPending !== undefined || hasNew);
  const isGone = current !== undefined && !seenCurrent && (isCrowdedOut || !canBeUnlisted(current.createdAtMs, nowMs));
  return {
    ...rest,
    isUnassigned: false,
    isCurrentMissing: isGone || (record.isCurrentMissing && !seenCurrent),
    ...(current && { current: seenCurrent ? withTold(current, seenCurrent) : current }),
    ...(previous && seenPrevious && { previous: { ...previous, ...toUse(seenPrevious) } }),
    // It is older than the current one: as long as that is not listed yet, it need not be either.
    ...(previous && !seenPrevious && !seenCurrent && canBeUnlisted(current?.createdAtMs, nowMs) && { previous }),
    ...(pending && seenPending && { pending: withTold(pending, seenPending) }),
    ...(pending && !seenPending && canBeUnlisted(pending.createdAtMs, nowMs) && { pending }),
  };
}

/** A recorded secret with what Atlas tells of it. A rotation point that the record states moves with the expiry. */
export function withTold<T extends IssueRecord>(issue: T, held: HeldSecret): T {
  const { createdAtMs, expiresAtMs, lastUsedAtMs, maskedSecretValue } = held;
  const { statedRotateAfterMs, expiresAtMs: statedExpiryMs = expiresAtMs } = issue;
  const movedMs = statedRotateAfterMs && statedRotateAfterMs + expiresAtMs - statedExpiryMs;
  const told = defined({ lastUsedAtMs, maskedSecretValue, statedRotateAfterMs: movedMs });
  return { ...issue, createdAtMs, expiresAtMs, ...told };
}

function toUse({ expiresAtMs, lastUsedAtMs }: HeldSecret) {
  return { expiresAtMs, ...(lastUsedAtMs !== undefined && { lastUsedAtMs }) };
}

/** The record after a creation on the account, which shortens the expiry of every other secret. */
export function withShortened(record: RotationRecord, createdAtMs: number): RotationRecord {
  const shorten = <T extends { readonly expiresAtMs?: number }>(secret: T): T =>
    secret.expiresAtMs === undefined
      ? secret
      : { ...secret, expiresAtMs: toShortenedExpiryMs(secret.expiresAtMs, createdAtMs) };
  const { current, previous } = record;
  return { ...record, ...(current && { current: shorten(current) }), ...(previous && { previous: shorten(previous) }) };
}

/**
 * The record once the pending secret is promoted: it is current, and what was current is the previous one.
 *
 * @param promotedAtMs by Atlas's time; absent when that is not known: the next run learns it, and the overlap begins then
 */
export function withPromoted(record: RotationRecord, promotedAtMs: number | undefined): RotationRecord {
  const { pending, current, previous, promotedAtMs: _, ...rest } = record;
  if (!pending) return record;
  // One that the account lacks is of no use to anybody; the one before it may still be.
  const before = current && !record.isCurrentMissing ? toPrevious(current) : previous;
  return {
    ...rest,
    current: pending,
    ...(before && { previous: before }),
    isCurrentMissing: false,
    generation: record.generation + 1,
    ...(promotedAtMs !== undefined && { promotedAtMs }),
  };
}

function toPrevious({ secretId, expiresAtMs, lastUsedAtMs }: NonNullable<RotationRecord["current"]>) {
  return {
    secretId,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  };
}

/** The record without its previous secret. */
export function withoutPrevious({ previous: _, ...rest }: RotationRecord): RotationRecord {
  return rest;
}

/** The record without its pending secret. */
export function withoutPending({ pending: _, ...rest }: RotationRecord): RotationRecord {
  return rest;
}

/** Ids of all secrets that the record holds. */
export function toRecordedIds({ current, previous, pending }: RotationRecord): string[] {
  return [pending, previous, current].flatMap((secret) => (secret ? [secret.secretId] : []));
}

/** What a view of the account changes in a record, one sentence each, for people. */
export function describeChanges(record: RotationRecord, seen: RotationRecord, held: readonly HeldSecret[]): string[] {
  const { current, previous, pending } = record;
  const lines: string[] = [];
  if (current && seen.isCurrentMissing && !record.isCurrentMissing) {
    lines.push(
      `current secret ${current.secretId} is not on the account any more: the next 'pulumi up' makes a new one.`,
    );
  }
  if (previous && !seen.previous) {
    lines.push(`previous secret ${previous.secretId} is not on the account any more: it is removed from the state.`);
  }
  if (pending && !seen.pending) {
    lines.push(`pending secret ${pending.secretId} is not on the account any more: it is removed from the state.`);
  }
  const shortened = describeShortened(record, seen, held);
  return shortened ? [...lines, shortened] : lines;
}

function describeShortened(
  record: RotationRecord,
  { current }: RotationRecord,
  held: readonly HeldSecret[],
): string | undefined {
  const [fromMs, toMs] = [record.current?.expiresAtMs, current?.expiresAtMs];
  if (!current || fromMs === undefined || toMs === undefined || toMs >= fromMs - SERVER_TIME_MARGIN_MS)
    return undefined;
  const own = toRecordedIds(record);
  const isShortenedBy = ({ createdAtMs }: HeldSecret) =>
    Math.abs(createdAtMs + SHORTENED_TO_HOURS * HOUR_MS - toMs) <= SERVER_TIME_MARGIN_MS;
  const other = held.find((secret) => !own.includes(secret.id) && isShortenedBy(secret));
  const why = other
    ? `secret ${describeSecret(other)} was created on the account, outside this resource, and that leaves the others a week`
    : "Atlas does that when another secret is created on the account, and none is there that this resource does not record";
  return `current secret ${current.secretId} now expires at ${toIsoTime(toMs)} instead of ${toIsoTime(fromMs)}: ${why}.`;
}
