/**
 * The report for people: findings first, then every secret, then one line that sums up. As wide as the terminal; without
 * colours, frames and cuts where there is none.
 */
import pico from "picocolors";
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { getBorderCharacters, table } from "table";
import type { Severity } from "../audit/codes.js";
import type { Finding } from "../audit/finding.js";
import type { AuditReport, ReportedSecret } from "../audit/report.js";
import { toCount, toDuration } from "../wording.js";
import { toLocations } from "./locations.js";
import type { Renderer, RenderOptions } from "./renderer.js";

/** Columns with their width; one without takes what is left. Those with a rank go first where there is no room for all. */
export type Column = readonly [name: string, width: number | undefined, rank?: number];

export type Colors = ReturnType<typeof pico.createColors>;

/** A frame costs a sign either side of each cell, and one between two. */
const FRAME_WIDTH = 3;
/** A column that takes what is left has at least so much. */
const MIN_WIDTH = 20;

export const renderTable: Renderer = (report, options) => {
  const colors = pico.createColors(options.hasColors);
  const parts = [
    toHead(report),
    ...report.unreadSources.map(({ source, message }) => colors.red(`Not read, ${source}: ${message}`)),
    report.findings.length > 0 ? toFindings(report.findings, options, colors) : "",
    report.secrets.length > 0 ? toSecrets(report, options, colors) : "",
    toSummary(report, colors),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
};

function toHead({ now, nowFrom, sources }: AuditReport): string {
  const by = { option: "--at", atlas: "Atlas's clock", machine: "this machine's clock" }[nowFrom];
  return `As of ${now} (${by}), from ${sources.map(({ name }) => name).join(", ")}`;
}

function toFindings(findings: readonly Finding[], options: RenderOptions, colors: Colors): string {
  const columns: Column[] = [
    ["Severity", 8],
    ["Code", 20],
    ["What is wrong, what to do, and who says so", undefined],
  ];
  const rows = findings.map(({ severity, code, message, advice, sources }) => [
    paint(severity, colors),
    code,
    `${message} ${advice} (From ${sources.join(", ")}.)`,
  ]);
  return toTable(columns, rows, options, colors);
}

function toSecrets({ secrets, now }: AuditReport, options: RenderOptions, colors: Colors): string {
  const nowMs = Number(parseIsoTime(now));
  const columns: Column[] = [
    ["Account", 34],
    ["Secret", 24],
    ["Role", 16],
    ["Created", 20, 1],
    ["Rotate after", 20, 3],
    ["Expires", 20],
    ["", 12],
    ["Last used", 20, 2],
    ["Recorded in", undefined],
  ];
  const rows = secrets.map((secret) => [
    secret.clientId,
    secret.secretId,
    secret.role,
    secret.createdAt ?? "",
    secret.rotateAfter ?? "",
    secret.expiresAt ?? "",
    toLeft(secret, nowMs, colors),
    secret.lastUsedAt ?? "",
    toLocations(secret),
  ]);
  return toTable(columns, rows, options, colors);
}

/** What is left of a life, in the colour of its worst finding. */
function toLeft({ expiresAt, severity }: ReportedSecret, nowMs: number, colors: Colors): string {
  const ms = parseIsoTime(expiresAt);
  if (ms === undefined) return "";
  const text = ms > nowMs ? `in ${toDuration(ms - nowMs)}` : `${toDuration(nowMs - ms)} ago`;
  return severity ? toColor(severity, colors)(text) : text;
}

function toSummary({ summary, unreadSources }: AuditReport, colors: Colors): string {
  const { accounts, secrets, errors, warnings, infos } = summary;
  const found = [toCount(errors, "error"), toCount(warnings, "warning"), `${infos} info`].join(", ");
  const line = `${toCount(secrets, "secret")} of ${toCount(accounts, "account")}: ${found}.`;
  if (unreadSources.length > 0) return colors.red(`${line} Not everything could be read, so this is not all.`);
  return errors > 0 ? colors.red(line) : warnings > 0 ? colors.yellow(line) : colors.green(line);
}

/** A table as wide as the options; plain where that has no width. */
export function toTable(
  columns: readonly Column[],
  rows: readonly string[][],
  { width }: RenderOptions,
  colors: Colors,
): string {
  return width === undefined ? toPlainTable(columns, rows) : toFramedTable(columns, rows, width, colors);
}

/** For another program, or a file: a line for each row, columns in line, whole cells. There are no colours to leave out. */
function toPlainTable(columns: readonly Column[], rows: readonly string[][]): string {
  const lines = [columns.map(([name]) => name), ...rows];
  const widths = columns.map((_, index) => lines.reduce((most, cells) => Math.max(most, cells[index]?.length ?? 0), 0));
  return lines
    .map((cells) =>
      cells
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function toFramedTable(columns: readonly Column[], rows: readonly string[][], width: number, colors: Colors): string {
  const shown = toShownColumns(columns, width);
  const pick = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => shown.includes(index));
  const picked = pick(columns);
  const text = table([picked.map(([name]) => colors.bold(name)), ...rows.map(pick)], {
    border: getBorderCharacters("norc"),
    columns: toWidths(picked, width).map((own) => ({ width: own, wrapWord: true })),
  });
  return text.trimEnd();
}

/** Leaves out what a narrow terminal has no room for; JSON and CSV have it all. */
function toShownColumns(columns: readonly Column[], width: number): number[] {
  let shown = columns.map((_, index) => index);
  const toNeed = () => shown.reduce((sum, index) => sum + (columns[index]?.[1] ?? MIN_WIDTH) + FRAME_WIDTH, 1);
  const ranks = columns.flatMap(([, , rank]) => rank ?? []).sort((a, b) => a - b);
  for (const rank of ranks) if (toNeed() > width) shown = shown.filter((index) => columns[index]?.[2] !== rank);
  return shown;
}

/** Gives each column its width without its padding; where there is no room, all of them give way. */
function toWidths(columns: readonly Column[], width: number): number[] {
  const room = width - columns.length * FRAME_WIDTH - 1;
  const fixed = columns.reduce((sum, [, own = 0]) => sum + own, 0);
  const wanted = columns.map(([, own]) => own ?? Math.max(MIN_WIDTH, room - fixed));
  const share = Math.min(1, room / wanted.reduce((sum, own) => sum + own, 0));
  // A word is broken after a hyphen, which needs room for itself.
  return wanted.map((own) => Math.max(2, Math.floor(own * share)));
}

function paint(severity: Severity, colors: Colors): string {
  return toColor(severity, colors)(severity);
}

function toColor(severity: Severity, colors: Colors) {
  return { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
}
