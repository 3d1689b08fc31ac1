/**
 * The programs of the guides as they stand, on the real CLI against a simulated Atlas: what a guide says is what happens. They are
 * one stack, each with an account and a name of its own, and go through their lives together, in four runs.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, type RequestRecord } from "pulumi-atlas-secrets-simulator";
import ts from "typescript";
import { findCodeBlocks } from "../docs/documents.js";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { CliResult } from "../helpers/pulumi-stack.js";

const START = "docs/guides/start.md";
const ROTATING = "docs/guides/rotating.md";
const RENAMES = "docs/guides/renames.md";
const READING = "docs/guides/read-outputs.md";
const TESTING = "docs/guides/testing.md";

const ORG_ID = "5f1a2b3c4d5e6f7a8b9c0d1e";

const NAMES = ["start", "leaked", "reclassed", "renamed", "read"] as const;
type Name = (typeof NAMES)[number];

/** What there was after a run of all programs. */
interface Stage {
  /** What the run printed, and what it asked of Atlas. */
  readonly code: number;
  readonly text: string;
  readonly requests: readonly RequestRecord[];
  readonly outputs: Readonly<
    Record<Name | "organization", { readonly secret: string; readonly audit?: { readonly secretId: string } }>
  >;
  readonly held: Readonly<Record<Name, readonly string[]>>;
  /** Whether the value of the first run still works. */
  readonly works: Readonly<Record<Name, boolean>>;
}

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-guide-"));
let world: World;
let created: Stage;
let initialId: string;
let reader: { readonly shown: string; readonly read: string };
let renaming: CliResult;
let renamed: Stage;
let requested: Stage;
let rotated: Stage;
let given: string;

/** A TypeScript block of a document, told by a text in it, with the ids of this world. */
function readBlock(document: string, text: string, name: Name = "start"): string {
  const blocks = findCodeBlocks(document).filter(({ language, code }) => language === "ts" && code.includes(text));
  expect(blocks).toHaveLength(1);
  return String(blocks[0]?.code)
    .replaceAll("64a1f0c2e4b0a1b2c3d4e5f6", world.projectId)
    .replaceAll("mdb_sa_id_1234567890abcdef12345678", world.clientIdOf(name));
}

function write(name: string, code: string): void {
  const file = join(world.stack.programFolder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}

function toJavaScript(code: string): string {
  return ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
}

/** Makes a block one of the stack's programs; the resource is called like that. */
function declare(name: Name, document: string, text: string, change = (code: string) => code): void {
  const code = readBlock(document, text, name).replaceAll('"backend"', `"${name}"`);
  write(`${name}.js`, toJavaScript(change(code)));
}

async function succeed(run: Promise<CliResult>): Promise<CliResult> {
  const result = await run;
  if (result.code !== 0) throw new Error(result.text);
  return result;
}

const up = (...flags: string[]) =>
  world.stack.run(["up", "--yes", "--skip-preview", "--non-interactive", "--stack", "test", ...flags]);

async function toStage({ code, text } = { code: 0, text: "" }): Promise<Stage> {
  const requests = await world.takeRequests();
  const { stdout } = await succeed(world.stack.shell("pulumi stack output --json --show-secrets --stack test"));
  const outputs = JSON.parse(stdout) as Stage["outputs"];
  const first = created?.outputs ?? outputs;
  const held = {} as Record<Name, readonly string[]>;
  const works = {} as Record<Name, boolean>;
  for (const name of NAMES) {
    held[name] = await world.heldIds(name);
    works[name] = await world.signIn(first[name].secret, name);
  }
  await world.atlas.resetLog();
  return { code, text, requests, outputs, held, works };
}

beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
  world = await createWorld(folder);
  const { atlas, stack, projectId } = world;
  for (const name of NAMES) await world.addAccount(name);
  const account = { clientId: world.clientIdOf("start"), ownerId: projectId };
  initialId = (await atlas.createForeignSecret(account, { hours: 720 })).id;
  // May do nothing in an organization: there it is the credential of the provider, or none.
  const admin = await atlas.addAccount({ ownerId: projectId, roles: ["GROUP_OWNER"], initialSecret: true });
  stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: admin.clientId, MONGODB_ATLAS_CLIENT_SECRET: admin.secret?.value ?? "" });
  await stack.config("eastClientId", DEMO_ADMIN_CLIENT_ID);
  await stack.config("eastSecret", DEMO_ADMIN_SECRET, "--secret");
  await stack.config("projectId", projectId);
  await stack.config("clientId", account.clientId);

  const ofOrganization = await atlas.addAccount({ level: "organization", ownerId: ORG_ID });
  const organization = readBlock("docs/guides/organizations.md", "AtlasProvider");
  write("organization.js", toJavaScript(organization.replaceAll(world.clientIdOf("start"), ofOrganization.clientId)));
  declare("start", START, "rotationRequest");
  declare("leaked", ROTATING, "overlapHours: 48");
  declare("reclassed", "provider/README.md", "ProjectServiceAccountSecret(");
  declare("renamed", "provider/README.md", "ProjectServiceAccountSecret(");
  declare("read", ROTATING, "overlapHours: 48");
  const all = [...NAMES, "organization"].map((name) => `exports.${name} = require("./${name}.js");`);
  write("index.js", `${all.join("\n")}\nexports.secret = exports.read.secret;\n`);
  created = await toStage(await succeed(up()));
  reader = await readFromStack();

  // `backend`, the name that the guide is about, is here that of the program.
  declare("reclassed", RENAMES, "aliases: [{ type:");
  declare("renamed", RENAMES, "aliases: [{ name:", (code) => code.replace('name: "backend"', 'name: "renamed"'));
  renaming = await succeed(world.stack.run(["preview", "--diff", "--stack", "test"]));
  renamed = await toStage(await succeed(up()));

  await stack.config("rotationRequest", "first try");
  declare("leaked", ROTATING, "overlapHours: 0");
  requested = await toStage(await up("--continue-on-error"));

  await atlas.deleteSecret(initialId);
  given = await rotateByProgram();
  rotated = await toStage();
});
afterAll(async () => {
  await closeWorlds();
  rmSync(folder, { recursive: true, force: true });
});

/** Another stack of the same backend reads the value; resolves with what it shows of it, and with the value that it has. */
async function readFromStack(): Promise<typeof reader> {
  const { stack } = world;
  const code = toJavaScript(readBlock(READING, "StackReference"));
  write("reader/index.js", code.replace("organization/atlas-secrets/prod", "organization/engine-test/test"));
  write("reader/package.json", '{ "main": "index.js" }');
  write("reader/Pulumi.yaml", "name: reader\nruntime: { name: nodejs, options: { typescript: false } }\n");
  const inReader = (line: string) => succeed(stack.shell(`cd reader && pulumi ${line}`));
  await inReader("stack init reader");
  await inReader("up --yes --skip-preview --stack reader");
  const shown = await inReader("stack output --json --stack reader");
  const read = await inReader("stack output secret --show-secrets --stack reader");
  return { shown: shown.stdout, read: read.stdout.trim() };
}

/** The program by the Automation API rotates; resolves with the value that it hands out. */
async function rotateByProgram(): Promise<string> {
  declare("read", ROTATING, "overlapHours: 48", (code) =>
    code.replace("overlapHours: 48", 'overlapHours: 48, triggers: { now: "yes" }'),
  );
  write("rotate.js", toJavaScript(readBlock(READING, "selectStack")).replace('"prod"', '"test"'));
  write(
    "run.js",
    'require("./rotate.js").rotate(process.cwd(), async (secret) => require("node:fs").writeFileSync("given", secret));',
  );
  await succeed(world.stack.shell("node run.js"));
  return readFileSync(join(world.stack.programFolder, "given"), "utf8");
}

describe("the guide to the start", () => {
  it("has a program that creates once, and then changes nothing", () => {
    expect(created.held.start).toEqual([initialId, created.outputs.start.audit?.secretId]);
    expect(created.works.start).toBe(true);
    expect(renamed.text).toMatch(/Resources:\s+\d+ unchanged/);
    expect(renamed.requests).toEqual([]);
  });

  it("stops at a rotation beside the account's initial secret and changes nothing, as it says", () => {
    expect([requested.code === 0, requested.text.includes("both slots are taken")]).toEqual([false, true]);
    expect(requested.held.start).toEqual(created.held.start);
    expect(requested.works.start).toBe(true);
  });

  it("rotates on request once the initial secret is gone", async () => {
    const { secret, audit } = rotated.outputs.start;
    expect(rotated.held.start).toEqual([audit?.secretId]);
    expect([rotated.works.start, await world.signIn(secret, "start")]).toEqual([false, true]);
  });
});

describe("the guide to rotating", () => {
  it("ends a leaked secret in two runs, also while it is used", () => {
    expect([requested.works.leaked, requested.held.leaked.length]).toEqual([true, 2]);
    expect([rotated.works.leaked, rotated.held.leaked.length]).toEqual([false, 1]);
  });
});

describe("the guide to renames", () => {
  it.each([
    { change: "class", name: "reclassed" },
    { change: "name", name: "renamed" },
  ] as const)("carries a secret over another $change without a request", ({ name }) => {
    expect(renaming.text).not.toMatch(/\b(create|delete|replace)d?\b/);
    expect(renamed.requests).toEqual([]);
    for (const { outputs, held, works } of [renamed, requested, rotated]) {
      expect([outputs[name].secret, held[name], works[name]]).toEqual([
        created.outputs[name].secret,
        created.held[name],
        true,
      ]);
    }
    // Nor is anything about it to be done in the run after that.
    const touched = [...requested.text.matchAll(/^ [~+-]+ +\S+ (\w+) (?:creat|updat|replac|delet)/gm)].map(
      ([, one]) => one,
    );
    expect(new Set(touched)).toEqual(new Set(["leaked", "start"]));
  });
});

describe("the guide to organizations", () => {
  it("has a program that creates with the credential of its provider", () => {
    expect(created.outputs.organization.secret).toMatch(/^mdb_sa_sk_/);
  });
});

describe("the guide to reading from other programs", () => {
  it("has a program that reads a secret of another stack, and keeps it encrypted", () => {
    expect(JSON.parse(reader.shown)).toEqual({ secret: "[secret]" });
    expect(reader.read).toBe(created.outputs.read.secret);
  });

  it("has one by the Automation API that rotates it, and hands the new value out", async () => {
    expect(given).toBe(rotated.outputs.read.secret);
    expect(given).not.toBe(created.outputs.read.secret);
    expect([await world.signIn(given, "read"), rotated.works.read]).toEqual([true, true]);
  });
});

describe("the guide to tests", () => {
  const test = (enter = "") => world.stack.shell(`${enter}node --test --test-timeout=120000 program.test.js`);

  /** The test, not content with another result either: in the same run. */
  const toStrict = (code: string) =>
    code.replace(
      /assert\.(equal|deepEqual)\((.*)\);/,
      "$&\nassert.throws(() => assert.$1(0, $2), assert.AssertionError);\nconsole.log('came to its end');",
    );

  beforeAll(() => world.stack.linkPackages(["pulumi-atlas-secrets-simulator"]));

  it.each([
    { what: "with mocks", document: TESTING, text: "setMocks" },
    { what: "of the simulator's README", document: "simulator/README.md", text: "startSimulator" },
  ])("has a test $what that passes, and is not content with another result", async ({ document, text }) => {
    write("program.test.js", toStrict(toJavaScript(readBlock(document, text))));
    expect((await succeed(test())).text).toContain("came to its end");
  });

  it("has a test with the simulator that passes for the program of the start, and is not content with another result", async () => {
    write("simulated/index.ts", readBlock(START, "rotationRequest"));
    write("simulated/package.json", '{ "main": "index.ts" }');
    write("simulated/Pulumi.yaml", "name: simulated\nruntime: nodejs\n");
    const code = toJavaScript(readBlock(TESTING, "createStack"));
    write("simulated/program.test.js", toStrict(code));
    expect((await succeed(test("cd simulated && "))).text).toContain("came to its end");
  });
});
