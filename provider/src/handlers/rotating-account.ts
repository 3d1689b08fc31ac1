/**
 * What runs do with the account of a rotating secret, from its record to the record that is true afterwards: the same for a resource
 * of one account and for each account of a set.
 */
import { deleteRecorded } from "../account/deletion.js";
import type { Operation } from "../account/operation.js";
import type { ProviderProcess } from "../account/process.js";
import { findAccount, findSharedView, toServerNowMs } from "../account/view.js";
import { describeAccount } from "../atlas/account-ref.js";
import type { RotationInputValues } from "../records/inputs.js";
import { listRotating } from "../records/read-state.js";
import type { RotationRecord } from "../records/rotation-record.js";
import { toAccountRef, toOwner } from "../records/scope.js";
import { describeChanges, toRecordedIds, withSeen } from "../records/transitions.js";
import { toRetireAfterMs } from "../rotation/overlap.js";
import { Reason } from "../rotation/reasons.js";
import { decideRotation, type RotationVerdict } from "../rotation/rotating.js";
import { describeOldCredential, removeExpiredCurrent, retirePrevious } from "./rotating-removals.js";
import { issueNext, recordPromotion, type StepOutcome, settlePending } from "./rotating-steps.js";

/** Remembers what the stack holds on the account. */
export function noteRecord({ known }: ProviderProcess, record: RotationRecord): void {
  known.noteRecord(record.clientId, record.current?.secretId ?? record.pending?.secretId ?? "", listRotating(record));
}

/** Says what a run does with an account, or will do. */
export function reportVerdict(process: ProviderProcess, record: RotationRecord, { message }: RotationVerdict): void {
  process.report(`${describeAccount(toAccountRef(record))}: ${message}`);
}

/** Says that the provider signs in with an older secret of the account, if it does. */
export function reportOldCredential(process: ProviderProcess, record: RotationRecord): void {
  const line = describeOldCredential(record, process.findCredential());
  if (line) process.report(line);
}

/** Issues the first secret of an account. */
export async function issueFirst(
  process: ProviderProcess,
  inputs: RotationInputValues,
  supersedes: readonly string[] = [],
): Promise<StepOutcome> {
  const nothing = { ...toEmptyRecord(inputs), ...(supersedes.length > 0 && { supersedes }) };
  return noteOutcome(process, await issueNext(process, process.begin(), nothing, inputs));
}

/** The record of an account of which nothing was issued yet. */
export function toEmptyRecord(inputs: RotationInputValues): RotationRecord {
  return { ...inputs, isCurrentMissing: false, isUnassigned: false, generation: 0 };
}

/** Does what is due on a recorded account. */
export async function settleAccount(
  process: ProviderProcess,
  recorded: RotationRecord,
  wanted: RotationInputValues,
): Promise<StepOutcome> {
  // The secrets stay those of the recorded account; a changed one is the next diff's matter.
  const inputs = { ...wanted, ...toOwner(recorded) };
  return noteOutcome(process, await takeSteps(process, { ...recorded, ...inputs }, inputs));
}

/** A resource that waits for its deletion must know whether its successor works. */
function noteOutcome(process: ProviderProcess, outcome: StepOutcome): StepOutcome {
  const { record } = outcome;
  reportOldCredential(process, record);
  const first = record.pending ?? record.current;
  if (first) {
    const isGivenOut = record.current !== undefined;
    process.known.noteVerification(record.clientId, first.secretId, isGivenOut, record.supersedes);
  }
  return outcome;
}

async function takeSteps(
  process: ProviderProcess,
  before: RotationRecord,
  inputs: RotationInputValues,
): Promise<StepOutcome> {
  let [record, operation]: [RotationRecord, Operation | undefined] = [before, undefined];
  const begin = () => {
    operation ??= process.begin(toValues(before));
    return operation;
  };
  if (record.pending) {
    const settled = await settlePending(process, begin(), record, record.pending, inputs);
    if (settled.isDone) return settled;
    record = settled.record;
  }
  let verdict = decideRotation(record, inputs, process.clock.now());
  if (shouldRetireFirst(verdict, record, inputs, process.clock.now())) {
    record = await retirePrevious(process, begin(), record, inputs);
    // What the account shows of the previous secret, or of the current one, can change what is to do.
    verdict = decideRotation(record, inputs, process.clock.now());
    if (verdict.reason === Reason.PreviousHoldsSlot) reportVerdict(process, record, verdict);
  }
  if (verdict.action === "rotate") await removeExpiredCurrent(process, begin(), record, inputs);
  if (verdict.action === "rotate" || verdict.action === "issue") {
    const { previousMayGo } = verdict.action === "rotate" ? verdict : {};
    return issueNext(process, begin(), record, inputs, previousMayGo);
  }
  if (verdict.reason === Reason.PromotionUnrecorded) record = await recordPromotion(process, begin(), record);
  return { record, isDone: true };
}

/**
 * Whether the previous secret is to go before anything else. A rotation for changed triggers takes its slot in any case, so
 * that only an expired one, whose slot it may not need, goes first.
 */
function shouldRetireFirst(
  verdict: RotationVerdict,
  record: RotationRecord,
  inputs: RotationInputValues,
  nowMs: number,
): boolean {
  if (verdict.action === "retire") return true;
  if (verdict.action !== "rotate" || nowMs < (toRetireAfterMs(record, inputs) ?? Number.POSITIVE_INFINITY))
    return false;
  return (
    verdict.reason !== Reason.TriggersChanged || nowMs >= (record.previous?.expiresAtMs ?? Number.POSITIVE_INFINITY)
  );
}

/** The record as a look at its account shows it. */
export async function readAccount(process: ProviderProcess, record: RotationRecord): Promise<RotationRecord> {
  const account = toAccountRef(record);
  const what = describeAccount(account);
  const operation = process.begin(toValues(record));
  const view =
    (await findSharedView(process, operation, account, toRecordedIds(record))) ??
    (await findAccount(process, operation, account, `the secrets of ${what} exist`));
  if (!view) {
    operation.report(`${what} is not in its ${account.level}'s list: unassigned or deleted. The record stays.`);
    return { ...record, isUnassigned: true };
  }
  const seen = withSeen(record, view.secrets, toServerNowMs(view, process.clock) ?? process.clock.now());
  for (const line of describeChanges(record, seen, view.secrets)) operation.report(`${what}: ${line}`);
  return seen;
}

/** Deletes every secret that is recorded of the account, the one that consumers have last. */
export async function deleteAccount(process: ProviderProcess, record: RotationRecord): Promise<void> {
  const { current, pending, previous } = record;
  const targets = [pending, previous, current].filter((secret) => secret !== undefined);
  await deleteRecorded(process, process.begin(toValues(record)), toAccountRef(record), targets);
}

function toValues({ current, pending }: RotationRecord) {
  return [current?.value, pending?.value];
}
