/** What the handlers of all resources answer alike. */

import type { ProviderProcess } from "../account/process.js";
import { describeAccount } from "../atlas/account-ref.js";
import { AtlasError, AtlasSecretsError } from "../errors.js";
import type { CheckResult, DiffResult, Properties, SecretHandlers } from "../protocol.js";
import type { ResourceKind } from "../records/description.js";
import { findInputProblems, toGiven } from "../records/inputs.js";
import { toAccountRef } from "../records/scope.js";
import { toSecretRecord } from "../records/secret-record.js";

/** A diff that finds nothing to do. */
export const NO_CHANGES: DiffResult = { changes: false, replaces: [], deleteBeforeReplace: false };

/** What a kind of resource does, with its record as the state holds it. */
export interface ResourceSteps<Record> {
  /** Reads a record and remembers what the stack holds. */
  toRecord(process: ProviderProcess, outputs: Properties): Record;
  diff(process: ProviderProcess, record: Record, news: Properties): DiffResult;
  create(process: ProviderProcess, inputs: Properties): ReturnType<SecretHandlers["create"]>;
  read(process: ProviderProcess, id: string, record: Record): ReturnType<SecretHandlers["read"]>;
  update(process: ProviderProcess, record: Record, news: Properties): ReturnType<SecretHandlers["update"]>;
  remove(process: ProviderProcess, record: Record): Promise<void>;
}

/** Makes the handlers of a kind of resource. All handlers of a process share it. */
export function toHandlers<Record>(
  process: ProviderProcess,
  kind: ResourceKind,
  { toRecord, diff, create, read, update, remove }: ResourceSteps<Record>,
): SecretHandlers {
  return {
    configure: (request) => process.configure(request),
    check: (olds, news) => checkInputs(process, olds, news, kind),
    diff: (_id, olds, news) => diff(process, toRecord(process, olds), news),
    create: (inputs) => callFor(inputs, () => create(process, inputs)),
    read: (id, outputs) => callFor(outputs, () => read(process, id, toRecord(process, outputs))),
    update: (_id, olds, news) => callFor(olds, () => update(process, toRecord(process, olds), news)),
    delete: (_id, outputs) => callFor(outputs, () => remove(process, toRecord(process, outputs))),
  };
}

/** Checks the inputs that a program gives; `olds` are the inputs of the last run. */
function checkInputs(
  { known }: Pick<ProviderProcess, "known">,
  olds: Properties,
  news: Properties,
  kind: ResourceKind,
): CheckResult {
  if (typeof olds.clientId === "string") known.noteChecked(olds.clientId);
  // The engine prints the value of a named property in plaintext, and it may be a secret in the wrong place: the name goes into
  // the text instead. @see issueCheckFailures in pkg/resource/deploy/step_generator.go of pulumi/pulumi
  const failures = findInputProblems(kind, news).map(({ property, reason }) => ({
    property: "",
    reason: `${property} ${reason}`,
  }));
  return { inputs: toGiven(news), failures };
}

/**
 * One call on a resource with these inputs or outputs. A failure that names no account, as that of a sign-in which many share, is
 * told of whose it is; the host prints the stack of what read and delete throw, which only hides the message.
 */
async function callFor<T>(properties: Properties, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AtlasSecretsError)) throw error;
    const account = describeAccount(toAccountRef(toSecretRecord(properties)));
    const isNamed = !(error instanceof AtlasError) || error.message.includes(account);
    const told = isNamed ? error : error.withMore(`This was for ${account}.`);
    told.stack = "(the message above says what to do)";
    throw told;
  }
}
