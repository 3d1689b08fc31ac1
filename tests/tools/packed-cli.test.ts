/** The command line as npm installs it: how many packages that are, how large, and that it works with nothing else. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "../cli/sources/states.js";
import { pack } from "../helpers/packed-package.js";
import { type Registry, startRegistry } from "./registry.js";

const ROOT = resolve(__dirname, "../..");
const MAX_PACKAGES = 45;
const MAX_BYTES = 12_000_000;

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-packed-cli-"));
let registry: Registry;

/** The npm of this machine; the registry answers in this process. */
async function runNpm(args: readonly string[], cwd: string): Promise<string> {
  const { spawn } = await import("node:child_process");
  const child = spawn("npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += String(text);
  });
  child.stderr.on("data", (text) => {
    stderr += String(text);
  });
  const code = await new Promise((settle) => child.once("close", settle));
  if (code !== 0) throw new Error(`npm ${args[0]} ended with ${code}: ${stderr}`);
  return stdout;
}

beforeAll(async () => {
  registry = await startRegistry(ROOT);
  const names = ["pulumi-atlas-secrets-cli", "pulumi-atlas-secrets"];
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:${pack(name, folder).path}`]));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--cache", join(folder, "cache")];
  await runNpm(["install", "--registry", registry.url, ...flags], folder);
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every file below the folder. */
function listFiles(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("the command line, installed", () => {
  it(`is at most ${MAX_PACKAGES} packages and ${MAX_BYTES / 1_000_000} MB, the Pulumi SDK not among them`, () => {
    const files = listFiles(join(folder, "node_modules"));
    const manifests = files.filter((path) => /node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(path));
    const names = manifests.map((path) => (JSON.parse(readFileSync(path, "utf8")) as { name: string }).name);
    expect(names).toContain("pulumi-atlas-secrets");
    expect(names.filter((name) => name.startsWith("@pulumi/"))).toEqual([]);
    expect(names.length).toBeLessThanOrEqual(MAX_PACKAGES);
    expect(files.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(MAX_BYTES);
  });

  it("works", () => {
    writeFileSync(join(folder, "state.json"), toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
    const bin = join(folder, "node_modules/.bin/atlas-secrets");
    const text = execFileSync(process.execPath, [bin, "audit", "state.json", "--at", "2026-03-05"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(text).toContain("1 secret of 1 account: 0 errors");
    for (const format of ["csv", "html", "sarif", "openmetrics"]) {
      execFileSync(
        process.execPath,
        [bin, "audit", "state.json", "--at", "2026-03-05", "-f", format, "-o", `report.${format}`],
        {
          cwd: folder,
        },
      );
    }
  });

  it("leaves a program that lacks the SDK one sentence that says so", () => {
    const { status, stderr } = spawnSync(process.execPath, ["-e", "require('pulumi-atlas-secrets')"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain("pulumi-atlas-secrets needs the Pulumi SDK: run 'npm install @pulumi/pulumi'");
  });
});
