/** Faults of the secrets that records take for current: expired, due, due with nothing beside it. */
import { assess, OverdueReason } from "pulumi-atlas-secrets/rotation";
import { toIsoTime } from "../../wording.js";
import type { AccountView } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import type { SecretRecord } from "../inventory.js";
import { type AccountRule, findHolder, type Situation, sayOf, toEvidence } from "./situation.js";

const HOUR_MS = 3_600_000;

export const findCurrentFaults: AccountRule = (account, situation) =>
  account.records.flatMap((record) => findFaultsOfRecord(record, account, situation));

function findFaultsOfRecord(record: SecretRecord, account: AccountView, { nowMs, limits }: Situation): FoundFault[] {
  const { current, isPendingDeletion } = record;
  // One that Atlas does not hold is missing, and nothing else.
  if (!current || isPendingDeletion || !findHolder(account, current.secretId)) return [];
  const times = toCurrentTimes(record, account);
  const [overdue] = assess({ secretId: current.secretId, ...times }, nowMs);
  if (!overdue) return [];
  const { secretId } = current;
  const fault = { account: account.key, secretId, ...toEvidence(account, record) };
  if (overdue.reason === OverdueReason.Expired) {
    return [{ ...fault, code: "current-expired", message: sayOf(account, overdue.message) }];
  }
  const due: FoundFault = { ...fault, code: "inside-window", message: sayOf(account, overdue.message) };
  return isWithoutSuccessor(account, times, nowMs, limits.graceHours)
    ? [due, { ...fault, code: "no-successor", message: sayOf(account, toLonelyMessage(secretId, times)) }]
    : [due];
}

interface CurrentTimes {
  readonly expiresAtMs?: number | undefined;
  readonly rotateAfterMs?: number | undefined;
}

/** The times of a current secret: Atlas's expiry where it lists one, which moves the rotation point and not the window. */
export function toCurrentTimes({ current, rotateAfterMs }: SecretRecord, account: AccountView): CurrentTimes {
  const listed = current && findHolder(account, current.secretId)?.listed;
  if (!listed) return { expiresAtMs: current?.expiresAtMs, rotateAfterMs };
  const { expiresAtMs } = listed;
  if (rotateAfterMs === undefined || current.expiresAtMs === undefined) return { expiresAtMs, rotateAfterMs };
  return { expiresAtMs, rotateAfterMs: expiresAtMs - (current.expiresAtMs - rotateAfterMs) };
}

/** Whether it is alone, and has been due for longer than the grace, or than half of its window if that is shorter. */
function isWithoutSuccessor(
  { holders }: AccountView,
  { expiresAtMs, rotateAfterMs }: CurrentTimes,
  nowMs: number,
  graceHours: number,
): boolean {
  if (holders.length !== 1 || rotateAfterMs === undefined) return false;
  const graceMs = graceHours * HOUR_MS;
  const halfWindowMs = expiresAtMs === undefined ? graceMs : (expiresAtMs - rotateAfterMs) / 2;
  return nowMs >= rotateAfterMs + Math.min(graceMs, halfWindowMs);
}

function toLonelyMessage(secretId: string, { rotateAfterMs = 0, expiresAtMs }: CurrentTimes): string {
  const end = expiresAtMs === undefined ? "" : ` and expires at ${toIsoTime(expiresAtMs)}`;
  return `secret ${secretId} is the only one, was to be rotated from ${toIsoTime(rotateAfterMs)} on${end}.`;
}
