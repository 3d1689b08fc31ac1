/** Where runs of resources with two slots are killed: before and after each request of a rotation, and of a retirement. */
import type { HoldStage, Operation } from "atlas-simulator";
import type { CrashCase, CrashPoint, Errand, Victim, WayOut } from "./points.js";

interface Step {
  readonly errand: Errand;
  /** The request in words. */
  readonly what: string;
  readonly operation: Operation;
  /** Whether it is about the credential of the provider, and so one for all accounts of a run. */
  readonly isOfSigner?: boolean;
}

/** In the order of a run. */
const STEPS: readonly Step[] = [
  { errand: "rotation", what: "mint of its token", operation: "mint", isOfSigner: true },
  { errand: "rotation", what: "look at the account", operation: "getAccount" },
  { errand: "rotation", what: "POST", operation: "createSecret" },
  { errand: "rotation", what: "verification", operation: "mint" },
  { errand: "retirement", what: "mint of its token", operation: "mint", isOfSigner: true },
  { errand: "retirement", what: "look at the account", operation: "getAccount" },
  { errand: "retirement", what: "DELETE of the previous secret", operation: "deleteSecret" },
];

const STAGES: Readonly<Record<HoldStage, string>> = {
  before: "is sent and not carried out",
  after: "is carried out and its answer not delivered",
};

/** Cases that one kill meets in one run, each on an account of its own. */
export interface CrashBatch {
  readonly name: string;
  readonly victim: Victim;
  readonly cases: readonly CrashCase[];
  /** What the programs of the recovery hold besides. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const OF_SIGNER = STEPS.filter(({ isOfSigner }) => isOfSigner);
const OF_ACCOUNT = STEPS.filter(({ isOfSigner }) => !isOfSigner);

/** The provider at every point; the CLI at each step of an account. */
export const CRASH_BATCHES: readonly CrashBatch[] = [
  { name: "the provider that has no token", ...toBatch("provider", OF_SIGNER, ["before"]) },
  { name: "the provider that is sent its token", ...toBatch("provider", OF_SIGNER, ["after"]) },
  { name: "the provider at its work", ...toBatch("provider", OF_ACCOUNT, ["before", "after"]) },
  {
    name: "the Pulumi CLI, on accounts that the recovery calls exclusive",
    ...toBatch("cli", OF_ACCOUNT, ["after"]),
    settings: { exclusive: true },
  },
];

function toBatch(victim: Victim, steps: readonly Step[], stages: readonly HoldStage[]): Omit<CrashBatch, "name"> {
  const ways: readonly WayOut[] = ["command", "mayRemove", "exclusive"];
  const points = steps.flatMap((step) => stages.map((stage) => toPoint(step, stage)));
  const cases = points.map((point, index) => {
    return { ...point, round: 1, victim, wayOut: ways[index % ways.length] ?? "mayRemove" };
  });
  return { victim, cases, settings: {} };
}

function toPoint({ errand, what, operation, isOfSigner }: Step, stage: HoldStage): CrashPoint {
  return {
    point: `when the ${what} ${STAGES[stage]}`,
    inFlight: operation,
    faults: (signer, account) => [
      { kind: "hold", stage, match: { operation, clientId: isOfSigner ? signer : account } },
    ],
    errand,
    // A POST that is under way is carried out; what was created before the verification is recorded after it.
    leavesSecret: errand === "rotation" && !isOfSigner && operation !== "getAccount",
  };
}
