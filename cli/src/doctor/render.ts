/**
 * The report of `doctor` as text. Pure; nothing is printed here. Its shape as JSON is published as
 * `atlas-secrets/doctor-report.schema.json`.
 */
import pico from "picocolors";
import type { RenderOptions } from "../render/renderer.js";
import { toCount } from "../wording.js";
import type { Learnt } from "../write-check/observations.js";
import type { Check, CheckStatus } from "./check.js";

/** Everything that was found. */
export interface DoctorReport {
  readonly formatVersion: 1;
  readonly checks: readonly Check[];
  /** What `--write-check` settled; absent without it. */
  readonly known?: readonly Learnt[];
}

/** A line for each check, then what is known now as rows of docs/atlas-behaviour.md, then one that sums up. */
export function renderLines({ checks, known = [] }: DoctorReport, { hasColors }: RenderOptions): string {
  const colors = pico.createColors(hasColors);
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red, unknown: colors.yellow };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, status, found, advice }) => {
    return `${paint[status](status.padEnd(7))}  ${name.padEnd(width)}  ${advice ? `${found} ${advice}` : found}`;
  });
  const rows = known.map(({ question, learnt }) => `| ${question} | ${learnt} |`);
  const table = rows.length > 0 ? ["| question | learnt |", "| --- | --- |", ...rows] : [];
  return `${[...lines, ...table, toSummary(checks)].join("\n")}\n`;
}

/** The same as JSON. */
export function renderDoctorJson(report: DoctorReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function toSummary(checks: readonly Check[]): string {
  const count = (wanted: CheckStatus) => checks.filter(({ status }) => status === wanted).length;
  const [failed, unknown, warnings] = [count("failed"), count("unknown"), count("warning")];
  if (failed > 0) return `Something will not work: ${toCount(failed, "check")} failed.`;
  if (unknown > 0)
    return `Incomplete: ${toCount(unknown, "check was", "checks were")} inconclusive, so 'pulumi up' may not work.`;
  return warnings > 0 ? `'pulumi up' should work; ${toCount(warnings, "warning")}.` : "'pulumi up' should work.";
}
