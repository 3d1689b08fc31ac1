/**
 * The wire convention of Pulumi's dynamic resources, in one place. A resource names its handler by a constant text that the
 * engine's host evaluates, so that no closure is serialised and the text never changes from run to run. Knows nothing of
 * `@pulumi/pulumi`, since handlers use it too.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts
 */

/** Input and output that names the handler. The engine passes it with every call. */
export const PROVIDER_KEY = "__provider";

/** Stands for an input that a preview does not know. @see `unknownValue` in sdk/nodejs/runtime/rpc.ts of pulumi/pulumi */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks an object as a secret on its way to the engine. @see sdk/go/common/resource/sig of pulumi/pulumi */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Inputs or outputs by name, as the engine passes them. */
export type Properties = Readonly<Record<string, unknown>>;

/** The type token of a resource class. */
export function toTypeToken(className: string): string {
  return `pulumi-nodejs:dynamic/atlas:${className}`;
}

/** The text for `__provider`: at most 100 bytes, evaluated where the package is a dependency of the program. */
export function toProviderText(handlerName: string): string {
  return `exports.handler = () => require("pulumi-atlas-secrets/handlers").${handlerName};`;
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
