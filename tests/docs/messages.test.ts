/** Texts in the code that send a person to a document name one that exists. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { README_URL, toProviderSection } from "../../cli/src/documentation.js";
import { findAnchors, ROOT, readDocument } from "./documents.js";

const FOLDERS: Readonly<Record<string, string>> = {
  "pulumi-atlas-secrets": "provider",
  "pulumi-atlas-secrets-cli": "cli",
  "pulumi-atlas-secrets-policy": "policy",
  "pulumi-atlas-secrets-simulator": "simulator",
};

/** Source without comments, by path. */
const SOURCES = globSync("{provider,policy,cli,simulator}/src/**/*.ts", { cwd: ROOT }).map((path) => ({
  path,
  code: readFileSync(join(ROOT, path), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/.*$/gm, ""),
}));

const headingsOf = (folder: string) =>
  [...readDocument(`${folder}/README.md`).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);

describe("a message", () => {
  it("names a README by its package and heading, and both exist", () => {
    const named = SOURCES.flatMap(({ code }) => [...code.matchAll(/'([^'\n]+)' in the README of ([\w-]+)/g)]).filter(
      ([, heading = ""]) => !heading.startsWith("$"),
    );
    const sections = (["Settings", "After a crash"] as const).map(toProviderSection);
    const all = [...named.map(([text]) => text), ...sections].map((text) =>
      /^'(.+)' in the README of (.+)$/.exec(text),
    );
    expect(all.length).toBeGreaterThan(2);
    const missing = all.filter((found) => !headingsOf(FOLDERS[found?.[2] ?? ""] ?? "").includes(found?.[1]));
    expect(missing.map((found) => found?.[0])).toEqual([]);
  });

  it("names no README or document in another way", () => {
    const others = SOURCES.filter(({ code }) => /README(?! of |_URL)/.test(code) || /docs\/[\w/-]+\.md/.test(code)).map(
      ({ path }) => path,
    );
    expect(others).toEqual([]);
  });
});

describe("the address of the README that reports give", () => {
  it("is that of this package, and every anchor behind it is there", () => {
    const { name } = JSON.parse(readFileSync(join(ROOT, "cli/package.json"), "utf8")) as { name: string };
    expect(README_URL).toBe(`https://www.npmjs.com/package/${name}`);
    const anchors = SOURCES.flatMap(({ code }) => [...code.matchAll(/\$\{README_URL\}#([\w-]+)/g)]).map(([, id]) => id);
    expect(anchors.length).toBeGreaterThan(0);
    expect(anchors.filter((anchor = "") => !findAnchors("cli/README.md").has(anchor))).toEqual([]);
  });
});
