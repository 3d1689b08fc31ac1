/** Every HTTP call that the provider makes, each at its place in a run: the rows of the fault matrix. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_PROJECT_ID } from "atlas-simulator";
import type { RunResult } from "../model/model-stack.js";
import type { Point } from "./way.js";
import { type FaultWorld, HOUR_MS } from "./world.js";

/** What is there before the run with the fault, and what is run. */
export interface Situation {
  readonly name: string;
  /** Arguments of the secret that differ from the usual ones. */
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly command: "up" | "refresh" | "destroy";
  prepare(world: FaultWorld): Promise<void>;
  /** What the status of the secret is in the end; default `active`. */
  readonly status?: string;
}

/** A row: one request of the run. */
export interface Call {
  readonly situation: Situation;
  readonly name: string;
  readonly toPoint: (world: FaultWorld) => Point;
  /** Whether it mints the run's token, or is the first request with it. */
  readonly isFirstOfItsToken: boolean;
}

const toAddress = ({ clientId }: FaultWorld) => ({ ownerId: DEMO_PROJECT_ID, clientId });

async function createSecret(world: FaultWorld): Promise<void> {
  const run = await world.stack.up(world.program());
  if (run.outcome !== "succeeded") throw new Error(run.errors.join());
}

/** A verification gets no answer, so that the secret is saved as pending. */
async function createPending(world: FaultWorld): Promise<void> {
  const { control } = world.atlas;
  const match = { operation: "mint", clientId: world.clientId } as const;
  await control.addFault({ kind: "cut-before", match, times: "always" });
  await world.stack.up(world.program());
  await control.clearFaults();
}

/** A pending secret that somebody deletes is not valid any more. */
async function createRejected(world: FaultWorld): Promise<void> {
  await createPending(world);
  await deleteElsewhere(world);
  await world.stack.up(world.program());
}

async function deleteElsewhere(world: FaultWorld): Promise<void> {
  for (const { id } of await world.held()) await world.atlas.control.deleteSecret(id);
}

/** The answer to the first creation is lost, although it was carried out. */
function loseCreation({ way }: FaultWorld): void {
  way.script({ operation: "createSecret", index: 0 }, { server: { kind: "cut-after" } }, false);
}

const CREATE: Situation = {
  name: "create",
  command: "up",
  prepare: async (world) => {
    await world.atlas.control.createForeignSecret(toAddress(world), { hours: 100 });
  },
};

const CREATE_ON_FULL: Situation = {
  name: "create on a full account",
  command: "up",
  prepare: async (world) => {
    const { control } = world.atlas;
    await control.createForeignSecret(toAddress(world), { hours: 8 });
    await control.createForeignSecret(toAddress(world), { hours: 100 });
    await world.atlas.clock.sleep(9 * HOUR_MS);
  },
};

const CREATE_AFTER_LOSS: Situation = {
  name: "create after a lost answer",
  command: "up",
  prepare: async (world) => {
    await CREATE.prepare(world);
    loseCreation(world);
  },
};

const CREATE_RACED: Situation = {
  name: "create when the slot is taken",
  command: "up",
  prepare: async (world) => {
    await CREATE.prepare(world);
    world.way.before({ operation: "createSecret", index: 0 }, () => CREATE.prepare(world));
  },
};

/** So short that another creation does not cut it, which would tell them apart. */
const SHORT = { secretExpiresAfterHours: 100 };

/** Somebody creates the same at the same time. */
function createElsewhere(world: FaultWorld, isUsed: boolean): void {
  const { control, clock } = world.atlas;
  world.way.before({ operation: "createSecret", index: 0 }, () => {
    const lastUsedAt = new Date(clock.now()).toISOString();
    return control.createForeignSecret(toAddress(world), {
      hours: SHORT.secretExpiresAfterHours,
      ...(isUsed && { lastUsedAt }),
    });
  });
}

const CREATE_BESIDE: Situation = {
  name: "create beside somebody, answer lost",
  command: "up",
  changes: SHORT,
  prepare: async (world) => {
    createElsewhere(world, false);
    loseCreation(world);
  },
};

const CREATE_INSTEAD: Situation = {
  name: "create that is lost, beside somebody",
  command: "up",
  changes: SHORT,
  prepare: async (world) => {
    createElsewhere(world, true);
    world.way.script({ operation: "createSecret", index: 0 }, { server: { kind: "cut-before" } }, false);
  },
};

const UPDATE: Situation = { name: "update of a pending one", command: "up", prepare: createPending };

const REPLACE: Situation = {
  name: "replace",
  command: "up",
  changes: { secretExpiresAfterHours: 8 },
  prepare: createSecret,
};

const REPLACE_REJECTED: Situation = { name: "replace of a rejected one", command: "up", prepare: createRejected };

const READ: Situation = { name: "read", command: "refresh", prepare: createSecret };

const READ_UNASSIGNED: Situation = {
  name: "read on an unassigned account",
  command: "refresh",
  status: "account-unassigned",
  prepare: async (world) => {
    await createSecret(world);
    await world.atlas.control.unassign(world.clientId, DEMO_PROJECT_ID);
  },
};

const DESTROY: Situation = { name: "delete", command: "destroy", prepare: createSecret };

const DESTROY_MISSING: Situation = {
  name: "delete of a missing one",
  command: "destroy",
  prepare: async (world) => {
    await createSecret(world);
    await deleteElsewhere(world);
  },
};

const DESTROY_UNASSIGNED: Situation = {
  name: "delete on an unassigned account",
  command: "destroy",
  prepare: READ_UNASSIGNED.prepare,
};

type NamedPoint = Omit<Call, "situation">;

const OWN_MINT: NamedPoint = {
  name: "own mint",
  toPoint: () => ({ operation: "mint", clientId: DEMO_ADMIN_CLIENT_ID, index: 0 }),
  isFirstOfItsToken: true,
};

const VERIFICATION: NamedPoint = {
  name: "verification",
  toPoint: ({ clientId }) => ({ operation: "mint", clientId, index: 0 }),
  isFirstOfItsToken: false,
};

function at(name: string, operation: Point["operation"], index = 0): NamedPoint {
  return { name, toPoint: () => ({ operation, index }), isFirstOfItsToken: false };
}

function first(name: string, operation: Point["operation"]): NamedPoint {
  return { ...at(name, operation), isFirstOfItsToken: true };
}

const LOOK = first("look", "getAccount");
const POST = at("POST", "createSecret");
const DELETE = first("DELETE", "deleteSecret");
const LOOK_AFTER_404 = at("look after its 404", "getAccount");

const POINTS: readonly (readonly [Situation, readonly NamedPoint[]])[] = [
  [CREATE, [OWN_MINT, LOOK, POST, VERIFICATION]],
  [CREATE_ON_FULL, [LOOK, at("room-making DELETE", "deleteSecret"), at("second look", "getAccount", 1)]],
  [
    CREATE_AFTER_LOSS,
    [
      at("look for it", "getAccount", 1),
      at("look after the grace", "getAccount", 2),
      at("DELETE of the lost one", "deleteSecret"),
      at("look before the second POST", "getAccount", 3),
      at("second POST", "createSecret", 1),
    ],
  ],
  [CREATE_RACED, [POST, at("look after its refusal", "getAccount", 1), at("look to decide again", "getAccount", 2)]],
  [CREATE_BESIDE, [at("look for it", "getAccount", 1)]],
  [CREATE_INSTEAD, [at("look for it", "getAccount", 1)]],
  [UPDATE, [VERIFICATION]],
  [REPLACE, [OWN_MINT, LOOK, POST, VERIFICATION, at("DELETE of the replaced one", "deleteSecret")]],
  [REPLACE_REJECTED, [DELETE, LOOK_AFTER_404, POST]],
  [READ, [OWN_MINT, LOOK]],
  [READ_UNASSIGNED, [LOOK, at("list", "listAccounts")]],
  [DESTROY, [OWN_MINT, DELETE]],
  [DESTROY_MISSING, [DELETE, LOOK_AFTER_404]],
  [DESTROY_UNASSIGNED, [DELETE, LOOK_AFTER_404, at("list", "listAccounts")]],
];

/** The rows of the matrix. */
export const CALLS: readonly Call[] = POINTS.flatMap(([situation, points]) =>
  points.map((point) => ({ ...point, situation, name: `${situation.name}: ${point.name}` })),
);

/** Runs the command of a situation. */
export function run({ command, changes }: Situation, world: FaultWorld): Promise<RunResult> {
  if (command === "up") return world.stack.up(world.program(changes));
  return command === "refresh" ? world.stack.refresh() : world.stack.destroy();
}
