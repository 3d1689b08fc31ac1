/** Puts a client together from settings: transport, the kind of credential, user agent. */
import { type Clock, systemClock } from "../clock.js";
import type { Credential, Settings } from "../settings.js";
import { createAccessTokenAuthenticator } from "./auth/access-token.js";
import { createApiKeyAuthenticator } from "./auth/api-key.js";
import type { Authenticator } from "./auth/authenticator.js";
import { mintToken } from "./auth/mint.js";
import { createServiceAccountAuthenticator } from "./auth/service-account.js";
import { AtlasClient } from "./client.js";
import { createTransport, type Transport } from "./transport.js";

/** Options of `createAtlasClient`. */
export interface CreateAtlasClientOptions {
  readonly settings: Settings;
  readonly clock?: Clock;
  readonly transport?: Transport;
}

/** Makes a client; sends nothing. */
export function createAtlasClient({
  settings,
  clock = systemClock,
  transport = createTransport(),
}: CreateAtlasClientOptions): AtlasClient {
  const { baseUrl, credential } = settings;
  const userAgent = toUserAgent();
  const endpoint = { baseUrl, transport, userAgent };
  return new AtlasClient({ ...endpoint, authenticator: toAuthenticator(credential, endpoint, clock) });
}

function toAuthenticator(
  credential: Credential,
  endpoint: Parameters<typeof mintToken>[0],
  clock: Clock,
): Authenticator {
  switch (credential.kind) {
    case "access-token":
      return createAccessTokenAuthenticator(credential.token);
    case "api-key":
      return createApiKeyAuthenticator(credential);
    case "service-account": {
      const { clientId, clientSecret } = credential;
      const mint = () => mintToken(endpoint, { clientId, secret: clientSecret });
      return createServiceAccountAuthenticator({ clientSecret, mint, clock });
    }
  }
}

/** Name and version of this package, for the operator of the other side. */
function toUserAgent(): string {
  const { name, version } = require("pulumi-atlas-secrets/package.json") as { name: string; version: string };
  return `${name}/${version} node/${process.versions.node}`;
}
