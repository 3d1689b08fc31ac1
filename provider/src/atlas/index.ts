/** Entry `pulumi-atlas-secrets/internal/atlas`: the client for the service account calls, for tools around the resources. */

export { isNodeSupported, NODE_RANGE } from "../node-version.js";
export { describeAccount } from "./account-ref.js";
export type { ClientCredential, MintOutcome } from "./auth/mint.js";
export { AtlasClient, type AtlasClientOptions, type Dated } from "./client.js";
export { type CreateAtlasClientOptions, createAtlasClient } from "./session.js";
export { createTransport, type Transport, type TransportOptions } from "./transport.js";
export type { AccountRef } from "./types.js";
export type { AtlasAccount, CreatedSecret } from "./wire.js";
