/**
 * The report as OpenMetrics. Times are absolute, in seconds since the epoch, so that a rule compares them with its own time; labels
 * are ids, roles and levels alone, and one info metric has the names that belong to them, which may change.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { CODES, FINDING_CODES } from "../audit/codes.js";
import type { ReportedSecret } from "../audit/report.js";
import { toVisible } from "../wording.js";
import type { Renderer } from "./renderer.js";

/** Metrics of a secret: a name, what it says, and the time that it is. */
const TIMES = [
  ["expiry", "When the secret expires.", "expiresAt"],
  ["created", "When the secret was created.", "createdAt"],
  ["rotation_due", "Time from which 'pulumi up' replaces the secret.", "rotateAfter"],
  ["retirement_due", "Time from which 'pulumi up' deletes the previous secret.", "retireAfter"],
  ["last_used", "When the secret was last used; absent if never.", "lastUsedAt"],
] as const satisfies readonly (readonly [string, string, keyof ReportedSecret])[];

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

export const renderOpenMetrics: Renderer = ({ now, secrets, findings, unreadSources }) => {
  const count = (code: string) => findings.filter((finding) => finding.code === code && !finding.accepted).length;
  const counts = FINDING_CODES.map((code): Sample => [{ code, severity: CODES[code].severity }, count(code)]);
  const families = [
    toFamily(
      "secret_info",
      "Names of the secret: stack, resource, account.",
      secrets.map((one) => [{ ...toLabels(one), ...toNames(one) }, 1]),
    ),
    ...TIMES.map(([name, help, field]) =>
      toFamily(
        `secret_${name}_timestamp_seconds`,
        help,
        secrets.flatMap((one) => toSample(one, field)),
      ),
    ),
    toFamily("findings", "Findings of the audit by code, without accepted ones.", counts),
    toFamily("audit_timestamp_seconds", "The time that the audit judged by.", [[{}, toSeconds(now)]]),
    toFamily("audit_unread_sources", "What the audit could not read; it is complete when this is 0.", [
      [{}, unreadSources.length],
    ]),
  ];
  return `${families.join("")}# EOF\n`;
};

function toSample(secret: ReportedSecret, field: (typeof TIMES)[number][2]): Sample[] {
  const time = secret[field];
  return time === undefined ? [] : [[toLabels(secret), toSeconds(time)]];
}

function toSeconds(time: string): number {
  return Number(parseIsoTime(time)) / 1000;
}

function toLabels({ level, ownerId, clientId, secretId, role }: ReportedSecret): Labels {
  return { level, owner_id: ownerId, client_id: clientId, secret_id: secretId, role };
}

function toNames({ stacks, resources, accountName = "" }: ReportedSecret): Labels {
  return { stack: stacks.join(", "), resource: resources.join(", "), account: accountName };
}

/** A gauge, as every reader of this format and of its elder brother knows it. */
function toFamily(name: string, help: string, samples: readonly Sample[]): string {
  const full = `atlas_sa_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${toBraces(labels)} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join("")}`;
}

function toBraces(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(toVisible(value))}`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}
