/** One stack with one service account on a simulated Atlas in virtual time, with faults on the way and a watch over both. */
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type Exchange,
  type Inventory,
  type Operation,
  type Switches,
} from "pulumi-atlas-secrets-simulator";
import { type ProcessOptions, ProviderProcess } from "../../provider/src/account/process.js";
import type { Transport } from "../../provider/src/atlas/transport.js";
import { createRotatingHandlers } from "../../provider/src/handlers/rotating-secret.js";
import { createSetHandlers } from "../../provider/src/handlers/secret-set.js";
import type { Properties } from "../../provider/src/protocol.js";
import { PROJECT } from "../../provider/src/records/scope.js";
import { Sensitive } from "../../provider/src/sensitive.js";
import { Ledger } from "../model/ledger.js";
import { ModelStack, type Program } from "../model/model-stack.js";
import { createVirtualAtlas, type VirtualAtlas } from "../model/virtual-atlas.js";
import { RotationWatch } from "./rotation-watch.js";
import { createWay, toOperation, toSigner, type Way } from "./way.js";

export const HOUR_MS = 3_600_000;

/** From this age on, Atlas is believed that a secret is not valid. */
export const SETTLED_MS = 11 * 60_000;

/** A secret as the server holds it. */
export type Held = Inventory["accounts"][number]["secrets"][number];

/** A request as the provider sent it, whatever became of it. */
export interface Sent {
  readonly operation: Operation | "own mint";
  /** In virtual time, milliseconds since the epoch. */
  readonly atMs: number;
}

/** What notes each breach of what must always hold. */
interface Watch {
  readonly breaches: readonly string[];
  /** Whether a run of the stack created the secret, rather than somebody else. */
  isOurs(secretId: string): boolean;
  note(exchange: Exchange): void;
}

/** One test's world. */
export interface FaultWorld {
  readonly atlas: VirtualAtlas;
  readonly way: Way;
  readonly ledger: Watch;
  readonly stack: ModelStack;
  readonly clientId: string;
  /** What the provider sent so far, oldest first. */
  readonly sent: Sent[];
  /** The program with the one secret `main`, its arguments changed as given. */
  program(changes?: Readonly<Record<string, unknown>>): Program;
  /** What the account holds on the server. */
  held(): Promise<readonly Held[]>;
  /** Outputs of `main`, as the state holds them; empty when it holds none. */
  outputs(): Properties;
  /** Whether the server gives a token for the value that the state records. */
  authenticates(): Promise<boolean>;
  close(): Promise<void>;
}

export async function createFaultWorld(
  kind: "local" | "http",
  switches: Partial<Switches> = {},
  { isRotating = false, isSet = false }: { readonly isRotating?: boolean; readonly isSet?: boolean } = {},
): Promise<FaultWorld> {
  const stacks: ModelStack[] = [];
  const atlas = await createVirtualAtlas(kind, {
    switches: { mintLimitPerMinute: null, ...switches },
    observe: (exchange) => {
      const isLost = way.isDiscarding();
      ledger.note(isLost ? { ...exchange, outcome: { kind: "closed", isUnread: false } } : exchange);
    },
  });
  const nowMs = () => atlas.clock.now();
  const outputs = () => toOfAccount(stacks[0]?.resources.get("main")?.outputs ?? {});
  const ledger: Watch = isRotating ? new RotationWatch(outputs, nowMs) : new Ledger(() => stacks, nowMs);
  const onUnseen = (exchange: Exchange) => ledger.note(exchange);
  const way: Way = await createWay({ kind, atlas, onUnseen });
  const { close: closeWay } = way;
  const sent: Sent[] = [];
  const transport: Transport = (request) => {
    const isOwnMint = toSigner(request) === DEMO_ADMIN_CLIENT_ID;
    // Nobody waits for a token to be given back.
    if (toOperation(request) === "revoke") return way.transport(request);
    sent.push({ operation: isOwnMint ? "own mint" : toOperation(request), atMs: atlas.clock.now() });
    return way.transport(request);
  };
  // The administrator's secret is no new one.
  await atlas.clock.sleep(HOUR_MS);
  const { clientId } = await atlas.control.addAccount();
  const env = {
    MONGODB_ATLAS_BASE_URL: atlas.control.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
  const createHandlers = (options: ProcessOptions) =>
    (isSet ? createSetHandlers : createRotatingHandlers)(PROJECT, new ProviderProcess(options));
  const options = { name: "a", transport, clock: atlas.clock, env };
  const stack = new ModelStack(isRotating ? { ...options, createHandlers } : options);
  stacks.push(stack);
  return {
    atlas,
    way,
    ledger,
    stack,
    clientId,
    sent,
    program: (changes = {}) => {
      const account = { projectId: DEMO_PROJECT_ID, clientId };
      const named = isSet ? { accounts: { only: account } } : account;
      return { main: { ...named, secretExpiresAfterHours: 720, ...changes } };
    },
    held: async () => {
      const { accounts } = await atlas.control.inventory();
      return accounts.find((account) => account.clientId === clientId)?.secrets ?? [];
    },
    outputs,
    authenticates: () => authenticates(atlas, clientId, outputs().secret),
    close: async () => {
      await closeWay();
      await atlas.close();
    },
  };
}

/** The outputs of the one account of a set as a resource of its own would have them; others as they are. */
function toOfAccount(outputs: Properties): Properties {
  const {
    records,
    secrets,
    confidential = {},
  } = outputs as {
    readonly records?: { readonly only?: Properties };
    readonly secrets?: { readonly only?: string };
    readonly confidential?: Readonly<Record<string, Properties>>;
  };
  if (!records) return outputs;
  const [own = {}] = Object.values(confidential);
  return { ...records.only, ...own, ...(secrets?.only !== undefined && { secret: secrets.only }) };
}

async function authenticates({ control, transport }: VirtualAtlas, clientId: string, value: unknown): Promise<boolean> {
  const outcome = await transport({
    method: "POST",
    url: `${control.url}/api/oauth/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials",
    authorization: new Sensitive(`Basic ${Buffer.from(`${clientId}:${value}`).toString("base64")}`),
  });
  return outcome.kind === "answer" && outcome.status === 200;
}
