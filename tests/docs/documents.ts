/** The documents of the repository: files, headings, links and blocks of code. */
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

const EXCLUDED = /(^|\/)(node_modules|dist|test-artifacts)(\/|$)/;

/** Every document, by its path from the root. */
export const DOCUMENTS: readonly string[] = globSync("**/*.md", {
  cwd: ROOT,
  exclude: (path) => EXCLUDED.test(path),
}).sort();

export const readDocument = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** A block of code in a document. */
export interface CodeBlock {
  readonly document: string;
  /** Number of its first line. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** The blocks of code of a document, in their order. */
export function findCodeBlocks(document: string): CodeBlock[] {
  const text = readDocument(document);
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(({ index, 1: language = "", 2: code = "" }) => ({
    document,
    line: text.slice(0, index).split("\n").length + 1,
    language,
    code,
  }));
}

/** What a document says outside of its blocks of code. */
export function readProse(document: string): string {
  return readDocument(document).replace(/^```[\s\S]*?^```$/gm, "");
}

/** The targets of its links and pictures. */
export function findLinks(document: string): string[] {
  const prose = readProse(document).replace(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** What a link with `#` can lead to: headings as GitHub names them, and anchors that a document sets itself. */
export function findAnchors(document: string): Set<string> {
  const prose = readProse(document);
  const headings = [...prose.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = ""]) => toAnchor(heading));
  const own = [...prose.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...own]);
}

function toAnchor(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
