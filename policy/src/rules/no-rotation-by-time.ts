/** The resources of `@pulumi/mongodbatlas` keep a secret until somebody replaces it, also when it has expired. */

import { findSecretType } from "pulumi-atlas-secrets/rotation";
import { NO_SETTINGS, type ResourceRule } from "../rule.js";

export const noRotationByTime: ResourceRule = {
  name: "no-rotation-by-time",
  description: "A secret of a service account is rotated on schedule.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Run 'atlas-secrets adopt', which keeps the secret and prints each step: set retainOnDelete on the old resource and run 'pulumi up', run its 'pulumi import --file FILE', swap the class for the one of the same name in pulumi-atlas-secrets, and run 'pulumi up'.",
  configSchema: NO_SETTINGS,
  validateResource: ({ type }, report) => {
    if (findSecretType(type)?.rotatesByTime !== false) return;
    report("Resources of @pulumi/mongodbatlas are not rotated on schedule.");
  },
};
