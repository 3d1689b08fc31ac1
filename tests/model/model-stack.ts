/**
 * The part of Pulumi's engine that decides which calls a provider gets, in memory: check, diff, create before delete, partial
 * failures, deletions that wait for the next run, replacements that are asked for, runs that are killed. Each run has a
 * provider process (handlers) of its own, like the engine's. What the real engine does is tested in tests/engine; this is for
 * campaigns of many runs.
 *
 * @see pkg/resource/deploy/step_generator.go of pulumi/pulumi
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ProcessOptions } from "../../provider/src/account/process.js";
import type { Transport } from "../../provider/src/atlas/transport.js";
import type { Clock } from "../../provider/src/clock.js";
import { PartialFailure } from "../../provider/src/errors.js";
import { createProjectSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import { PROVIDER_KEY, type Properties, type SecretHandlers } from "../../provider/src/protocol.js";
import { toClear, toRecordedIds } from "./stored-outputs.js";
import { callingAs } from "./virtual-atlas.js";

/** One resource in the state: outputs in clear. */
export interface StoredResource {
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Why the last operation on it failed in part; the next run then updates it. */
  readonly initErrors: readonly string[];
  /** Whether it was deleted to be replaced, and its replacement is still to be created. */
  readonly isPendingReplacement?: boolean;
}

/** Inputs by name of the resource. */
export type Program = Readonly<Record<string, Properties>>;

/** What a run came to. */
export interface RunResult {
  readonly outcome: "succeeded" | "failed" | "killed";
  /** Messages of the failures. */
  readonly errors: readonly string[];
  /** What was thrown, in the same order. */
  readonly thrown: readonly unknown[];
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

/** How a run differs from an ordinary one. */
export interface RunOptions {
  /** `--target`: nothing but these is looked at, created, changed or deleted. */
  readonly targets?: readonly string[] | undefined;
  /** `--refresh`: reads everything first, in the same provider process. */
  readonly isRefreshedFirst?: boolean;
  /** `--replace`: these are replaced whatever their diff would say, and it is not asked. */
  readonly replaced?: readonly string[];
  /** Whether resources are worked on at the same time, as the engine does, or one after the other. */
  readonly isParallel?: boolean;
  /** Runs before the provider's n-th request (from 1) reaches the server. */
  readonly beforeRequest?: (count: number) => Promise<void>;
}

/** Options of `ModelStack`. */
export interface ModelStackOptions {
  readonly name: string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Environment of the provider: credential and base URL. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is told of each value that dependents get, in the run that creates it. What it throws is their failure. */
  readonly onDelivered?: (name: string, outputs: Properties) => void;
  /** Makes the provider of one run; default: the product's. */
  readonly createHandlers?: (options: ProcessOptions) => SecretHandlers;
}

/** Stands for `__provider`, which the engine hands through. */
const PROVIDER_TEXT = "exports.handler = () => require('pulumi-atlas-secrets/handlers').projectSecret;";

export class ModelStack {
  readonly name: string;
  /** The state: what is current, by name. */
  readonly resources = new Map<string, StoredResource>();
  /** Replaced resources whose deletion is still to come. */
  readonly pendingDeletes: StoredResource[] = [];
  /** Requests that a provider sent although its engine was gone. */
  readonly lateRequests: string[] = [];
  /** What the last run was to deploy. */
  declared: Program = {};
  env: Readonly<Record<string, string | undefined>>;
  readonly #options: ModelStackOptions;
  /** Ids of which the provider of the current run was told. */
  readonly #told = new Set<string>();
  readonly #tainted = new Set<string>();
  /** How many runs there were. */
  runs = 0;

  constructor(options: ModelStackOptions) {
    this.name = options.name;
    this.env = options.env;
    this.#options = options;
  }

  /** What the state holds, replaced resources that wait for deletion included. */
  stored(): StoredResource[] {
    return [...this.resources.values(), ...this.pendingDeletes].filter((stored) => !stored.isPendingReplacement);
  }

  /** Ids of the secrets that the state holds, those that wait for deletion included. */
  recordedIds(): Set<string> {
    return new Set(this.stored().flatMap(({ outputs }) => toRecordedIds(outputs)));
  }

  /**
   * Whether the state holds a secret that the program still declares, and whether the engine has told the provider of the
   * current run so.
   */
  recordOf(secretId: string): "told" | "untold" | undefined {
    const isRecorded = this.stored().some(
      ({ name, outputs }) => name in this.declared && toRecordedIds(outputs).includes(secretId),
    );
    if (!isRecorded) return undefined;
    return this.#told.has(secretId) ? "told" : "untold";
  }

  /** Like `pulumi state taint`: the next run that comes to it replaces it, and asks for no diff. */
  taint(name: string): void {
    if (this.resources.has(name)) this.#tainted.add(name);
  }

  /** Like `pulumi state untaint`, for everything; false when nothing was marked. */
  untaint(): boolean {
    const isTainted = this.#tainted.size > 0;
    this.#tainted.clear();
    return isTainted;
  }

  /** Like `aliases`: the resource `from` goes on as `to`, whatever its class was. */
  carryOver(from: string, to: string): void {
    const stored = this.resources.get(from);
    if (!stored) return;
    this.resources.delete(from);
    this.resources.set(to, { ...stored, name: to });
  }

  up(program: Program, kill?: Kill, options: RunOptions = {}): Promise<RunResult> {
    this.declared = program;
    return this.#run(kill, options, async (run) => {
      if (options.isRefreshedFirst) await this.#refresh(run);
      if (run.errors.length > 0) return;
      const isTarget = (name: string) => options.targets?.includes(name) ?? true;
      const due = Object.entries(program).filter(([name]) => isTarget(name));
      await run.each(due, ([name, args]) => this.#deploy(run, name, args));
      if (run.errors.length > 0) return;
      const leaving = [...this.resources.keys()].filter((name) => !(name in program) && isTarget(name));
      await this.#deletePending(run);
      await run.each(leaving, (name) => this.#remove(run, name));
    });
  }

  /** Like `pulumi refresh`: the recorded failures are forgotten, as the engine does. */
  refresh(kill?: Kill, options: RunOptions = {}): Promise<RunResult> {
    return this.#run(kill, options, (run) => this.#refresh(run));
  }

  destroy(kill?: Kill, options: RunOptions = {}): Promise<RunResult> {
    return this.#run(kill, options, async (run) => {
      await this.#deletePending(run);
      const isTarget = (name: string) => run.targets?.includes(name) ?? true;
      await run.each([...this.resources.keys()].filter(isTarget), (name) => this.#remove(run, name));
    });
  }

  async #refresh(run: Run): Promise<void> {
    const { targets } = run;
    const due = this.stored().filter(({ name }) => targets?.includes(name) ?? true);
    await run.each(due, async (stored) => {
      const { name, id, inputs } = stored;
      this.#noteTold(stored);
      const read = await run.call(`read ${name}`, (provider) => provider.read(id, stored.outputs));
      const index = this.pendingDeletes.indexOf(stored);
      if (!read.id) {
        if (index >= 0) this.pendingDeletes.splice(index, 1);
        else this.resources.delete(name);
        return;
      }
      const refreshed = { ...stored, outputs: toClear(read.props ?? {}), initErrors: [] };
      if (index >= 0) this.pendingDeletes[index] = refreshed;
      else this.resources.set(name, refreshed);
      run.provider.diff(id, refreshed.outputs, inputs);
    });
  }

  async #deploy(run: Run, name: string, args: Properties): Promise<void> {
    const old = this.resources.get(name);
    const given = { ...args, [PROVIDER_KEY]: PROVIDER_TEXT };
    const isForced = run.replaced.includes(name) || this.#tainted.has(name);
    const inputs = check(run, old?.inputs ?? {}, given);
    if (!old) return this.#create(run, name, inputs);
    if (isForced) return this.#create(run, name, check(run, {}, given), old);
    this.#noteTold(old);
    const diff = run.provider.diff(old.id, old.outputs, inputs);
    if (diff.replaces.length > 0 || old.isPendingReplacement) {
      // The inputs of a replacement are checked as if there had been nothing before.
      const fresh = check(run, {}, given);
      if (diff.deleteBeforeReplace && !old.isPendingReplacement) {
        await run.call(`delete ${old.id}`, (provider) => provider.delete(old.id, old.outputs));
        this.resources.set(name, { ...old, isPendingReplacement: true });
      }
      return this.#create(run, name, fresh, this.resources.get(name));
    }
    if (diff.changes || old.initErrors.length > 0) return this.#update(run, old, inputs);
    this.#options.onDelivered?.(name, old.outputs);
  }

  #noteTold({ outputs }: StoredResource): void {
    const { supersedes = [] } = outputs as { readonly supersedes?: readonly string[] };
    for (const id of [...toRecordedIds(outputs), ...supersedes]) this.#told.add(id);
  }

  async #create(run: Run, name: string, inputs: Properties, replaced?: StoredResource): Promise<void> {
    const store = (id: string, outputs: Properties, initErrors: readonly string[]) => {
      if (replaced && !replaced.isPendingReplacement) this.pendingDeletes.push(replaced);
      this.resources.set(name, { name, id, inputs, outputs: toClear(outputs), initErrors });
      this.#tainted.delete(name);
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
    if (!stored.isPendingReplacement)
      await run.call(`delete ${stored.id}`, (provider) => provider.delete(stored.id, stored.outputs));
    this.resources.delete(name);
    this.#tainted.delete(name);
  }

  async #deletePending(run: Run): Promise<void> {
    const due = this.pendingDeletes.filter(({ name }) => run.targets?.includes(name) ?? true);
    await run.each(due, async (stored) => {
      await run.call(`delete ${stored.id}`, (provider) => provider.delete(stored.id, stored.outputs));
      this.pendingDeletes.splice(this.pendingDeletes.indexOf(stored), 1);
    });
  }

  async #run(kill: Kill | undefined, options: RunOptions, work: (run: Run) => Promise<void>): Promise<RunResult> {
    this.runs += 1;
    this.#told.clear();
    const { lateRequests } = this;
    const name = `${this.name}#${this.runs}`;
    const run = new Run({ ...this.#options, ...options, name, env: this.env, lateRequests, kill });
    const isDone = await Promise.race([work(run).then(() => true), run.killed.then(() => false)]);
    const outcome = !isDone ? "killed" : run.errors.length > 0 ? "failed" : "succeeded";
    const { errors, thrown, lines, steps } = run;
    return { outcome, errors, thrown, lines, steps };
  }
}

function check({ provider }: Run, olds: Properties, given: Properties): Properties {
  const { inputs, failures } = provider.check(olds, given);
  if (failures.length > 0) throw new CheckError(failures.map(({ reason }) => reason).join("; "));
  return inputs;
}

/** The inputs were refused. */
export class CheckError extends Error {}

interface RunSettings extends ModelStackOptions, RunOptions {
  readonly lateRequests: string[];
  readonly kill: Kill | undefined;
}

/** One run with its provider process. */
class Run {
  readonly provider: SecretHandlers;
  readonly errors: string[] = [];
  readonly thrown: unknown[] = [];
  readonly lines: string[] = [];
  readonly steps: string[] = [];
  readonly replaced: readonly string[];
  readonly targets: readonly string[] | undefined;
  readonly killed: Promise<void>;
  readonly #isParallel: boolean;
  /** Which call a request belongs to. */
  readonly #calling = new AsyncLocalStorage<string>();
  #isKilled = false;

  constructor(settings: RunSettings) {
    const { name, transport, clock, env, kill, createHandlers = createProjectSecretHandlers } = settings;
    this.replaced = settings.replaced ?? [];
    this.targets = settings.targets;
    this.#isParallel = settings.isParallel ?? false;
    let settleKilled = () => {};
    this.killed = new Promise((resolve) => {
      settleKilled = resolve;
    });
    let requests = 0;
    const marked = callingAs(transport, () => `${name}: ${this.#calling.getStore() ?? ""}`);
    const killable: Transport = async (request) => {
      requests += 1;
      // What is sent at the same moment as the last one cannot know.
      if (this.#isKilled && !this.#isParallel) settings.lateRequests.push(`${name}: ${request.method} ${request.url}`);
      if (settings.beforeRequest) await settings.beforeRequest(requests);
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
      report: (line) => {
        if (!this.#isKilled) this.lines.push(line);
      },
      isEngineAlive: async () => !this.#isKilled,
    });
    this.provider.configure({ config: { get: () => undefined } });
  }

  /** Does the same with each item; notes what fails and goes on, as the engine does with other resources. */
  async each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    if (this.#isParallel) await Promise.all(items.map((item) => this.#attempt(() => work(item))));
    else for (const item of items) await this.#attempt(() => work(item));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const reasons = error instanceof PartialFailure ? error.reasons : [];
      this.thrown.push(error);
      this.errors.push(reasons.length > 0 ? reasons.join(" ") : error instanceof Error ? error.message : String(error));
    }
  }

  /** One call of the provider; its requests carry `what`. */
  async call<T>(what: string, work: (provider: SecretHandlers) => Promise<T>): Promise<T> {
    try {
      const result = await this.#calling.run(what, () => work(this.provider));
      // What a killed engine is told is stored nowhere.
      if (this.#isKilled) return new Promise<never>(() => {});
      this.steps.push(what);
      return result;
    } catch (error) {
      if (this.#isKilled) return new Promise<never>(() => {});
      throw error;
    }
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
