/** Each example, copied out of the repository: it installs from packed packages, compiles by its own settings, and runs. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { type CheckedSimulator, startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment } from "../helpers/atlas.js";
import { packProvider } from "../helpers/packed-package.js";
import { PulumiStack } from "../helpers/pulumi-stack.js";
import { type Registry, startRegistry } from "../tools/registry.js";

const ROOT = resolve(__dirname, "../..");
const EXAMPLES = join(ROOT, "examples");
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "package.json")));
/** Those in TypeScript; programs in other languages are copied out by the tests of the languages. */
const COMPILED = NAMES.filter((name) => existsSync(join(EXAMPLES, name, "index.ts")));
/** Those that need nothing but an account; what the others do is tested where they stand. */
const RUNNING = ["basic", "rotating", "github-actions-schedule"];

const folder = realpathSync(mkdtempSync(join(tmpdir(), "atlas-secrets-examples-")));
let registry: Registry;
let tarball: string;
let atlas: CheckedSimulator;

beforeAll(async () => {
  [registry, atlas] = await Promise.all([startRegistry(ROOT), startCheckedSimulator()]);
  tarball = join(folder, packProvider(folder).filename);
});
afterAll(async () => {
  await Promise.all([registry.close(), atlas.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, args, { cwd, shell: process.platform === "win32", maxBuffer: 2 ** 26 });

/** Folders with what a manifest says, by that. */
const installed = new Map<string, Promise<string>>();

/** Copies an example as a person would, and installs what its manifest says, once for all that say the same. */
async function copyOut(name: string): Promise<string> {
  const copy = join(folder, name);
  cpSync(join(EXAMPLES, name), copy, {
    recursive: true,
    filter: (path) => !/node_modules|package-lock\.json$/.test(path),
  });
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as object & {
    dependencies: object;
    devDependencies: object;
  };
  const key = JSON.stringify([dependencies, devDependencies]);
  const first = installed.get(key);
  if (first !== undefined) symlinkSync(join(await first, "node_modules"), join(copy, "node_modules"), "junction");
  else installed.set(key, install(copy));
  await installed.get(key);
  return copy;
}

/** The registry holds what the workspace has. */
async function install(copy: string): Promise<string> {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const from = ["--registry", registry.url, "--cache", join(folder, "cache")];
  await run("npm", ["install", tarball, ...quiet, ...from], copy);
  return copy;
}

it.each(NAMES)("examples/%s has a project file, a lock file of its manifest, and a README", (name) => {
  const read = (file: string) => readFileSync(join(EXAMPLES, name, file), "utf8");
  for (const file of ["Pulumi.yaml", "README.md"]) expect(read(file)).not.toBe("");
  const { dependencies, devDependencies = {} } = JSON.parse(read("package.json")) as Record<
    string,
    Record<string, string>
  >;
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { version: string; integrity?: string; dependencies?: object; devDependencies?: object }>;
  };
  const { "": root } = packages;
  expect([root?.dependencies, root?.devDependencies ?? {}]).toEqual([dependencies, devDependencies]);
  for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(packages[`node_modules/${dependency}`]?.version).toBe(version);
  }
  // This package has no checksum before its first release.
  const without = Object.entries(packages).filter(([path, { integrity }]) => path !== "" && !integrity);
  expect(without.map(([path]) => path)).toEqual(["node_modules/pulumi-atlas-secrets"]);
});

it("the project at the root is examples/basic", () => {
  const root = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8").replace("main: examples/basic\n", "");
  expect(readFileSync(join(EXAMPLES, "basic/Pulumi.yaml"), "utf8")).toBe(root);
});

it.each(COMPILED)("examples/%s compiles by its own settings where it was copied to", async (name) => {
  const copy = await copyOut(name);
  const compiler = join(copy, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [compiler, "--project", copy], copy);
});

it.each(RUNNING)("examples/%s previews and comes up where it was copied to", async (name) => {
  const { clientId } = await atlas.addAccount();
  const stack = await PulumiStack.create({ env: adminEnvironment(atlas), example: join(folder, name) });
  try {
    await stack.config("projectId", DEMO_PROJECT_ID);
    await stack.config("clientId", clientId);
    expect(await stack.run(["preview", "--stack", "test"])).toMatchObject({ code: 0 });
    expect(await stack.run(["up", "--yes", "--skip-preview", "--stack", "test"])).toMatchObject({ code: 0 });
    const { accounts } = await atlas.inventory();
    expect(accounts.find((account) => account.clientId === clientId)?.secrets).toHaveLength(1);
  } finally {
    stack.remove();
  }
});
