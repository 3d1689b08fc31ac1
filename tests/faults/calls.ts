/** Every HTTP call that the provider makes for a resource with one secret, each at its place in a run. */
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import {
  at,
  type Call,
  DELETE,
  deploy,
  LOOK,
  LOOK_AFTER_404,
  OWN_MINT,
  POST,
  type Situation,
  toAddress,
  toCalls,
  VERIFICATION,
} from "./points.js";
import { type FaultWorld, HOUR_MS, SETTLED_MS } from "./world.js";

/** A verification gets no answer, so that the secret is saved as pending. */
async function createPending(world: FaultWorld): Promise<void> {
  const { control } = world.atlas;
  const match = { operation: "mint", clientId: world.clientId } as const;
  await control.addFault({ kind: "cut-before", match, times: "always" });
  await world.stack.up(world.program());
  await control.clearFaults();
}

/** A pending secret that somebody deletes is not valid any more; that is believed once it is more than ten minutes old. */
async function createRejected(world: FaultWorld): Promise<void> {
  await createPending(world);
  await deleteElsewhere(world);
  await world.atlas.clock.sleep(SETTLED_MS);
  await world.stack.up(world.program());
}

async function deleteElsewhere(world: FaultWorld): Promise<void> {
  for (const { id } of await world.held()) await world.atlas.control.deleteSecret(id);
}

/** The response to the first creation is lost, although it was carried out. */
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
  prepare: (world) => deploy(world),
};

const REPLACE_REJECTED: Situation = { name: "replace of a rejected one", command: "up", prepare: createRejected };

const READ: Situation = { name: "read", command: "refresh", prepare: (world) => deploy(world) };

const READ_UNASSIGNED: Situation = {
  name: "read on an unassigned account",
  command: "refresh",
  status: "account-unassigned",
  prepare: async (world) => {
    await deploy(world);
    await world.atlas.control.unassign(world.clientId, DEMO_PROJECT_ID);
  },
};

const DESTROY: Situation = { name: "delete", command: "destroy", prepare: (world) => deploy(world) };

const DESTROY_MISSING: Situation = {
  name: "delete of a missing one",
  command: "destroy",
  prepare: async (world) => {
    await deploy(world);
    await deleteElsewhere(world);
  },
};

const DESTROY_UNASSIGNED: Situation = {
  name: "delete on an unassigned account",
  command: "destroy",
  prepare: READ_UNASSIGNED.prepare,
};

/** The rows of the matrix. */
export const CALLS: readonly Call[] = toCalls([
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
]);
