/** One secret of a project service account, replaced when it is due. */
import type * as pulumi from "@pulumi/pulumi";
import type { SecretStatus } from "../rotation/secret.js";
import { AccountSecret } from "./account-secret.js";
import { toRegistration } from "./registrations.js";
import type { ProjectArgs, SecretArgs } from "./secret-arguments.js";

const REGISTRATION = toRegistration("project", false);

/** Inputs of `ProjectServiceAccountSecret`. */
export interface ProjectServiceAccountSecretArgs extends ProjectArgs, SecretArgs {}

/**
 * One secret of a project service account. `pulumi up` creates it, replaces it when it is due, and deletes the old one only
 * after everything that depends on it was updated.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-creategroupserviceaccountsecret
 */
export class ProjectServiceAccountSecret extends AccountSecret {
  declare readonly projectId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<SecretStatus>;

  /** @throws pulumi.RunError when the stack holds a credential in clear, or names resources so that a secret would be lost */
  constructor(name: string, args: ProjectServiceAccountSecretArgs, options: pulumi.CustomResourceOptions = {}) {
    super(REGISTRATION, name, args, options);
  }
}
