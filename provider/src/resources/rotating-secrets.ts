/** The classes of a secret that is rotated in place with an overlap: of a project's service account, and of an organization's. */
import type * as pulumi from "@pulumi/pulumi";
import { toSecretClass } from "../rotation/secret-types.js";
import { type RotatingAccountSecret, toBase } from "./account-secret.js";
import { Registration } from "./registration.js";
import type { OrganizationArgs, ProjectArgs, RotationArgs, SecretArgs } from "./secret-arguments.js";

/** Inputs of `RotatingProjectServiceAccountSecret`. */
export interface RotatingProjectServiceAccountSecretArgs extends ProjectArgs, SecretArgs, RotationArgs {}

/** Inputs of `RotatingServiceAccountSecret`. */
export interface RotatingServiceAccountSecretArgs extends OrganizationArgs, SecretArgs, RotationArgs {}

/**
 * The secret of a project service account, for consumers that take time to pick a new one up. `pulumi up` rotates it when it
 * is due: the new one becomes current, and the old one stays as the previous until its overlap is over and it is quiet.
 * It needs both slots of the account, so there is one for an account.
 *
 * @example
 * const backend = new RotatingProjectServiceAccountSecret("backend", {
 *   projectId: "64a1f0c2e4b0a1b2c3d4e5f6",
 *   clientId: "mdb_sa_id_1234567890abcdef12345678",
 *   secretExpiresAfterHours: 720,
 *   overlapHours: 48, // consumers read the stack's outputs once a day
 * });
 * export const secret = backend.secret; // encrypted
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/
 */
export class RotatingProjectServiceAccountSecret extends toBase<RotatingAccountSecret>() {
  /** Project that the service account belongs to: 24 hex digits. A change makes a new secret. */
  declare readonly projectId: pulumi.Output<string>;

  /** @throws pulumi.RunError when the secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(name: string, args: RotatingProjectServiceAccountSecretArgs, options?: pulumi.CustomResourceOptions) {
    using registration = new Registration(toSecretClass("project", "rotating"), name, args, options);
    super(registration.type, name, registration.properties, registration.options);
  }
}

/**
 * The secret of an organization service account: the same as `RotatingProjectServiceAccountSecret`, at the level of
 * organizations.
 *
 * @example
 * const ci = new RotatingServiceAccountSecret("ci", {
 *   orgId: "5f1a2b3c4d5e6f7a8b9c0d1e",
 *   clientId: "mdb_sa_id_1234567890abcdef12345678",
 *   secretExpiresAfterHours: 720,
 * });
 */
export class RotatingServiceAccountSecret extends toBase<RotatingAccountSecret>() {
  /** Organization that the service account belongs to: 24 hex digits. A change makes a new secret. */
  declare readonly orgId: pulumi.Output<string>;

  /** @throws pulumi.RunError when the secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(name: string, args: RotatingServiceAccountSecretArgs, options?: pulumi.CustomResourceOptions) {
    using registration = new Registration(toSecretClass("organization", "rotating"), name, args, options);
    super(registration.type, name, registration.properties, registration.options);
  }
}
