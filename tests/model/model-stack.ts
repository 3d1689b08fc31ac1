/**
 * The part of Pulumi's engine that decides which calls a provider gets, in memory: check, diff, create before delete, partial
 * failures, deletions that wait for the next run, runs that are killed. Each run has a provider process (handlers) of its own,
 * like the engine's. What the real engine does is tested in tests/engine; this is for campaigns of many runs.
 *
 * @see pkg/resource/deploy/step_generator.go of pulumi/pulumi
 */
import type { Transport } from "../../provider/src/atlas/transport.js";
import type { Clock } from "../../provider/src/clock.js";
import { PartialFailure } from "../../provider/src/errors.js";
import type { SecretHandlers } from "../../provider/src/handlers/calls.js";
import { createProjectSecretHandlers } from "../../provider/src/handlers/project-secret.js";
import type { HandlerOptions } from "../../provider/src/handlers/session.js";
import { PROVIDER_KEY, type Properties, SIGNATURE_KEY } from "../../provider/src/resources/convention.js";
import { callingAs } from "./virtual-atlas.js";

/** One resource in the state: outputs in clear. */
export interface StoredResource {
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Why the last operation on it failed in part; the next run then updates it. */
  readonly initErrors: readonly string[];
}

/** Inputs by name of the resource. */
export type Program = Readonly<Record<string, Properties>>;

/** What a run came to. */
export interface RunResult {
  readonly outcome: "succeeded" | "failed" | "killed";
  /** Messages of the failures. */
  readonly errors: readonly string[];
  /** Lines that the provider showed. */
  readonly lines: readonly string[];
  /** What was done to which resource: `create a`, `replace a`, `update a`, `delete <id>`, in order. */
  readonly steps: readonly string[];
}

/**
 * When a run is killed: at the provider's n-th request (from 1). The provider is killed before it sends it, or when the server
 * has carried it out but not answered; the engine alone is killed while it is under way, and the provider lives on.
 */
export interface Kill {
  readonly atRequest: number;
  readonly what: "provider-before" | "provider-after" | "engine";
}

/** Options of `ModelStack`. */
export interface ModelStackOptions {
  readonly name: string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Environment of the provider: credential and base URL. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the provider of a run; default: the one of `ProjectServiceAccountSecret`. */
  readonly createHandlers?: (options: HandlerOptions) => SecretHandlers;
  /** Is told of each value that dependents get, in the run that creates it. */
  readonly onDelivered?: (name: string, outputs: Properties) => void;
}

/** Stands for `__provider`, which the engine hands through. */
const PROVIDER_TEXT = "exports.handler = () => require('pulumi-atlas-secrets/handlers').projectSecret;";

export class ModelStack {
  readonly name: string;
  /** The state: what is current, by name. */
  readonly resources = new Map<string, StoredResource>();
  /** Replaced resources whose deletion is still to come. */
  readonly pendingDeletes: StoredResource[] = [];
  /** What the last run was to deploy. */
  declared: Program = {};
  env: Readonly<Record<string, string | undefined>>;
  readonly #options: ModelStackOptions;
  #runs = 0;

  constructor(options: ModelStackOptions) {
    this.name = options.name;
    this.env = options.env;
    this.#options = options;
  }

  /** Ids of the secrets that the state holds, those that wait for deletion included. */
  recordedIds(): Set<string> {
    return new Set([...this.resources.values(), ...this.pendingDeletes].map(({ outputs }) => String(outputs.secretId)));
  }

  up(program: Program, kill?: Kill): Promise<RunResult> {
    this.declared = program;
    return this.#run(async (run) => {
      for (const [name, args] of Object.entries(program)) await run.attempt(() => this.#deploy(run, name, args));
      const leaving = [...this.resources.keys()].filter((name) => !(name in program));
      if (run.errors.length > 0) return;
      await this.#deletePending(run);
      for (const name of leaving) await run.attempt(() => this.#remove(run, name));
    }, kill);
  }

  /** Like `pulumi refresh`: the recorded failures are forgotten, as the engine does. */
  refresh(kill?: Kill): Promise<RunResult> {
    return this.#run(async (run) => {
      for (const { name, id, outputs } of [...this.resources.values()]) {
        await run.attempt(async () => {
          const read = await run.call(`read ${name}`, (provider) => provider.read(id, outputs));
          const stored = this.resources.get(name);
          if (!stored) return;
          if (!read.id) this.resources.delete(name);
          else this.resources.set(name, { ...stored, outputs: toClear(read.props ?? {}), initErrors: [] });
        });
      }
    }, kill);
  }

  destroy(kill?: Kill): Promise<RunResult> {
    return this.#run(async (run) => {
      await this.#deletePending(run);
      for (const name of [...this.resources.keys()]) await run.attempt(() => this.#remove(run, name));
    }, kill);
  }

  async #deploy(run: Run, name: string, args: Properties): Promise<void> {
    const old = this.resources.get(name);
    const given = { ...args, [PROVIDER_KEY]: PROVIDER_TEXT };
    const { inputs, failures } = run.provider.check(old?.inputs ?? {}, given);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    if (!old) return this.#create(run, name, inputs);
    const diff = run.provider.diff(old.id, old.outputs, inputs);
    if (diff.replaces.length > 0 && diff.deleteBeforeReplace) {
      await this.#remove(run, name);
      return this.#create(run, name, inputs);
    }
    if (diff.replaces.length > 0) return this.#create(run, name, inputs, old);
    if (diff.changes || old.initErrors.length > 0) return this.#update(run, old, inputs);
    this.#options.onDelivered?.(name, old.outputs);
  }

  async #create(run: Run, name: string, inputs: Properties, replaced?: StoredResource): Promise<void> {
    const store = (id: string, outputs: Properties, initErrors: readonly string[]) => {
      if (replaced) this.pendingDeletes.push(replaced);
      this.resources.set(name, { name, id, inputs, outputs: toClear(outputs), initErrors });
    };
    await run.step(`${replaced ? "replace" : "create"} ${name}`, store, (provider) =>
      provider.create(inputs).then(({ id, outs }) => ({ id, outs })),
    );
    this.#options.onDelivered?.(name, this.resources.get(name)?.outputs ?? {});
  }

  async #update(run: Run, old: StoredResource, inputs: Properties): Promise<void> {
    const { name, id } = old;
    const store = (_id: string, outputs: Properties, initErrors: readonly string[]) => {
      this.resources.set(name, { name, id, inputs, outputs: toClear(outputs), initErrors });
    };
    await run.step(`update ${name}`, store, async (provider) => ({
      id,
      outs: (await provider.update(id, old.outputs, inputs)).outs,
    }));
    this.#options.onDelivered?.(name, this.resources.get(name)?.outputs ?? {});
  }

  async #remove(run: Run, name: string): Promise<void> {
    const stored = this.resources.get(name);
    if (!stored) return;
    await run.call(`delete ${stored.id}`, (provider) => provider.delete(stored.id, stored.outputs));
    this.resources.delete(name);
  }

  async #deletePending(run: Run): Promise<void> {
    for (const stored of [...this.pendingDeletes]) {
      await run.attempt(async () => {
        await run.call(`delete ${stored.id}`, (provider) => provider.delete(stored.id, stored.outputs));
        this.pendingDeletes.splice(this.pendingDeletes.indexOf(stored), 1);
      });
    }
  }

  async #run(work: (run: Run) => Promise<void>, kill?: Kill): Promise<RunResult> {
    this.#runs += 1;
    const run = new Run({ ...this.#options, name: `${this.name}#${this.#runs}`, env: this.env }, kill);
    const isDone = await Promise.race([work(run).then(() => true), run.killed.then(() => false)]);
    const outcome = !isDone ? "killed" : run.errors.length > 0 ? "failed" : "succeeded";
    return { outcome, errors: run.errors, lines: run.lines, steps: run.steps };
  }
}

/** One run with its provider process. */
class Run {
  readonly provider: SecretHandlers;
  readonly errors: string[] = [];
  readonly lines: string[] = [];
  readonly steps: string[] = [];
  readonly killed: Promise<void>;
  #isKilled = false;
  #calling = "";

  constructor(options: ModelStackOptions, kill?: Kill) {
    const { name, transport, clock, env, createHandlers = createProjectSecretHandlers } = options;
    let settleKilled = () => {};
    this.killed = new Promise((resolve) => {
      settleKilled = resolve;
    });
    let requests = 0;
    const marked = callingAs(transport, () => `${name}: ${this.#calling}`);
    const killable: Transport = async (request) => {
      requests += 1;
      if (kill?.atRequest !== requests) return marked(request);
      this.#isKilled = true;
      const outcome = kill.what === "provider-before" ? undefined : await marked(request);
      settleKilled();
      return kill.what === "engine" && outcome ? outcome : new Promise<never>(() => {});
    };
    this.provider = createHandlers({
      clock,
      env,
      transport: killable,
      report: (line) => void this.lines.push(line),
      isEngineAlive: async () => !this.#isKilled,
    });
    this.provider.configure({ config: { get: () => undefined } });
  }

  /** Notes what fails and goes on, as the engine does with other resources. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const reasons = error instanceof PartialFailure ? error.reasons : [];
      this.errors.push(reasons.length > 0 ? reasons.join(" ") : error instanceof Error ? error.message : String(error));
    }
  }

  /** One call of the provider; its requests carry `what`. */
  async call<T>(what: string, work: (provider: SecretHandlers) => Promise<T>): Promise<T> {
    this.#calling = what;
    const result = await work(this.provider);
    this.steps.push(what);
    // What a killed engine is told is stored nowhere.
    return this.#isKilled ? new Promise<never>(() => {}) : result;
  }

  /** A call whose result is stored, also when it fails in part. */
  async step(
    what: string,
    store: (id: string, outputs: Properties, initErrors: readonly string[]) => void,
    work: (provider: SecretHandlers) => Promise<{ id: string; outs: Properties }>,
  ): Promise<void> {
    try {
      const { id, outs } = await this.call(what, work);
      store(id, outs, []);
    } catch (error) {
      if (error instanceof PartialFailure) store(error.id, error.properties, error.reasons);
      throw error;
    }
  }
}

/** Outputs as the engine hands them to the next call: secrets without their marks. Fails on what the engine cannot encode. */
function toClear(outputs: Properties): Properties {
  const secret = outputs.secret as Record<string, unknown> | undefined;
  if (secret !== undefined && !(SIGNATURE_KEY in secret))
    throw new Error("the secret is not marked: it is stored in clear");
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      if (value === undefined) throw new Error(`output ${key} is undefined: the engine cannot store it`);
      const isMarked = typeof value === "object" && value !== null && SIGNATURE_KEY in value;
      return [key, isMarked ? (value as { value?: unknown }).value : value];
    }),
  );
}
