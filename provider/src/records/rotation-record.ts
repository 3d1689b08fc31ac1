/**
 * What the state holds of a rotating resource, read leniently and written strictly. The current secret's outputs have the
 * names of those of a resource with one secret; the pending one's have `pending` before them.
 */
import { parseIsoTime } from "../clock.js";
import type { Properties } from "../protocol.js";
import { toRecordedRotateAfterMs } from "../rotation/due.js";
import { DEFAULT_QUIET_HOURS, toRetireAfterMs } from "../rotation/overlap.js";
import type { DesiredRotation, RecordedRotation, RotationStatus, SecretStatus } from "../rotation/secret.js";
import { fillRotationDefaults, toDesiredRotation } from "./inputs.js";
import { toAccountRef } from "./scope.js";
import {
  defined,
  type IssueRecord,
  toEcho,
  toEchoedInputs,
  toIds,
  toIsoText,
  toIssueOutputs,
  toIssueRecord,
  toNumber,
  toPlainJson,
  toText,
} from "./secret-record.js";

/** Everything that is recorded of a rotating resource. Times are in milliseconds since the epoch. */
export interface RotationRecord extends RecordedRotation {
  readonly current?: IssueRecord;
  readonly pending?: IssueRecord;
  /** How many secrets were current so far. */
  readonly generation: number;
  /** Whether a look did not find the account in its owner's list. */
  readonly isUnassigned: boolean;
  /** As of a resource with one secret, which this one was. */
  readonly supersedes?: readonly string[];
}

const PENDING = "pending";
const UNVERIFIED: readonly unknown[] = ["pending-verification", "rejected"] satisfies readonly SecretStatus[];

/** Reads recorded outputs. Total: what is missing or of the wrong type takes its default or is left out. */
export function toRotationRecord(outputs: Properties): RotationRecord {
  const filled = fillRotationDefaults(outputs);
  const inputs = toEchoedInputs(filled);
  const { previousSecretId, previousExpiresAt, previousLastUsedAt, status } = outputs;
  // One of the class with one secret that did not pass its verification was handed to nobody: it comes over as pending.
  const isUnverified = outputs.generation === undefined && UNVERIFIED.includes(status);
  const current = !isUnverified && toText(outputs.secretId) && toIssueRecord(outputs, inputs);
  const pendingOutputs = isUnverified ? outputs : toPendingOutputs(outputs);
  const pending = toText(pendingOutputs.secretId) && toIssueRecord(pendingOutputs, inputs);
  const previousTimes = {
    expiresAtMs: parseIsoTime(previousExpiresAt),
    lastUsedAtMs: parseIsoTime(previousLastUsedAt),
  };
  const previousId = toText(previousSecretId);
  return {
    ...inputs,
    overlapHours: toNumber(filled.overlapHours) ?? 0,
    quietHours: toNumber(filled.quietHours) ?? DEFAULT_QUIET_HOURS,
    isCurrentMissing: status === "current-missing",
    isUnassigned: status === "account-unassigned",
    generation: toNumber(outputs.generation) ?? (current ? 1 : 0),
    ...(current && { current }),
    ...(pending && { pending }),
    ...(previousId !== undefined && { previous: { secretId: previousId, ...defined(previousTimes) } }),
    ...defined({
      promotedAtMs: parseIsoTime(outputs.promotedAt),
      removedAtMs: parseIsoTime(outputs.removedAt),
      supersedes: toIds(outputs.supersedes),
    }),
  };
}

function toPendingOutputs(outputs: Properties): Properties {
  const entries = Object.entries(outputs).filter(([name]) => name.startsWith(PENDING));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const [first = "", rest] = [name.charAt(PENDING.length), name.slice(PENDING.length + 1)];
      return [first.toLowerCase() + rest, value];
    }),
  );
}

/** Writes a record as outputs: the values and the triggers marked as secrets, times in ISO 8601, nothing undefined. */
export function toRotationOutputs(record: RotationRecord): Record<string, unknown> {
  const { current, pending, previous, promotedAtMs, removedAtMs, generation, supersedes, rotateBeforeExpiryHours } =
    record;
  return toPlainJson({
    ...toEcho(record, true),
    generation,
    supersedes,
    ...(current && toIssueOutputs(current, record)),
    ...(pending && withPrefix(toIssueOutputs(pending, record))),
    status: toRotationStatus(record),
    rotateAfter:
      current && removedAtMs === undefined
        ? toIsoText(toRecordedRotateAfterMs({ ...current, rotateBeforeExpiryHours }))
        : undefined,
    previousSecretId: previous?.secretId,
    previousExpiresAt: toIsoText(previous?.expiresAtMs),
    previousLastUsedAt: toIsoText(previous?.lastUsedAtMs),
    promotedAt: toIsoText(promotedAtMs),
    retireAfter: toIsoText(toRetireAfterMs(record, record)),
    removedAt: toIsoText(removedAtMs),
  });
}

function withPrefix(outputs: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(outputs).map(([name, value]) => {
    return [`${PENDING}${name.charAt(0).toUpperCase()}${name.slice(1)}`, value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** The inputs of the last run, as far as a record holds them; the rest are defaults. */
export function toOwnInputs(record: RotationRecord): DesiredRotation {
  const { current, pending } = record;
  const { issuedForTriggers: triggers = {} } = pending ?? current ?? {};
  return toDesiredRotation({ ...toEcho(record, true), triggers });
}

/** The status that a record has: the most urgent one. */
export function toRotationStatus(record: RotationRecord): RotationStatus {
  if (record.removedAtMs !== undefined) return "account-removed";
  if (record.isCurrentMissing) return "current-missing";
  if (record.isUnassigned) return "account-unassigned";
  if (record.pending) return "pending-verification";
  if (!record.current) return "current-missing";
  return record.previous ? "overlapping" : "active";
}

/** The resource's id: there is one for an account. */
export function toRotationId(record: RotationRecord): string {
  const { ownerId, clientId } = toAccountRef(record);
  return `${ownerId}/${clientId}`;
}
