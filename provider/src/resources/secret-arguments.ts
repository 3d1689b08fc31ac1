/**
 * The arguments of the resource classes. Their names are those of `@pulumi/mongodbatlas` where that has them, and their
 * docstrings are those of `records/description.ts`.
 */
import type * as pulumi from "@pulumi/pulumi";

/** Arguments that every secret has, whoever owns the service account. */
export interface SecretArgs {
  /** Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret. */
  readonly clientId: pulumi.Input<string>;
  /** Lifetime in hours, 8 to 8760. A change makes a new secret. */
  readonly secretExpiresAfterHours: pulumi.Input<number>;
  /**
   * The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new secret. 0: only
   * once it has expired. Default: a third of the lifetime, rounded down.
   */
  readonly rotateBeforeExpiryHours?: pulumi.Input<number>;
  /** Any change of any value makes a new secret. Default: none. */
  readonly triggers?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /** Whether a new secret is verified by minting an access token before it counts as active. Default: `true`. */
  readonly verify?: pulumi.Input<boolean>;
  /** Whether an expired secret may be deleted when its slot is needed. Default: `true`. */
  readonly reclaimExpired?: pulumi.Input<boolean>;
  /** Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default: none. */
  readonly mayRemove?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Set only if this resource is the account's sole user. When both slots are full, the provider may then delete an untracked
   * secret that a killed run left: newer than the recorded one, and unused except for its verification. Default: `false`.
   */
  readonly exclusive?: pulumi.Input<boolean>;
}

/** Arguments that only a rotating resource has. */
export interface RotationArgs {
  /**
   * How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window. Default: 24, or the
   * window if that is shorter.
   */
  readonly overlapHours?: pulumi.Input<number>;
  /**
   * After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to 168. 0: at the
   * end of the overlap, used or not. Default: 24, or half of the lifetime less the window if that is shorter.
   */
  readonly quietHours?: pulumi.Input<number>;
}

/** Names the project of a service account. */
export interface ProjectArgs {
  /** Project that the service account belongs to: 24 hex digits. A change makes a new secret. */
  readonly projectId: pulumi.Input<string>;
}

/** Names the organization of a service account. */
export interface OrganizationArgs {
  /** Organization that the service account belongs to: 24 hex digits. A change makes a new secret. */
  readonly orgId: pulumi.Input<string>;
}
