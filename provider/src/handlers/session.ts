/** What the calls of one provider process share: settings and client (made on first need), locks, and what is recorded. */
import type { ClientCredential } from "../atlas/auth/mint.js";
import type { AtlasClient } from "../atlas/client.js";
import { createAtlasClient } from "../atlas/session.js";
import type { Transport } from "../atlas/transport.js";
import { type Clock, systemClock } from "../clock.js";
import { AccountLocks } from "../issuance/account-locks.js";
import { CONFIG_NAMESPACE, parseSettings } from "../settings.js";
import { RecordedSecrets } from "./recorded-secrets.js";

/** What the host passes to `configure`: the stack's configuration in clear. */
export interface ConfigureRequest {
  readonly config: { get(key: string): unknown };
}

/** Everything from outside that handlers touch. */
export interface HandlerOptions {
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly transport?: Transport;
  /** Shows one line to the user; default: standard output, which the engine shows as information. */
  readonly report?: (line: string) => void;
}

/** A client, and the service account credential it uses if that is what it uses. */
export interface Connection {
  readonly client: AtlasClient;
  readonly configured: ClientCredential | undefined;
}

/** State of one provider process. Knows no resource type. */
export class Session {
  readonly clock: Clock;
  readonly report: (line: string) => void;
  readonly locks = new AccountLocks();
  readonly recorded = new RecordedSecrets();
  readonly #options: HandlerOptions;
  #config: (name: string) => unknown = () => undefined;
  #connection: Connection | undefined;

  constructor(options: HandlerOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.report = options.report ?? ((line) => void process.stdout.write(`${line}\n`));
  }

  /** Takes the configuration. Synchronous, because the host does not wait before it sends the first call. */
  configure({ config }: ConfigureRequest): void {
    this.#config = (name) => config.get(`${CONFIG_NAMESPACE}:${name}`);
    this.#connection = undefined;
  }

  /**
   * The connection to Atlas. Sends nothing by itself.
   *
   * @throws SettingsError when the settings cannot be used
   */
  connect(): Connection {
    this.#connection ??= this.#toConnection();
    return this.#connection;
  }

  #toConnection(): Connection {
    const { env = process.env, transport } = this.#options;
    const settings = parseSettings({ config: this.#config, env });
    const client = createAtlasClient({ settings, clock: this.clock, ...(transport && { transport }) });
    const { credential } = settings;
    const configured =
      credential.kind === "service-account"
        ? { clientId: credential.clientId, secret: credential.clientSecret }
        : undefined;
    return { client, configured };
  }
}
