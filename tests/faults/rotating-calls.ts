/** Every HTTP call that the provider makes for a resource with two slots, each at its place in a run. */
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import {
  at,
  type Call,
  DELETE,
  deploy,
  LOOK,
  OWN_MINT,
  POST,
  type Situation,
  toCalls,
  VERIFICATION,
} from "./points.js";
import { type FaultWorld, HOUR_MS, SETTLED_MS } from "./world.js";

/** A day of overlap is the default. */
const OVERLAP_MS = 25 * HOUR_MS;

const FIRST = { triggers: { ticket: 1 } };
const SECOND = { triggers: { ticket: 2 } };

/** One rotation, long ago enough for the previous secret to go. */
async function rotate(world: FaultWorld): Promise<void> {
  await deploy(world);
  await world.atlas.clock.sleep(HOUR_MS);
  await deploy(world, FIRST);
  await world.atlas.clock.sleep(OVERLAP_MS);
}

/** A rotation whose new secret could not be verified. */
async function leavePending(world: FaultWorld): Promise<void> {
  const { control, clock } = world.atlas;
  await deploy(world);
  await clock.sleep(HOUR_MS);
  const match = { operation: "mint", clientId: world.clientId } as const;
  await control.addFault({ kind: "cut-before", match, times: "always" });
  await world.stack.up(world.program(FIRST));
  await control.clearFaults();
}

const rotating = (name: string, situation: Omit<Situation, "name" | "isRotating">): Situation => ({
  name: `rotating, ${name}`,
  isRotating: true,
  ...situation,
});

const CREATE = rotating("create", { command: "up", prepare: async () => {} });

const ROTATE = rotating("rotation", {
  command: "up",
  changes: FIRST,
  status: "overlapping",
  prepare: async (world) => {
    await deploy(world);
    await world.atlas.clock.sleep(HOUR_MS);
  },
});

const ROTATE_AFTER_LOSS = rotating("rotation after a lost answer", {
  command: "up",
  changes: FIRST,
  status: "overlapping",
  prepare: async (world) => {
    await ROTATE.prepare(world);
    world.way.script({ operation: "createSecret", index: 0 }, { server: { kind: "cut-after" } }, false);
  },
});

const ROTATE_WITH_ROOM = rotating("rotation into the previous one's slot", {
  command: "up",
  changes: SECOND,
  status: "overlapping",
  prepare: rotate,
});

const RETIRE = rotating("retirement", { command: "up", changes: FIRST, prepare: rotate });

const SETTLE = rotating("a pending secret", {
  command: "up",
  changes: FIRST,
  status: "overlapping",
  prepare: leavePending,
});

const REISSUE = rotating("a pending secret that is not valid", {
  command: "up",
  changes: FIRST,
  status: "overlapping",
  prepare: async (world) => {
    await leavePending(world);
    await world.atlas.control.deleteSecret(String(world.outputs().pendingSecretId));
    await world.atlas.clock.sleep(SETTLED_MS);
  },
});

const READ = rotating("read", { command: "refresh", changes: FIRST, status: "overlapping", prepare: rotate });

const READ_UNASSIGNED = rotating("read on an unassigned account", {
  command: "refresh",
  status: "account-unassigned",
  prepare: async (world) => {
    await deploy(world);
    await world.atlas.control.unassign(world.clientId, DEMO_PROJECT_ID);
  },
});

const DESTROY = rotating("delete", { command: "destroy", prepare: rotate });

/** The rows of the matrix. */
export const ROTATING_CALLS: readonly Call[] = toCalls([
  [CREATE, [OWN_MINT, LOOK, POST, VERIFICATION]],
  [ROTATE, [OWN_MINT, LOOK, POST, VERIFICATION]],
  [
    ROTATE_AFTER_LOSS,
    [
      at("look for it", "getAccount", 1),
      at("look after the grace", "getAccount", 2),
      at("DELETE of the lost one", "deleteSecret"),
      at("look before the second POST", "getAccount", 3),
      at("second POST", "createSecret", 1),
    ],
  ],
  [
    ROTATE_WITH_ROOM,
    [LOOK, at("second look", "getAccount", 1), at("DELETE of the previous one", "deleteSecret"), POST, VERIFICATION],
  ],
  [RETIRE, [OWN_MINT, LOOK, at("DELETE of the previous one", "deleteSecret")]],
  [SETTLE, [VERIFICATION]],
  [REISSUE, [VERIFICATION, LOOK, at("second look", "getAccount", 1), POST]],
  [READ, [OWN_MINT, LOOK]],
  [READ_UNASSIGNED, [LOOK, at("list", "listAccounts")]],
  [DESTROY, [OWN_MINT, DELETE, at("second DELETE", "deleteSecret", 1)]],
]);

/** The same for a set of this one account. */
export const SET_CALLS: readonly Call[] = ROTATING_CALLS.map((call) => ({
  ...call,
  situation: { ...call.situation, isSet: true },
  name: call.name.replace("rotating, ", "set, "),
}));
