/** One secret of an organization service account, replaced when it is due. */
import type * as pulumi from "@pulumi/pulumi";
import type { SecretStatus } from "../rotation/secret.js";
import { AccountSecret } from "./account-secret.js";
import { toRegistration } from "./registrations.js";
import type { OrganizationArgs, SecretArgs } from "./secret-arguments.js";

const REGISTRATION = toRegistration("organization", false);

/** Inputs of `ServiceAccountSecret`. */
export interface ServiceAccountSecretArgs extends OrganizationArgs, SecretArgs {}

/**
 * One secret of an organization service account: the same as `ProjectServiceAccountSecret`, at the level of organizations.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createorgserviceaccountsecret
 */
export class ServiceAccountSecret extends AccountSecret {
  declare readonly orgId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<SecretStatus>;

  /** @throws pulumi.RunError when the stack holds a credential in clear, or names resources so that a secret would be lost */
  constructor(name: string, args: ServiceAccountSecretArgs, options: pulumi.CustomResourceOptions = {}) {
    super(REGISTRATION, name, args, options);
  }
}
