/**
 * The report of `doctor` as text. Pure; nothing is printed here. Its shape as JSON is published as
 * `pulumi-atlas-secrets-cli/doctor-report.schema.json`.
 */

import { toJson } from "../render/json.js";
import type { RenderOptions } from "../render/renderer.js";
import { createColors, wrap } from "../render/text.js";
import { toCount, toVisibleTexts } from "../wording.js";
import type { Learnt } from "../write-check/observations.js";
import type { Check, CheckStatus } from "./check.js";

/** Everything that was found. */
export interface DoctorReport {
  readonly formatVersion: 1;
  readonly checks: readonly Check[];
  /** What `--write-check` settled; absent without it. */
  readonly known?: readonly Learnt[];
}

/** A paragraph for each check, what is not in order before the rest; what is known now as rows of docs/atlas-behaviour.md; a summary. */
function renderLines(report: DoctorReport, { hasColors, width }: RenderOptions): string {
  const { checks, known = [] } = toVisibleTexts(report);
  const colors = createColors(hasColors);
  const paint = { failed: colors.red, unknown: colors.yellow, warning: colors.yellow, ok: colors.green };
  const longest = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks
    .toSorted((a, b) => Number(a.status === "ok") - Number(b.status === "ok"))
    .map(({ name, status, found, advice }) => {
      const text = advice ? `${found} ${advice}` : found;
      const head = `${status.padEnd(7)}  ${name.padEnd(longest)}  `;
      return paint[status](status.padEnd(7)) + wrap(text, width, "  ", head).slice(7);
    });
  const rows = known.map(({ question, learnt }) => `| ${question} | ${learnt} |`);
  const table = rows.length > 0 ? ["| question | learnt |", "| --- | --- |", ...rows] : [];
  return `${[...lines, ...table, wrap(toSummary(checks), width, "")].join("\n")}\n`;
}

/** Every format with its renderer. */
export const DOCTOR_RENDERERS = { table: renderLines, json: toJson } as const;

/** Name of a format. */
export type DoctorFormat = keyof typeof DOCTOR_RENDERERS;

function toSummary(checks: readonly Check[]): string {
  const count = (wanted: CheckStatus) => checks.filter(({ status }) => status === wanted).length;
  const [failed, unknown, warnings] = [count("failed"), count("unknown"), count("warning")];
  if (failed > 0) return `Something will not work: ${toCount(failed, "check")} failed.`;
  if (unknown > 0)
    return `Incomplete: ${toCount(unknown, "check was", "checks were")} inconclusive, so 'pulumi up' may not work.`;
  return warnings > 0 ? `'pulumi up' should work; ${toCount(warnings, "warning")}.` : "'pulumi up' should work.";
}
