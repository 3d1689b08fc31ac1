/** What the engine calls and gets, for every resource of this package, and what all of them answer alike. */

import type { ConfigureRequest, ProviderProcess } from "../account/process.js";
import { AtlasSecretsError } from "../errors.js";
import type { Properties } from "../protocol.js";
import { findInputProblems, type InputName } from "../records/inputs.js";

/** The calls of a dynamic provider, with the types that this package gives and takes. */
export interface SecretHandlers {
  configure(request: ConfigureRequest): void;
  check(olds: Properties, news: Properties): CheckResult;
  diff(id: string, olds: Properties, news: Properties): DiffResult;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, outputs: Properties): Promise<{ id?: string; props?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

/** Inputs with their defaults, and what is wrong with them. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

/** A failure of a check, as the engine takes it. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a diff tells the engine. `changes` is always given: without it the engine would compare inputs by itself. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

export const NO_CHANGES: DiffResult = { changes: false, replaces: [], deleteBeforeReplace: false };

/** Checks inputs that have their defaults; `olds` are the inputs of the last run. */
export function checkInputs(
  { known }: Pick<ProviderProcess, "known">,
  olds: Properties,
  inputs: Properties,
  names: readonly InputName[],
): CheckResult {
  if (typeof olds.clientId === "string") known.noteChecked(olds.clientId);
  // The engine prints the value of a named property in clear, and it may be a secret in the wrong place: the name goes into
  // the text instead. @see issueCheckFailures in pkg/resource/deploy/step_generator.go of pulumi/pulumi
  const failures = findInputProblems(inputs, names).map(({ property, reason }) => ({
    property: "",
    reason: `${property} ${reason}`,
  }));
  return { inputs, failures };
}

/** The host prints the stack of what read and delete throw; for an expected failure that only hides the message. */
export async function withoutStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AtlasSecretsError) error.stack = "(the message above says what to do)";
    throw error;
  }
}
