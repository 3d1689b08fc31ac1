/**
 * Entry `pulumi-atlas-secrets/internal/account`: what tools around the resources share with the handlers when they prove a secret or
 * remove one: the same looks, the same guard of the configured credential.
 */
export { Operation } from "../atlas/operation.js";
export { type DeletionTarget, mayBeConfigured, toDeletionTarget } from "./configured-credential.js";
export type { Look } from "./look.js";
export { type AccountSighting, fetchAccountSighting } from "./missing.js";
export { type Removal, type RemovalRequest, type RemovalVerdict, removeIfAllowed } from "./removal.js";
export { type Verification, verifySecret } from "./verification.js";
