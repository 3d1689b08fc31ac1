/**
 * One simulated Atlas with an account for each point of a crash, and for each run that is killed a stack of its own. Every run
 * has a credential of its own too, so that each request can be told from those of other runs.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ORG_ID, DEMO_PROJECT_ID, type Exchange, type Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../../contract/checked-simulator.js";
import { adminEnvironment } from "../../helpers/atlas.js";
import { untilFound } from "../../helpers/poll.js";
import { killLeftOver, type RunningProcess } from "../../helpers/processes.js";
import {
  type DeclaredSecret,
  type ExportedResource,
  PulumiStack,
  type TestProgram,
} from "../../helpers/pulumi-stack.js";
import { Traffic } from "../../helpers/traffic.js";
import type { CrashCase, CrashRun, Errand } from "./points.js";

const HELD_WAITS = join(__dirname, "../../helpers/held-waits.cjs");
const OWN_TYPES = "pulumi-nodejs:dynamic/atlas:";

/** What the programs of the runs change. */
const TRIGGERS = { rotate: "now" };

/** A credential of the provider. */
export interface Signer {
  readonly clientId: string;
  readonly secret: string;
}

/** An account, and what runs do on it. */
interface Account {
  readonly clientId: string;
  readonly errand: Errand;
}

/** One account of a scene, and what the stack records of it. */
export interface Place extends Account {
  readonly crashCase: CrashCase;
  /** The stack's resource on it. */
  readonly name: string;
  /** Ids that the state calls current or previous, and those that it still has to delete. */
  recordedIds(): RecordedIds;
  /** Ids of the secrets on the account. */
  heldIds(): Promise<string[]>;
}

/** What a state holds of an account. */
interface RecordedIds {
  readonly current: readonly string[];
  readonly previous: readonly string[];
  readonly toDelete: readonly string[];
}

/** Arguments that differ from the usual ones. */
export type Changes = Readonly<Record<string, unknown>>;

/** What one crash happens to. */
export interface Scene {
  readonly atlas: Simulator;
  readonly traffic: Traffic;
  readonly stack: PulumiStack;
  readonly projectId: string;
  readonly places: readonly Place[];
  /** Whose credential the run that is killed uses, and whose those of the recovery. */
  readonly signers: { readonly killed: Signer; readonly recovery: Signer };
  /** The program of the run that is killed, and of the recovery unless a message asks for a change. */
  program(toChanges?: (place: Place) => Changes): TestProgram;
  /** Makes the later runs of the stack use a credential. */
  signInAs(signer: Signer): void;
  readonly waits: HeldWaits;
  /** Processes of the killed run, to be ended with the site. */
  readonly processes: RunningProcess[];
}

/** The waits of a provider process that was started with `held-waits.cjs`. */
export class HeldWaits {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder);
    writeFileSync(join(folder, "log"), "");
  }

  /** Whether a wait of about so many milliseconds is under way, or is over. */
  hasBegun(ms: number): boolean {
    return this.#has("begun", ms);
  }

  /** Lets all waits pass, these and later ones. */
  release(): void {
    writeFileSync(join(this.folder, "released"), "");
  }

  async untilPassed(ms: number): Promise<void> {
    await untilFound(() => this.#has("ended", ms) || undefined);
  }

  /** A wait until a told time is shorter by what went by before it began. */
  #has(what: "begun" | "ended", ms: number): boolean {
    const lines = readFileSync(join(this.folder, "log"), "utf8").split("\n");
    return lines.some((line) => {
      const [word, loggedMs] = line.split(" ");
      return word === what && Number(loggedMs) <= ms && Number(loggedMs) > ms - 5_000;
    });
  }
}

export class CrashSite {
  readonly atlas: Simulator;
  readonly traffic = new Traffic();
  /** Secrets that were deleted while a state called them current. */
  readonly lapses: string[] = [];
  readonly #template: PulumiStack;
  readonly #clientIds: ReadonlyMap<CrashCase, string>;
  readonly #scenes: Scene[] = [];
  #values: Promise<ReadonlyMap<unknown, unknown>> | undefined;

  private constructor(atlas: Simulator, template: PulumiStack, clientIds: ReadonlyMap<CrashCase, string>) {
    this.atlas = atlas;
    this.#template = template;
    this.#clientIds = clientIds;
  }

  /** Starts the simulator, and records what each case begins with: all in one stack, to be shared out. */
  static async open(runs: readonly CrashRun[]): Promise<CrashSite> {
    let site: CrashSite | undefined;
    const observe = (exchange: Exchange) => site?.observe(exchange);
    // Where a list shows no secrets each account is looked at by itself, and so has a point of its own.
    const switches = { mintLimitPerMinute: null, listHoldsSecrets: false };
    const atlas = await startCheckedSimulator({ switches, observe });
    const clientIds = new Map<CrashCase, string>();
    for (const crashCase of runs.flatMap(({ cases }) => cases))
      clientIds.set(crashCase, (await atlas.addAccount({ ownerId: DEMO_PROJECT_ID })).clientId);
    const template = await PulumiStack.create({ env: adminEnvironment(atlas) });
    const recorded = [...clientIds]
      .map(([{ errand }, clientId]) => ({ errand, clientId }))
      .filter(({ errand }) => errand !== "creation");
    const isRetired = ({ errand }: Account) => errand === "retirement";
    await expectUp(template, toProgram(recorded));
    if (recorded.some(isRetired)) {
      const rotated = toProgram(recorded, (account) => (isRetired(account) ? { triggers: TRIGGERS } : {}));
      await expectUp(template, rotated);
    }
    site = new CrashSite(atlas, template, clientIds);
    return site;
  }

  /** Sets the scene of a run. */
  async setScene({ cases }: CrashRun): Promise<Scene> {
    const clientIds = cases.map((crashCase) => this.#clientIds.get(crashCase) ?? "");
    const names = clientIds.map(toName);
    const isOwn = ({ urn, type }: ExportedResource) =>
      !type.startsWith(OWN_TYPES) || names.some((name) => urn.endsWith(`::${name}`));
    const stack = this.#template.fork(isOwn);
    const waits = new HeldWaits(join(stack.folder, "waits"));
    stack.preload(HELD_WAITS);
    stack.setEnv({ HELD_WAITS: waits.folder });
    const places = cases.map((crashCase) => this.#toPlace(stack, crashCase));
    const scene: Scene = {
      atlas: this.atlas,
      traffic: this.traffic,
      stack,
      projectId: DEMO_PROJECT_ID,
      places,
      signers: { killed: await this.#addSigner(), recovery: await this.#addSigner() },
      program: (toChanges = () => ({})) => toProgram(places, (place) => ({ triggers: TRIGGERS, ...toChanges(place) })),
      signInAs: (signer) =>
        stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: signer.clientId, MONGODB_ATLAS_CLIENT_SECRET: signer.secret }),
      waits,
      processes: [],
    };
    this.#scenes.push(scene);
    return scene;
  }

  observe(exchange: Exchange): void {
    this.traffic.observe(exchange);
    const places = this.#scenes.flatMap((scene) => scene.places);
    for (const { kind, clientId, secretId } of exchange.changes) {
      if (kind !== "deleted") continue;
      const isCurrent = places
        .find((place) => place.clientId === clientId)
        ?.recordedIds()
        .current.includes(secretId);
      if (isCurrent) this.lapses.push(secretId);
    }
  }

  async close(): Promise<void> {
    await killLeftOver(this.#scenes.flatMap(({ processes }) => processes));
    for (const { stack } of this.#scenes) stack.remove();
    this.#template.remove();
    await this.atlas.close();
  }

  /** The value of a secret that was recorded before any crash. */
  async valueOf(secretId: unknown): Promise<unknown> {
    this.#values ??= this.#template.secrets().then((secrets) => {
      return new Map(secrets.map(({ outputs }) => [outputs.secretId, outputs.secret]));
    });
    return (await this.#values).get(secretId);
  }

  #toPlace(stack: PulumiStack, crashCase: CrashCase): Place {
    const clientId = this.#clientIds.get(crashCase) ?? "";
    const name = toName(clientId);
    return {
      crashCase,
      errand: crashCase.errand,
      clientId,
      name,
      recordedIds: () => toRecordedIds(stack, name),
      heldIds: async () => {
        const { accounts } = await this.atlas.inventory();
        return (accounts.find((account) => account.clientId === clientId)?.secrets ?? []).map(({ id }) => id);
      },
    };
  }

  /** Adds a service account that may do everything. */
  async #addSigner(): Promise<Signer> {
    const account = { level: "organization", ownerId: DEMO_ORG_ID, roles: ["ORG_OWNER"], initialSecret: true } as const;
    const { clientId, secret } = await this.atlas.addAccount(account);
    return { clientId, secret: secret?.value ?? "" };
  }
}

async function expectUp(stack: PulumiStack, program: TestProgram): Promise<void> {
  const { code, text } = await stack.up(program);
  if (code !== 0) throw new Error(text);
}

function toName(clientId: string): string {
  return `of-${clientId}`;
}

function toProgram<T extends Account>(
  accounts: readonly T[],
  toChanges: (account: T) => Changes = () => ({}),
): TestProgram {
  const secrets = accounts.map(
    (account) => [toName(account.clientId), toDeclared(account, toChanges(account))] as const,
  );
  return { consumers: false, secrets: Object.fromEntries(secrets) };
}

/** Without an overlap the previous secret is to go in the run after the one that rotates. */
function toDeclared({ clientId, errand }: Account, changes: Changes): DeclaredSecret {
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720, ...changes };
  if (errand === "creation" || errand === "replacement") return { args };
  const overlap = errand === "retirement" ? { overlapHours: 0 } : {};
  return { args: { ...args, ...overlap }, class: "RotatingProjectServiceAccountSecret" };
}

function toRecordedIds(stack: PulumiStack, name: string): RecordedIds {
  const secrets = (stack.storedState().resources ?? []).filter(
    ({ type, urn }) => type.startsWith(OWN_TYPES) && urn.endsWith(`::${name}`),
  );
  const idsOf = (isDeletePending: boolean, key: string) =>
    secrets
      .filter((secret) => (secret.delete ?? false) === isDeletePending)
      .flatMap(({ outputs }) => (outputs[key] === undefined ? [] : [String(outputs[key])]));
  return {
    current: idsOf(false, "secretId"),
    previous: idsOf(false, "previousSecretId"),
    toDelete: idsOf(true, "secretId"),
  };
}
