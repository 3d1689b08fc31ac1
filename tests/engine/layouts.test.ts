/**
 * How package managers lay a program's packages out, on the real engine, with the packed package: npm's workspaces, hoisted and
 * nested, by npm itself; pnpm's and Yarn's Plug'n'Play, which are no dependencies of this repository, as those two lay it out, by hand.
 */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { DEMO_PROJECT_ID, type Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment, toOperations } from "../helpers/atlas.js";
import { install, pack, readManifest, writeProgramManifest } from "../helpers/packed-package.js";
import { PulumiStack, type TestProgram } from "../helpers/pulumi-stack.js";

const ROOT = resolve(__dirname, "../..");
const DEPENDENCIES = [...Object.keys(readManifest("provider").dependencies ?? {}), "@pulumi/pulumi"];

let atlas: Simulator;
let tarball: string;
let stack: PulumiStack;
const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-layouts-"));

beforeAll(async () => {
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null } });
  tarball = pack("provider", folder).path;
});
beforeEach(async () => {
  await atlas.resetLog();
  stack = await PulumiStack.create({ env: adminEnvironment(atlas), hasModules: true });
  writeProgramManifest(stack.programFolder, tarball);
});
afterEach(() => stack.remove());
afterAll(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

async function declareOn(clientId: string): Promise<TestProgram> {
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 8 };
  return { consumers: false, secrets: { main: { args } } };
}

/** A secret is created, with the program, and refreshed and deleted, without it. */
async function expectWholeLife(): Promise<void> {
  const { clientId } = await atlas.addAccount();
  const declared = await declareOn(clientId);
  const created = await stack.up(declared);
  expect({ code: created.code, text: created.text }).toEqual({ code: 0, text: expect.stringContaining("2 created") });
  await atlas.resetLog();
  expect((await stack.destroy("--refresh")).code).toBe(0);
  const operations = toOperations(await atlas.requests());
  expect(operations.filter((operation) => operation !== "mint")).toEqual(["getAccount", "deleteSecret"]);
}

/** A link as package managers make it: relative, to a folder that may be made later. */
function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(relative(dirname(path), target), path, "junction");
}

describe("a workspace of npm", () => {
  function createWorkspace(): string {
    writeFileSync(join(stack.folder, "package.json"), JSON.stringify({ private: true, workspaces: ["program"] }));
    return join(stack.folder, "node_modules");
  }

  it("works with every package hoisted to the folder above the program", async () => {
    const above = createWorkspace();
    install(stack.folder);
    expect(() => require.resolve("pulumi-atlas-secrets", { paths: [above] })).not.toThrow();
    await expectWholeLife();
  });

  it("works with the packages kept below the program, and an older copy above it that is not for it", async () => {
    const above = createWorkspace();
    install(stack.folder, "--install-strategy=nested");
    const older = join(above, "pulumi-atlas-secrets");
    mkdirSync(older);
    writeFileSync(join(older, "package.json"), JSON.stringify({ name: "pulumi-atlas-secrets", version: "0.0.1" }));
    writeFileSync(join(older, "index.js"), 'throw new Error("the copy of another program was loaded");\n');
    await expectWholeLife();
  });
});

describe("pnpm's layout: each package with its own dependencies beside it in .pnpm, links to the program's own", () => {
  it("works", async () => {
    install(stack.programFolder);
    const modules = join(stack.programFolder, "node_modules");
    const installed = join(modules, "pulumi-atlas-secrets");
    const store = join(modules, ".pnpm/pulumi-atlas-secrets@file+packed.tgz_@pulumi+pulumi@3/node_modules");
    mkdirSync(store, { recursive: true });
    renameSync(installed, join(store, "pulumi-atlas-secrets"));
    link(join(store, "pulumi-atlas-secrets"), installed);
    for (const name of DEPENDENCIES) {
      link(join(ROOT, "node_modules", name), join(store, name));
      // The program sees what it depends on itself.
      if (name !== "@pulumi/pulumi") rmSync(join(modules, name));
    }
    await expectWholeLife();
  });
});

describe("Yarn's Plug'n'Play: no node_modules, and a resolver of its own that NODE_OPTIONS loads", () => {
  beforeEach(() => {
    // Where only the resolver finds them.
    const unplugged = join(stack.folder, "unplugged");
    cpSync(stack.programFolder, unplugged, { recursive: true });
    install(unplugged);
    writeFileSync(join(stack.programFolder, ".pnp.cjs"), toResolver(unplugged));
  });

  /** In front of Node's own resolution, as the one that Yarn writes; that takes them out of archives. */
  function toResolver(unplugged: string): string {
    return `const Module = require("node:module");
process.versions.pnp = "3";
const known = ${JSON.stringify([...DEPENDENCIES, "pulumi-atlas-secrets"])};
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, parent, isMain, options) =>
  known.some((name) => request === name || request.startsWith(name + "/"))
    ? resolve(request, parent, isMain, { paths: [${JSON.stringify(unplugged)}] })
    : resolve(request, parent, isMain, options);\n`;
  }

  it("works when the CLI is run as 'yarn exec pulumi' runs it", async () => {
    stack.preload(join(stack.programFolder, ".pnp.cjs"));
    await expectWholeLife();
  });

  it("is refused by Pulumi itself in one line when it is run otherwise, and nothing is sent", async () => {
    const result = await stack.up(await declareOn((await atlas.addAccount()).clientId));
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("It looks like the Pulumi SDK has not been installed.");
    expect(await atlas.requests()).toEqual([]);
  });
});
