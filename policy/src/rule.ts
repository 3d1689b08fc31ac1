/** What every rule says of itself, beyond what `@pulumi/policy` asks for. */
import type { Policy, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

type Facts = Required<
  Pick<Policy, "name" | "description" | "severity" | "enforcementLevel" | "remediationSteps" | "configSchema">
>;

/** A rule about one resource, judged before the engine touches it. */
export type ResourceRule = ResourceValidationPolicy &
  Required<Pick<ResourceValidationPolicy, "validateResource">> &
  Facts;

/** A rule about the stack as a whole, judged at the end of a preview, an update or an analysis. */
export type StackRule = StackValidationPolicy & Facts;

/** The schema of a rule with nothing to set but its enforcement level, which the engine adds. */
export const NO_SETTINGS = { properties: {} };
