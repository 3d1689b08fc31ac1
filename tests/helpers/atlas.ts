/** A simulated Atlas with one service account, and stacks that manage its secrets. */
import {
  type Control,
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type RequestRecord,
  type Simulator,
} from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { PulumiStack, type PulumiStackOptions, type TestProgram } from "./pulumi-stack.js";

/** Hours and milliseconds. */
export const HOUR_MS = 3_600_000;

/** Arguments of one declared secret that differ from the usual ones. */
export type Changes = Readonly<Record<string, unknown>>;

/** One test's world: a server, a stack, accounts. */
export interface World {
  readonly atlas: Simulator;
  readonly stack: PulumiStack;
  readonly projectId: string;
  /** Client id of the account `main`. */
  readonly clientId: string;
  /** Adds an account without secrets under a name, and returns its client id. */
  addAccount(name: string): Promise<string>;
  clientIdOf(name: string): string;
  /** The program with the one secret `main`, its arguments changed as given. */
  program(changes?: Changes, options?: Changes): TestProgram;
  /** The program with one secret for each name, each on the account of that name. */
  programOf(secrets: Readonly<Record<string, Changes>>, consumers?: boolean): TestProgram;
  /** Moves the server's clock and that of later runs of the CLI. */
  advance(ms: number): Promise<void>;
  /**
   * Requests since the last call, oldest first. Without those that give a token back: nobody waits for them, so that their place,
   * and whether they come before the process ends, is by chance.
   */
  takeRequests(): Promise<RequestRecord[]>;
  /** Ids of the secrets on the server, oldest first. */
  heldIds(name?: string): Promise<string[]>;
  /** Outputs in clear of the secret recorded under a name, without those that wait for deletion. */
  recorded(name?: string): Promise<Record<string, unknown> | undefined>;
  /** The same of all secrets, by name, with one run of the CLI. */
  recordedAll(): Promise<Record<string, Record<string, unknown>>>;
  /** Whether somebody who holds the value can sign in as an account. */
  signIn(value: unknown, name?: string): Promise<boolean>;
}

/** What has to be undone, latest first. */
const cleanups: (() => unknown)[] = [];

/**
 * Makes a world; `closeWorlds` ends it. Its stack runs the program of that folder, by default the shared one, with more in its
 * environment if there is any. `startAt` is where the server's clock starts, and that of all runs of the CLI; default now.
 */
export async function createWorld(
  programFolder?: string,
  env: Readonly<Record<string, string>> = {},
  { startAt, ...options }: Omit<PulumiStackOptions, "env"> & { readonly startAt?: string } = {},
): Promise<World> {
  const start = startAt !== undefined && { startAt };
  const atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null }, ...start });
  cleanups.push(() => atlas.close());
  const stack = await PulumiStack.create({
    ...options,
    env: { ...adminEnvironment(atlas), ...env },
    ...(programFolder !== undefined && { program: programFolder }),
  });
  cleanups.push(() => stack.remove());
  if (startAt !== undefined) stack.shiftClock(Date.parse(await atlas.now()) - Date.now());
  const clientIds = new Map<string, string>();
  const clientIdOf = (name: string) => clientIds.get(name) ?? `no account ${name}`;
  const toArgs = (name: string, changes: Changes) => ({
    projectId: DEMO_PROJECT_ID,
    clientId: clientIdOf(name),
    secretExpiresAfterHours: 720,
    ...changes,
  });
  const addAccount = async (name: string) => {
    const { clientId } = await atlas.addAccount({ level: "project", ownerId: DEMO_PROJECT_ID, name });
    clientIds.set(name, clientId);
    return clientId;
  };
  const recordedAll = async () => {
    const secrets = (await stack.secrets()).filter((found) => found.delete !== true);
    return Object.fromEntries(secrets.map(({ urn, outputs }) => [urn.split("::").at(-1), outputs]));
  };
  return {
    atlas,
    stack,
    projectId: DEMO_PROJECT_ID,
    clientId: await addAccount("main"),
    addAccount,
    clientIdOf,
    program: (changes = {}, options = {}) => ({ secrets: { main: { args: toArgs("main", changes), options } } }),
    programOf: (secrets, consumers = false) => ({
      consumers,
      secrets: Object.fromEntries(
        Object.entries(secrets).map(([name, changes]) => [name, { args: toArgs(name, changes) }]),
      ),
    }),
    advance: async (ms) => {
      await atlas.advance(ms);
      stack.shiftClock(ms);
    },
    takeRequests: async () => {
      const requests = await atlas.requests();
      await atlas.resetLog();
      return requests.filter(({ operation }) => operation !== "revoke");
    },
    heldIds: async (name = "main") => {
      const { accounts } = await atlas.inventory();
      const account = accounts.find((found) => found.clientId === clientIdOf(name));
      return (account?.secrets ?? []).map(({ id }) => id);
    },
    recorded: async (name = "main") => (await recordedAll())[name],
    recordedAll,
    signIn: async (value, name = "main") => {
      const authorization = `Basic ${Buffer.from(`${clientIdOf(name)}:${String(value)}`).toString("base64")}`;
      const answer = await fetch(`${atlas.url}/api/oauth/token`, {
        method: "POST",
        headers: { accept: "application/json", authorization, "content-type": "application/x-www-form-urlencoded" },
        body: "grant_type=client_credentials",
      });
      return answer.ok;
    },
  };
}

/** The environment in which the provider uses the simulator's administrator. */
export function adminEnvironment(atlas: Pick<Control, "url">): Record<string, string> {
  return {
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
}

/** Ends every world of the test file. */
export async function closeWorlds(): Promise<void> {
  for (const undo of cleanups.splice(0).reverse()) await undo();
}

/** The operations of requests, in order: what a test of the wire compares. */
export function toOperations(requests: readonly RequestRecord[]): string[] {
  // That tokens are given back has tests of its own, and comes whenever a process ends.
  return requests.map(({ operation }) => operation).filter((operation) => operation !== "revoke");
}
