/** Whoever answers at the base URL gets the credential, and makes up what is recorded. */
import { BASE_URL_VARIABLE, toDestination } from "pulumi-atlas-secrets/internal/settings";
import type { EngineMessages } from "../engine-messages.js";
import { readText } from "../properties.js";
import { findSettingPrefix } from "../provider-settings.js";
import type { ResourceRule } from "../rule.js";

interface Config {
  readonly allowedBaseUrls: readonly string[];
}

const DEFAULTS: Config = { allowedBaseUrls: [] };

export function createBaseUrlNotAtlas(
  messages: EngineMessages,
  env: Readonly<Record<string, string | undefined>>,
): ResourceRule {
  return {
    name: "base-url-not-atlas",
    description: "Requests go to Atlas, or to a server on this machine.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Remove baseUrl from the configuration or the environment; it is https://cloud.mongodb.com by itself. Name a gateway of your own in allowedBaseUrls.",
    configSchema: {
      properties: {
        allowedBaseUrls: {
          type: "array",
          items: { type: "string" },
          default: [...DEFAULTS.allowedBaseUrls],
          description: "Other base URLs that are trusted, written as in the configuration.",
        },
      },
    },
    validateResource: ({ type, props, getConfig }, report) => {
      const { allowedBaseUrls } = { ...DEFAULTS, ...getConfig<Partial<Config>>() };
      const prefix = findSettingPrefix(type);
      if (prefix === undefined) return;
      const given = readText(props, `${prefix}baseUrl`);
      // An analysis of a state runs elsewhere than the stack: its environment says nothing.
      const variable = given === undefined && messages.stackConfig() ? env[BASE_URL_VARIABLE] : undefined;
      const baseUrl = given ?? variable;
      if (typeof baseUrl !== "string" || baseUrl.trim() === "") return;
      if (allowedBaseUrls.includes(baseUrl) || toDestination(baseUrl) !== "elsewhere") return;
      const where = given === undefined ? BASE_URL_VARIABLE : "baseUrl";
      report(`${where} points neither to Atlas nor to this machine, and it is not in allowedBaseUrls.`);
    },
  };
}
