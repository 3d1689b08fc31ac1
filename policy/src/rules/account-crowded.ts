/** An account has two slots. Whatever needs a third one fails at its first rotation, or takes another's slot. */
import { SLOTS_PER_ACCOUNT } from "pulumi-atlas-secrets/rotation";
import { groupByAccount, type SecretResource } from "../accounts.js";
import { NO_SETTINGS, type StackRule } from "../rule.js";
import { describeAccount } from "../wording.js";

export const accountCrowded: StackRule = {
  name: "account-crowded",
  description: "The secrets that a stack declares on a service account fit into its two slots.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Declare one rotating resource, or at most two others, on an account; give further consumers accounts of their own.",
  configSchema: NO_SETTINGS,
  validateStack: ({ resources }, report) => {
    for (const [clientId, secrets] of groupByAccount(resources)) {
      const needed = secrets.reduce((sum, secret) => sum + countSlots(secret), 0);
      if (needed <= SLOTS_PER_ACCOUNT) continue;
      const message =
        `${describeAccount(clientId)} has ${secrets.length} of these resources in this stack, which need ${needed} slots; ` +
        `it has ${SLOTS_PER_ACCOUNT}, and a rotating resource needs both.`;
      for (const { resource } of secrets) report(message, resource.urn);
    }
  },
};

function countSlots({ type }: SecretResource): number {
  return type.isRotating ? SLOTS_PER_ACCOUNT : 1;
}
