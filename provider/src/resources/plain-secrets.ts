/** The classes of one secret that is replaced when it is due: of a project's service account, and of an organization's. */
import type * as pulumi from "@pulumi/pulumi";
import type { SecretStatus } from "../rotation/secret.js";
import { toSecretClass } from "../rotation/secret-types.js";
import { type AccountSecret, toBase } from "./account-secret.js";
import { Registration } from "./registration.js";
import type { OrganizationArgs, ProjectArgs, SecretArgs } from "./secret-arguments.js";

/** Inputs of `ProjectServiceAccountSecret`. */
export interface ProjectServiceAccountSecretArgs extends ProjectArgs, SecretArgs {}

/** Inputs of `ServiceAccountSecret`. */
export interface ServiceAccountSecretArgs extends OrganizationArgs, SecretArgs {}

/**
 * One secret of a project service account. `pulumi up` creates it, replaces it when it is due, and deletes the old one only
 * after everything that depends on it was updated.
 *
 * @example
 * const backend = new ProjectServiceAccountSecret("backend", {
 *   projectId: "64a1f0c2e4b0a1b2c3d4e5f6",
 *   clientId: "mdb_sa_id_1234567890abcdef12345678",
 *   secretExpiresAfterHours: 720,
 * });
 * export const secret = backend.secret; // encrypted
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-creategroupserviceaccountsecret
 */
export class ProjectServiceAccountSecret extends toBase<AccountSecret>() {
  /** Project that the service account belongs to: 24 hex digits. A change makes a new secret. */
  declare readonly projectId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<SecretStatus>;

  /** @throws pulumi.RunError when the secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(name: string, args: ProjectServiceAccountSecretArgs, options?: pulumi.CustomResourceOptions) {
    using registration = new Registration(toSecretClass("project", "plain"), name, args, options);
    super(registration.type, name, registration.properties, registration.options);
  }
}

/**
 * One secret of an organization service account: the same as `ProjectServiceAccountSecret`, at the level of organizations.
 *
 * @example
 * const ci = new ServiceAccountSecret("ci", {
 *   orgId: "5f1a2b3c4d5e6f7a8b9c0d1e",
 *   clientId: "mdb_sa_id_1234567890abcdef12345678",
 *   secretExpiresAfterHours: 720,
 * });
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createorgserviceaccountsecret
 */
export class ServiceAccountSecret extends toBase<AccountSecret>() {
  /** Organization that the service account belongs to: 24 hex digits. A change makes a new secret. */
  declare readonly orgId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<SecretStatus>;

  /** @throws pulumi.RunError when the secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(name: string, args: ServiceAccountSecretArgs, options?: pulumi.CustomResourceOptions) {
    using registration = new Registration(toSecretClass("organization", "plain"), name, args, options);
    super(registration.type, name, registration.properties, registration.options);
  }
}
