/** The published form: packed by npm, installed into a fresh project outside the workspace, used by the real engine. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEMO_PROJECT_ID, type Simulator } from "atlas-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment, toOperations } from "../helpers/atlas.js";
import { PulumiStack } from "../helpers/pulumi-stack.js";

const ROOT = resolve(__dirname, "../..");
const DEPENDENCIES = ["@pulumi/pulumi", "async-mutex", "axios", "valibot"];

let atlas: Simulator;
let stack: PulumiStack | undefined;
const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-packed-"));

beforeAll(async () => {
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null } });
});
afterAll(async () => {
  stack?.remove();
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Packs the package and installs it by npm, its dependencies from the workspace: a test asks no registry. */
function install(program: string): string[] {
  const pack = ["pack", "--json", "--pack-destination", folder, "--workspace", "pulumi-atlas-secrets"];
  const [packed] = Object.values(JSON.parse(runNpm(pack, ROOT)) as Packed[] | Record<string, Packed>);
  if (!packed) throw new Error("npm packed nothing");
  const links = DEPENDENCIES.map((name) => [name, `file:${join(ROOT, "node_modules", name)}`]);
  const dependencies = {
    ...Object.fromEntries(links),
    "pulumi-atlas-secrets": `file:${join(folder, packed.filename)}`,
  };
  writeFileSync(join(program, "package.json"), JSON.stringify({ private: true, main: "index.js", dependencies }));
  runNpm(
    ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", join(folder, "cache")],
    program,
  );
  return packed.files.map(({ path }) => path);
}

function runNpm(args: string[], cwd: string): string {
  const isWindows = process.platform === "win32";
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell: isWindows });
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe("the packed package", () => {
  it("holds what is built, its schema, the readme and the licence, and no source or test", () => {
    const program = join(folder, "program");
    cpSync(join(ROOT, "tests/engine/program"), program, { recursive: true });
    const files = install(program);
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"]),
    );
    expect(
      files.filter(
        (path) =>
          !/^(dist\/.*\.(js|d\.ts)|schema\/audit-record\.schema\.json|LICENSE|README\.md|package\.json)$/.test(path),
      ),
    ).toEqual([]);
  });

  it("creates and destroys a secret from a project outside the workspace", async () => {
    const { clientId } = await atlas.addAccount();
    const program = join(folder, "program");
    stack = await PulumiStack.create({ env: adminEnvironment(atlas), program, hasModules: true });
    const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 8 };
    const created = await stack.up({ secrets: { main: { args } } });
    expect(created.code).toBe(0);
    expect(toOperations(await atlas.requests())).toEqual(["mint", "getAccount", "createSecret", "mint", "mint"]);
    expect((await stack.destroy()).code).toBe(0);
    const { accounts } = await atlas.inventory();
    expect(accounts.find((account) => account.clientId === clientId)?.secrets).toEqual([]);
  });
});
