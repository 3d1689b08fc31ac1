/** What the handlers of all resources answer alike. */

import type { ProviderProcess } from "../account/process.js";
import { describeAccount } from "../atlas/account-ref.js";
import { isOwnerUnseen } from "../atlas/advice.js";
import type { AccountRef } from "../atlas/types.js";
import { findAutonamingProblem } from "../autonaming.js";
import { AtlasError, AtlasSecretsError } from "../errors.js";
import type { CheckResult, DiffResult, Properties, SecretHandlers } from "../protocol.js";
import type { ResourceKind } from "../records/description.js";
import { findInputProblems, type InputProblem, toGiven } from "../records/inputs.js";
import { toAccountRef } from "../records/scope.js";
import { toSecretRecord } from "../records/secret-record.js";
import { toTypeToken } from "../rotation/secret-types.js";
import { Retries } from "./retries.js";

/** A diff that finds nothing to do. */
export const NO_CHANGES: DiffResult = { changes: false, replaces: [], deleteBeforeReplace: false };

/** What a kind of resource does, with its record as the state holds it. */
export interface ResourceSteps<Record> {
  /** Reads a record and remembers what the stack holds. */
  toRecord(process: ProviderProcess, outputs: Properties): Record;
  toOutputs(record: Record): Properties;
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
  { toRecord, toOutputs, diff, create, read, update, remove }: ResourceSteps<Record>,
): SecretHandlers {
  const retries = new Retries();
  const readOrKeep = async (id: string, outputs: Properties) => {
    const record = toRecord(process, outputs);
    try {
      return await read(process, id, record);
    } catch (error) {
      // What nobody can see must not keep a run from all that can be: `up --refresh` ends with the first read that fails.
      if (!(error instanceof AtlasError) || !isOwnerUnseen(error)) throw error;
      process.report(`The record stays. ${explainFor(toAccountOf(outputs), error, process).message}`);
      return { id, props: toOutputs(record) };
    }
  };
  return {
    configure: (request) => process.configure(request),
    check: (olds, news) => checkInputs(process, olds, news, kind),
    diff: (_id, olds, news) => diff(process, toRecord(process, olds), news),
    create: (inputs) => retries.keep(callFor(inputs, () => create(process, inputs))),
    read: (id, outputs) => callFor(outputs, () => readOrKeep(id, outputs), process),
    update: (id, given, news) =>
      retries.resume(id, given, (olds) => callFor(olds, () => update(process, toRecord(process, olds), news))),
    delete: (_id, outputs) => callFor(outputs, () => remove(process, toRecord(process, outputs)), process),
  };
}

/** Checks the inputs that a program gives; `olds` are the inputs of the last run. */
function checkInputs(process: ProviderProcess, olds: Properties, news: Properties, kind: ResourceKind): CheckResult {
  if (typeof olds.clientId === "string") process.known.noteChecked(olds.clientId);
  return toCheckResult(process, kind, news, findInputProblems(kind, news));
}

/**
 * What a check answers, with these problems, and with the one of the stack's naming: the classes of Node.js have looked at that before,
 * programs in other languages leave it to the check.
 */
export function toCheckResult(
  { autonaming }: Pick<ProviderProcess, "autonaming">,
  kind: ResourceKind,
  news: Properties,
  problems: readonly InputProblem[],
): CheckResult {
  const naming = findAutonamingProblem(autonaming, toTypeToken(kind));
  // The engine prints the value of a named property in plaintext, and it may be a secret in the wrong place: the name goes into
  // the text instead. @see issueCheckFailures in pkg/resource/deploy/step_generator.go of pulumi/pulumi
  const reasons = [...problems.map(({ property, reason }) => `${property} ${reason}`), ...(naming ? [naming] : [])];
  return { inputs: toGiven(news), failures: reasons.map((reason) => ({ property: "", reason })) };
}

/**
 * One call on a resource with these inputs or outputs.
 *
 * @param recorded the process, for calls of `refresh` and `destroy`
 */
function callFor<T>(properties: Properties, work: () => Promise<T>, recorded?: ProviderProcess): Promise<T> {
  return hideStack(() =>
    work().catch((error: unknown) => {
      throw error instanceof AtlasSecretsError ? explainFor(toAccountOf(properties), error, recorded) : error;
    }),
  );
}

/** The host prints the stack of what read and delete throw, which only hides the message. */
export async function hideStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AtlasSecretsError) error.stack = "(the message above says what to do)";
    throw error;
  }
}

function toAccountOf(properties: Properties): AccountRef {
  return toAccountRef(toSecretRecord(properties));
}

/** A failure that names no account, as that of a sign-in which many share, is told of whose it is, and what only such a call knows. */
export function explainFor(
  account: AccountRef,
  error: AtlasSecretsError,
  recorded?: ProviderProcess,
): AtlasSecretsError {
  if (!(error instanceof AtlasError)) return error;
  const name = describeAccount(account);
  const more = [
    ...(error.message.includes(name) ? [] : [`This was for ${name}.`]),
    ...(recorded && isOwnerUnseen(error) ? [toLetGo(account)] : []),
    ...(recorded && isAboutCredential(error) ? describeRecorded(recorded) : []),
  ];
  return more.length > 0 ? error.withMore(more.join(" ")) : error;
}

function toLetGo({ level }: AccountRef): string {
  return (
    `Only if the ${level} is gone for good: 'pulumi state delete URN' lets go of the resource and of its value ('pulumi stack ` +
    "--show-urns' lists the URNs). That deletes nothing at Atlas, where the service account may live on in its organization, with its secrets."
  );
}

/** A 401 or 403 without a code of Atlas can be somebody else's. */
function isAboutCredential({ code, status, errorCode }: AtlasError): boolean {
  return code === "authentication" || (errorCode !== undefined && (status === 401 || status === 403));
}

/** The environment is always the current one; the rest `refresh` and `destroy` take from the state. */
function describeRecorded({ credentialSource }: ProviderProcess): string[] {
  if (!credentialSource || credentialSource.from === "environment") return [];
  const [what, orMade] =
    credentialSource.from === "stack"
      ? ["the stack configuration", ""]
      : ["the provider", ", or a resource of the stack makes its credential"];
  return [
    `'pulumi refresh', 'pulumi up --refresh' and 'pulumi destroy' use ${what} as the last 'pulumi up' recorded it: if it was changed ` +
      `since${orMade}, run 'pulumi up' without '--refresh' first, or add '--run-program'.`,
  ];
}
