/** The built program as a process, and with the real Pulumi CLI: what it reads there, and that no value is in anything it says. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AuditReport } from "../../../cli/src/audit/report.js";
import { FORMATS } from "../../../cli/src/render/index.js";
import { findCanaries } from "../../helpers/canaries.js";
import {
  CANARIES,
  type Fields,
  PLAIN,
  PLAIN_OUTPUTS,
  ROTATING,
  SHOWN_ROTATING_OUTPUTS,
  shown,
  toExport,
  toResource,
} from "../sources/states.js";
import { type CommandOptions, runHere, runProgram } from "./command.js";

let folder: string;
let env: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-audit-"));
  for (const name of ["home", "backend", "work"]) mkdirSync(join(folder, name));
  env = {
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "FAKE-passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

const VALUES = { secret: shown(CANARIES.secret), issuedForTriggers: shown({ a: CANARIES.triggers }) };
const STATE = toExport([
  toResource(PLAIN, { ...PLAIN_OUTPUTS, ...VALUES, note: CANARIES.misplaced }),
  toResource(ROTATING, SHOWN_ROTATING_OUTPUTS, {}, "rotating"),
]);

describe("atlas-secrets, started as a program", () => {
  const AT = ["audit", "-", "--at", "2026-04-01"];

  it("reads the standard input, and ends with 1 for findings", async () => {
    const { code, stdout, stderr } = await runProgram(AT, { stdin: STATE });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("current-expired");
    expect(stdout).not.toContain("\u001b");
  });

  it("ends with 2 for what it cannot read, and for a flag that there is not", async () => {
    const cut = await runProgram(AT, { stdin: STATE.slice(0, 1000) });
    expect(cut).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^atlas-secrets: .*standard input.*\.\n$/),
    });
    const flag = await runProgram(["audit", "--formatt", "json"]);
    expect(flag).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining("(Did you mean --format?)") });
  });

  it("says that there is no Pulumi CLI where there is none", async () => {
    const { code, stderr } = await runProgram(["audit", "--all-stacks"], { env: { PATH: folder } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "atlas-secrets: Could not read stacks: the Pulumi CLI is not on the PATH.\n",
    });
  });
});

describe("a report", () => {
  it.each(FORMATS)("as %s holds no value of a state that was written with --show-secrets", async (format) => {
    expect(findCanaries(STATE, CANARIES)).toContain("secret");
    for (const columns of [undefined, 80]) {
      const options: CommandOptions = { stdin: STATE, ...(columns !== undefined && { columns }) };
      const { stdout, stderr } = await runHere(["audit", "-", "--at", "2026-04-01", "--format", format], options);
      expect(stdout).toContain("aaaaaaaaaaaaaaaaaaaaaaa1");
      expect(findCanaries(stdout + stderr, CANARIES)).toEqual([]);
      // Atlas's mask of it neither.
      expect(stdout).not.toContain("wxyz");
    }
  });
});

describe("audit of stacks in a backend", () => {
  const pulumi = (args: readonly string[], stdin = "") => {
    const run = promisify(execFile)("pulumi", [...args, "--non-interactive"], {
      cwd: join(folder, "work"),
      env: { ...process.env, ...env },
    });
    run.child.stdin?.end(stdin);
    return run;
  };

  /** A stack whose state holds these resources, its values encrypted by the CLI. */
  async function createStack(name: string, outputs: Fields): Promise<void> {
    await pulumi(["stack", "init", `organization/shop/${name}`]);
    const salt = /encryptionsalt: (\S+)/.exec(readFileSync(join(folder, "work", `Pulumi.${name}.yaml`), "utf8"))?.[1];
    const resource = { ...toResource(PLAIN, outputs), urn: `urn:pulumi:${name}::shop::${PLAIN}::backend` };
    const secrets_providers = { type: "passphrase", state: { salt } };
    const state = { version: 3, deployment: { secrets_providers, resources: [resource] } };
    await pulumi(["stack", "import", "--stack", `organization/shop/${name}`], JSON.stringify(state));
  }

  beforeAll(async () => {
    writeFileSync(join(folder, "work", "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await createStack("prod", { ...PLAIN_OUTPUTS, ...VALUES });
    await createStack("test", { ...PLAIN_OUTPUTS, ...VALUES, secretId: "b".repeat(24), status: "rejected" });
  });

  const audit = (args: readonly string[], more: CommandOptions["env"] = {}) =>
    runProgram(["audit", "--at", "2026-03-05", ...args], { env: { ...env, ...more }, cwd: join(folder, "home") });

  it("reads one stack, or all of them, and says which stack a statement is from; a passphrase is not asked for", async () => {
    const none = { PULUMI_CONFIG_PASSPHRASE: undefined };
    const one = await audit(["--stack", "organization/shop/prod", "--format", "json"], none);
    expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: "" });
    expect((JSON.parse(one.stdout) as AuditReport).sources).toEqual([
      { name: "stack organization/shop/prod", kind: "stack", asOf: expect.stringMatching(/Z$/) },
    ]);

    const wrong = { PULUMI_CONFIG_PASSPHRASE: "FAKE-wrong-passphrase" };
    const all = await audit(["--all-stacks", "--format", "json"], wrong);
    const { sources, findings } = JSON.parse(all.stdout) as AuditReport;
    expect(all.code).toBe(1);
    expect(sources.map(({ name }) => name).sort()).toEqual([
      "stack organization/shop/prod",
      "stack organization/shop/test",
    ]);
    expect(findings.filter(({ code }) => code === "rejected").map((found) => found.sources)).toEqual([
      ["stack organization/shop/test"],
    ]);
    expect(findCanaries(one.stdout + all.stdout + all.stderr, CANARIES)).toEqual([]);
    const stored = readdirSync(join(folder, "backend"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(findCanaries(stored.join("\n"), { secret: CANARIES.secret })).toEqual([]);
  });

  it("names stacks in full in the folder of their project too, and reads each once", async () => {
    const args = ["audit", "--at", "2026-03-05", "--stack", "prod", "--all-stacks", "--format", "json"];
    const { stdout } = await runProgram(args, { env, cwd: join(folder, "work") });
    const { sources } = JSON.parse(stdout) as AuditReport;
    expect(sources.map(({ name }) => name)).toEqual(["stack organization/shop/prod", "stack organization/shop/test"]);
  });

  it("names a stack that is not there as not read, reports the rest, and is incomplete", async () => {
    const args = ["--stack", "organization/shop/none", "--stack", "organization/shop/test", "--format", "json"];
    const { code, stdout } = await audit(args);
    const { sources, unreadSources, findings } = JSON.parse(stdout) as AuditReport;
    // A finding counts more than what could not be read.
    expect(code).toBe(1);
    expect(sources.map(({ name }) => name)).toEqual(["stack organization/shop/test"]);
    expect(findings.map((found) => found.code)).toEqual(["rejected"]);
    expect(unreadSources).toEqual([
      { source: "stack organization/shop/none", message: expect.stringMatching(/^Could not export stack .*none'/) },
    ]);
  });

  it("reads a checkpoint of the backend as a file like the stack itself", async () => {
    const file = join(folder, "backend/.pulumi/stacks/shop/test.json");
    const { stdout } = await audit([file, "--format", "json"]);
    const { findings, unreadSources } = JSON.parse(stdout) as AuditReport;
    expect([findings.map((found) => found.code), unreadSources]).toEqual([["rejected"], []]);
  });

  it("reads a stack that another run has locked, as a look needs no lock, and leaves the lock alone", async () => {
    const locks = join(folder, "backend/.pulumi/locks/organization/shop/prod");
    const lock = JSON.stringify({ pid: 1, username: "ops", hostname: "ci", timestamp: "2026-03-05T00:00:00Z" });
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "4f1c7d1e-0000-4000-8000-000000000000.json"), lock);
    const run = await pulumi(["destroy", "--yes", "--stack", "organization/shop/prod"]).then(() => "ran", String);
    expect(run).toContain("the stack is currently locked");
    const { code, stderr } = await audit(["--stack", "organization/shop/prod"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readdirSync(locks)).toHaveLength(1);
    rmSync(locks, { recursive: true });
  });

  it.each<[string, readonly string[], CommandOptions["env"], string]>([
    [
      "there is no such stack",
      ["--stack", "organization/shop/none"],
      {},
      "Could not export stack organization/shop/none: ",
    ],
    [
      "the backend is not there",
      ["--all-stacks"],
      { PULUMI_BACKEND_URL: "file:///nowhere/at/all" },
      "Could not list the stacks of the backend: ",
    ],
  ])("says in one sentence that %s", async (_, args, more, said) => {
    const { code, stdout, stderr } = await audit(args, more);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^atlas-secrets: [^\n]+\.\n$/);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain("without a message");
  });
});
