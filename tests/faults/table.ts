/** Prints a matrix as text. */

/** Rows with their cells, under the heads of the columns. */
export function toTable(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly [string, readonly string[]])[],
): string {
  const first = Math.max(title.length, ...rows.map(([name]) => name.length));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map(([, cells]) => cells[column]?.length ?? 0)),
  );
  const toLine = (name: string, cells: readonly string[]) =>
    `${name.padEnd(first)}  ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join("  ")}`.trimEnd();
  return [toLine(title, heads), ...rows.map(([name, cells]) => toLine(name, cells))].join("\n");
}
