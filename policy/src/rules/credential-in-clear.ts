/** A credential in clear stands in the stack's file, in its state, and in the repository that keeps them. */
import { CONFIDENTIAL_SETTINGS, CONFIG_NAMESPACE } from "pulumi-atlas-secrets/internal/settings";
import { isMarked } from "../clear-values.js";
import type { EngineMessages, StackConfig } from "../engine-messages.js";
import { readText } from "../properties.js";
import { findSettingPrefix, isDefaultProvider } from "../provider-settings.js";
import { NO_SETTINGS, type ResourceRule } from "../rule.js";

export function createCredentialInClear(messages: EngineMessages): ResourceRule {
  return {
    name: "credential-in-clear",
    description: "The provider's credential is encrypted wherever the stack keeps it.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Encrypt it with 'pulumi config set --secret', or pass it to the provider as a Pulumi secret, or keep it in the environment. Replace the credential at Atlas if the file or the state was shared.",
    configSchema: NO_SETTINGS,
    validateResource: ({ type, name, urn, props }, report) => {
      const prefix = findSettingPrefix(type);
      if (prefix === undefined) return;
      const inputs = messages.inputsOf(urn);
      const config = isDefaultProvider(name) ? messages.stackConfig() : undefined;
      for (const setting of CONFIDENTIAL_SETTINGS) {
        const isClearInput =
          inputs !== undefined &&
          typeof readText(props, prefix + setting) === "string" &&
          !isMarked(inputs[prefix + setting]);
        if (isInClear(config, setting))
          report(`${CONFIG_NAMESPACE}:${setting} is stored in clear in the stack configuration.`);
        else if (isClearInput)
          report(`The input ${setting} of this provider is not a secret, so it is stored in clear.`);
      }
    },
  };
}

function isInClear(config: StackConfig | undefined, setting: string): boolean {
  const key = `${CONFIG_NAMESPACE}:${setting}`;
  return config !== undefined && (config.values.get(key) ?? "") !== "" && !config.secretKeys.has(key);
}
