/**
 * The site of the documents: every document of the repository where it stands, so that links work in the repository as they do on the
 * site. `npm run docs` builds it; nothing of it reaches the network.
 */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where files that are no page can be read. There is no public repository yet: until this is set they are named, not linked. */
const REPOSITORY_FILES = undefined;

const REWRITES = {
  "README.md": "index.md",
  "docs/:path*": ":path*",
  "provider/CHANGELOG.md": "CHANGELOG.md",
  "cli/README.md": "cli/index.md",
  "policy/README.md": "policy/index.md",
  "simulator/README.md": "simulator/index.md",
  "examples/:name/README.md": "examples/:name/index.md",
};

const toGroup = (text, entries) => ({ text, items: entries.map(([name, link]) => ({ text: name, link })) });

const SIDEBAR = [
  toGroup("Guides", [
    ["Overview", "/"],
    ["Start on real Atlas", "/guides/start"],
    ["Rotating with an overlap", "/guides/rotating"],
    ["Renames, changes of class", "/guides/renames"],
    ["Several organizations", "/guides/organizations"],
    ["Self-rotation", "/guides/self-rotation"],
    ["Many accounts", "/guides/fleets"],
    ["Migrating existing secrets", "/guides/migrate"],
    ["Kubernetes, GitHub, AWS", "/guides/consumers"],
    ["Read from another program", "/guides/read-outputs"],
    ["The daily job", "/guides/daily-job"],
    ["Watch rotations", "/guides/monitoring"],
    ["After a crash", "/guides/after-a-crash"],
    ["Test your program", "/guides/testing"],
    ["Python, Go and others", "/languages"],
  ]),
  toGroup("Reference", [
    ["Inputs", "/reference/inputs"],
    ["Outputs", "/reference/outputs"],
    ["Settings", "/reference/settings"],
    ["What each command does", "/reference/runs"],
    ["What failures mean", "/reference/messages"],
    ["Limits", "/reference/limits"],
    ["Exit codes", "/reference/exit-codes"],
    ["Command line", "/cli/"],
    ["Policy pack", "/policy/"],
    ["Simulator", "/simulator/"],
  ]),
  toGroup("Examples", [
    ["Basic", "/examples/basic/"],
    ["Rotating", "/examples/rotating/"],
    ["Self-rotation", "/examples/self-rotation/"],
    ["Two organizations", "/examples/two-organizations/"],
    ["With @pulumi/mongodbatlas", "/examples/with-mongodbatlas/"],
    ["GitHub Actions", "/examples/github-actions-schedule/"],
    ["Fleet", "/examples/fleet/"],
    ["Python", "/examples/python/"],
    ["Go", "/examples/go/"],
  ]),
  toGroup("Background", [
    ["Compared with the alternatives", "/comparison"],
    ["Atlas's behavior", "/atlas-behaviour"],
    ["Architecture", "/architecture"],
    ["Invariants", "/invariants"],
    ["Performance", "/performance"],
    ["Scale", "/scale"],
    ["Releases", "/releases"],
    ["Security", "/SECURITY"],
    ["Contributing", "/CONTRIBUTING"],
    ["Changelog", "/CHANGELOG"],
  ]),
];

export default {
  title: "pulumi-atlas-secrets",
  description: "Secrets of MongoDB Atlas service accounts as Pulumi resources",
  srcDir: "..",
  // Packages that stand alone repeat what is here.
  srcExclude: ["provider/README.md", "tests/**", "tools/**", "bench/**", "test-artifacts/**"],
  outDir: "dist",
  rewrites: REWRITES,
  lastUpdated: false,
  themeConfig: {
    search: { provider: "local" },
    sidebar: SIDEBAR,
    nav: [{ text: "API", link: "/api/index.html", target: "_self" }],
    outline: [2, 3],
  },
  markdown: {
    anchor: { slugify: toGitHubAnchor },
    config: (md) => {
      md.core.ruler.push("repository-links", ({ tokens, env }) => {
        for (const { children } of tokens) if (children) toSiteLinks(children, dirname(env.realPath ?? env.path));
      });
    },
  },
};

/** The anchor of a heading as GitHub makes it, so that one link works in both places. */
function toGitHubAnchor(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** Turns links between files of the repository into links between pages of the site, and those to other files into plain text. */
function toSiteLinks(tokens, folder) {
  for (const [index, token] of tokens.entries()) {
    const [path = "", anchor] = (token.attrGet("href") ?? "").split("#");
    if (token.type !== "link_open" || path === "" || /^[a-z]+:/.test(path)) continue;
    const file = relative(ROOT, join(folder, path));
    const target = toPage(file) ?? (REPOSITORY_FILES && `${REPOSITORY_FILES}/${file}`);
    if (target !== undefined) {
      token.attrSet("href", anchor === undefined ? target : `${target}#${anchor}`);
      continue;
    }
    const close = tokens.find((other, at) => at > index && other.type === "link_close");
    for (const part of [token, close]) part.tag = "span";
    token.attrs = null;
  }
}

/** The page of a document of the repository. */
function toPage(file) {
  if (!file.endsWith(".md") || !existsSync(join(ROOT, file))) return undefined;
  return `/${(REWRITES[file] ?? file)
    .replace(/^docs\//, "")
    .replace(/^README\.md$/, "index.md")
    .replace(/\/README\.md$/, "/index.md")}`;
}
