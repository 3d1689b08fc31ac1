/** The secret of an organization service account, rotated in place with an overlap. */
import type * as pulumi from "@pulumi/pulumi";
import { RotatingAccountSecret } from "./account-secret.js";
import { toRegistration } from "./registrations.js";
import type { OrganizationArgs, RotationArgs, SecretArgs } from "./secret-arguments.js";

const REGISTRATION = toRegistration("organization", true);

/** Inputs of `RotatingServiceAccountSecret`. */
export interface RotatingServiceAccountSecretArgs extends OrganizationArgs, SecretArgs, RotationArgs {}

/**
 * The secret of an organization service account: the same as `RotatingProjectServiceAccountSecret`, at the level of
 * organizations.
 */
export class RotatingServiceAccountSecret extends RotatingAccountSecret {
  declare readonly orgId: pulumi.Output<string>;

  /** @throws pulumi.RunError when the stack holds a credential in clear, or names resources so that a secret would be lost */
  constructor(name: string, args: RotatingServiceAccountSecretArgs, options: pulumi.CustomResourceOptions = {}) {
    super(REGISTRATION, name, args, options);
  }
}
