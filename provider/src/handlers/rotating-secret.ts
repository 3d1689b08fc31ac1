/**
 * What the engine calls for a rotating resource, as short sequences: read the record, let `rotation/` decide, take the steps
 * that it says, write the record.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */
import type { ProviderProcess } from "../account/process.js";
import { PartialFailure } from "../errors.js";
import { type DiffResult, PROVIDER_KEY, type Properties, type SecretHandlers } from "../protocol.js";
import { toDesiredRotation, toRotationInputValues } from "../records/inputs.js";
import { listRotating } from "../records/read-state.js";
import { type RotationRecord, toRotationId, toRotationOutputs, toRotationRecord } from "../records/rotation-record.js";
import type { Scope } from "../records/scope.js";
import { toText } from "../records/secret-record.js";
import { Reason } from "../rotation/reasons.js";
import { decideRotation } from "../rotation/rotating.js";
import { NO_CHANGES, toHandlers } from "./calls.js";
import {
  deleteAccount,
  issueFirst,
  noteRecord,
  readAccount,
  reportOldCredential,
  reportVerdict,
  settleAccount,
} from "./rotating-account.js";
import type { StepOutcome } from "./rotating-steps.js";

/** Makes the handlers of a rotating resource. All handlers of a process share it. */
export function createRotatingHandlers({ level }: Scope, process: ProviderProcess): SecretHandlers {
  const steps = { toRecord, toOutputs: toRotationOutputs, diff, create, read, update, remove: deleteAccount };
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

async function create(process: ProviderProcess, properties: Properties) {
  const inputs = toRotationInputValues(properties);
  return finish(await issueFirst(process, inputs, process.known.movedTo(inputs.clientId)), properties);
}

async function update(process: ProviderProcess, recorded: RotationRecord, news: Properties) {
  return finish(await settleAccount(process, recorded, toRotationInputValues(news)), news);
}

/** Gives the record to the engine; with a failure as a partial one, so that nothing of it is lost. */
function finish({ record, failure }: StepOutcome, properties: Properties) {
  const [id, outs] = [toRotationId(record), toRotationOutputs(record)];
  if (failure === undefined) return { id, outs };
  throw new PartialFailure(id, { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [failure]);
}

async function read(process: ProviderProcess, id: string, record: RotationRecord) {
  const seen = await readAccount(process, record);
  // Without a secret that was ever promoted, and without one that may still be, nothing is left of the resource.
  if (!seen.current && !seen.pending) return {};
  return { id, props: toRotationOutputs(seen) };
}

/** Reads a record and remembers what the stack holds. */
function toRecord(process: ProviderProcess, outputs: Properties): RotationRecord {
  const record = toRotationRecord(outputs);
  noteRecord(process, record);
  return record;
}
