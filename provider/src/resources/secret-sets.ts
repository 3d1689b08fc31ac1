/** The classes of a set: the secrets of many service accounts in one resource, of projects and of organizations. */
import type * as pulumi from "@pulumi/pulumi";
import { toSecretClass } from "../rotation/secret-types.js";
import { toBase } from "./account-secret.js";
import type { AuditRecord } from "./audit-record.js";
import { Registration } from "./registration.js";
import type { OrganizationArgs, ProjectArgs, RotationArgs, SecretArgs } from "./secret-arguments.js";

/** Inputs that each account of a set can have of its own. */
type AccountOverrides = Partial<Omit<SecretArgs, "clientId">> & RotationArgs & Pick<SecretArgs, "clientId">;

/** One account of a `ProjectServiceAccountSecretSet`: whose it is, and what differs for it from the set. */
export type ProjectSetAccount = ProjectArgs & AccountOverrides;

/** One account of a `ServiceAccountSecretSet`. */
export type OrganizationSetAccount = OrganizationArgs & AccountOverrides;

/** Inputs of a set: its accounts, and what they have in common. */
export interface SecretSetArgs<Account> extends Omit<SecretArgs, "clientId">, RotationArgs {
  /**
   * The service accounts, by names of your own: of each its project (or organization) and client id, and any input of the rotating
   * resource that differs for it. A changed name changes nothing at Atlas; a removed account keeps its secrets for the overlap,
   * and as long as they are used.
   */
  readonly accounts: pulumi.Input<Readonly<Record<string, pulumi.Input<Account>>>>;
  /** How many accounts are worked on at once: 1 to 64. Default: 16. */
  readonly concurrency?: pulumi.Input<number>;
}

/** Inputs of `ProjectServiceAccountSecretSet`. */
export interface ProjectServiceAccountSecretSetArgs extends SecretSetArgs<ProjectSetAccount> {}

/** Inputs of `ServiceAccountSecretSet`. */
export interface ServiceAccountSecretSetArgs extends SecretSetArgs<OrganizationSetAccount> {}

/** The secrets of many service accounts. Use the classes made from it. */
export interface AccountSecretSet extends pulumi.CustomResource {
  /** Lifetime in hours, 8 to 8760. A change makes a new secret. */
  readonly secretExpiresAfterHours: pulumi.Output<number>;
  /**
   * The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new secret. 0: only
   * once it has expired.
   */
  readonly rotateBeforeExpiryHours: pulumi.Output<number>;
  /** How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window. */
  readonly overlapHours: pulumi.Output<number>;
  /**
   * After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to 168. 0: at the
   * end of the overlap, used or not.
   */
  readonly quietHours: pulumi.Output<number>;
  /** The value of each account's current secret, by the account's name. Always a Pulumi secret. */
  readonly secrets: pulumi.Output<Readonly<Record<string, string>>>;
  /** What is recorded of each account, by its name, without a value: `auditRecords` gives it with all names. */
  readonly records: pulumi.Output<Readonly<Record<string, Omit<AuditRecord, "name">>>>;
  /** How many accounts have which status; `account-removed` counts those that left the set and still have secrets. */
  readonly statusCounts: pulumi.Output<Readonly<Partial<Record<AuditRecord["status"], number>>>>;
  /** The same as `records` for accounts that left the set and still have secrets, by owner and client id. */
  readonly removedRecords: pulumi.Output<Readonly<Record<string, Omit<AuditRecord, "name">>> | undefined>;
}

/**
 * The secrets of many project service accounts, each rotated in place as by `RotatingProjectServiceAccountSecret`: what costs a
 * second for each resource of its own costs that once. Accounts fail alone. Any change makes all of `secrets` unknown in a preview:
 * have one set for each group of consumers.
 *
 * @example
 * const fleet = new ProjectServiceAccountSecretSet("fleet", {
 *   accounts: {
 *     billing: { projectId: "64a1f0c2e4b0a1b2c3d4e5f6", clientId: "mdb_sa_id_1234567890abcdef12345678" },
 *     search: { projectId: "64a1f0c2e4b0a1b2c3d4e5f7", clientId: "mdb_sa_id_1234567890abcdef12345679" },
 *   },
 *   secretExpiresAfterHours: 720,
 * });
 * export const billing = fleet.secrets.apply((secrets) => secrets.billing); // encrypted
 */
export class ProjectServiceAccountSecretSet extends toBase<AccountSecretSet>() {
  /** @throws pulumi.RunError when a secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(name: string, args: ProjectServiceAccountSecretSetArgs, options?: pulumi.CustomResourceOptions) {
    using registration = new Registration(toSecretClass("project", "set"), name, args, options);
    super(registration.type, name, registration.properties, registration.options);
  }
}

/**
 * The secrets of many organization service accounts: the same as `ProjectServiceAccountSecretSet`, at the level of organizations.
 *
 * @example
 * const fleet = new ServiceAccountSecretSet("fleet", {
 *   accounts: { ci: { orgId: "5f1a2b3c4d5e6f7a8b9c0d1e", clientId: "mdb_sa_id_1234567890abcdef12345678" } },
 *   secretExpiresAfterHours: 720,
 * });
 */
export class ServiceAccountSecretSet extends toBase<AccountSecretSet>() {
  /** @throws pulumi.RunError when a secret or a credential would be lost or shown: by the options, or by the stack's settings */
  constructor(name: string, args: ServiceAccountSecretSetArgs, options?: pulumi.CustomResourceOptions) {
    using registration = new Registration(toSecretClass("organization", "set"), name, args, options);
    super(registration.type, name, registration.properties, registration.options);
  }
}
