/** Text for terminals and files: sentences as wide as there is room, and rows as a table where that fits, else as blocks. No word is cut. */
import { stripVTControlCharacters } from "node:util";
import pico from "picocolors";
import type { Severity } from "../audit/codes.js";

export type Colors = ReturnType<typeof pico.createColors>;

/** Paints, or does not. */
export function createColors(hasColors: boolean): Colors {
  return pico.createColors(hasColors);
}

/** The color of a severity. */
export function toColor(severity: Severity, colors: Colors) {
  return { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
}

const INDENT = "  ";

/** Breaks a sentence between words; every line but the first is indented, or all of them. */
export function wrap(text: string, width = Number.POSITIVE_INFINITY, indent = INDENT, first = indent): string {
  const lines: string[] = [];
  let [line, start] = [first, first];
  for (const word of text.split(" ")) {
    const gap = line === start ? "" : " ";
    if (line.length > indent.length && line.length + gap.length + word.length > width) {
      lines.push(line.trimEnd());
      [line, start] = [indent + word, indent];
    } else line += gap + word;
  }
  return [...lines, line].join("\n");
}

/** Rows below their columns, each a line; or a block each, its first cell above the others with their names. */
export function toRows(columns: readonly string[], rows: readonly (readonly string[])[], width?: number): string {
  if (rows.length === 0) return "";
  const lines = [columns, ...rows];
  const widths = columns.map((_, index) => lines.reduce((most, cells) => Math.max(most, measure(cells[index])), 0));
  const total = widths.reduce((sum, own) => sum + own + INDENT.length, -INDENT.length);
  if (total > (width ?? total)) return rows.map((cells) => toBlock(columns, cells, width)).join("\n\n");
  return lines
    .map((cells) =>
      cells
        .map((cell, index) => pad(cell, widths[index]))
        .join(INDENT)
        .trimEnd(),
    )
    .join("\n");
}

function toBlock(columns: readonly string[], [head = "", ...cells]: readonly string[], width?: number): string {
  const names = columns.slice(1);
  const longest = Math.max(...names.map(measure));
  const indent = " ".repeat(longest + 2 * INDENT.length);
  const lines = cells.flatMap((cell, index) =>
    cell === "" ? [] : [wrap(cell, width, indent, `${INDENT}${pad(names[index] ?? "", longest)}${INDENT}`)],
  );
  return [wrap(head, width, INDENT, ""), ...lines].join("\n");
}

function measure(cell = ""): number {
  return stripVTControlCharacters(cell).length;
}

function pad(cell: string, width = 0): string {
  return cell + " ".repeat(Math.max(0, width - measure(cell)));
}
