/** What all operations of one process share: settings and client (made on first need), locks, what it was told and what it did. */
import type { ClientCredential } from "../atlas/auth/mint.js";
import type { AtlasClient } from "../atlas/client.js";
import { findEngineAddress, guardByEngine, isListening } from "../atlas/engine-guard.js";
import { type Report, toSafeReport } from "../atlas/report.js";
import { createAtlasClient } from "../atlas/session.js";
import { TimeBudget } from "../atlas/time-budget.js";
import { createTransport, type Transport } from "../atlas/transport.js";
import { AUTONAMING_KEY } from "../autonaming.js";
import { type Clock, systemClock } from "../clock.js";
import { hasCode, SettingsError } from "../errors.js";
import type { ConfigureRequest } from "../protocol.js";
import type { Sensitive } from "../sensitive.js";
import { CONFIG_NAMESPACE, type CredentialSource, findTlsProblem, parseSettings } from "../settings.js";
import { KnownSecrets } from "./known-secrets.js";
import { AccountLocks } from "./locks.js";
import { Operation } from "./operation.js";
import { AccountSnapshots } from "./snapshots.js";
import type { AccountProcess } from "./view.js";

/** Everything from outside that a process touches. */
export interface ProcessOptions {
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly transport?: Transport;
  /** Shows one line to the user; default: standard output, which the engine shows as information. */
  readonly report?: Report;
  /** Whether the engine still listens: nothing is sent once it does not. Default: asks its address, where there is one. */
  readonly isEngineAlive?: () => Promise<boolean>;
  /** The command that a message tells to run again; default `pulumi up`. */
  readonly command?: string;
}

interface Connection {
  readonly client: AtlasClient;
  readonly credential: ClientCredential | undefined;
  readonly source: CredentialSource;
}

/** State of one process. Knows no resource type. */
export class ProviderProcess implements AccountProcess {
  readonly clock: Clock;
  readonly locks = new AccountLocks();
  readonly known = new KnownSecrets();
  readonly snapshots: AccountSnapshots;
  readonly #options: ProcessOptions;
  readonly #report: Report;
  readonly #told = new Set<string>();
  #config: (name: string) => unknown = () => undefined;
  #autonaming: unknown;
  #connection: Connection | undefined;

  constructor(options: ProcessOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.snapshots = new AccountSnapshots(this.clock);
    this.#report = toSafeReport(options.report ?? ((line) => void process.stdout.write(`${line}\n`)));
  }

  /**
   * Takes the configuration. Synchronous, because the host does not wait before it sends the first call. It configures each
   * handler of the process, with the same: the connection stays, and its token with it.
   */
  configure({ config }: ConfigureRequest): void {
    this.#config = (name) => config.get(`${CONFIG_NAMESPACE}:${name}`);
    this.#autonaming = config.get(AUTONAMING_KEY) ?? this.#config("autonaming");
  }

  /** The stack's `pulumi:autonaming`; an explicit provider knows it if it was passed on, as those of Python and Go programs do. */
  get autonaming(): unknown {
    return this.#autonaming;
  }

  /** Shows one line to the user; the same line only once in the life of the process. */
  report(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#report(line);
  }

  /**
   * Begins an operation. Sends nothing by itself.
   *
   * @param values recorded values, which no message may hold from now on even if Atlas repeats them
   * @throws SettingsError when the settings cannot be used
   */
  begin(values: readonly (Sensitive | undefined)[] = []): Operation {
    this.#connection ??= this.#connect();
    // Also when other code of this process sets it later on.
    const tlsProblem = findTlsProblem(this.#options.env ?? process.env);
    if (tlsProblem) throw new SettingsError([tlsProblem]);
    const { client, credential } = this.#connection;
    const time = new TimeBudget(this.clock, this.#report);
    const within = client.within(time);
    for (const value of values) if (value) within.withhold(value);
    return new Operation({ client: within, time, report: this.#report, credential });
  }

  /** The credential of the provider itself, if it is a service account's; `undefined` also as long as settings are missing. */
  findCredential(): ClientCredential | undefined {
    try {
      this.#connection ??= this.#connect();
      return this.#connection.credential;
    } catch (error) {
      if (hasCode(error, "settings")) return undefined; // What needs them will say so.
      throw error;
    }
  }

  /** Gives the token of the process back, when no more operations follow. Resolves in every case, within two seconds. */
  async revokeToken(): Promise<void> {
    await this.#connection?.client.revokeToken();
  }

  /** Where its credential came from; `undefined` before anything was asked of Atlas. */
  get credentialSource(): CredentialSource | undefined {
    return this.#connection?.source;
  }

  #connect(): Connection {
    const { env = process.env, transport = createTransport({ env }), isEngineAlive = toEngineProbe() } = this.#options;
    const settings = parseSettings({ config: this.#config, env });
    const guarded = isEngineAlive ? guardByEngine(transport, isEngineAlive) : transport;
    const client = createAtlasClient({
      settings,
      clock: this.clock,
      transport: guarded,
      report: this.#report,
      command: this.#options.command,
    });
    const { credential } = settings;
    const isAccount = credential.kind === "service-account";
    const own = isAccount ? { clientId: credential.clientId, secret: credential.clientSecret } : undefined;
    return { client, credential: own, source: settings.credentialSource };
  }
}

function toEngineProbe(): (() => Promise<boolean>) | undefined {
  const address = findEngineAddress(process.argv);
  return address && (() => isListening(address));
}
