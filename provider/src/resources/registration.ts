/**
 * What every class of this package does before it is registered: it refuses what would lose or show a secret, names its handler and
 * marks what is secret. All behavior is in `handlers/`.
 */
import * as pulumi from "@pulumi/pulumi";
import { withholdEnvironmentFromReports } from "../diagnostic-reports.js";
import { PROVIDER_KEY, toProviderText } from "../protocol.js";
import { listOutputs, listSecretOutputs } from "../records/description.js";
import type { SecretClass } from "../rotation/secret-types.js";
import { claimAccount, claimAccounts } from "./account-claims.js";
import { withholdSecretsFromDebugMessages } from "./debug-messages.js";
import { assertHandlersFound, assertOptionsUsable } from "./option-guards.js";
import { withRetryLimit } from "./retry-limit.js";
import type { SecretArgs } from "./secret-arguments.js";
import { assertCredentialsEncrypted, assertReplacementsCreateFirst } from "./stack-guards.js";

/** Arguments of a class, or of a set of accounts. */
type Args = Omit<SecretArgs, "clientId"> & {
  readonly clientId?: SecretArgs["clientId"];
  readonly accounts?: Parameters<typeof claimAccounts>[1];
};

/**
 * What a resource is registered with, to be used as long as the registration takes: until it is disposed of, no stack traces are
 * taken. The SDK takes one for each property and maps its frames to sources, which is most of what a run without changes costs. A
 * failure names the resource, and the line of the program is recorded whatever this says.
 *
 * @see debuggablePromise in sdk/nodejs/runtime/debuggable.ts and callsites in sdk/nodejs/resource.ts of pulumi/pulumi
 */
export class Registration {
  readonly type: string;
  readonly properties: pulumi.Inputs;
  readonly options: pulumi.CustomResourceOptions;
  readonly #stackTraceLimit: number;

  /** @throws pulumi.RunError when a secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(secretClass: SecretClass, name: string, args: Args, options: pulumi.CustomResourceOptions = {}) {
    const { className, type, handler, isRotating } = secretClass;
    withholdSecretsFromDebugMessages();
    withholdEnvironmentFromReports();
    assertOptionsUsable(`${className} ${name}`, options);
    assertHandlersFound();
    assertCredentialsEncrypted();
    assertReplacementsCreateFirst(type);
    const claimant = { className, name, parent: options.parent, isRotating };
    const { clientId = "", accounts = {}, exclusive = false } = args;
    const claimed = secretClass.isSet
      ? { accounts: claimAccounts(claimant, accounts, exclusive) }
      : { clientId: claimAccount(claimant, clientId, exclusive) };
    // All of the arguments, so that a misspelt property reaches the check.
    const outputs = Object.fromEntries(listOutputs(secretClass).map((output) => [output, undefined]));
    this.type = type;
    this.properties = { ...outputs, ...args, ...claimed, [PROVIDER_KEY]: toProviderText(handler) };
    this.options = pulumi.mergeOptions(withRetryLimit(options), {
      additionalSecretOutputs: listSecretOutputs(secretClass),
    });
    this.#stackTraceLimit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
  }

  [Symbol.dispose](): void {
    Error.stackTraceLimit = this.#stackTraceLimit;
  }
}
