/** Two plain secrets on one account: each creation shortens the other's expiry to seven days, and a replacement finds no free slot. */
import { SLOTS_PER_ACCOUNT } from "pulumi-atlas-secrets/rotation";
import { groupByAccount } from "../accounts.js";
import { NO_SETTINGS, type StackRule } from "../rule.js";
import { describeAccount } from "../wording.js";

export const accountShared: StackRule = {
  name: "account-shared",
  description: "A service account has one secret in a stack.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Declare one secret on an account; give the other consumer an account of its own, or the same secret.",
  configSchema: NO_SETTINGS,
  validateStack: ({ resources }, report) => {
    for (const [clientId, secrets] of groupByAccount(resources)) {
      if (secrets.length !== SLOTS_PER_ACCOUNT || secrets.some(({ type }) => type.isRotating)) continue;
      const message =
        `${describeAccount(clientId)} has two secrets in this stack: each creation of one shortens the other's expiry to 7 days, ` +
        "and they compete for the account's two slots when one is replaced.";
      for (const { resource } of secrets) report(message, resource.urn);
    }
  },
};
