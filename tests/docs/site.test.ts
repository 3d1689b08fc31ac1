/** The site of the documents: built without the network, with every page, and no link in it that leads nowhere. */
import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./documents.js";

const NO_NETWORK = join(__dirname, "no-network.cjs");
const run = promisify(execFile);
let site: string;

/** Runs a program of the workspace as `npm run docs` does. */
async function runWithoutNetwork(script: string, ...args: string[]): Promise<void> {
  const env = { ...process.env, NODE_OPTIONS: `--require "${NO_NETWORK}"` };
  await run(process.execPath, [join(ROOT, "node_modules", script), ...args], { cwd: ROOT, env });
}

beforeAll(async () => {
  site = mkdtempSync(join(tmpdir(), "atlas-secrets-site-"));
  await runWithoutNetwork("vitepress/bin/vitepress.js", "build", "docs", "--outDir", site);
  await runWithoutNetwork(
    "typedoc/bin/typedoc",
    ...["--options", "docs/.vitepress/typedoc.json", "--out", join(site, "api"), "--treatWarningsAsErrors"],
  );
});
afterAll(() => rmSync(site, { recursive: true, force: true }));

const read = (page: string) => readFileSync(join(site, page), "utf8");

/** The file that an address of the site is served from. */
function toFile(path: string): string {
  if (path.endsWith("/")) return `${path}index.html`;
  return /\.\w+$/.test(path) ? path : `${path}.html`;
}

/** What is wrong with a link of a page, if anything. */
function findFault(page: string, link: string): string | undefined {
  const [path = "", anchor = ""] = decodeURIComponent(link).split("#");
  const target = path === "" ? page : path.startsWith("/") ? toFile(path).slice(1) : join(dirname(page), toFile(path));
  if (!existsSync(join(site, target))) return `${page}: ${link}`;
  if (anchor === "" || target.startsWith("api/") || !target.endsWith(".html")) return undefined;
  return read(target).includes(`id="${anchor}"`) ? undefined : `${page}: ${link}`;
}

it("has a page for each guide, each page of the reference, and each class of the API", () => {
  const pages = globSync("docs/{guides,reference}/*.md", { cwd: ROOT }).map((path) =>
    path.replace(/^docs\/(.*)\.md$/, "$1.html"),
  );
  expect(pages.length).toBeGreaterThan(15);
  const classes = ["ProjectServiceAccountSecret", "RotatingServiceAccountSecret", "AtlasProvider"];
  const all = [
    ...pages,
    "index.html",
    "comparison.html",
    ...classes.map((name) => `api/classes/pulumi-atlas-secrets.${name}.html`),
  ];
  expect(all.filter((page) => !existsSync(join(site, page)))).toEqual([]);
});

it("has no link that leads nowhere, and loads nothing from elsewhere", () => {
  const pages = globSync("**/*.html", { cwd: site }).filter((page) => page !== "404.html");
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/<a\b[^>]*? href="([^"]*)"/g)].map(([, link = ""]) => ({ page, link })),
  );
  const inside = links.filter(({ link }) => !/^[a-z]+:/.test(link));
  expect(inside.length).toBeGreaterThan(1000);
  const faults = inside.map(({ page, link }) => findFault(page, link)).filter((fault) => fault !== undefined);
  expect([...new Set(faults)]).toEqual([]);
  const loaded = pages.flatMap((page) => [
    ...read(page).matchAll(/<(?:script|link|img)\b[^>]*?(?:src|href)="(https?:[^"]*)"/g),
  ]);
  expect(loaded.map(([, address]) => address)).toEqual([]);
});
