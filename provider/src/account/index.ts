/** Entry `pulumi-atlas-secrets/internal/account`: how the command line looks at accounts, and creates, verifies and removes secrets. */

export { isSameClientId } from "../ids.js";
export { type Created, type CreationRequest, createSecret } from "./creation.js";
export { KnownSecrets, type ToldSecret } from "./known-secrets.js";
export { Operation } from "./operation.js";
export { mayBeOwnCredential } from "./own-credential.js";
export { type ProcessOptions, ProviderProcess } from "./process.js";
export { type Removal, type RemovalTask, removeSecret } from "./removal.js";
export { type Candidate, type Verification, verifySecret } from "./verification.js";
export { type AccountProcess, findAccount, toServerNowMs, viewAccount } from "./view.js";
