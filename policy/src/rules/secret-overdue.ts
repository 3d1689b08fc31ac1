/**
 * What the schedule should have done by now: made for `pulumi policy analyze`, which runs no program and no provider. A rule for
 * each fault, by the names that `atlas-secrets audit` has for them.
 */
import { readState } from "pulumi-atlas-secrets/records";
import { assess, Reason } from "pulumi-atlas-secrets/rotation";
import { listSecrets } from "../accounts.js";
import { toKnown } from "../properties.js";
import { NO_SETTINGS, type StackRule } from "../rule.js";

/** What only time brings about; the rest a run does whenever it comes. */
const OVERDUE = [
  ["current-expired", Reason.Expired, "high", "No recorded secret has expired."],
  ["inside-window", Reason.InsideRotationWindow, "medium", "No recorded secret is due to be rotated."],
  ["overlap-over", Reason.OverlapOver, "medium", "Previous secrets are retired in time."],
] as const;

/** @param now milliseconds since the epoch */
export function createOverdueRules(now: () => number): StackRule[] {
  return OVERDUE.map(([name, reason, severity, description]) => ({
    name,
    description,
    severity,
    enforcementLevel: "advisory",
    remediationSteps: "Run 'pulumi up --refresh', and make sure that it runs at least once in every rotation window.",
    configSchema: NO_SETTINGS,
    validateStack: ({ resources }, report) => {
      for (const { resource } of listSecrets(resources)) {
        const { type, props, urn } = resource;
        const readings = readState({ type, inputs: {}, outputs: toKnown(props) });
        const found = readings.flatMap((reading) => (reading.kind === "damaged" ? [] : assess(reading, now())));
        for (const { message } of found.filter((finding) => finding.reason === reason))
          report(
            message.replace(/^./, (first) => first.toUpperCase()),
            urn,
          );
      }
    },
  }));
}
