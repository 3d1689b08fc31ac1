/** The secret of a project service account, rotated in place with an overlap. */
import type * as pulumi from "@pulumi/pulumi";
import { RotatingAccountSecret } from "./account-secret.js";
import { toRegistration } from "./registrations.js";
import type { ProjectArgs, RotationArgs, SecretArgs } from "./secret-arguments.js";

const REGISTRATION = toRegistration("project", true);

/** Inputs of `RotatingProjectServiceAccountSecret`. */
export interface RotatingProjectServiceAccountSecretArgs extends ProjectArgs, SecretArgs, RotationArgs {}

/**
 * The secret of a project service account, for consumers that take time to pick a new one up. `pulumi up` rotates it when it
 * is due: the new one becomes current, and the old one stays as the previous until its overlap is over and nobody uses it.
 * It needs both slots of the account, so there is one for an account.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/
 */
export class RotatingProjectServiceAccountSecret extends RotatingAccountSecret {
  declare readonly projectId: pulumi.Output<string>;

  /** @throws pulumi.RunError when the stack holds a credential in clear, or names resources so that a secret would be lost */
  constructor(name: string, args: RotatingProjectServiceAccountSecretArgs, options: pulumi.CustomResourceOptions = {}) {
    super(REGISTRATION, name, args, options);
  }
}
