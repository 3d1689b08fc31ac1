/** Asks Atlas with the credential of the environment, the same way as the provider does. */
import { type AtlasClient, createAtlasClient, createTransport } from "pulumi-atlas-secrets/atlas";
import { Operation } from "pulumi-atlas-secrets/issuance";
import { type Credential, parseSettings } from "pulumi-atlas-secrets/settings";
import type { Surroundings } from "./surroundings.js";

/** What commands that ask Atlas work with. */
export interface AtlasSession {
  /** A client for one operation, whose waits take that operation's time. */
  begin(): { readonly client: AtlasClient; readonly operation: Operation };
  readonly credential: Credential;
  readonly clock: Pick<Surroundings, "now" | "sleep">;
}

/**
 * Reads the settings; sends nothing.
 *
 * @throws SettingsError with every problem of the environment's settings
 */
export function openAtlas({ env, now, sleep }: Pick<Surroundings, "env" | "now" | "sleep">): AtlasSession {
  const settings = parseSettings({ config: () => undefined, env });
  const clock = { now, sleep };
  const client = createAtlasClient({ settings, clock, transport: createTransport({ env }) });
  const begin = () => {
    const operation = new Operation(clock);
    return { client: client.within(operation), operation };
  };
  return { begin, credential: settings.credential, clock };
}
