/** Operations on Atlas with the credential of the environment, by the provider's own client. */

import { Operation } from "pulumi-atlas-secrets/internal/account";
import type { AtlasClient } from "pulumi-atlas-secrets/internal/atlas";
import type { Credential } from "pulumi-atlas-secrets/internal/settings";
import { createClient, parseEnvironment } from "./sources/atlas.js";
import type { Environment } from "./environment.js";

/** What commands that ask Atlas for more than a list work with. */
export interface AtlasSession {
  /** A client for one operation, whose waits take that operation's time. */
  begin(): { readonly client: AtlasClient; readonly operation: Operation };
  readonly credential: Credential;
  readonly clock: Pick<Environment, "now" | "sleep">;
}

/**
 * Reads the settings; sends nothing.
 *
 * @param command as a user types it: `atlas-secrets remove`
 * @throws CliFailure when there is no credential
 * @throws SettingsError with every problem of the environment's settings
 */
export function openAtlas(command: string, environment: Pick<Environment, "env" | "now" | "sleep">): AtlasSession {
  const settings = parseEnvironment(environment);
  const client = createClient(settings, command, environment);
  const { now, sleep } = environment;
  const clock = { now, sleep };
  const begin = () => {
    const operation = new Operation(clock);
    return { client: client.within(operation), operation };
  };
  return { begin, credential: settings.credential, clock };
}
