/** With `deleteBeforeReplace` the consumers hold a deleted secret until the new one reaches them, or for good if that fails. */
import type { PolicyResource } from "@pulumi/policy";
import { listSecrets } from "../accounts.js";
import { NO_SETTINGS, type StackRule } from "../rule.js";

export const deletesBeforeReplacement: StackRule = {
  name: "deletes-before-replacement",
  description: "A secret that has consumers is deleted only after its replacement has reached them.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Leave deleteBeforeReplace out of the resource's options.",
  configSchema: NO_SETTINGS,
  validateStack: ({ resources }, report) => {
    for (const { resource } of listSecrets(resources)) {
      if (resource.opts.deleteBeforeReplace !== true) continue;
      const consumers = resources.filter((other) => dependsOn(other, resource)).length;
      if (consumers === 0) continue;
      report(
        `deleteBeforeReplace is set, and ${consumers} other ${consumers === 1 ? "resource depends" : "resources depend"} on this secret: they are locked out while it is replaced.`,
        resource.urn,
      );
    }
  },
};

function dependsOn({ dependencies, propertyDependencies }: PolicyResource, { urn }: PolicyResource): boolean {
  return [...dependencies, ...Object.values(propertyDependencies).flat()].some((dependency) => dependency.urn === urn);
}
