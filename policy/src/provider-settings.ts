/** The settings of a provider that speaks to Atlas, as its resource in the stack has them. */
import { CONFIG_NAMESPACE } from "pulumi-atlas-secrets/internal/settings";

/** Our resources belong to the provider of dynamic resources, which gets the whole stack configuration. */
const PREFIXES: Readonly<Record<string, string>> = {
  "pulumi:providers:pulumi-nodejs": `${CONFIG_NAMESPACE}:`,
  [`pulumi:providers:${CONFIG_NAMESPACE}`]: "",
};

/** What stands before the name of a setting in the inputs of a provider; `undefined` for other resources. */
export function findSettingPrefix(typeToken: string): string | undefined {
  return Object.hasOwn(PREFIXES, typeToken) ? PREFIXES[typeToken] : undefined;
}

/** Whether the engine made the provider, from the stack configuration. @see NewDefaultProviderName in pulumi/pulumi */
export function isDefaultProvider(name: string): boolean {
  return name === "default" || name.startsWith("default_");
}
