/** A program that has the package through another one only: the class says so before the engine fails to load the handlers. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PROJECT_ID, type Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment } from "../helpers/atlas.js";
import { PulumiStack } from "../helpers/pulumi-stack.js";

let atlas: Simulator;
let stack: PulumiStack;

beforeAll(async () => {
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null } });
  stack = await PulumiStack.create({ env: adminEnvironment(atlas) });
});
afterAll(async () => {
  stack.remove();
  await atlas.close();
});

/** Moves the package below a library, which the program then uses in its place. */
function moveBelowLibrary(): void {
  const modules = join(stack.programFolder, "node_modules");
  const below = join(modules, "library/node_modules");
  mkdirSync(below, { recursive: true });
  renameSync(join(modules, "pulumi-atlas-secrets"), join(below, "pulumi-atlas-secrets"));
  writeFileSync(join(modules, "library/index.js"), 'module.exports = require("pulumi-atlas-secrets");\n');
  const program = join(stack.programFolder, "index.js");
  writeFileSync(program, readFileSync(program, "utf8").replace('"pulumi-atlas-secrets"', '"library"'));
}

describe("a program that has the package through another one only", () => {
  it("is told to add it, in one line without a stack, and nothing is sent", async () => {
    moveBelowLibrary();
    const { clientId } = await atlas.addAccount();
    const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 8 };
    const result = await stack.up({ secrets: { main: { args } }, consumers: false });
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("own dependencies: npm install pulumi-atlas-secrets");
    expect(result.text).not.toMatch(/Cannot find module|^\s+at /m);
    expect(await atlas.requests()).toEqual([]);
  });
});
