/**
 * Entry `pulumi-atlas-secrets`: what a Pulumi program uses.
 *
 * @module pulumi-atlas-secrets
 */
import "./resources/sdk-present.js";

export {
  AccountFullError,
  AtlasError,
  type AtlasFault,
  AtlasSecretsError,
  type AtlasSecretsErrorCode,
  AuthenticationError,
  ConfiguredCredentialError,
  ConnectionError,
  PartialFailure,
  RateLimitError,
  RejectionError,
  SettingsError,
} from "./errors.js";
export { type AtlasCredentialArgs, AtlasProvider, type AtlasProviderArgs } from "./resources/atlas-provider.js";
export { type AuditRecord, auditRecord, auditRecords } from "./resources/audit-record.js";
export {
  ProjectServiceAccountSecret,
  type ProjectServiceAccountSecretArgs,
  ServiceAccountSecret,
  type ServiceAccountSecretArgs,
} from "./resources/plain-secrets.js";
export {
  RotatingProjectServiceAccountSecret,
  type RotatingProjectServiceAccountSecretArgs,
  RotatingServiceAccountSecret,
  type RotatingServiceAccountSecretArgs,
} from "./resources/rotating-secrets.js";
export {
  type OrganizationSetAccount,
  ProjectServiceAccountSecretSet,
  type ProjectServiceAccountSecretSetArgs,
  type ProjectSetAccount,
  ServiceAccountSecretSet,
  type ServiceAccountSecretSetArgs,
} from "./resources/secret-sets.js";
export type { RotationStatus, SecretStatus } from "./rotation/secret.js";
