/** Where runs of resources with two slots are killed: before and after each request of a rotation, and of a retirement. */
import type { HoldStage, Operation } from "pulumi-atlas-secrets-simulator";
import type { CrashPoint, CrashRun, Errand, Victim, WayOut } from "./points.js";

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

/** A run that is killed, with what is killed in words. */
export interface NamedCrashRun extends CrashRun {
  readonly name: string;
}

const OF_SIGNER = STEPS.filter(({ isOfSigner }) => isOfSigner);
const OF_ACCOUNT = STEPS.filter(({ isOfSigner }) => !isOfSigner);

/** The provider at every point; the CLI at each step of an account. */
export const ROTATION_CRASHES: readonly NamedCrashRun[] = [
  { name: "the provider that has no token", ...toRun("provider", OF_SIGNER, ["before"]) },
  { name: "the provider that is sent its token", ...toRun("provider", OF_SIGNER, ["after"]) },
  { name: "the provider at its work", ...toRun("provider", OF_ACCOUNT, ["before", "after"]) },
  {
    name: "the Pulumi CLI, on accounts that the recovery calls exclusive",
    ...toRun("cli", OF_ACCOUNT, ["after"]),
    settings: { exclusive: true },
  },
];

function toRun(victim: Victim, steps: readonly Step[], stages: readonly HoldStage[]): CrashRun {
  const ways: readonly WayOut[] = ["remove", "exclusive"];
  const points = steps.flatMap((step) => stages.map((stage) => toPoint(step, stage)));
  const cases = points.map((point, index) => {
    return { ...point, round: 1, victim, wayOut: ways[index % ways.length] ?? "exclusive" };
  });
  return { round: 1, victim, cases };
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
