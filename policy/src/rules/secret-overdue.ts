/** What the schedule should have done by now: made for `pulumi policy analyze`, which runs no program and no provider. */
import {
  type AssessedSecret,
  assess,
  MAX_LIFETIME_HOURS,
  parseIsoTime,
  toDefaultWindowHours,
  toRotateAfterMs,
} from "pulumi-atlas-secrets/rotation";
import { listSecrets, type SecretResource } from "../accounts.js";
import { readNumber, readProperty } from "../properties.js";
import { NO_SETTINGS, type StackRule } from "../rule.js";
import { describeSecretId } from "../wording.js";

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
      for (const secret of listSecrets(resources)) {
        for (const { message } of assess(toAssessed(secret), now())) {
          report(
            message.replace(/^./, (first) => first.toUpperCase()),
            secret.resource.urn,
          );
        }
      }
    },
  };
}

function toAssessed({ resource: { props }, type }: SecretResource): AssessedSecret {
  const time = (name: string) => parseIsoTime(readProperty(props, name));
  const expiresAtMs = time("expiresAt");
  const lifetime = readNumber(props, "secretExpiresAfterHours");
  // Nothing records when a secret of @pulumi/mongodbatlas should be replaced: our default serves.
  const hasLifetime = typeof lifetime === "number" && lifetime >= 0 && lifetime <= MAX_LIFETIME_HOURS;
  const isDueByDefault = !type.rotatesByTime && expiresAtMs !== undefined && hasLifetime;
  return {
    secretId: describeSecretId(readProperty(props, "secretId")),
    expiresAtMs,
    rotateAfterMs: isDueByDefault ? toRotateAfterMs(expiresAtMs, toDefaultWindowHours(lifetime)) : time("rotateAfter"),
    previous: {
      secretId: describeSecretId(readProperty(props, "previousSecretId")),
      retireAfterMs: readProperty(props, "previousSecretId") === undefined ? undefined : time("retireAfter"),
    },
  };
}
