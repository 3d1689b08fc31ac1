/**
 * Refuses a configuration that names a rule or a setting which does not exist: a typo would leave a rule as it is without a word. The
 * engine passes unknown names on, and the schema of a rule cannot forbid them.
 *
 * @see ReconcilePolicyPackConfig in pkg/resource/analyzer/config.go of pulumi/pulumi
 */
import { type ConfigureMessage, type Decoding, readAlong } from "./engine-messages.js";
import type { ResourceRule, StackRule } from "./rule.js";

/** The engine's name for all rules at once, which has a level and no settings. */
const ALL = "all";

/** Lets the call that configures the pack fail, with a message that lists every unknown name and what there is. */
export function refuseUnknown(
  configure: Decoding<ConfigureMessage>,
  rules: readonly (ResourceRule | StackRule)[],
): void {
  const known = new Map<string, readonly string[]>([[ALL, []], ...rules.map(toSettings)]);
  readAlong(configure, (request) => {
    const faults = [...request.getPolicyconfigMap().entries()].flatMap(([rule, config]) => {
      const settings = known.get(rule);
      if (!settings) return [`there is no rule ${JSON.stringify(rule)}; the rules are ${[...known.keys()].join(", ")}`];
      const given = Object.keys(config.getProperties()?.toJavaScript() ?? {});
      const has = settings.length > 0 ? `its settings are ${settings.join(", ")}` : "it has none";
      const unknown = given.filter((setting) => !settings.includes(setting));
      return unknown.map((setting) => `${rule} has no setting ${JSON.stringify(setting)}; ${has}`);
    });
    if (faults.length === 0) return;
    const text = `The configuration of the policy pack is refused: ${faults.join(". ")}.`;
    // What is thrown while a request is decoded is not told to the caller; what the SDK's handler meets is, by its stack.
    request.getPolicyconfigMap = () => {
      throw Object.assign(new Error(text), { stack: text });
    };
  });
}

function toSettings({ name, configSchema }: ResourceRule | StackRule): [string, readonly string[]] {
  return [name, Object.keys(configSchema.properties)];
}
