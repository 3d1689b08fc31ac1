/** A credential in plaintext stands in the stack's file, in its state, and in the repository that keeps them. */
import { CONFIDENTIAL_SETTINGS, CONFIG_NAMESPACE } from "pulumi-atlas-secrets/internal/settings";
import { type EngineMessages, NOTHING_SEEN, type StackConfig } from "../engine-messages.js";
import { isMarked } from "../plaintext-values.js";
import { readText } from "../properties.js";
import { findSettingPrefix, isDefaultProvider } from "../provider-settings.js";
import { NO_SETTINGS, type ResourceRule } from "../rule.js";

export function createCredentialInPlaintext(messages: EngineMessages): ResourceRule {
  return {
    name: "credential-in-plaintext",
    description: "The provider's credential is encrypted wherever the stack keeps it.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Encrypt it with 'pulumi config set --secret', or pass it to the provider as a Pulumi secret, or keep it in the environment. Replace the credential at Atlas if the file or the state was shared.",
    configSchema: NO_SETTINGS,
    validateResource: ({ type, name, urn, props }, report) => {
      const prefix = findSettingPrefix(type);
      if (prefix === undefined) return;
      if (!messages.isSeeing()) report(NOTHING_SEEN);
      const inputs = messages.inputsOf(urn);
      const config = isDefaultProvider(name) ? messages.stackConfig() : undefined;
      for (const setting of CONFIDENTIAL_SETTINGS) {
        const isPlaintextInput =
          inputs !== undefined &&
          typeof readText(props, prefix + setting) === "string" &&
          !isMarked(inputs[prefix + setting]);
        if (isInPlaintext(config, setting))
          report(`${CONFIG_NAMESPACE}:${setting} is stored in plaintext in the stack configuration.`);
        else if (isPlaintextInput)
          report(`The input ${setting} of this provider is not a secret, so it is stored in plaintext.`);
      }
    },
  };
}

function isInPlaintext(config: StackConfig | undefined, setting: string): boolean {
  const key = `${CONFIG_NAMESPACE}:${setting}`;
  return config !== undefined && (config.values.get(key) ?? "") !== "" && !config.secretKeys.has(key);
}
