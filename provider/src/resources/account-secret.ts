/**
 * What the resource classes have in common: each names its handler and marks what is secret, and all behavior is in
 * `handlers/`. A program may read outputs that it did not give as inputs, so each must be registered by name. The docstrings
 * are those of `records/description.ts`.
 */
import * as pulumi from "@pulumi/pulumi";
import { withholdEnvironmentFromReports } from "../diagnostic-reports.js";
import { PROVIDER_KEY, toProviderText } from "../protocol.js";
import { listOutputs, listSecretOutputs } from "../records/description.js";
import type { RotationStatus, SecretStatus } from "../rotation/secret.js";
import type { SecretClass } from "../rotation/secret-types.js";
import { claimAccount } from "./account-claims.js";
import { withholdSecretsFromDebugMessages } from "./debug-messages.js";
import { assertHandlersFound, assertOptionsUsable } from "./option-guards.js";
import { withRetryLimit } from "./retry-limit.js";
import type { SecretArgs } from "./secret-arguments.js";
import { assertCredentialsEncrypted, assertReplacementsCreateFirst } from "./stack-guards.js";

/** Arguments of any class of this package, as a program in JavaScript can give them. */
type GivenArgs = Readonly<Record<string, unknown>>;

/** A resource of this package. What would lose or show a secret is refused before it is registered. */
export abstract class AtlasResource extends pulumi.CustomResource {
  /** @param toArgs makes the arguments to register, once the options and the stack are known to be usable */
  protected constructor(
    secretClass: SecretClass,
    name: string,
    toArgs: () => GivenArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const { className, type, handler } = secretClass;
    withholdSecretsFromDebugMessages();
    withholdEnvironmentFromReports();
    assertOptionsUsable(`${className} ${name}`, options);
    assertHandlersFound();
    assertCredentialsEncrypted();
    assertReplacementsCreateFirst(type);
    // All of the arguments, so that a misspelt property reaches the check.
    const outputs = Object.fromEntries(listOutputs(secretClass).map((output) => [output, undefined]));
    const properties = { ...outputs, ...toArgs(), [PROVIDER_KEY]: toProviderText(handler) };
    const secretOptions = pulumi.mergeOptions(withRetryLimit(options), {
      additionalSecretOutputs: listSecretOutputs(secretClass),
    });
    // The SDK takes a stack trace for each property and maps its frames to sources: most of what a run without changes costs. A
    // failure names the resource, and the line of the program is recorded whatever this says.
    // @see debuggablePromise in sdk/nodejs/runtime/debuggable.ts and callsites in sdk/nodejs/resource.ts of pulumi/pulumi
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, properties, secretOptions);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** A secret of a service account. Use the classes made from it. */
export abstract class AccountSecret extends AtlasResource {
  /** Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret. */
  declare readonly clientId: pulumi.Output<string>;
  /** Lifetime in hours, 8 to 8760. A change makes a new secret. */
  declare readonly secretExpiresAfterHours: pulumi.Output<number>;
  /**
   * The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new secret. 0: only
   * once it has expired.
   */
  declare readonly rotateBeforeExpiryHours: pulumi.Output<number>;
  /** The value. Always a Pulumi secret. */
  declare readonly secret: pulumi.Output<string>;
  /** Id of the secret at Atlas: 24 hex digits. Not confidential. */
  declare readonly secretId: pulumi.Output<string>;
  /** The value's last four characters behind a mask. */
  declare readonly maskedSecretValue: pulumi.Output<string>;
  /**
   * `active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account where it
   * belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.
   */
  declare readonly status: pulumi.Output<SecretStatus | RotationStatus>;
  /** When Atlas created it, ISO 8601, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** From when on `pulumi up` makes a new one, ISO 8601, UTC. */
  declare readonly rotateAfter: pulumi.Output<string>;
  /** When it was verified; absent when it was not. */
  declare readonly verifiedAt: pulumi.Output<string | undefined>;
  /** When a token was last minted with it, as of the last refresh; absent until then. */
  declare readonly lastUsedAt: pulumi.Output<string | undefined>;

  protected constructor(
    secretClass: SecretClass,
    name: string,
    args: SecretArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const { className, isRotating } = secretClass;
    const claimant = { className, name, parent: options.parent, isRotating };
    super(
      secretClass,
      name,
      () => ({ ...args, clientId: claimAccount(claimant, args.clientId, args.exclusive ?? false) }),
      options,
    );
  }
}

/**
 * A service account's secret that is updated in place: the new one is current, the old one stays beside it for an overlap.
 * Use the classes made from it.
 */
export abstract class RotatingAccountSecret extends AccountSecret {
  declare readonly status: pulumi.Output<RotationStatus>;
  /** How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window. */
  declare readonly overlapHours: pulumi.Output<number>;
  /**
   * After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to 168. 0: at the
   * end of the overlap, used or not.
   */
  declare readonly quietHours: pulumi.Output<number>;
  /** How many secrets were current so far, this one included: 1 for the first. */
  declare readonly generation: pulumi.Output<number>;
  /** When the current secret was promoted, ISO 8601, UTC: the first run that handed it out without failing. */
  declare readonly promotedAt: pulumi.Output<string>;
  /** Id of the secret that was current before, as long as it is there. */
  declare readonly previousSecretId: pulumi.Output<string | undefined>;
  /** When the previous secret stops working, ISO 8601, UTC. */
  declare readonly previousExpiresAt: pulumi.Output<string | undefined>;
  /** When a token was last minted with the previous secret, as of the last run that asked Atlas. */
  declare readonly previousLastUsedAt: pulumi.Output<string | undefined>;
  /** From when on `pulumi up` deletes the previous secret once it has been quiet for `quietHours`, ISO 8601, UTC. */
  declare readonly retireAfter: pulumi.Output<string | undefined>;
  /** Id of a new secret that is not verified yet. */
  declare readonly pendingSecretId: pulumi.Output<string | undefined>;
  /** The value of the pending secret. Always a Pulumi secret. */
  declare readonly pendingSecret: pulumi.Output<string | undefined>;
}
