/** The resource that a program instantiates. It names its handler and marks the secret; all behaviour is in `handlers/`. */
import * as pulumi from "@pulumi/pulumi";
import type { SecretStatus } from "../rotation/replacement.js";
import { claimAccount } from "./account-claims.js";
import { PROVIDER_KEY, toProviderText, toTypeToken } from "./convention.js";
import { withholdSecretsFromDebugMessages } from "./debug-messages.js";
import { assertCredentialsEncrypted, assertReplacementsCreateFirst } from "./stack-guards.js";

const TYPE = toTypeToken("ProjectServiceAccountSecret");
const PROVIDER = toProviderText("projectSecret");

/** Outputs that a program may read without having given them as inputs: each must be registered by name. */
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

/** Inputs of `ProjectServiceAccountSecret`. */
export interface ProjectServiceAccountSecretArgs {
  /** Project that the service account belongs to: 24 hex digits. A change replaces the secret. */
  readonly projectId: pulumi.Input<string>;
  /** Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change replaces the secret. */
  readonly clientId: pulumi.Input<string>;
  /** Lifetime in hours, 8 to 8760. A change replaces the secret. */
  readonly secretExpiresAfterHours: pulumi.Input<number>;
  /**
   * The rotation window in hours: a `pulumi up` so close to the expiry replaces the secret. 0 replaces it only once it has
   * expired. Less than the lifetime; default a third of it, rounded down.
   */
  readonly rotateBeforeExpiryHours?: pulumi.Input<number>;
  /** Any change of any value replaces the secret. Default none. */
  readonly triggers?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /** Whether a new secret must prove itself by minting an access token before it counts as active. Default true. */
  readonly verify?: pulumi.Input<boolean>;
  /** Whether an expired secret may be deleted when its slot is needed. Default true. */
  readonly reclaimExpired?: pulumi.Input<boolean>;
  /** Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default none. */
  readonly mayRemove?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Says that nobody else creates secrets on this account, so that a live one that is newer than the recorded one and unused
   * since its birth may be deleted when its slot is needed. Default false.
   */
  readonly exclusive?: pulumi.Input<boolean>;
}

/**
 * One secret of a project service account. `pulumi up` creates it, replaces it when it is due, and deletes the old one only
 * after everything that depends on it was updated.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-creategroupserviceaccountsecret
 */
export class ProjectServiceAccountSecret extends pulumi.CustomResource {
  declare readonly projectId: pulumi.Output<string>;
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
  /** When a token was last minted with it, as of the last refresh; absent until then. */
  declare readonly lastUsedAt: pulumi.Output<string | undefined>;
  /** From when on `pulumi up` replaces it, ISO 8601, UTC. */
  declare readonly rotateAfter: pulumi.Output<string>;
  declare readonly status: pulumi.Output<SecretStatus>;
  /** When it was proven to work; absent when it was not. */
  declare readonly verifiedAt: pulumi.Output<string | undefined>;
  /** The lifetime that it was asked for, in hours. */
  declare readonly issuedForHours: pulumi.Output<number>;
  /** The triggers that it was issued for. Always a Pulumi secret. */
  declare readonly issuedForTriggers: pulumi.Output<Record<string, unknown>>;
  /** The lifetime that Atlas granted, in hours. */
  declare readonly grantedHours: pulumi.Output<number>;

  /** @throws pulumi.RunError when the stack holds a credential in clear, or names resources so that a secret would be lost */
  constructor(name: string, args: ProjectServiceAccountSecretArgs, options: pulumi.CustomResourceOptions = {}) {
    withholdSecretsFromDebugMessages();
    assertCredentialsEncrypted();
    assertReplacementsCreateFirst(TYPE);
    const clientId = claimAccount(name, args.clientId, args.exclusive ?? false);
    // All of args, so that a misspelt property reaches the check.
    const outputs = Object.fromEntries(OUTPUTS.map((output) => [output, undefined]));
    const own = { additionalSecretOutputs: ["secret", "issuedForTriggers"] };
    super(TYPE, name, { ...outputs, ...args, clientId, [PROVIDER_KEY]: PROVIDER }, pulumi.mergeOptions(options, own));
  }
}
