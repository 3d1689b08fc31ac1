/**
 * Two stacks, their consumers and somebody else on the same accounts of a simulated Atlas in virtual time. `take` lets one step
 * happen and looks at what it came to; what must not be is in `findings`.
 */
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type SeededAccount,
} from "pulumi-atlas-secrets-simulator";
import type { Transport } from "../../provider/src/atlas/transport.js";
import type { Clock } from "../../provider/src/clock.js";
import type { Properties } from "../../provider/src/protocol.js";
import { createBothHandlers } from "./both-handlers.js";
import { Consumers } from "./consumers.js";
import { Declarations, type Places } from "./declarations.js";
import { Ledger } from "./ledger.js";
import { ModelStack, type RunOptions, type RunResult } from "./model-stack.js";
import { findOffers } from "./offers.js";
import { followText } from "./person.js";
import { fetchTruth, Somebody } from "./somebody.js";
import { ACCOUNTS, type AccountName, type RunStep, type Setup, type SignIn, type Step } from "./steps.js";
import { toRecordedIds } from "./stored-outputs.js";
import { createVirtualAtlas, RELEASED_HEADER, type VirtualAtlas } from "./virtual-atlas.js";
import { Watch } from "./watch.js";

const OTHER_PROJECT_ID = "00000000000000000000000c";
const API_KEY = { publicKey: "fakepubl", privateKey: "FAKE-private-key-not-a-real-one" };

const ADMINISTRATOR = {
  MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
  MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
};

/** How long an engine takes from its start to the first call of a provider. */
const START_MS = 5_000;

const SETTLED_MS = 120_000;

/** One of the two stacks with what belongs to it. */
export interface Team {
  readonly stack: ModelStack;
  readonly declarations: Declarations;
  readonly consumers: Consumers;
  /** What the last run failed with; empty when it did not. */
  lastFailure: string;
  /** Id of the secret that it signs in with, where that is one of the account `provider`. */
  configuredId: string | undefined;
}

export class World {
  readonly atlas: VirtualAtlas;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly somebody: Somebody;
  readonly places: Places;
  readonly teams: readonly [Team, Team];
  #skewMs = 0;
  #delays: readonly number[] = [];
  #requests = 0;

  static async create(setup: Setup): Promise<World> {
    let world: World | undefined;
    const atlas = await createVirtualAtlas("local", {
      // Every credential of a sequence may do what it is used for.
      switches: { sharedAccountNeedsOrgOwner: false, ...setup.switches },
      observe: (exchange) => {
        world?.watch.note(exchange);
        world?.ledger.note(exchange);
      },
    });
    const seeded = await seed(atlas, setup);
    // By then every value of those that are there works.
    await atlas.control.advance(SETTLED_MS);
    world = new World(atlas, setup, seeded, await atlas.control.issueAccessToken({ lifetimeSeconds: 1e9 }));
    return world;
  }

  constructor(
    atlas: VirtualAtlas,
    setup: Setup,
    seeded: Readonly<Record<AccountName, SeededAccount>>,
    accessToken: string,
  ) {
    this.atlas = atlas;
    const clientIds = Object.fromEntries(ACCOUNTS.map((name) => [name, seeded[name].clientId]));
    this.places = {
      projectId: DEMO_PROJECT_ID,
      otherProjectId: OTHER_PROJECT_ID,
      clientIds: clientIds as Places["clientIds"],
    };
    this.ledger = new Ledger(
      () => this.teams.map(({ stack }) => stack),
      () => atlas.clock.now(),
    );
    this.watch = new Watch(this.ledger, [DEMO_ADMIN_SECRET, API_KEY.privateKey, accessToken]);
    this.somebody = new Somebody(atlas, this.places);
    for (const { secret } of Object.values(seeded)) if (secret) this.somebody.values.set(secret.id, secret.value);
    this.teams = [
      this.#createTeam("a", setup.signIns[0], new Declarations(this.places, setup.first), seeded, accessToken),
      this.#createTeam("b", setup.signIns[1], new Declarations(this.places, setup.second), seeded, accessToken),
    ];
  }

  /** What must not have happened so far. */
  get findings(): readonly string[] {
    return [...this.ledger.breaches, ...this.watch.findings, ...this.atlas.contract.problems];
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "rest":
        return;
      case "run":
        await this.run(step);
        return;
      case "both":
        this.#delays = step.delays;
        await this.#runBoth(
          { ...step.first, stack: 0, kill: undefined },
          { ...step.second, stack: 1, kill: undefined },
        );
        this.#delays = [];
        return;
      case "foreign":
        return this.somebody.act(step.foreign);
      case "wait":
        return this.atlas.control.advance(step.ms);
      case "skew":
        this.#skewMs = step.ms;
        return;
      case "follow": {
        const team = this.teams[step.stack];
        if (team.lastFailure !== "") await followText(this, team, team.lastFailure);
        return;
      }
      case "use":
        for (const { consumers } of this.teams) await consumers.use();
        return;
      case "sign-in":
        await this.changeSignIn(this.teams[step.stack], step.to);
        return;
    }
  }

  /** Runs one stack and judges what it came to. */
  async run(step: RunStep): Promise<RunResult> {
    const team = this.teams[step.stack];
    await this.#prepare(step);
    const before = { recorded: team.stack.recordedIds(), startMs: this.atlas.clock.now() };
    const result = await this.#start(step);
    await this.#judge(team, before, result);
    return result;
  }

  async #runBoth(first: RunStep, second: RunStep): Promise<void> {
    await this.#prepare(first);
    await this.#prepare({ ...second, faults: [...first.faults, ...second.faults] });
    const startMs = this.atlas.clock.now();
    const before = this.teams.map(({ stack }) => ({ recorded: stack.recordedIds(), startMs }));
    const results = await Promise.all([this.#start(first), this.#start(second)]);
    for (const [index, team] of this.teams.entries()) {
      const [recorded, result] = [before[index], results[index]];
      if (recorded && result) await this.#judge(team, recorded, result);
    }
  }

  async #prepare({ stack, change, target, faults }: RunStep): Promise<void> {
    const { control } = this.atlas;
    const { stack: own, declarations, consumers } = this.teams[stack];
    if (change?.what === "taint") own.taint(declarations.nameOf(target) ?? "");
    if (change) {
      const truth = change.what === "mayRemove" ? await fetchTruth(this.atlas) : [];
      declarations.change(change, target, (account, pick) => {
        const clientId = this.places.clientIds[account];
        const removable = truth.filter((held) => held.clientId === clientId && !consumers.isHeld(held.id));
        return removable[pick % Math.max(1, removable.length)]?.id;
      });
    }
    await control.clearFaults();
    await control.advance(START_MS);
    for (const { fault, operation, skip, times } of faults) {
      await control.addFault({ ...fault, skip, times, ...(operation && { match: { operation } }) });
    }
    for (const { stack: runner, configuredId } of this.teams)
      if (configuredId !== undefined) this.ledger.credentialIds.set(runner.name, configuredId);
  }

  #start({
    stack: index,
    command,
    target,
    targetNames,
    kill,
    meddling,
    isParallel,
    failsDependents,
  }: RunStep): Promise<RunResult> {
    const { stack, declarations, consumers } = this.teams[index];
    consumers.areFailing = failsDependents;
    const options: RunOptions = {
      isParallel,
      isRefreshedFirst: command.endsWith("--refresh"),
      replaced: command.startsWith("up --replace") ? [...stack.resources.keys()] : [],
      targets: command === "up --target" ? (targetNames ?? [declarations.nameOf(target) ?? ""]) : undefined,
      ...(meddling && {
        beforeRequest: (count) =>
          count === meddling.atRequest ? this.somebody.act(meddling.foreign) : Promise.resolve(),
      }),
    };
    if (command === "refresh") return stack.refresh(kill, options);
    const program = command === "destroy" ? {} : declarations.toProgram(stack.stored());
    // What is to be destroyed may end half-way: it is no matter of its consumers any more.
    for (const { name, outputs } of stack.stored())
      if (!(name in program)) for (const id of toRecordedIds(outputs)) this.somebody.ended.add(id);
    // What the user names may go, also in a run that was not told that the stack records it.
    for (const id of declarations.removable()) this.somebody.ended.add(id);
    return command === "destroy" ? stack.destroy(kill, options) : stack.up(program, kill, options);
  }

  async #judge(team: Team, before: { recorded: Set<string>; startMs: number }, result: RunResult) {
    const { stack, consumers } = team;
    team.lastFailure = result.errors.join("\n");
    this.#judgeOffers(stack, before.recorded, result);
    const [truth, nowMs] = [await fetchTruth(this.atlas), this.atlas.clock.now()];
    this.watch.judge(stack, before, result, truth, nowMs);
    consumers.forget([...stack.resources.keys()]);
    for (const secret of truth) if (secret.expiresAtMs <= nowMs) this.somebody.ended.add(secret.id);
    for (const other of this.teams) {
      for (const problem of other.consumers.findProblems(
        new Set(truth.map(({ id }) => id)),
        this.somebody.ended,
        (id) => this.ledger.deletedBy(id, other.stack.name),
      ))
        this.watch.findings.push(`${stack.name} ${result.steps.join(", ")}: ${problem}`);
    }
  }

  /** No text offers for removal what a stack records, before or after the run. */
  #judgeOffers(stack: ModelStack, before: ReadonlySet<string>, { errors, lines }: RunResult): void {
    const recorded = new Set([...before, ...this.teams.flatMap((team) => [...team.stack.recordedIds()])]);
    for (const text of [...errors, ...lines])
      for (const id of findOffers(text))
        if (recorded.has(id)) this.watch.findings.push(`${stack.name} offers ${id}, which a state records: ${text}`);
  }

  /** Gives a stack that signs in by a service account a credential that works, if there is one. */
  async changeSignIn(team: Team, to: "recorded" | "fresh"): Promise<boolean> {
    if (team.configuredId === undefined) return false;
    const { secretId: id, secret: value } = await (to === "recorded"
      ? this.#findRecordedSignIn()
      : this.#createSignIn());
    if (typeof id !== "string" || typeof value !== "string") return false;
    team.configuredId = id;
    team.stack.env = { ...team.stack.env, MONGODB_ATLAS_CLIENT_SECRET: value };
    this.watch.withhold(value);
    return true;
  }

  /** Gives a stack the credential of an account that no stack manages. */
  signInElsewhere(team: Team): boolean {
    team.configuredId = undefined;
    this.ledger.credentialIds.delete(team.stack.name);
    team.stack.env = { ...team.stack.env, ...ADMINISTRATOR };
    return true;
  }

  /** A secret of the account `provider` that a state gives out and that works: the newest, and rather one that stays. */
  async #findRecordedSignIn(): Promise<Properties> {
    const nowMs = this.atlas.clock.now();
    const truth = await fetchTruth(this.atlas);
    const live = new Set(truth.filter(({ expiresAtMs }) => expiresAtMs > nowMs).map(({ id }) => id));
    const candidates = this.teams.flatMap(({ stack }) =>
      [...stack.resources.values()].map(({ name, outputs }) => ({ outputs, isDeclared: name in stack.declared })),
    );
    // One whose account was not in the project's list works again once it is.
    const works = ["active", "overlapping", "account-unassigned"];
    const isFit = ({ clientId, secretId, status }: Properties) =>
      clientId === this.places.clientIds.provider && live.has(String(secretId)) && works.includes(String(status));
    const toRank = ({ outputs, isDeclared }: { outputs: Properties; isDeclared: boolean }) =>
      Date.parse(String(outputs.createdAt)) * (isDeclared ? 2 : 1);
    const [best] = candidates.filter(({ outputs }) => isFit(outputs)).sort((a, b) => toRank(b) - toRank(a));
    return best?.outputs ?? {};
  }

  async #createSignIn(): Promise<Properties> {
    const secretId = await this.somebody.create("provider", 8760);
    return { secretId, secret: this.somebody.values.get(secretId ?? "") };
  }

  #createTeam(
    name: string,
    kind: SignIn,
    declarations: Declarations,
    seeded: Readonly<Record<AccountName, SeededAccount>>,
    accessToken: string,
  ): Team {
    const { secret, clientId } = seeded.provider;
    const credentials: Record<SignIn, Record<string, string>> = {
      administrator: ADMINISTRATOR,
      "own-account": { MONGODB_ATLAS_CLIENT_ID: clientId, MONGODB_ATLAS_CLIENT_SECRET: secret?.value ?? "" },
      "api-key": {
        MONGODB_ATLAS_PUBLIC_API_KEY: API_KEY.publicKey,
        MONGODB_ATLAS_PRIVATE_API_KEY: API_KEY.privateKey,
      },
      token: { MONGODB_ATLAS_ACCESS_TOKEN: accessToken },
    };
    const consumers = new Consumers(this.atlas);
    const stack = new ModelStack({
      name,
      transport: this.#toTransport(),
      clock: this.#toClock(),
      env: { MONGODB_ATLAS_BASE_URL: this.atlas.control.url, ...credentials[kind] },
      createHandlers: createBothHandlers,
      onDelivered: (resource, outputs) => consumers.take(resource, outputs),
    });
    return {
      stack,
      declarations,
      consumers,
      lastFailure: "",
      configuredId: kind === "own-account" ? secret?.id : undefined,
    };
  }

  #toClock(): Clock {
    const { now, sleep } = this.atlas.clock;
    return { now: () => now() + this.#skewMs, sleep };
  }

  /** Lets the requests of stacks that run at the same time get into each other's way. */
  #toTransport(): Transport {
    return async (request) => {
      const released = { [RELEASED_HEADER]: String(this.atlas.clock.now()) };
      const turns = this.#delays[this.#requests++ % Math.max(1, this.#delays.length)] ?? 0;
      for (let turn = 0; turn < turns * 20; turn++) await undefined;
      return this.atlas.transport({ ...request, headers: { ...request.headers, ...released } });
    };
  }
}

async function seed({ control }: VirtualAtlas, { initialSecrets, signIns }: Setup) {
  const seeded: Partial<Record<AccountName, SeededAccount>> = {};
  for (const name of ACCOUNTS) {
    const isOwner = name === "provider";
    const isNeeded = isOwner && signIns.includes("own-account");
    seeded[name] = await control.addAccount({
      name,
      roles: [isOwner ? "GROUP_OWNER" : "GROUP_READ_ONLY"],
      ...((isNeeded || initialSecrets.includes(name)) && { initialSecret: { hours: 8760 } }),
    });
  }
  // Makes the other project known, with an account that nobody uses.
  await control.addAccount({ name: "elsewhere", ownerId: OTHER_PROJECT_ID });
  if (seeded.shared) await control.reassign(seeded.shared.clientId, OTHER_PROJECT_ID);
  await control.addApiKey(API_KEY);
  return seeded as Record<AccountName, SeededAccount>;
}
