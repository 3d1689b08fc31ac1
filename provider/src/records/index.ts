/**
 * Entry `pulumi-atlas-secrets/records`: states in, records out, and back. Pure: nothing is sent, decrypted or decided here.
 *
 * @module pulumi-atlas-secrets/records
 */
export {
  type AdoptedMember,
  type AdoptedResource,
  type AdoptionInputs,
  type Ciphertext,
  type ExistingSecret,
  Sensitive,
  toAdoptedResource,
  toAdoptedSet,
} from "./adopted.js";
export { readAuditRecord } from "./audit-record.js";
export type { PeerRecord } from "./peer-record.js";
export {
  listRecorded,
  type RecordedRole,
  type RecordedSecretOf,
  readAccount,
  readListed,
  readState,
  type StateReading,
  type StateResource,
} from "./read-state.js";
export { type RotationRecord, toRotationStatus } from "./rotation-record.js";
export type { IssueRecord, SecretRecord } from "./secret-record.js";
export { toPeerResource } from "./terraform-record.js";
export { withSeen, withTold } from "./transitions.js";
