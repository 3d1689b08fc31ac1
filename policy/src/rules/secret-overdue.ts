/** What the schedule should have done by now: made for `pulumi policy analyze`, which runs no program and no provider. */
import { readState } from "pulumi-atlas-secrets/records";
import { assess, Reason } from "pulumi-atlas-secrets/rotation";
import { listSecrets } from "../accounts.js";
import { toKnown } from "../properties.js";
import { NO_SETTINGS, type StackRule } from "../rule.js";

/** What only time brings about; the rest a run does whenever it comes. */
const OVERDUE: readonly Reason[] = [Reason.Expired, Reason.InsideRotationWindow, Reason.OverlapOver];

/** @param now milliseconds since the epoch */
export function createSecretOverdue(now: () => number): StackRule {
  return {
    name: "secret-overdue",
    description: "Recorded secrets are neither expired nor due, and previous ones are retired in time.",
    severity: "high",
    enforcementLevel: "advisory",
    remediationSteps: "Run 'pulumi up --refresh', and make sure that it runs at least once in every rotation window.",
    configSchema: NO_SETTINGS,
    validateStack: ({ resources }, report) => {
      for (const { resource } of listSecrets(resources)) {
        const { type, props, urn } = resource;
        const reading = readState({ type, inputs: {}, outputs: toKnown(props) });
        if (!reading || reading.kind === "damaged") continue;
        for (const { reason, message } of assess(reading, now())) {
          if (OVERDUE.includes(reason))
            report(
              message.replace(/^./, (first) => first.toUpperCase()),
              urn,
            );
        }
      }
    },
  };
}
