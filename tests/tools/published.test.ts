/** The packages as npm packs them: what their manifests promise is there, and TypeScript finds its types, however it looks for them. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { pack } from "../helpers/packed-package.js";

const ROOT = resolve(__dirname, "../..");
const PACKAGES = ["provider", "policy", "cli", "simulator"] as const;
/** Those with something to import; the command line has schemas only. */
const IMPORTED = PACKAGES.filter((name) => name !== "cli");

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-published-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, "node_modules", script), ...args], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  });

const readManifest = (name: string) =>
  JSON.parse(readFileSync(join(ROOT, name, "package.json"), "utf8")) as { readonly name: string } & Record<
    string,
    unknown
  >;

it.each(PACKAGES)("%s holds what its manifest promises", async (name) => {
  const { stdout } = await run("publint/src/cli.js", [join(ROOT, name), "--strict"]);
  expect(stdout).toContain("All good!");
});

it.each(IMPORTED)("the types of %s are found by every resolution, from both kinds of modules", async (name) => {
  const json = ["--exclude-entrypoints", "audit-record.schema.json"];
  const { stdout } = await run("@arethetypeswrong/cli/dist/index.js", [
    pack(name, folder).path,
    "--format",
    "ascii",
    ...json,
  ]);
  expect(stdout).toContain("No problems found");
});

it.each(PACKAGES)("the manifest of %s is ready to be published, under the one prefix", (name) => {
  const { name: published, ...manifest } = readManifest(name);
  expect(published).toMatch(/^pulumi-atlas-secrets(-[a-z]+)?$/);
  expect(manifest).toMatchObject({
    version: readManifest("provider").version,
    license: "Apache-2.0",
    keywords: expect.arrayContaining([expect.stringContaining("atlas")]),
    publishConfig: { access: "public", provenance: true },
  });
  expect(manifest).not.toHaveProperty("scripts.postinstall");
  expect(manifest).not.toHaveProperty("private");
});

it("a checkout that was never built, or built before a source was removed, packs what its sources make", async () => {
  const checkout = join(folder, "checkout");
  const git = await promisify(execFile)("git", ["ls-files", ...PACKAGES, "tsconfig.json", ".npmrc"], { cwd: ROOT });
  const paths = git.stdout.trim().split("\n");
  for (const path of paths) cpSync(join(ROOT, path), join(checkout, path));
  linkPackages(checkout);
  mkdirSync(join(checkout, "simulator/dist"));
  writeFileSync(join(checkout, "simulator/dist/removed.js"), "");
  // Those that stand alone, and those that need another one's build.
  for (const name of ["simulator", "cli"]) {
    const { stderr } = await promisify(execFile)("npm", ["pack", "--dry-run", "--loglevel", "notice"], {
      cwd: join(checkout, name),
      shell: process.platform === "win32",
    });
    const packed = [...stderr.matchAll(/^npm notice [\d.]+k?M?B (\S+)$/gm)].map(([, path]) => path);
    const sources = paths.flatMap((path) => new RegExp(`^${name}/src/(.+)\\.ts$`).exec(path)?.[1] ?? []);
    const built = sources.flatMap((source) => [`dist/${source}.d.ts`, `dist/${source}.js`]);
    expect(packed.filter((path) => path?.startsWith("dist/")).sort()).toEqual(built.sort());
  }
});

it("no other test packs by itself: with its scripts, npm would take the build away under the tests that run", async () => {
  const git = await promisify(execFile)("git", ["grep", "-l", '"pack"', "--", "tests"], { cwd: ROOT });
  expect(git.stdout.trim().split("\n")).toEqual(["tests/helpers/packed-package.ts", "tests/tools/published.test.ts"]);
});

/** The workspace's installed packages, with our own from the checkout. */
function linkPackages(checkout: string): void {
  mkdirSync(join(checkout, "node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (!name.startsWith("pulumi-atlas-secrets"))
      symlinkSync(join(ROOT, "node_modules", name), join(checkout, "node_modules", name), "junction");
  for (const name of PACKAGES)
    symlinkSync(join(checkout, name), join(checkout, "node_modules", readManifest(name).name), "junction");
}
