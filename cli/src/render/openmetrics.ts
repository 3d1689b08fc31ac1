/**
 * The report as OpenMetrics. Times are absolute, in seconds since the epoch, so that a rule compares them with its own time;
 * labels are ids, roles and levels, and nothing else.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
import { Gauge, type OpenMetricsContentType, Registry } from "prom-client";
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { CODES, FINDING_CODES } from "../audit/codes.js";
import type { ReportedSecret } from "../audit/report.js";
import type { Renderer } from "./renderer.js";

/** Metrics of a secret: a name, what it says, and the time that it is. */
const TIMES = [
  ["expiry", "When the secret expires.", "expiresAt"],
  ["created", "When the secret was created.", "createdAt"],
  ["rotation_due", "From when on 'pulumi up' replaces the secret.", "rotateAfter"],
  ["retirement_due", "From when on 'pulumi up' deletes the previous secret.", "retireAfter"],
  ["last_used", "When the secret was last used; absent until it was.", "lastUsedAt"],
] as const satisfies readonly (readonly [string, string, keyof ReportedSecret])[];

const LABELS = ["level", "owner_id", "client_id", "secret_id", "role"] as const;

export const renderOpenMetrics: Renderer = ({ now, secrets, findings, unreadSources }) => {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name: `atlas_sa_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  for (const [name, help, field] of TIMES) {
    const metric = gauge(`secret_${name}_timestamp_seconds`, help, LABELS);
    for (const secret of secrets) {
      const ms = parseIsoTime(secret[field]);
      if (ms !== undefined) metric.set(toLabels(secret), ms / 1000);
    }
  }
  const counts = gauge("findings", "Findings of the audit by code.", ["code", "severity"]);
  for (const code of FINDING_CODES) {
    counts.set({ code, severity: CODES[code].severity }, findings.filter((finding) => finding.code === code).length);
  }
  gauge("audit_timestamp_seconds", "The time that the audit judged by.").set(Number(parseIsoTime(now)) / 1000);
  gauge("audit_unread_sources", "What the audit could not read; it is complete when this is 0.").set(
    unreadSources.length,
  );
  return registry.metrics();
};

function toLabels({
  level,
  ownerId,
  clientId,
  secretId,
  role,
}: ReportedSecret): Record<(typeof LABELS)[number], string> {
  return { level, owner_id: ownerId, client_id: clientId, secret_id: secretId, role };
}
