/**
 * What the resource classes have in common: each names its handler and marks what is secret, and all behaviour is in
 * `handlers/`. A program may read outputs that it did not give as inputs, so each must be registered by name.
 */
import * as pulumi from "@pulumi/pulumi";
import { withholdEnvironmentFromReports } from "../diagnostic-reports.js";
import { PROVIDER_KEY, toProviderText } from "../protocol.js";
import type { RotationStatus, SecretStatus } from "../rotation/secret.js";
import { claimAccount } from "./account-claims.js";
import { withholdSecretsFromDebugMessages } from "./debug-messages.js";
import { assertHandlersFound, assertOptionsUsable } from "./option-guards.js";
import type { Registration } from "./registrations.js";
import type { RotationArgs, SecretArgs } from "./secret-arguments.js";
import { assertCredentialsEncrypted, assertReplacementsCreateFirst } from "./stack-guards.js";

const OUTPUTS = [
  "rotateBeforeExpiryHours",
  "triggers",
  "verify",
  "reclaimExpired",
  "mayRemove",
  "exclusive",
  "secretId",
  "secret",
  "maskedSecretValue",
  "createdAt",
  "expiresAt",
  "lastUsedAt",
  "rotateAfter",
  "status",
  "verifiedAt",
  "issuedForHours",
  "issuedForTriggers",
  "grantedHours",
] as const;

const ROTATION_OUTPUTS = [
  "overlapHours",
  "quietHours",
  "generation",
  "promotedAt",
  "previousSecretId",
  "previousExpiresAt",
  "previousLastUsedAt",
  "retireAfter",
  "pendingSecretId",
  "pendingSecret",
] as const;

/** Outputs that the engine encrypts whatever the program says. */
const SECRET_OUTPUTS = ["secret", "issuedForTriggers"];
const ROTATION_SECRET_OUTPUTS = [...SECRET_OUTPUTS, "pendingSecret", "pendingIssuedForTriggers"];

/** A secret of a service account. Use the classes made from it. */
export abstract class AccountSecret extends pulumi.CustomResource {
  declare readonly clientId: pulumi.Output<string>;
  declare readonly secretExpiresAfterHours: pulumi.Output<number>;
  declare readonly rotateBeforeExpiryHours: pulumi.Output<number>;
  declare readonly triggers: pulumi.Output<Record<string, unknown>>;
  declare readonly verify: pulumi.Output<boolean>;
  declare readonly reclaimExpired: pulumi.Output<boolean>;
  declare readonly mayRemove: pulumi.Output<string[]>;
  declare readonly exclusive: pulumi.Output<boolean>;
  /** Id of the secret at Atlas: 24 hex digits. Not confidential. */
  declare readonly secretId: pulumi.Output<string>;
  /** The value. Always a Pulumi secret. */
  declare readonly secret: pulumi.Output<string>;
  /** The value's last four characters behind a mask. */
  declare readonly maskedSecretValue: pulumi.Output<string>;
  /** When Atlas created it, ISO 8601, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** When a token was last minted with it, as of the last look; absent until then. */
  declare readonly lastUsedAt: pulumi.Output<string | undefined>;
  /** From when on `pulumi up` makes a new one, ISO 8601, UTC. */
  declare readonly rotateAfter: pulumi.Output<string>;
  declare readonly status: pulumi.Output<SecretStatus | RotationStatus>;
  /** When it was proven to work; absent when it was not. */
  declare readonly verifiedAt: pulumi.Output<string | undefined>;
  /** The lifetime that it was asked for, in hours. */
  declare readonly issuedForHours: pulumi.Output<number>;
  /** The triggers that it was issued for. Always a Pulumi secret. */
  declare readonly issuedForTriggers: pulumi.Output<Record<string, unknown>>;
  /** The lifetime that Atlas granted, in hours. */
  declare readonly grantedHours: pulumi.Output<number>;

  protected constructor(
    { className, type, handler, isRotating }: Registration,
    name: string,
    args: SecretArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    withholdSecretsFromDebugMessages();
    withholdEnvironmentFromReports();
    assertOptionsUsable(`${className} ${name}`, options);
    assertHandlersFound();
    assertCredentialsEncrypted();
    assertReplacementsCreateFirst(type);
    const claimant = { className, name, parent: options.parent, isRotating };
    const clientId = claimAccount(claimant, args.clientId, args.exclusive ?? false);
    // All of args, so that a misspelt property reaches the check.
    const names = isRotating ? [...OUTPUTS, ...ROTATION_OUTPUTS] : OUTPUTS;
    const outputs = Object.fromEntries(names.map((output) => [output, undefined]));
    const own = { additionalSecretOutputs: isRotating ? ROTATION_SECRET_OUTPUTS : SECRET_OUTPUTS };
    const properties = { ...outputs, ...args, clientId, [PROVIDER_KEY]: toProviderText(handler) };
    super(type, name, properties, pulumi.mergeOptions(options, own));
  }
}

/**
 * A service account's secret that is updated in place: the new one is current, the old one stays beside it for an overlap.
 * Use the classes made from it.
 */
export abstract class RotatingAccountSecret extends AccountSecret {
  declare readonly status: pulumi.Output<RotationStatus>;
  declare readonly overlapHours: pulumi.Output<number>;
  declare readonly quietHours: pulumi.Output<number>;
  /** How many secrets were current so far, this one included: 1 for the first. */
  declare readonly generation: pulumi.Output<number>;
  /** Since when the current secret is the current one, ISO 8601, UTC. */
  declare readonly promotedAt: pulumi.Output<string>;
  /** Id of the secret that was current before, as long as it is there. */
  declare readonly previousSecretId: pulumi.Output<string | undefined>;
  declare readonly previousExpiresAt: pulumi.Output<string | undefined>;
  /** When a token was last minted with the previous secret, as of the last look. */
  declare readonly previousLastUsedAt: pulumi.Output<string | undefined>;
  /** From when on `pulumi up` deletes the previous secret; once it is known to be in use: when it has expired. */
  declare readonly retireAfter: pulumi.Output<string | undefined>;
  /** Id of a new secret that is not proven to work yet. */
  declare readonly pendingSecretId: pulumi.Output<string | undefined>;
  /** Its value. Always a Pulumi secret. */
  declare readonly pendingSecret: pulumi.Output<string | undefined>;

  protected constructor(
    registration: Registration,
    name: string,
    args: SecretArgs & RotationArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    super(registration, name, args, options);
  }
}
