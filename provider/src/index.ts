/** Entry `pulumi-atlas-secrets`: what a Pulumi program uses. */
export {
  ProjectServiceAccountSecret,
  type ProjectServiceAccountSecretArgs,
} from "./resources/project-service-account-secret.js";
export type { SecretStatus } from "./rotation/secret.js";
