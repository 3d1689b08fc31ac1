/** How the record of a rotating resource changes: what a look, a creation and a delivery make of it. Pure. */

import { canBeUnlisted } from "../account/missing.js";
import { toIsoTime } from "../clock.js";
import { SERVER_TIME_MARGIN_MS } from "../rotation/lost-secret.js";
import { OTHERS_LIVE_AT_MOST_MS } from "../rotation/orphan.js";
import { describeSecret, type HeldSecret } from "../rotation/slot.js";
import type { RotationRecord } from "./rotation-record.js";

/**
 * The record after a look at the account at `nowMs`: times as Atlas tells them, what is gone is marked or forgotten. What was
 * created a moment ago is not taken for gone, since Atlas may not list it yet.
 *
 * @param hasNew whether the account holds a new secret besides
 */
export function toSeen(
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
    ...(current && { current: { ...current, ...(seenCurrent && toTimes(seenCurrent)) } }),
    ...(previous && seenPrevious && { previous: { ...previous, ...toUse(seenPrevious) } }),
    ...(pending && seenPending && { pending: { ...pending, ...toTimes(seenPending) } }),
    ...(pending && !seenPending && canBeUnlisted(pending.createdAtMs, nowMs) && { pending }),
  };
}

function toTimes({ id: _, ...times }: HeldSecret): Omit<HeldSecret, "id"> {
  return times;
}

function toUse({ expiresAtMs, lastUsedAtMs }: HeldSecret) {
  return { expiresAtMs, ...(lastUsedAtMs !== undefined && { lastUsedAtMs }) };
}

/** The record after a creation on the account, which cuts the expiry of every other secret. */
export function toCut(record: RotationRecord, createdAtMs: number): RotationRecord {
  const cutMs = createdAtMs + OTHERS_LIVE_AT_MOST_MS;
  const cut = <T extends { readonly expiresAtMs?: number }>(secret: T): T =>
    secret.expiresAtMs === undefined ? secret : { ...secret, expiresAtMs: Math.min(secret.expiresAtMs, cutMs) };
  const { current, previous } = record;
  return { ...record, ...(current && { current: cut(current) }), ...(previous && { previous: cut(previous) }) };
}

/** The record once the pending secret is given out: it is current, and what was current is the previous one. */
export function toPromoted(record: RotationRecord, promotedAtMs: number): RotationRecord {
  const { pending, current, previous, ...rest } = record;
  if (!pending) return record;
  // One that the account lacks is of no use to anybody; the one before it may still be.
  const before = current && !record.isCurrentMissing ? toPrevious(current) : previous;
  const { generation } = record;
  return {
    ...rest,
    current: pending,
    ...(before && { previous: before }),
    isCurrentMissing: false,
    generation: generation + 1,
    promotedAtMs,
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

/** What a look changes in a record, one sentence each, for people. */
export function describeChanges(record: RotationRecord, seen: RotationRecord, held: readonly HeldSecret[]): string[] {
  const { current, previous, pending } = record;
  const lines: string[] = [];
  if (current && seen.isCurrentMissing && !record.isCurrentMissing) {
    lines.push(
      `current secret ${current.secretId} is not on the account any more: the next 'pulumi up' makes a new one.`,
    );
  }
  if (previous && !seen.previous) {
    lines.push(`previous secret ${previous.secretId} is not on the account any more: it is forgotten.`);
  }
  if (pending && !seen.pending) {
    lines.push(`pending secret ${pending.secretId} is not on the account any more: it is forgotten.`);
  }
  const cut = describeCut(record, seen, held);
  return cut ? [...lines, cut] : lines;
}

function describeCut(
  record: RotationRecord,
  { current }: RotationRecord,
  held: readonly HeldSecret[],
): string | undefined {
  const [fromMs, toMs] = [record.current?.expiresAtMs, current?.expiresAtMs];
  if (!current || fromMs === undefined || toMs === undefined || toMs >= fromMs - SERVER_TIME_MARGIN_MS)
    return undefined;
  const own = toRecordedIds(record);
  const isCutBy = ({ createdAtMs }: HeldSecret) =>
    Math.abs(createdAtMs + OTHERS_LIVE_AT_MOST_MS - toMs) <= SERVER_TIME_MARGIN_MS;
  const foreign = held.filter(({ id }) => !own.includes(id));
  const culprit = foreign.find(isCutBy);
  const why = culprit
    ? `secret ${describeSecret(culprit)}, which this stack does not record, was created on the account, and that cuts the others to a week`
    : "Atlas does that when another secret is created on the account, and none is there that this stack does not record";
  return `current secret ${current.secretId} now expires at ${toIsoTime(toMs)} instead of ${toIsoTime(fromMs)}: ${why}.`;
}
