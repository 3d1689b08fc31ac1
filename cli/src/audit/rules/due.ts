/**
 * What is due about recorded resources, as `assess` of the provider says it: by the verdicts that `pulumi up` acts on. Here each
 * reason only gets its code.
 */
import {
  type AccountView,
  assess,
  decideRemoval,
  type Finding,
  isRemoved,
  type PreviousSecret,
  Reason,
  type RecordedIssue,
  RemovalReason,
  type RemovalVerdict,
  toCurrentIssue,
  toDueMs,
  toRetirement,
} from "pulumi-atlas-secrets/rotation";
import { toIsoTime } from "../../wording.js";
import { type Account, toAccountView } from "../accounts.js";
import type { FindingCode } from "../codes.js";
import type { FoundFault } from "../finding.js";
import type { SeenResource } from "../seen.js";
import { listKept } from "./atlas.js";
import { type AccountRule, type Situation, toFault } from "./situation.js";

const HOUR_MS = 3_600_000;

export const findDue: AccountRule = (account, situation) =>
  listKept(account).flatMap((resource) => findDueOf(resource, account, situation));

function findDueOf(resource: SeenResource, account: Account, situation: Situation): FoundFault[] {
  const { seen, missing } = resource;
  // One that Atlas does not hold is missing, and nothing else.
  const due = assess(seen, situation.nowMs).filter(({ secretId }) => !missing.includes(secretId));
  return due.flatMap((finding): FoundFault[] => {
    const found = toCodeAndMessage(finding, due, resource, account, situation);
    if (!found) return [];
    const [code, message] = found;
    return [toFault(code, account, [resource], message, finding.secretId)];
  });
}

type CodeAndMessage = readonly [code: FindingCode, message: string];

function toCodeAndMessage(
  { reason, message }: Finding,
  due: readonly Finding[],
  resource: SeenResource,
  account: Account,
  situation: Situation,
): CodeAndMessage | undefined {
  switch (reason) {
    case Reason.Expired:
      return ["current-expired", message];
    case Reason.InsideRotationWindow:
      return (!isWaiting(due) && findLonely(resource, account, situation)) || ["inside-window", message];
    case Reason.PreviousHoldsSlot:
      return [toWaitingCode(due), message];
    case Reason.OverlapOver:
      return toRetirementFault(resource, account, situation);
    case Reason.VerificationPending:
      return ["pending-verification", message];
    case Reason.SecretRejected:
      return ["rejected", message];
    case Reason.CurrentMissing:
      return ["missing-on-atlas", message];
    default:
      return ["run-pending", message];
  }
}

function isWaiting(due: readonly Finding[]): boolean {
  return due.some(({ reason }) => reason === Reason.PreviousHoldsSlot);
}

/** A rotation that waits for its slot is due by time, or for a change. */
function toWaitingCode(due: readonly Finding[]): FindingCode {
  if (due.some(({ reason }) => reason === Reason.Expired)) return "current-expired";
  return due.some(({ reason }) => reason === Reason.InsideRotationWindow) ? "inside-window" : "run-pending";
}

/** One that is alone, and has been due for longer than the grace, or than half of its window if that is shorter. */
function findLonely({ seen }: SeenResource, { holders }: Account, { nowMs, limits }: Situation) {
  const [current, dueMs] = [toCurrentIssue(seen), toDueMs(seen)];
  if (holders.length !== 1 || current?.expiresAtMs === undefined || dueMs === undefined) return undefined;
  const { secretId, expiresAtMs } = current;
  if (nowMs < dueMs + Math.min(limits.graceHours * HOUR_MS, (expiresAtMs - dueMs) / 2)) return undefined;
  const times = `has been due for rotation since ${toIsoTime(dueMs)} and expires at ${toIsoTime(expiresAtMs)}`;
  return ["no-successor", `secret ${secretId} is the only one, ${times}.`] as const;
}

/** What a run that retires the previous secret would find; nothing where an expired one, or a missing successor, is found as that. */
function toRetirementFault(resource: SeenResource, account: Account, { nowMs }: Situation): CodeAndMessage | undefined {
  const verdict = decideRetiring(resource, account, nowMs);
  if (verdict?.reason === RemovalReason.InUse) return ["previous-in-use", verdict.message];
  return verdict?.reason === RemovalReason.OverlapOver ? ["overlap-over", verdict.message] : undefined;
}

function decideRetiring({ seen }: SeenResource, account: Account, nowMs: number): RemovalVerdict | undefined {
  if (seen.kind !== "rotating") return undefined;
  const { record, desired } = seen;
  const { current, previous } = record;
  const retired = isRemoved(seen) ? (current ?? previous) : previous;
  if (!retired || (!current && !isRemoved(seen))) return undefined;
  const purpose = toRetirement(record, desired);
  const view = account.isListed ? toAccountView(account) : toRecordedView(account, current, previous);
  return decideRemoval({ secretId: retired.secretId, purpose, view, nowMs, isCredential: false });
}

/** Stands for an expiry that nobody told: so late that it is never over. */
const NEVER_MS = 8e15;

/** The account as if Atlas listed what is recorded: nobody asked it. */
function toRecordedView(
  { key }: Account,
  current: RecordedIssue | undefined,
  previous: PreviousSecret | undefined,
): AccountView {
  const toViewed = ({ secretId: id, expiresAtMs = NEVER_MS, ...times }: RecordedIssue | PreviousSecret) => {
    return { createdAtMs: 0, ...times, id, expiresAtMs, mayBeCredential: false };
  };
  const secrets = [
    ...(current ? [{ ...toViewed(current), role: "current" as const }] : []),
    ...(previous ? [{ ...toViewed(previous), role: "previous" as const }] : []),
  ];
  return { account: key, secrets, serverAheadMs: 0, isRecordComplete: false };
}
