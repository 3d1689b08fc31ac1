/**
 * What the engine calls for a rotating resource, as short sequences: read the record, let `rotation/` decide, take the steps
 * that it says, write the record.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */

import { assertNotConfigured, toDeletionTarget } from "../account/configured-credential.js";
import { fetchAccountSighting } from "../account/missing.js";
import type { Session, Work } from "../account/process.js";
import { describeAccount } from "../atlas/account-ref.js";
import { PartialFailure } from "../errors.js";
import { type DiffResult, PROVIDER_KEY, type Properties, type SecretHandlers } from "../protocol.js";
import {
  fillRotationDefaults,
  type RotationInputValues,
  toDesiredRotation,
  toInputNames,
  toRotationInputValues,
} from "../records/inputs.js";
import { type RotationRecord, toRotationId, toRotationOutputs, toRotationRecord } from "../records/rotation-record.js";
import { type Scope, toAccountRef, toOwner } from "../records/scope.js";
import { describeChanges, toRecordedIds, toSeen } from "../records/transitions.js";
import { toRetireAfterMs } from "../rotation/overlap.js";
import { Reason } from "../rotation/reasons.js";
import { decideRotation, type RotationVerdict } from "../rotation/rotating.js";
import { checkInputs, NO_CHANGES, withoutStack } from "./calls.js";
import { deleteSecrets } from "./deletion.js";
import { describeOldCredential, removeExpiredCurrent, retirePrevious } from "./rotating-removals.js";
import { issueNext, type StepOutcome, settlePending } from "./rotating-steps.js";

/** Makes the handlers of a rotating resource. All handlers of a process share its session. */
export function createRotatingHandlers(scope: Scope, session: Session): SecretHandlers {
  const names = toInputNames(scope, true);
  return {
    configure: (request) => session.configure(request),
    check: (olds, news) => checkInputs(session, olds, fillRotationDefaults(news), names),
    diff: (_id, olds, news) => diff(session, toRecord(session, olds), news),
    create: (inputs) => withoutStack(() => create(session, inputs)),
    read: (id, outputs) => withoutStack(() => read(session, id, toRecord(session, outputs))),
    update: (_id, olds, news) => withoutStack(() => update(session, toRecord(session, olds), news)),
    delete: (_id, outputs) => withoutStack(() => remove(session, toRecord(session, outputs))),
  };
}

function diff(session: Session, record: RotationRecord, news: Properties): DiffResult {
  const verdict = decideRotation(record, toDesiredRotation(news), session.clock.now());
  // Other reasons show in the plan as a changed input; time does not.
  const isShown = verdict.reason !== Reason.UpToDate && verdict.reason !== Reason.SettingsChanged;
  if (isShown) reportVerdict(session, record, verdict);
  if (verdict.action === "keep") {
    // In every run, since the old credential ends while a run that changes nothing asks Atlas for nothing.
    reportOldCredential(session, record);
    return NO_CHANGES;
  }
  const replaces = verdict.action === "replace" ? [...verdict.properties] : [];
  return { changes: true, replaces, deleteBeforeReplace: false };
}

function reportVerdict({ report }: Session, record: RotationRecord, { message }: RotationVerdict): void {
  report(`${describeAccount(toAccountRef(record))}: ${message}`);
}

function reportOldCredential(session: Session, record: RotationRecord): void {
  const line = describeOldCredential(record, { configured: session.findConfigured() });
  if (line) session.report(line);
}

async function create(session: Session, properties: Properties) {
  const inputs = toRotationInputValues(properties);
  const nothing: RotationRecord = { ...inputs, isCurrentMissing: false, isUnassigned: false, generation: 0 };
  return finish(session, await issueNext(session, session.begin(), nothing, inputs), properties);
}

async function update(session: Session, recorded: RotationRecord, news: Properties) {
  // The secrets stay those of the recorded account; a changed one is the next diff's matter.
  const inputs = { ...toRotationInputValues(news), ...toOwner(recorded) };
  return finish(session, await takeSteps(session, { ...recorded, ...inputs }, inputs), news);
}

async function takeSteps(session: Session, before: RotationRecord, inputs: RotationInputValues): Promise<StepOutcome> {
  let [record, work]: [RotationRecord, Work | undefined] = [before, undefined];
  const begin = () => {
    work ??= session.begin(toValues(before));
    return work;
  };
  if (record.pending) {
    const settled = await settlePending(session, begin(), record, record.pending, inputs);
    if (settled.isDone) return settled;
    record = settled.record;
  }
  let verdict = decideRotation(record, inputs, session.clock.now());
  if (shouldRetireFirst(verdict, record, inputs, session.clock.now())) {
    record = await retirePrevious(session, begin(), record, inputs);
    // What the account shows of the previous secret, or of the current one, can change what is to do.
    verdict = decideRotation(record, inputs, session.clock.now());
    if (verdict.reason === Reason.PreviousHoldsSlot) reportVerdict(session, record, verdict);
  }
  if (verdict.action === "rotate") await removeExpiredCurrent(session, begin(), record);
  if (verdict.action === "rotate" || verdict.action === "issue") {
    const { previousMayGo } = verdict.action === "rotate" ? verdict : {};
    return issueNext(session, begin(), record, inputs, previousMayGo);
  }
  if (verdict.reason === Reason.PromotionUnrecorded) record = { ...record, promotedAtMs: session.clock.now() };
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
function finish(session: Session, { record, failure }: StepOutcome, properties: Properties) {
  reportOldCredential(session, record);
  const [id, outs] = [toRotationId(record), toRotationOutputs(record)];
  if (failure === undefined) return { id, outs };
  throw new PartialFailure(id, { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [failure]);
}

async function read(session: Session, id: string, record: RotationRecord) {
  const account = toAccountRef(record);
  const what = describeAccount(account);
  const sighting = await fetchAccountSighting(
    session.begin(toValues(record)).client,
    account,
    `the secrets of ${what} exist`,
  );
  if (sighting.kind === "account-missing") {
    session.report(`${what} is not in its ${account.level}'s list: unassigned or deleted. The record stays.`);
    return { id, props: toRotationOutputs({ ...record, isUnassigned: true }) };
  }
  const seen = toSeen(record, sighting.secrets, sighting.serverTimeMs ?? session.clock.now());
  for (const line of describeChanges(record, seen, sighting.secrets)) session.report(`${what}: ${line}`);
  // Without a secret that was ever given out, and without one that may still be, nothing is left of the resource.
  if (!seen.current && !seen.pending) return {};
  return { id, props: toRotationOutputs(seen) };
}

async function remove(session: Session, record: RotationRecord): Promise<void> {
  const work = session.begin(toValues(record));
  const { clientId, current, pending, previous } = record;
  for (const secret of [current, pending]) {
    if (secret) assertNotConfigured({ clientId, ...secret }, work.configured);
  }
  const shown = previous && (await findPrevious(session, work, record, previous.secretId));
  const secrets = [pending, shown, current].filter((secret) => secret !== undefined);
  await deleteSecrets(session, work, record, secrets);
}

function toValues({ current, pending }: RotationRecord) {
  return [current?.value, pending?.value];
}

/**
 * The previous secret if it is to be deleted. Its value is not recorded: where the provider signs in with a secret of the same
 * account, a look tells whether it is another one.
 *
 * @throws ConfiguredCredentialError when it can be the one that the provider signs in with
 */
async function findPrevious(
  { report }: Session,
  { client, configured }: Work,
  record: RotationRecord,
  secretId: string,
): Promise<{ readonly secretId: string } | undefined> {
  if (configured?.clientId !== record.clientId) return { secretId };
  const account = toAccountRef(record);
  const sighting = await fetchAccountSighting(client, account, `previous secret ${secretId} may go`);
  if (sighting.kind === "account-missing") {
    const where = `${describeAccount(account)} is not in its ${account.level}'s list`;
    report(`${where}: its secret ${secretId} was not deleted and may live on at organization level.`);
    return undefined;
  }
  const held = sighting.secrets.find(({ id }) => id === secretId);
  if (!held) return undefined;
  assertNotConfigured(toDeletionTarget(record.clientId, held), configured);
  return { secretId };
}

/** Reads a record and remembers that the stack holds its secrets. */
function toRecord({ recorded }: Session, outputs: Properties): RotationRecord {
  const record = toRotationRecord(outputs);
  const ids = toRecordedIds(record);
  recorded.noteTold(record.clientId, record.current?.secretId ?? record.pending?.secretId ?? "", ids);
  return record;
}
