/** The programs of the guides as they stand, on the real CLI against a simulated Atlas: what a guide says is what happens. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import ts from "typescript";
import { findCodeBlocks } from "../docs/documents.js";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { CliResult } from "../helpers/pulumi-stack.js";

let world: World;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-guide-"));
  writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
  world = await createWorld(folder);
});
afterEach(async () => {
  await closeWorlds();
  rmSync(folder, { recursive: true, force: true });
});

/** A TypeScript block of a document, told by a text in it, with the ids of this world. */
function readBlock(document: string, text: string): string {
  const blocks = findCodeBlocks(document).filter(({ language, code }) => language === "ts" && code.includes(text));
  expect(blocks).toHaveLength(1);
  return String(blocks[0]?.code)
    .replaceAll("64a1f0c2e4b0a1b2c3d4e5f6", world.projectId)
    .replaceAll("mdb_sa_id_1234567890abcdef12345678", world.clientId);
}

function write(name: string, code: string): void {
  writeFileSync(join(world.stack.programFolder, name), code);
}

function toJavaScript(code: string): string {
  return ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
}

/** Makes a block the program of the stack. */
function declare(document: string, text: string): void {
  write("index.js", toJavaScript(readBlock(document, text)));
}

async function succeed(run: Promise<CliResult>): Promise<CliResult> {
  const result = await run;
  if (result.code !== 0) throw new Error(result.text);
  return result;
}

const up = (...flags: string[]) =>
  succeed(world.stack.run(["up", "--yes", "--skip-preview", "--stack", "test", ...flags]));
const preview = () => succeed(world.stack.run(["preview", "--diff", "--stack", "test"]));

async function readOutput(name: string): Promise<string> {
  return (await world.stack.shell(`pulumi stack output ${name} --show-secrets --stack test`)).stdout.trim();
}

const START = "docs/guides/start.md";

describe("the guide to the start", () => {
  it("has a program that creates once, changes nothing, and rotates on request", async () => {
    write("index.ts", readBlock(START, "rotationRequest"));
    write("package.json", '{ "main": "index.ts" }');
    write("Pulumi.yaml", "name: engine-test\nruntime: nodejs\n");
    await world.stack.config("projectId", world.projectId);
    await world.stack.config("clientId", world.clientId);
    await up();
    const first = await readOutput("secret");
    await world.takeRequests();
    await up("--expect-no-changes");
    expect(await world.takeRequests()).toEqual([]);
    await world.stack.config("rotationRequest", "first try");
    await up();
    const audit = JSON.parse(await readOutput("audit --json")) as { secretId: string };
    expect(await world.heldIds()).toEqual([audit.secretId]);
    expect([await world.signIn(first), await world.signIn(await readOutput("secret"))]).toEqual([false, true]);
  });

  it("stops at a rotation beside the account's initial secret and changes nothing, as it says", async () => {
    declare(START, "rotationRequest");
    await world.stack.config("projectId", world.projectId);
    await world.stack.config("clientId", world.clientId);
    await world.atlas.createForeignSecret({ clientId: world.clientId, ownerId: world.projectId }, { hours: 720 });
    await up();
    const held = await world.heldIds();
    await world.stack.config("rotationRequest", "first try");
    const stopped = await world.stack.run(["up", "--yes", "--skip-preview", "--stack", "test"]);
    expect(stopped).toMatchObject({ code: expect.any(Number) });
    expect([stopped.code === 0, stopped.text.includes("both slots are taken")]).toEqual([false, true]);
    expect(await world.heldIds()).toEqual(held);
  });
});

describe("the guide to rotating", () => {
  it("ends a leaked secret in two runs, also while it is used", async () => {
    declare("docs/guides/rotating.md", "overlapHours: 48");
    await up();
    const leaked = await readOutput("secret");
    declare("docs/guides/rotating.md", "overlapHours: 0");
    await up();
    expect(await world.signIn(leaked)).toBe(true);
    await up();
    expect(await world.signIn(leaked)).toBe(false);
    expect(await world.heldIds()).toHaveLength(1);
  });
});

describe("the guide to renames", () => {
  it.each([
    { change: "class", alias: "aliases: [{ type:" },
    { change: "name", alias: "aliases: [{ name:" },
  ])("carries a secret over another $change without a request", async ({ alias }) => {
    declare("provider/README.md", "ProjectServiceAccountSecret(");
    await up();
    const before = [await readOutput("secret"), await world.heldIds()];
    await world.takeRequests();
    declare("docs/guides/renames.md", alias);
    expect((await preview()).text).not.toMatch(/\b(create|delete|replace)d?\b/);
    await up();
    expect(await world.takeRequests()).toEqual([]);
    expect([await readOutput("secret"), await world.heldIds()]).toEqual(before);
    await up("--expect-no-changes");
  });
});

describe("the guide to organizations", () => {
  it("has a program that creates with the credential of its provider", async () => {
    const orgId = "5f1a2b3c4d5e6f7a8b9c0d1e";
    const { clientId } = await world.atlas.addAccount({ level: "organization", ownerId: orgId });
    const code = readBlock("docs/guides/organizations.md", "AtlasProvider").replaceAll(world.clientId, clientId);
    write("index.js", toJavaScript(code));
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: "", MONGODB_ATLAS_CLIENT_SECRET: "" });
    await world.stack.config("eastClientId", DEMO_ADMIN_CLIENT_ID);
    await world.stack.config("eastSecret", DEMO_ADMIN_SECRET, "--secret");
    await up();
    expect(await readOutput("secret")).toMatch(/^mdb_sa_sk_/);
  });
});

describe("the guide to reading from other programs", () => {
  const GUIDE = "docs/guides/read-outputs.md";

  it("has programs that read a secret: another stack, and one by the Automation API that rotates it", async () => {
    declare("docs/guides/rotating.md", "overlapHours: 48");
    await up();
    const first = await readOutput("secret");

    const reader = toJavaScript(readBlock(GUIDE, "StackReference")).replace(
      "organization/atlas-secrets/prod",
      "organization/engine-test/test",
    );
    const program = toJavaScript(readBlock("docs/guides/rotating.md", "overlapHours: 48"));
    write("index.js", reader);
    await succeed(world.stack.run(["stack", "init", "reader"]));
    await succeed(world.stack.run(["up", "--yes", "--skip-preview", "--stack", "reader"]));
    const shown = await succeed(world.stack.run(["stack", "output", "--json", "--stack", "reader"]));
    expect(JSON.parse(shown.stdout)).toEqual({ secret: "[secret]" });
    const read = await world.stack.shell("pulumi stack output secret --show-secrets --stack reader");
    expect(read.stdout.trim()).toBe(first);

    write("index.js", program.replace("overlapHours: 48", 'overlapHours: 48, triggers: { now: "yes" }'));
    write("rotate.js", toJavaScript(readBlock(GUIDE, "selectStack")).replace('"prod"', '"test"'));
    write(
      "run.js",
      'require("./rotate.js").rotate(process.cwd(), async (secret) => require("node:fs").writeFileSync("given", secret));',
    );
    await succeed(world.stack.shell("node run.js"));
    const given = (await world.stack.shell("cat given")).stdout;
    expect(given).toBe(await readOutput("secret"));
    expect(given).not.toBe(first);
    expect([await world.signIn(given), await world.signIn(first)]).toEqual([true, true]);
  });
});

describe("the guide to tests", () => {
  it.each([
    { what: "with mocks", document: "docs/guides/testing.md", text: "setMocks" },
    { what: "with the simulator", document: "docs/guides/testing.md", text: "createStack" },
    { what: "of the simulator's README", document: "simulator/README.md", text: "startSimulator" },
  ])("has a test $what that passes, and fails when its expectation is another", async ({ document, text }) => {
    world.stack.linkPackages(["pulumi-atlas-secrets-simulator"]);
    declare(START, "rotationRequest");
    const code = toJavaScript(readBlock(document, text));
    write("program.test.js", code);
    await succeed(world.stack.shell("node --test --test-timeout=120000 program.test.js"));
    write(
      "program.test.js",
      code.replace(/assert\.(equal|deepEqual)\(/, (found) => `${found}0,`),
    );
    expect(await world.stack.shell("node --test --test-timeout=120000 program.test.js")).toMatchObject({ code: 1 });
  });
});
