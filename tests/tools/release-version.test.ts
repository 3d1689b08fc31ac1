/** A release: changesets raise the versions of all packages together, and whatever else names the version follows. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const PACKAGES = ["provider", "policy", "cli", "simulator"];
const copy = mkdtempSync(join(tmpdir(), "atlas-secrets-release-"));
const read = (path: string) => readFileSync(join(copy, path), "utf8");
const readVersion = (name: string) => (JSON.parse(read(`${name}/package.json`)) as { version: string }).version;
const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(copy, script), ...args], { cwd: copy, encoding: "utf8" });

beforeAll(() => {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: copy, encoding: "utf8" });
  const paths = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const path of paths.trim().split("\n"))
    if (existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(copy, path));
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
  git("init", "--quiet", "--initial-branch", "main");
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it("as it stands, every file names the version of the packages", () => {
  expect(run("tools/release-version.mjs", "--check")).toMatchObject({ status: 0, stdout: "" });
});

it("a change of one package raises all of them, and every file that names the version", () => {
  const [before] = PACKAGES.map(readVersion);
  writeFileSync(join(copy, ".changeset/one.md"), '---\n"pulumi-atlas-secrets-cli": major\n---\n\nSay it shorter.\n');
  expect(run("node_modules/@changesets/cli/bin.js", "version")).toMatchObject({ status: 0 });
  expect(PACKAGES.map(readVersion)).toEqual(PACKAGES.map(() => "1.0.0"));
  expect(read("cli/CHANGELOG.md")).toContain("## 1.0.0\n\n### Major Changes\n\n- Say it shorter.\n");
  expect(read("cli/package.json")).toContain('"pulumi-atlas-secrets": "1.0.0"');
  expect(read("examples/basic/package.json")).toContain('"pulumi-atlas-secrets": "1.0.0"');

  expect(run("tools/release-version.mjs", "--check")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("sdk/python/pyproject.toml names another version than 1.0.0\n"),
  });
  expect(run("tools/release-version.mjs")).toMatchObject({ status: 0 });
  expect(run("tools/release-version.mjs", "--check")).toMatchObject({ status: 0, stdout: "" });
  expect(read("examples/go/go.mod")).toContain("/sdk/go v1.0.0\n");
  expect(read("docs/guides/start.md")).toContain("pulumi-atlas-secrets-cli-1.0.0.tgz");

  // Lock files follow by npm; the changelog keeps what was.
  const pattern = `(atlas-secrets.*|^version = .*)${before?.replaceAll(".", "\\.")}`;
  const elsewhere = [
    "--exclude=package-lock.json",
    "--exclude=CHANGELOG.md",
    "--exclude-dir=node_modules",
    "--exclude-dir=.git",
  ];
  const named = spawnSync("grep", ["-rlE", ...elsewhere, pattern, "."], { cwd: copy, encoding: "utf8" });
  expect(named.stdout.split("\n").filter((path) => path !== "" && !path.startsWith("./tests/cli/doctor/"))).toEqual([]);
});
