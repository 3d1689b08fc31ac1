/** What the calls of one provider process share: settings and client (made on first need), locks, and what is recorded. */
import type { ClientCredential } from "../atlas/auth/mint.js";
import type { AtlasClient } from "../atlas/client.js";
import { findEngineAddress, guardByEngine, isListening } from "../atlas/engine-guard.js";
import { Operation } from "../atlas/operation.js";
import { type Report, toSafeReport } from "../atlas/report.js";
import { createAtlasClient } from "../atlas/session.js";
import { createTransport, type Transport } from "../atlas/transport.js";
import { type Clock, systemClock } from "../clock.js";
import { hasCode, SettingsError } from "../errors.js";
import type { Sensitive } from "../sensitive.js";
import { CONFIG_NAMESPACE, findTlsProblem, parseSettings } from "../settings.js";
import { AccountLocks } from "./locks.js";
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
  readonly report?: Report;
  /** Whether the engine still listens: nothing is sent once it does not. Default: asks its address, where there is one. */
  readonly isEngineAlive?: () => Promise<boolean>;
}

/** A client, and the service account credential it uses if that is what it uses. */
export interface Connection {
  readonly client: AtlasClient;
  readonly configured: ClientCredential | undefined;
}

/** What one call of the engine works with: the client's waits take this operation's time. */
export interface Work extends Connection {
  readonly operation: Operation;
}

/** State of one provider process. Knows no resource type. */
export class Session {
  readonly clock: Clock;
  readonly report: Report;
  readonly locks = new AccountLocks();
  readonly recorded = new RecordedSecrets();
  readonly #options: HandlerOptions;
  #config: (name: string) => unknown = () => undefined;
  #connection: Connection | undefined;

  constructor(options: HandlerOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.report = toSafeReport(options.report ?? ((line) => void process.stdout.write(`${line}\n`)));
  }

  /**
   * Takes the configuration. Synchronous, because the host does not wait before it sends the first call. It configures each
   * handler of the process, with the same: the connection stays, and its token with it.
   */
  configure({ config }: ConfigureRequest): void {
    this.#config = (name) => config.get(`${CONFIG_NAMESPACE}:${name}`);
  }

  /**
   * Begins the work of one call. Sends nothing by itself.
   *
   * @param known recorded values, which no message may hold from now on even if Atlas repeats them
   * @throws SettingsError when the settings cannot be used
   */
  begin(known: readonly (Sensitive | undefined)[] = []): Work {
    this.#connection ??= this.#toConnection();
    // Also when other code of this process sets it later on.
    const tlsProblem = findTlsProblem(this.#options.env ?? process.env);
    if (tlsProblem) throw new SettingsError([tlsProblem]);
    const operation = new Operation(this.clock, this.report);
    const client = this.#connection.client.within(operation);
    for (const value of known) if (value) client.withhold(value);
    return { ...this.#connection, client, operation };
  }

  /** The credential of the provider itself, if it is a service account's; `undefined` also as long as settings are missing. */
  findConfigured(): Connection["configured"] {
    try {
      this.#connection ??= this.#toConnection();
      return this.#connection.configured;
    } catch (error) {
      if (hasCode(error, "settings")) return undefined; // What needs them will say so.
      throw error;
    }
  }

  #toConnection(): Connection {
    const { env = process.env, transport = createTransport({ env }), isEngineAlive = toEngineProbe() } = this.#options;
    const settings = parseSettings({ config: this.#config, env });
    const guarded = isEngineAlive ? guardByEngine(transport, isEngineAlive) : transport;
    const client = createAtlasClient({ settings, clock: this.clock, transport: guarded, report: this.report });
    const { credential } = settings;
    const configured =
      credential.kind === "service-account"
        ? { clientId: credential.clientId, secret: credential.clientSecret }
        : undefined;
    return { client, configured };
  }
}

function toEngineProbe(): (() => Promise<boolean>) | undefined {
  const address = findEngineAddress(process.argv);
  return address && (() => isListening(address));
}
