/** Where runs of resources with two slots are killed: before and after each request of a rotation, and of a retirement. */
import type { HoldStage, Operation } from "pulumi-atlas-secrets-simulator";
import type { CrashPoint, Errand } from "./points.js";

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

export const ROTATION_POINTS: readonly CrashPoint[] = STEPS.flatMap((step) =>
  (["before", "after"] as const).map((stage) => toPoint(step, stage)),
);

function toPoint({ errand, what, operation, isOfSigner = false }: Step, stage: HoldStage): CrashPoint {
  const ofSigner = stage === "before" ? "sign-in" : "signed-in";
  return {
    point: `when the ${what} ${STAGES[stage]}`,
    moment: isOfSigner ? ofSigner : "creation",
    inFlight: operation,
    faults: (signer, account) => [
      { kind: "hold", stage, match: { operation, clientId: isOfSigner ? signer : account } },
    ],
    errand,
    // A POST that is under way is carried out; what was created before the verification is recorded after it.
    leavesSecret: errand === "rotation" && !isOfSigner && operation !== "getAccount",
  };
}
