/**
 * The wire convention of Pulumi's dynamic resources, in one place: the text that names a handler, marks of secrets and of
 * unknowns, and what a call takes and gives. A resource names its handler by a constant text that the engine's host evaluates,
 * so that no closure is serialized and the text never changes from run to run. Knows nothing of `@pulumi/pulumi`, since
 * handlers use it too.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts
 */

/** The engine's own package, in which every dynamic resource of Node.js lives. */
export const PROVIDER_PACKAGE = "pulumi-nodejs";

/** This package, as a program's dependencies name it. */
export const PACKAGE_NAME = "pulumi-atlas-secrets";

/** Input and output that names the handler. The engine passes it with every call. */
export const PROVIDER_KEY = "__provider";

/** Stands for an input that a preview does not know. @see `unknownValue` in sdk/nodejs/runtime/rpc.ts of pulumi/pulumi */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks an object as a secret on its way to the engine. @see sdk/go/common/resource/sig of pulumi/pulumi */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** How often a failed call may be tried again in a run by `hooks.onError`: at the hundredth time the engine forgets what was saved. */
export const MOST_TRIES = 20;

/** Versions of the Pulumi CLI that repeat a creation, which saved something, as an update. */
export const CREATES_ONCE = ">=3.264.0";

/** Inputs or outputs by name, as the engine passes them. */
export type Properties = Readonly<Record<string, unknown>>;

/** The text for `__provider`: at most 100 bytes, evaluated where the package is a dependency of the program. */
export function toProviderText(handlerName: string): string {
  return `exports.handler = () => require("${PACKAGE_NAME}/handlers").${handlerName};`;
}

/** An output that the engine stores encrypted whatever the program says. */
export function toSecretOutput<T>(value: T): Readonly<Record<string, unknown>> {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** A secret as a state file marks it: its `ciphertext`, or its `plaintext` as JSON, which the engine encrypts when it imports it. */
export function toStoredSecret(
  stored: { readonly ciphertext: string } | { readonly plaintext: string },
): Readonly<Record<string, unknown>> {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ...stored };
}

/** Outputs with each that is marked as secret put through `change`. */
export function mapSecretOutputs(outputs: Properties, change: (value: unknown) => unknown): Record<string, unknown> {
  const entries = Object.entries(outputs).map(([name, output]) => {
    const marked = output as { readonly [SIGNATURE_KEY]?: unknown; readonly value?: unknown } | null | undefined;
    return [name, marked?.[SIGNATURE_KEY] === SECRET_SIGNATURE ? change(marked.value) : output];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** What the host passes to `configure`: the stack's configuration in plaintext. */
export interface ConfigureRequest {
  readonly config: { get(key: string): unknown };
}

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

/** The same as the engine's host takes them: a `pulumi.dynamic.ResourceProvider`, each call with a promise. */
export type DynamicProvider = {
  readonly [Call in keyof SecretHandlers]: (
    ...given: Parameters<SecretHandlers[Call]>
  ) => Promise<Awaited<ReturnType<SecretHandlers[Call]>>>;
};

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
