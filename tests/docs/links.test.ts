/** Every link between files of the repository leads somewhere, and what is installed alone needs no other file. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { dailyJob } from "../helpers/daily-job.js";
import { DOCUMENTS, findAnchors, findLinks, ROOT, readDocument } from "./documents.js";

const isElsewhere = (link: string) => /^[a-z]+:/.test(link);

/** What is wrong with a link of a document, if anything. */
function findFault(document: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : normalize(join(dirname(document), path));
  if (!existsSync(join(ROOT, target))) return `${link}: no such file`;
  if (anchor === undefined) return undefined;
  return findAnchors(target).has(anchor) ? undefined : `${link}: no such heading`;
}

describe("the links of", () => {
  it.each(DOCUMENTS)("%s lead to files and headings that exist", (document) => {
    const faults = findLinks(document)
      .filter((link) => !isElsewhere(link))
      .map((link) => findFault(document, link));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("the documents are found", () => {
    expect(DOCUMENTS.flatMap(findLinks).length).toBeGreaterThan(150);
  });
});

describe("the README of a package", () => {
  const packages = ["provider", "policy", "cli", "simulator"];

  it.each(packages)("in %s leads to what is installed with it, or to the web", (folder) => {
    const { files } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as { files: string[] };
    const isInstalled = (link: string) =>
      link.startsWith("#") || files.some((file) => link === file || link.startsWith(`${file}/`));
    const links = findLinks(`${folder}/README.md`);
    expect(links.filter((link) => !isElsewhere(link) && !isInstalled(link))).toEqual([]);
  });
});

describe("the README of the repository", () => {
  const text = readDocument("README.md");

  it("is short enough to be read", () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(151);
  });

  it("leads to every guide and every page of the reference, and so does the site", () => {
    const pages = DOCUMENTS.filter((document) => /^docs\/(guides|reference)\//.test(document));
    const links = findLinks("README.md").map((link) => link.split("#")[0]);
    expect(pages.filter((page) => !links.includes(page))).toEqual([]);
    const config = readFileSync(join(ROOT, "docs/.vitepress/config.mjs"), "utf8");
    expect(pages.filter((page) => !config.includes(`"${page.slice("docs".length, -".md".length)}"`))).toEqual([]);
  });
});

describe("a text that stands in two documents", () => {
  const toSection = (text: string, heading: string) => (text.split(`## ${heading}\n`)[1] ?? "").split("\n## ")[0] ?? "";
  const provider = readDocument("provider/README.md");
  const toComparable = (text: string) => text.replace(/\(\[[^\]]*\]\([^)]*\)\)|\(package `[^`]*`\)/g, "()").trim();

  it("says the same of what to do after a crash", () => {
    const [, guide = ""] = readDocument("docs/guides/after-a-crash.md").split("# After a crash\n");
    expect(toComparable(toSection(provider, "After a crash"))).toBe(toComparable(guide));
  });

  it("says the same of the daily job", () => {
    expect(readDocument("README.md")).toContain(`\`\`\`sh\n${dailyJob}\`\`\``);
  });

  it("says the same of settings", () => {
    const settings = readDocument("docs/reference/settings.md");
    const parts = toSection(provider, "Settings").trim().split("\n\n");
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.filter((part) => !settings.includes(part))).toEqual([]);
  });
});
