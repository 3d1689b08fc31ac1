/**
 * The report for people: what could not be read, findings, then every secret, the most urgent first, then one line that sums up.
 * As wide as the terminal; a line for each sentence and each secret, and no colors, where there is none.
 */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { toTitle } from "../audit/names.js";
import type { AuditReport, ReportedFinding, ReportedSecret } from "../audit/report.js";
import { toCount, toDuration, toVisibleTexts } from "../wording.js";
import { toLocations } from "./locations.js";
import type { Renderer, RenderOptions } from "./renderer.js";
import { type Colors, createColors, toColor, toRows, wrap } from "./text.js";

export const renderTable: Renderer = (given, options) => {
  const report = toVisibleTexts(given);
  const colors = createColors(options.hasColors);
  const parts = [
    toHead(report, options),
    ...report.unreadSources.map((unread) => toUnreadText(unread, options, colors)),
    ...report.findings.map((finding) => toFinding(finding, options, colors)),
    toSecretRows(report.secrets, report, options, colors),
    toSummary(report, options, colors),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
};

function toHead({ now, nowFrom, sources }: AuditReport, { width }: RenderOptions): string {
  const by = { option: "--at", atlas: "Atlas's clock", machine: "this machine's clock" }[nowFrom];
  return wrap(`As of ${now} (${by}), from ${sources.map(({ name }) => name).join(", ")}`, width, "");
}

/** What could not be read. */
export function toUnreadText(
  { source, message }: AuditReport["unreadSources"][number],
  { width }: RenderOptions,
  colors: Colors,
): string {
  return colors.red(wrap(`Not read, ${source}: ${message}`, width, "  ", ""));
}

/** One finding: what people call it, what is wrong, what to do, who says so. */
export function toFinding(finding: ReportedFinding, { width }: RenderOptions, colors: Colors): string {
  const { severity, code, message, advice, sources, accepted, account } = finding;
  const paint = accepted ? colors.dim : toColor(severity, colors);
  const word = accepted ? "accepted" : severity;
  const title = wrap(toTitle(finding, account ?? {}), width, "  ", `${word} ${code}  `).slice(word.length);
  const accepting = accepted ? [`Accepted until ${accepted.until}: ${accepted.reason}`] : [];
  const lines = [message, advice, ...accepting, `From ${sources.join(", ")}.`].map((line) => wrap(line, width));
  return [paint(word) + title, ...lines].join("\n");
}

/** Every secret, with what is known of it. */
export function toSecretRows(
  secrets: readonly ReportedSecret[],
  { now }: Pick<AuditReport, "now">,
  { width }: RenderOptions,
  colors: Colors,
): string {
  const nowMs = Number(parseIsoTime(now));
  const columns = [
    "Name",
    "Account",
    "Secret",
    "Role",
    "Created",
    "Rotate after",
    "Expires",
    "Last used",
    "Recorded in",
  ];
  const rows = secrets.map((secret) => [
    toTitle(secret, {}) || "no name is known",
    secret.clientId,
    secret.secretId,
    secret.role === "untracked" ? "not managed" : secret.role,
    secret.createdAt ?? "",
    secret.rotateAfter ?? secret.retireAfter ?? "",
    toExpiry(secret, nowMs, colors),
    secret.lastUsedAt ?? "",
    toLocations(secret),
  ]);
  return toRows(columns, rows, width);
}

/** When it expires, and how far that is, in the color of its worst finding. */
function toExpiry({ expiresAt = "", severity }: ReportedSecret, nowMs: number, colors: Colors): string {
  const ms = parseIsoTime(expiresAt);
  if (ms === undefined) return "";
  const far = ms > nowMs ? `in ${toDuration(ms - nowMs)}` : `${toDuration(nowMs - ms)} ago`;
  return `${expiresAt} ${severity ? toColor(severity, colors)(far) : far}`;
}

function toSummary({ summary, unreadSources }: AuditReport, { width }: RenderOptions, colors: Colors): string {
  const { accounts, secrets, errors, warnings, infos, accepted } = summary;
  const found = [toCount(errors, "error"), toCount(warnings, "warning"), `${infos} info`];
  if (accepted > 0) found.push(`${accepted} accepted`);
  const counts = `${toCount(secrets, "secret")} of ${toCount(accounts, "account")}: ${found.join(", ")}.`;
  const isAll = unreadSources.length === 0;
  const line = wrap(isAll ? counts : `${counts} Not everything could be read, so this is not all.`, width, "");
  return (!isAll || errors > 0 ? colors.red : warnings > 0 ? colors.yellow : colors.green)(line);
}
