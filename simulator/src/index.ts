/**
 * Entry `pulumi-atlas-secrets-simulator`: start one in this process, or connect to one that runs.
 *
 * @module pulumi-atlas-secrets-simulator
 */
export { connectControl } from "./control-client.js";
export {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_CLIENT_ID,
  DEMO_ORG_ID,
  DEMO_PROJECT_ID,
} from "./ids.js";
export { createLocalSimulator, startSimulator } from "./simulator.js";
export { DEFAULT_SWITCHES } from "./switches.js";
export type {
  AccountAddress,
  Bucket,
  Change,
  Control,
  Counters,
  Exchange,
  Fault,
  HeldRequest,
  HoldStage,
  Inventory,
  Level,
  LocalSimulator,
  LocalSimulatorOptions,
  Match,
  NewAccount,
  Operation,
  Outcome,
  Refusal,
  RequestRecord,
  SeededAccount,
  SeedPlan,
  Simulator,
  SimulatorOptions,
  Switches,
} from "./types.js";
