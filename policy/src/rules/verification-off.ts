/** An unverified secret reaches its consumers, and the one that worked is deleted. */

import { findSecretType } from "pulumi-atlas-secrets/rotation";
import { judgeEach } from "../accounts.js";
import { readProperty } from "../properties.js";
import { NO_SETTINGS, type ResourceRule } from "../rule.js";

export const verificationOff: ResourceRule = {
  name: "verification-off",
  description: "A new secret is verified before the old one is deleted.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Leave verify out, or set it to true.",
  configSchema: NO_SETTINGS,
  validateResource: ({ type, props }, report) => {
    const messages = judgeEach(findSecretType(type), props, (own) =>
      readProperty(own, "verify") === false
        ? ["verify is false: a new secret replaces the old one without being verified."]
        : [],
    );
    for (const message of messages) report(message);
  },
};
