/**
 * What the engine calls for a rotating resource, as short sequences: read the record, let `rotation/` decide, take the steps
 * that it says, write the record.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */

import { deleteRecorded } from "../account/deletion.js";
import type { Operation } from "../account/operation.js";
import type { ProviderProcess } from "../account/process.js";
import { findAccount, findSharedView, toServerNowMs } from "../account/view.js";
import { describeAccount } from "../atlas/account-ref.js";
import { PartialFailure } from "../errors.js";
import { type DiffResult, PROVIDER_KEY, type Properties, type SecretHandlers } from "../protocol.js";
import { type RotationInputValues, toDesiredRotation, toRotationInputValues } from "../records/inputs.js";
import { listRotating } from "../records/read-state.js";
import { type RotationRecord, toRotationId, toRotationOutputs, toRotationRecord } from "../records/rotation-record.js";
import { type Scope, toAccountRef, toOwner } from "../records/scope.js";
import { toText } from "../records/secret-record.js";
import { describeChanges, toRecordedIds, withSeen } from "../records/transitions.js";
import { toRetireAfterMs } from "../rotation/overlap.js";
import { Reason } from "../rotation/reasons.js";
import { decideRotation, type RotationVerdict } from "../rotation/rotating.js";
import { NO_CHANGES, toHandlers } from "./calls.js";
import { describeOldCredential, removeExpiredCurrent, retirePrevious } from "./rotating-removals.js";
import { issueNext, recordPromotion, type StepOutcome, settlePending } from "./rotating-steps.js";

/** Makes the handlers of a rotating resource. All handlers of a process share it. */
export function createRotatingHandlers({ level }: Scope, process: ProviderProcess): SecretHandlers {
  const steps = { toRecord, toOutputs: toRotationOutputs, diff, create, read, update, remove };
  return toHandlers(process, { level, isRotating: true }, steps);
}

function diff(process: ProviderProcess, record: RotationRecord, news: Properties): DiffResult {
  const verdict = decideRotation(record, toDesiredRotation(news), process.clock.now());
  // Other reasons show in the plan as a changed input; time does not.
  const isShown = verdict.reason !== Reason.UpToDate && verdict.reason !== Reason.SettingsChanged;
  if (isShown) reportVerdict(process, record, verdict);
  if (verdict.action === "keep") {
    // In every run, since the old credential ends while a run that changes nothing asks Atlas for nothing.
    reportOldCredential(process, record);
    return NO_CHANGES;
  }
  const replaces = verdict.action === "replace" ? [...verdict.properties] : [];
  if (verdict.action === "replace") {
    const successorClientId = toText(news.clientId) ?? record.clientId;
    for (const { secretId } of listRotating(record)) process.known.noteMoved(successorClientId, secretId);
  }
  return { changes: true, replaces, deleteBeforeReplace: false };
}

function reportVerdict(process: ProviderProcess, record: RotationRecord, { message }: RotationVerdict): void {
  process.report(`${describeAccount(toAccountRef(record))}: ${message}`);
}

function reportOldCredential(process: ProviderProcess, record: RotationRecord): void {
  const line = describeOldCredential(record, process.findCredential());
  if (line) process.report(line);
}

async function create(process: ProviderProcess, properties: Properties) {
  const inputs = toRotationInputValues(properties);
  const moved = process.known.movedTo(inputs.clientId);
  const nothing: RotationRecord = {
    ...inputs,
    isCurrentMissing: false,
    isUnassigned: false,
    generation: 0,
    ...(moved.length > 0 && { supersedes: moved }),
  };
  return finish(process, await issueNext(process, process.begin(), nothing, inputs), properties);
}

async function update(process: ProviderProcess, recorded: RotationRecord, news: Properties) {
  // The secrets stay those of the recorded account; a changed one is the next diff's matter.
  const inputs = { ...toRotationInputValues(news), ...toOwner(recorded) };
  return finish(process, await takeSteps(process, { ...recorded, ...inputs }, inputs), news);
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

/** Gives the record to the engine; with a failure as a partial one, so that nothing of it is lost. */
function finish(process: ProviderProcess, { record, failure }: StepOutcome, properties: Properties) {
  reportOldCredential(process, record);
  const first = record.pending ?? record.current;
  if (first) {
    const isGivenOut = record.current !== undefined;
    process.known.noteVerification(record.clientId, first.secretId, isGivenOut, record.supersedes);
  }
  const [id, outs] = [toRotationId(record), toRotationOutputs(record)];
  if (failure === undefined) return { id, outs };
  throw new PartialFailure(id, { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [failure]);
}

async function read(process: ProviderProcess, id: string, record: RotationRecord) {
  const account = toAccountRef(record);
  const what = describeAccount(account);
  const operation = process.begin(toValues(record));
  const view =
    (await findSharedView(process, operation, account, toRecordedIds(record))) ??
    (await findAccount(process, operation, account, `the secrets of ${what} exist`));
  if (!view) {
    operation.report(`${what} is not in its ${account.level}'s list: unassigned or deleted. The record stays.`);
    return { id, props: toRotationOutputs({ ...record, isUnassigned: true }) };
  }
  const seen = withSeen(record, view.secrets, toServerNowMs(view, process.clock) ?? process.clock.now());
  for (const line of describeChanges(record, seen, view.secrets)) operation.report(`${what}: ${line}`);
  // Without a secret that was ever promoted, and without one that may still be, nothing is left of the resource.
  if (!seen.current && !seen.pending) return {};
  return { id, props: toRotationOutputs(seen) };
}

async function remove(process: ProviderProcess, record: RotationRecord): Promise<void> {
  const { current, pending, previous } = record;
  const targets = [pending, previous, current].filter((secret) => secret !== undefined);
  await deleteRecorded(process, process.begin(toValues(record)), toAccountRef(record), targets);
}

function toValues({ current, pending }: RotationRecord) {
  return [current?.value, pending?.value];
}

/** Reads a record and remembers what the stack holds. */
function toRecord({ known }: ProviderProcess, outputs: Properties): RotationRecord {
  const record = toRotationRecord(outputs);
  known.noteRecord(record.clientId, record.current?.secretId ?? record.pending?.secretId ?? "", listRotating(record));
  return record;
}
