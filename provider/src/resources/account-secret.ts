/**
 * The outputs that the resource classes have in common. A program may read outputs that it did not give as inputs, so each must be
 * declared by name. The docstrings are those of `records/description.ts`.
 *
 * These are no classes of their own: the SDK takes the frame behind the first constructor for the line of the program that made the
 * resource, and keeps all further frames in the state. @see stackTrace in sdk/nodejs/resource.ts of pulumi/pulumi
 */
import * as pulumi from "@pulumi/pulumi";
import type { RotationStatus, SecretStatus } from "../rotation/secret.js";

/** A secret of a service account. Use the classes made from it. */
export interface AccountSecret extends pulumi.CustomResource {
  /** Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret. */
  readonly clientId: pulumi.Output<string>;
  /** Lifetime in hours, 8 to 8760. A change makes a new secret. */
  readonly secretExpiresAfterHours: pulumi.Output<number>;
  /**
   * The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new secret. 0: only
   * once it has expired.
   */
  readonly rotateBeforeExpiryHours: pulumi.Output<number>;
  /** The value. Always a Pulumi secret. */
  readonly secret: pulumi.Output<string>;
  /** Id of the secret at Atlas: 24 hex digits. Not confidential. */
  readonly secretId: pulumi.Output<string>;
  /** The value's last four characters behind a mask. */
  readonly maskedSecretValue: pulumi.Output<string>;
  /**
   * `active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account where it
   * belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.
   */
  readonly status: pulumi.Output<SecretStatus | RotationStatus>;
  /** When Atlas created it, ISO 8601, UTC. */
  readonly createdAt: pulumi.Output<string>;
  /** When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created. */
  readonly expiresAt: pulumi.Output<string>;
  /** From when on `pulumi up` makes a new one, ISO 8601, UTC. */
  readonly rotateAfter: pulumi.Output<string>;
  /** When it was verified; absent when it was not. */
  readonly verifiedAt: pulumi.Output<string | undefined>;
  /** When a token was last minted with it, as of the last refresh; absent until then. */
  readonly lastUsedAt: pulumi.Output<string | undefined>;
}

/**
 * A service account's secret that is updated in place: the new one is current, the old one stays beside it for an overlap.
 * Use the classes made from it.
 */
export interface RotatingAccountSecret extends AccountSecret {
  readonly status: pulumi.Output<RotationStatus>;
  /** How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window. */
  readonly overlapHours: pulumi.Output<number>;
  /**
   * After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to 168. 0: at the
   * end of the overlap, used or not.
   */
  readonly quietHours: pulumi.Output<number>;
  /** How many secrets were current so far, this one included: 1 for the first. */
  readonly generation: pulumi.Output<number>;
  /** When the current secret was promoted, ISO 8601, UTC: the first run that handed it out without failing. */
  readonly promotedAt: pulumi.Output<string>;
  /** Id of the secret that was current before, as long as it is there. */
  readonly previousSecretId: pulumi.Output<string | undefined>;
  /** When the previous secret stops working, ISO 8601, UTC. */
  readonly previousExpiresAt: pulumi.Output<string | undefined>;
  /** When a token was last minted with the previous secret, as of the last run that asked Atlas. */
  readonly previousLastUsedAt: pulumi.Output<string | undefined>;
  /** From when on `pulumi up` deletes the previous secret once it has been quiet for `quietHours`, ISO 8601, UTC. */
  readonly retireAfter: pulumi.Output<string | undefined>;
  /** Id of a new secret that is not verified yet. */
  readonly pendingSecretId: pulumi.Output<string | undefined>;
  /** The value of the pending secret. Always a Pulumi secret. */
  readonly pendingSecret: pulumi.Output<string | undefined>;
}

type Constructor<T> = abstract new (...args: ConstructorParameters<typeof pulumi.CustomResource>) => T;

/** The SDK's own class, as one with the outputs of `T`. */
export function toBase<T extends pulumi.CustomResource>(): Constructor<T> {
  return pulumi.CustomResource as unknown as Constructor<T>;
}
