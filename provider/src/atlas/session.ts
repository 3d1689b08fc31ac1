/** Puts a client together from settings: transport, the kind of credential, user agent. */
import { type Clock, systemClock } from "../clock.js";
import type { Sensitive } from "../sensitive.js";
import type { Credential, Settings } from "../settings.js";
import { createAccessTokenAuthenticator } from "./auth/access-token.js";
import { createApiKeyAuthenticator } from "./auth/api-key.js";
import type { Authenticator } from "./auth/authenticator.js";
import { type MintContext, mintToken, revokeToken } from "./auth/mint.js";
import { createServiceAccountAuthenticator } from "./auth/service-account.js";
import { AtlasClient } from "./client.js";
import { watchClock } from "./clock-watch.js";
import { Pacer } from "./pacing.js";
import type { Report } from "./report.js";
import { repeat } from "./retry.js";
import { TimeBudget } from "./time-budget.js";
import { createTransport, type Transport } from "./transport.js";

/** Options of `createAtlasClient`. */
export interface CreateAtlasClientOptions {
  readonly settings: Settings;
  readonly clock?: Clock;
  readonly transport?: Transport;
  /** Shows a line for each long wait that no operation of a caller makes, and for a clock that differs from Atlas's. */
  readonly report?: Report;
  /** The command that a message tells to run again; default `pulumi up`. */
  readonly command?: string | undefined;
}

/** Makes a client; sends nothing. */
export function createAtlasClient({
  settings,
  clock = systemClock,
  transport = createTransport(),
  report,
  command,
}: CreateAtlasClientOptions): AtlasClient {
  const { baseUrl, credential, credentialSource } = settings;
  const endpoint = {
    baseUrl,
    credentialSource,
    transport: report ? watchClock(transport, clock, report) : transport,
    userAgent: toUserAgent(),
    clock,
    pacer: new Pacer(clock),
    ...(report && { report }),
    ...(command !== undefined && { command }),
  };
  return new AtlasClient({ ...endpoint, authenticator: toAuthenticator(credential, endpoint) });
}

function toAuthenticator(
  credential: Credential,
  endpoint: Omit<MintContext, "budget"> & { readonly clock: Clock; readonly report?: Report },
): Authenticator {
  switch (credential.kind) {
    case "access-token":
      return createAccessTokenAuthenticator(credential.token);
    case "api-key":
      return createApiKeyAuthenticator(credential);
    case "service-account": {
      const { clientId, clientSecret } = credential;
      const { clock, report } = endpoint;
      // Several operations may wait for one mint: it has a time of its own.
      const mint = () => {
        const budget = new TimeBudget(clock, report);
        return repeat(async () => {
          const known = authenticator.knownValues();
          const outcome = await mintToken({ ...endpoint, budget }, { clientId, secret: clientSecret }, { known });
          if (outcome.kind !== "minted") throw outcome.error;
          return outcome;
        }, budget);
      };
      const revoke = (token: Sensitive) => revokeToken(endpoint, { clientId, secret: clientSecret }, token);
      const authenticator = createServiceAccountAuthenticator({ clientSecret, mint, revoke, clock });
      return authenticator;
    }
  }
}

/** Name and version of this package, for the operator of the other side. */
function toUserAgent(): string {
  const { name, version } = require("pulumi-atlas-secrets/package.json") as { name: string; version: string };
  return `${name}/${version} node/${process.versions.node}`;
}
