/** A simulated Atlas with one service account, and stacks that manage its secrets. */
import {
  type Control,
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type RequestRecord,
  type Simulator,
  startSimulator,
} from "atlas-simulator";
import { PulumiStack, type TestProgram } from "./pulumi-stack.js";

/** Hours and milliseconds. */
export const HOUR_MS = 3_600_000;

/** One test's world: a server, an account, a stack. */
export interface World {
  readonly atlas: Simulator;
  readonly clientId: string;
  readonly projectId: string;
  readonly stack: PulumiStack;
  /** The program with one secret `main`, its arguments changed as given. */
  program(changes?: Readonly<Record<string, unknown>>, options?: Readonly<Record<string, unknown>>): TestProgram;
  /** Moves the server's clock and that of later runs of the CLI. */
  advance(ms: number): Promise<void>;
  /** Requests since the last call, oldest first. */
  takeRequests(): Promise<RequestRecord[]>;
  /** Ids of the secrets on the server, oldest first. */
  heldIds(): Promise<string[]>;
}

/** What has to be undone, latest first. */
const cleanups: (() => unknown)[] = [];

/** Makes a world; `closeWorlds` ends it. */
export async function createWorld(): Promise<World> {
  const atlas = await startSimulator({ switches: { mintLimitPerMinute: null } });
  cleanups.push(() => atlas.close());
  const { clientId } = await atlas.addAccount({ level: "project", ownerId: DEMO_PROJECT_ID });
  const stack = await PulumiStack.create({ env: adminEnvironment(atlas) });
  cleanups.push(() => stack.remove());
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
  return {
    atlas,
    clientId,
    projectId: DEMO_PROJECT_ID,
    stack,
    program: (changes = {}, options = {}) => ({ secrets: { main: { args: { ...args, ...changes }, options } } }),
    advance: async (ms) => {
      await atlas.advance(ms);
      stack.shiftClock(ms);
    },
    takeRequests: async () => {
      const requests = await atlas.requests();
      await atlas.resetLog();
      return requests;
    },
    heldIds: async () => {
      const { accounts } = await atlas.inventory();
      const account = accounts.find((found) => found.clientId === clientId);
      return (account?.secrets ?? []).map(({ id }) => id);
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
  return requests.map(({ operation }) => operation);
}
