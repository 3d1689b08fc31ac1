/** `doctor` as the installed program: a stack of the program's folder, an interrupt in the middle, and what is not there. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, type SeededAccount } from "pulumi-atlas-secrets-simulator";
import type { DoctorReport } from "../../../cli/src/doctor/render.js";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { toOperations } from "../../helpers/atlas.js";
import { findCanaries } from "../../helpers/canaries.js";
import { untilFound } from "../../helpers/poll.js";
import { runProgram } from "../audit/command.js";
import { CANARIES, PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "../sources/states.js";
import { PROJECT_ID } from "./facts.js";
import { createMachine, type Machine } from "./machine.js";

const BIN = join(__dirname, "../../../cli/bin/atlas-secrets.cjs");

let machine: Machine;
let atlas: CheckedSimulator;
let account: SeededAccount;

beforeEach(async () => {
  machine = createMachine();
  atlas = await startCheckedSimulator();
  account = await atlas.addAccount({ ownerId: PROJECT_ID });
});
afterEach(async () => {
  machine.remove();
  await atlas.close();
});

const path = () => `${account.ownerId}/${account.clientId}`;
const operations = async () => toOperations(await atlas.requests());

/** What `pulumi config --json --show-secrets` prints for a stack. */
const toConfig = (isSecret: boolean) => ({
  "mongodbatlas:baseUrl": { value: atlas.url, secret: false },
  "mongodbatlas:clientId": { value: DEMO_ADMIN_CLIENT_ID, secret: false },
  "mongodbatlas:clientSecret": { value: DEMO_ADMIN_SECRET, secret: isSecret },
  "shop:password": { value: CANARIES.triggers, secret: true },
});

/** What `pulumi preview --json` prints for one secret on the account. */
const toPreview = () => JSON.stringify({ steps: [toStep(account)] });

/** A step about a secret, looked after by the provider of this name. */
function toStep({ ownerId, clientId }: SeededAccount, name = "default_3_259_0", op = "create") {
  const urn = `urn:pulumi:dev::demo::${PLAIN}::${clientId}`;
  const inputs = { projectId: ownerId, clientId, secretExpiresAfterHours: 720 };
  const provider = `urn:pulumi:dev::demo::pulumi:providers:pulumi-nodejs::${name}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;
  return { op, urn, newState: { urn, type: PLAIN, inputs, provider } };
}

describe("the program atlas-secrets doctor", () => {
  it("takes the accounts from a preview before the first up, and runs none with --no-preview", async () => {
    machine.writeStack(toConfig(true), toExport([]), toPreview());
    const run = (...args: string[]) =>
      runProgram(["doctor", "--stack", "dev", ...args], { cwd: machine.folder, env: { PATH: machine.path } });
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ok +preview +the program of stack dev declares 1 secret of service accounts, on 1 account\.$/m,
    );
    expect(stdout).toContain(`Service account ${account.clientId} of project ${PROJECT_ID}: 0 of 2 slots taken.`);
    const without = await run("--no-preview");
    expect(without.code).toBe(2);
    expect(without.stdout).not.toMatch(/preview|slots/);
  });

  it("says that a preview fails, and looks at what it knows without it", async () => {
    machine.writeStack(toConfig(true), toExport([]));
    const args = ["doctor", "--stack", "dev", "--account", path()];
    const { code, stdout } = await runProgram(args, { cwd: machine.folder, env: { PATH: machine.path } });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^failed +preview +Could not preview stack dev: no stack named .* Run 'pulumi preview --stack dev' in the program's folder/m,
    );
    expect(stdout).toMatch(/^ok +slots /m);
  });

  it("takes the settings from a stack's configuration and the accounts from its state, and shows no value of either", async () => {
    const { id } = await atlas.createForeignSecret(account);
    const outputs = { ...PLAIN_OUTPUTS, projectId: account.ownerId, clientId: account.clientId, secretId: id };
    machine.writeStack(toConfig(true), toExport([toResource(PLAIN, outputs, { id: `${path()}/${id}` })]), toPreview());
    const { code, stdout, stderr } = await runProgram(["doctor", "--stack", "dev"], {
      cwd: machine.folder,
      env: { PATH: machine.path },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(
      "the credential is mongodbatlas:clientId and mongodbatlas:clientSecret, the base URL is mongodbatlas:baseUrl (of stack dev and the environment).",
    );
    expect(stdout).toContain(`Service account ${account.clientId} of project ${PROJECT_ID}: 1 of 2 slots taken.`);
    expect(findCanaries(stdout, { ...CANARIES, own: DEMO_ADMIN_SECRET })).toEqual([]);
    expect(await operations()).toEqual(["mint", "listAccounts"]);
  });

  it("fails for a credential that is stored in plaintext in the configuration, as the resources do", async () => {
    machine.writeStack(toConfig(false), toExport([]), toPreview());
    const args = ["doctor", "--stack", "dev"];
    const { code, stdout } = await runProgram(args, { cwd: machine.folder, env: { PATH: machine.path } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed +credential +mongodbatlas:clientSecret is stored in plaintext/m);
    expect(findCanaries(stdout, { own: DEMO_ADMIN_SECRET })).toEqual([]);
  });

  it("says in the CLI's own words that a stack is not there, reports the rest, and sends nothing", async () => {
    machine.writeStack({}, toExport([]));
    const args = ["doctor", "--stack", "prod", "--account", path()];
    const options = { cwd: machine.folder, env: machine.env(atlas) };
    const { code, stdout, stderr } = await runProgram(args, options);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(
      /^failed +stack +Could not read the configuration of stack prod: no stack named .* found\. /m,
    );
    expect(stdout).toMatch(/^unknown +settings +the stack's configuration was not read, and Atlas not asked\.$/m);
    expect(stdout).toMatch(/^ok +packages /m);
    const { checks } = JSON.parse((await runProgram([...args, "--json"], options)).stdout) as DoctorReport;
    expect(checks.map(({ name, status }) => `${status} ${name}`)).toEqual([
      "unknown settings",
      "ok pulumi-cli",
      "ok node",
      "ok packages",
      "failed stack",
    ]);
    expect(await operations()).toEqual([]);
  });

  it("reports the rest without a Pulumi CLI", async () => {
    const env = { ...machine.env(atlas), PATH: join(machine.folder, "nowhere") };
    const { code, stdout } = await runProgram(["doctor", "--stack", "dev", "--json"], { cwd: machine.folder, env });
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as DoctorReport;
    const failed = checks.filter(({ status }) => status === "failed").map(({ name }) => name);
    expect(failed).toEqual(["pulumi-cli", "node", "stack"]);
  });

  it("withholds what looks like a value from the CLI's words", async () => {
    machine.writeStack(toConfig(true), toExport([]));
    const name = "mdb_sa_sk_FAKE-in-place-of-a-name-0000000000000000";
    const args = ["doctor", "--stack", name];
    const { stdout, stderr } = await runProgram(args, { cwd: machine.folder, env: machine.env(atlas) });
    expect(stdout).toContain("[withheld]");
    expect(findCanaries(stdout + stderr, { name })).toEqual([]);
  });

  it("looks at no account of an explicit provider, and says so, until its credential is given", async () => {
    const other = await atlas.addAccount({ ownerId: "5".repeat(24), roles: ["GROUP_OWNER"] });
    const value = "mdb_sa_sk_FAKE-of-the-other-organization-0000000000";
    await atlas.createForeignSecret(other, { value });
    // An unchanged resource is a step as well.
    const steps = [toStep(account), toStep(other, "other", "same")];
    machine.writeStack(toConfig(true), toExport([]), JSON.stringify({ steps }));
    const env = { PATH: machine.path, TEAM_B_CLIENT_ID: other.clientId, TEAM_B_CLIENT_SECRET: value };
    const options = { cwd: machine.folder, env };
    const without = await runProgram(["doctor", "--stack", "dev"], options);
    expect(without.code).toBe(2);
    expect(without.stdout).toMatch(/^ok +preview .* declares 2 secrets of service accounts, on 2 accounts\.$/m);
    expect(without.stdout).toMatch(/^unknown +providers .*5{24} was not looked at: provider other signs in/m);
    expect(without.stdout.match(/^\w+ +slots /gm)).toHaveLength(1);
    const credential = ["--credential", `${other.ownerId}=TEAM_B`];
    const given = await runProgram(["doctor", "--stack", "dev", ...credential], options);
    expect(given.code).toBe(0);
    expect(given.stdout).toMatch(/^ok +roles +it has the role GROUP_OWNER in project 5{24}\.$/m);
    expect(given.stdout.match(/^ok +slots /gm)).toHaveLength(2);
    // Of an account whose slots are taken, the command that it offers signs in as this one does.
    await atlas.createForeignSecret(other, {});
    const full = await runProgram(["doctor", "--stack", "dev", ...credential], options);
    expect(full.stdout).toContain(`atlas-secrets remove ${other.ownerId}/${other.clientId}/`);
    expect(full.stdout.match(/'atlas-secrets remove [^']+'/g)?.every((one) => one.includes(credential.join(" ")))).toBe(
      true,
    );
    expect(findCanaries(given.stdout, { value, own: DEMO_ADMIN_SECRET })).toEqual([]);
  });

  it("says that the package does not resolve from the program's folder", async () => {
    rmSync(join(machine.folder, "node_modules"));
    const { code, stdout } = await runProgram(["doctor", "--account", path()], {
      cwd: machine.folder,
      env: machine.env(atlas),
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^failed +packages +pulumi-atlas-secrets does not resolve from .*npm install pulumi-atlas-secrets/m,
    );
  });

  it("deletes what it created when it is interrupted before that, and ends then", async () => {
    await atlas.addFault({ kind: "hold", stage: "after", skip: 1, match: { operation: "getAccount" } });
    const args = [BIN, "doctor", "--write-check", path(), "--yes"];
    const child = spawn(process.execPath, args, { cwd: machine.folder, env: machine.env(atlas) });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    await untilFound(async () => (await atlas.held())[0]);
    expect((await atlas.inventory()).accounts.flatMap(({ secrets }) => secrets).length).toBeGreaterThan(0);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    await atlas.releaseHeld();
    expect(await ended).toBe(2);
    expect(stdout).toMatch(/^ok +write-check-delete /m);
    expect(stdout).toMatch(/^unknown +write-check +it was interrupted, and ended early\.$/m);
    const { accounts } = await atlas.inventory();
    expect(accounts.find(({ clientId }) => clientId === account.clientId)?.secrets).toEqual([]);
  });
});
