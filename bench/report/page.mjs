/** The generated parts of docs/performance.md: each stands between two comments that name it. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));

/** A table in Markdown. */
export function toMarkdown(heads, rows) {
  const toLine = (cells) => `| ${cells.join(" | ")} |`;
  return [toLine(heads), toLine(heads.map(() => "---")), ...rows.map(toLine)].join("\n");
}

/** Puts text in place of what the page has under a name. */
export function writeBlock(name, text) {
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no part named ${name}`);
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}
