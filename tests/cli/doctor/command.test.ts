/** `doctor` as a command: what it asks of Atlas, what it says of each failure, its exit codes, and that no value passes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { SeededAccount } from "pulumi-atlas-secrets-simulator";
import type { DoctorReport } from "../../../cli/src/doctor/render.js";
import { run } from "../../../cli/src/program.js";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { findCanaries } from "../../helpers/canaries.js";
import { runHere } from "../audit/command.js";
import { findSchemaErrors } from "../helpers/published-schema.js";
import { CANARIES, PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "../sources/states.js";
import { PROJECT_ID } from "./facts.js";
import { createMachine, type Machine } from "./machine.js";

let machine: Machine;
let atlas: CheckedSimulator;
let account: SeededAccount;

beforeAll(() => {
  machine = createMachine();
});
afterAll(() => machine.remove());
beforeEach(async () => {
  atlas = await startCheckedSimulator();
  account = await atlas.addAccount({ ownerId: PROJECT_ID, initialSecret: true });
});
afterEach(() => atlas.close());

const path = () => `${account.ownerId}/${account.clientId}`;

async function doctor(args: readonly string[], env: Readonly<Record<string, string | undefined>> = machine.env(atlas)) {
  const result = await runHere(["doctor", ...args], { cwd: machine.folder, env });
  expect(findCanaries(result.stdout + result.stderr, { ...CANARIES, own: String(account.secret?.value) })).toEqual([]);
  return result;
}

/** What is not in order, as `status name`. */
function wrongOf(stdout: string): string[] {
  return stdout.split("\n").flatMap((line) => {
    const [, status, name] = /^(warning|failed|unknown) +([a-z-]+)/.exec(line) ?? [];
    return status ? [`${status} ${name}`] : [];
  });
}

/** Without those that give a token back: nobody waits for them, so that their place is by chance. */
const operations = async () =>
  (await atlas.requests())
    .filter(({ operation }) => operation !== "revoke")
    .map(({ method, operation }) => `${method} ${operation}`);

describe("atlas-secrets doctor", () => {
  it("finds nothing wrong, with one mint and one GET", async () => {
    const { code, stdout, stderr } = await doctor(["--account", path()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    // The administrator of the simulator is no account of the project, so that its roles are not listed there.
    expect(wrongOf(stdout)).toEqual(["warning roles"]);
    expect(stdout).toMatch(/^ok +slots .*: 1 of 2 slots taken\.$/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("'pulumi up' should work; 1 warning.");
    expect(await operations()).toEqual(["POST mint", "GET listAccounts"]);
  });

  it("looks at an account of an organization, and asks for nothing of a project", async () => {
    const { ownerId, clientId } = await atlas.addAccount({ level: "organization" });
    await atlas.resetLog();
    const { stdout } = await doctor(["--account", `${ownerId}/${clientId}`, "--organization", ownerId]);
    expect(stdout).toMatch(
      new RegExp(`^ok +slots +Service account ${clientId} of organization ${ownerId}: 0 of 2 slots`, "m"),
    );
    expect((await atlas.requests()).filter(({ path }) => path.includes("/groups/"))).toEqual([]);
  });

  it("lists each owner once however many accounts there are, and asks for one by itself where the list is not enough", async () => {
    const other = await atlas.addAccount({ ownerId: account.ownerId });
    const args = ["--account", path(), "--account", `${other.ownerId}/${other.clientId}`, "--project", account.ownerId];
    await doctor(args);
    expect(await operations()).toEqual(["POST mint", "GET listAccounts"]);
    await atlas.resetLog();
    await atlas.setSwitches({ listHoldsSecrets: false });
    const { stdout } = await doctor(["--account", path()]);
    expect(stdout).toMatch(/^ok +slots /m);
    expect(await operations()).toEqual(["POST mint", "GET listAccounts", "GET getAccount"]);
  });

  it("knows an account by either case of its client id", async () => {
    const upper = `${account.ownerId}/${account.clientId.replace(/[a-f]+(?=[\da-f]*$)/g, (text) => text.toUpperCase())}`;
    expect((await doctor(["--account", upper, "--account", path()])).stdout.match(/^ok +slots /gm)).toHaveLength(1);
  });

  it("mints once and cannot tell more when no project is named", async () => {
    const { code, stdout } = await doctor([]);
    expect({ code, wrong: wrongOf(stdout) }).toEqual({ code: 2, wrong: ["unknown ip-access-list", "unknown roles"] });
    expect(await operations()).toEqual(["POST mint"]);
  });

  it.each([
    ["Project Owner", ["GROUP_OWNER"], 0, []],
    ["Project Read Only", ["GROUP_READ_ONLY"], 1, ["failed roles"]],
  ])("reads the roles of its own account: %s", async (_, roles, code, wrong) => {
    await atlas.reassign(account.clientId, account.ownerId, roles);
    const own = { MONGODB_ATLAS_CLIENT_ID: account.clientId, MONGODB_ATLAS_CLIENT_SECRET: account.secret?.value };
    const { code: found, stdout } = await doctor(["--account", path()], { ...machine.env(atlas), ...own });
    expect({ code: found, wrong: wrongOf(stdout) }).toEqual({ code, wrong });
  });

  it("takes the accounts of a state, and knows which of their secrets it records", async () => {
    const state = (...ids: string[]) => {
      const resources = ids.map((secretId, index) => {
        const outputs = { ...PLAIN_OUTPUTS, projectId: account.ownerId, clientId: account.clientId, secretId };
        return toResource(PLAIN, outputs, { id: `${path()}/${secretId}` }, `secret${index}`);
      });
      writeFileSync(join(machine.folder, "state.json"), toExport(resources));
    };
    const first = String(account.secret?.id);
    const second = (await atlas.createForeignSecret(account)).id;
    state(first, second);
    expect((await doctor(["state.json"])).stdout).toMatch(
      /^warning +slots .*both are this stack's own: undo the change/m,
    );
    state(first);
    expect(wrongOf((await doctor(["state.json"])).stdout)).toEqual(["warning roles", "warning slots"]);
    expect(wrongOf((await doctor(["--account", path()])).stdout)).toEqual(["warning roles", "failed slots"]);
  });

  it("names what cannot be read of a state, and cannot tell", async () => {
    const file = join(machine.folder, "odd.json");
    writeFileSync(file, toExport([toResource(PLAIN, { ...PLAIN_OUTPUTS, projectId: "1" }, { id: "1" })]));
    const { code, stdout } = await doctor(["odd.json", "--account", path()]);
    expect({ code, wrong: wrongOf(stdout) }).toEqual({ code: 2, wrong: ["warning roles", "unknown sources"] });
    expect(stdout).toMatch(/^unknown +sources +not read, odd\.json: urn:.* it names no service account/m);
  });

  it("gives the same as JSON, by its published schema", async () => {
    const { stdout } = await doctor(["--account", path(), "--json"]);
    expect(findSchemaErrors("doctor-report", JSON.parse(stdout))).toEqual([]);
    const { formatVersion, checks, known } = JSON.parse(stdout) as DoctorReport;
    expect({ formatVersion, known }).toEqual({ formatVersion: 1, known: undefined });
    expect(checks.map(({ name, status }) => `${status} ${name}`)).toEqual([
      ...["settings", "credential", "base-url", "token", "ip-access-list"].map((name) => `ok ${name}`),
      "warning roles",
      ...["slots", "clock", "pulumi-cli", "node", "packages"].map((name) => `ok ${name}`),
    ]);
  });

  it("tells a clock that is wrong", async () => {
    await atlas.advance(3 * 3_600_000);
    const { code, stdout } = await doctor(["--account", path()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning +clock +this machine's clock is [23] h behind Atlas's\./m);
  });

  it.each([
    [
      "an API key",
      async () => {
        const { publicKey, privateKey } = await atlas.addApiKey({ ownerId: account.ownerId });
        return { MONGODB_ATLAS_PUBLIC_KEY: publicKey, MONGODB_ATLAS_PRIVATE_KEY: privateKey };
      },
      ["warning roles"],
    ],
    [
      "an access token",
      async () => ({ MONGODB_ATLAS_ACCESS_TOKEN: await atlas.issueAccessToken({ ownerId: account.ownerId }) }),
      ["warning credential", "warning roles"],
    ],
  ])("signs in with %s, without a mint", async (_, toCredential, wrong) => {
    const env = { MONGODB_ATLAS_BASE_URL: atlas.url, PATH: machine.path, ...(await toCredential()) };
    const { code, stdout } = await doctor(["--account", path()], env);
    expect({ code, wrong: wrongOf(stdout) }).toEqual({ code: 0, wrong });
    expect((await operations()).filter((operation) => operation.startsWith("POST"))).toEqual([]);
  });
});

describe("atlas-secrets doctor when something fails", () => {
  const body = (status: number, errorCode: string) => ({ error: status, errorCode });

  it.each([
    [
      "the credential is wrong",
      1,
      ["failed token", "unknown ip-access-list", "unknown roles", "unknown slots"],
      { MONGODB_ATLAS_CLIENT_SECRET: CANARIES.secret },
    ],
    [
      "the base URL leads to nothing",
      2,
      [
        "unknown base-url",
        "unknown token",
        "unknown ip-access-list",
        "unknown roles",
        "unknown slots",
        "unknown clock",
      ],
      { MONGODB_ATLAS_BASE_URL: "http://127.0.0.1:9" },
    ],
    ["the base URL leads elsewhere", 1, ["failed base-url"], { MONGODB_ATLAS_BASE_URL: "ELSEWHERE" }],
    [
      "there is no credential",
      1,
      ["failed settings"],
      { MONGODB_ATLAS_CLIENT_ID: undefined, MONGODB_ATLAS_CLIENT_SECRET: undefined },
    ],
    ["half of a credential is there", 1, ["failed settings"], { MONGODB_ATLAS_CLIENT_ID: undefined }],
    ["there is no CLI", 1, ["warning roles", "failed pulumi-cli", "failed node"], { PATH: "/nowhere" }],
  ])("says so: %s", async (_, code, wrong, changes) => {
    const env: Record<string, string | undefined> = { ...machine.env(atlas), ...changes };
    if (env.MONGODB_ATLAS_BASE_URL === "ELSEWHERE") {
      env.MONGODB_ATLAS_BASE_URL = atlas.url;
      await atlas.addFault({ kind: "malformed", times: "always" });
    }
    const { code: found, stdout, stderr } = await doctor(["--account", path()], env);
    expect({ code: found, stderr }).toEqual({ code, stderr: "" });
    expect(wrongOf(stdout).slice(0, wrong.length)).toEqual(wrong);
    expect((await operations()).filter((operation) => !/^GET|mint$/.test(operation))).toEqual([]);
  });

  it.each([
    ["401 to the list", 401, "", 1, ["unknown ip-access-list", "failed roles", "unknown slots"]],
    ["403 for a role", 403, "USER_UNAUTHORIZED", 1, ["unknown ip-access-list", "failed roles", "unknown slots"]],
    [
      "403 for its address",
      403,
      "IP_ADDRESS_NOT_ON_ACCESS_LIST",
      1,
      ["failed ip-access-list", "unknown roles", "unknown slots"],
    ],
    ["404 for the project", 404, "RESOURCE_NOT_FOUND", 1, ["unknown ip-access-list", "failed roles", "unknown slots"]],
    ["503 again and again", 503, "BUSY", 2, ["unknown ip-access-list", "unknown roles", "unknown slots"]],
  ])("says what it means that Atlas answers %s", async (_, status, errorCode, code, wrong) => {
    const match = { operation: "listAccounts" } as const;
    await atlas.addFault({ kind: "status", status, body: body(status, errorCode), match, times: "always" });
    const { code: found, stdout } = await doctor(["--account", path()]);
    expect({ code: found, wrong: wrongOf(stdout) }).toEqual({ code, wrong });
  });

  it("does not wait for a rate limit of minutes, and says when to come again", async () => {
    const headers = { "retry-after": "50" };
    const fault = { kind: "status", status: 429, body: body(429, "RATE_LIMITED"), headers, times: "always" } as const;
    await atlas.addFault({ ...fault, match: { operation: "mint" } });
    const waits: number[] = [];
    const { code, stdout } = await runHere(["doctor", "--account", path()], {
      cwd: machine.folder,
      env: machine.env(atlas),
      onSleep: (ms) => void waits.push(ms),
    });
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^unknown +token +Atlas's rate limit is reached, or Atlas is not available for now: run 'atlas-secrets doctor' again after 50 s\.$/m,
    );
    expect(Math.max(0, ...waits)).toBeLessThanOrEqual(15_000);
  });

  it("says that an account is not assigned to the project", async () => {
    const { code, stdout } = await doctor(["--account", `${account.ownerId}/mdb_sa_id_${"9".repeat(24)}`]);
    expect({ code, wrong: wrongOf(stdout) }).toEqual({ code: 1, wrong: ["warning roles", "failed slots"] });
  });

  it("says that there is no project in the folder", async () => {
    mkdirSync(join(machine.folder, "empty"), { recursive: true });
    const { code, stdout } = await doctor(["--account", path(), "--cwd", "empty"]);
    expect({ code, wrong: wrongOf(stdout) }).toEqual({ code: 2, wrong: ["warning roles", "unknown packages"] });
  });

  it.each([
    ["a file that is missing", ["gone.json"], /^atlas-secrets: Could not read gone\.json: there is no such file\.$/m],
    ["an account that is none", ["--account", "1/2"], /An account is named as PROJECT\/CLIENT/],
    ["--yes alone", ["--yes"], /--yes and --may-shorten need --write-check\./],
    ["a flag that does not exist", ["--acount", "x"], /Did you mean --account\?/],
  ])("refuses %s in one sentence, before anything is sent", async (_, args, sentence) => {
    const { code, stdout, stderr } = await doctor(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(await operations()).toEqual([]);
  });

  it("has an example in its help", async () => {
    expect((await doctor(["--help"])).stdout).toContain("$ atlas-secrets doctor --stack dev\n");
  });
});

describe("doctor --write-check asks first", () => {
  /** Runs it on a terminal where somebody types an answer. */
  async function answer(text: string) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.end(text);
    const printed = { stdout: "", stderr: "" };
    const toSink = (name: keyof typeof printed) => ({
      write: (more: string) => {
        printed[name] += more;
      },
    });
    const code = await run(["doctor", "--write-check", path()], {
      env: machine.env(atlas),
      cwd: machine.folder,
      stdin,
      stdout: toSink("stdout"),
      stderr: toSink("stderr"),
      now: Date.now,
      sleep: async () => {},
    });
    return { code, ...printed, operations: await operations() };
  }

  beforeEach(async () => {
    await atlas.deleteSecret(String(account.secret?.id));
  });

  it.each(["y\n", "YES\n"])("and goes on with %j", async (text) => {
    const { code, stderr, operations: sent } = await answer(text);
    expect(code).toBe(0);
    expect(stderr).toContain("create one secret for 8 hours, mint tokens with it, and delete it again? [y/N] ");
    expect(sent).toEqual(expect.arrayContaining(["POST createSecret", "DELETE deleteSecret"]));
  });

  it.each(["n\n", "\n", "", "yess\n", "no y\n"])("and creates nothing with %j", async (text) => {
    const { code, stdout, operations: sent } = await answer(text);
    expect(code).toBe(2);
    expect(stdout).toContain("nothing was created, because you did not agree.");
    expect(sent.filter((operation) => !/^GET|mint$/.test(operation))).toEqual([]);
  });

  it("and refuses without a terminal and without --yes, before anything is sent", async () => {
    const { code, stdout, stderr } = await doctor(["--write-check", path()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("there is no terminal to ask on: agree with --yes.");
    expect(await operations()).toEqual([]);
  });

  it("and creates nothing when the credential is refused", async () => {
    const env = { ...machine.env(atlas), MONGODB_ATLAS_CLIENT_SECRET: CANARIES.secret };
    const { code, stdout } = await doctor(["--write-check", path(), "--yes"], env);
    expect(code).toBe(1);
    expect(stdout).toContain("nothing was created, because the check token did not pass.");
    expect((await operations()).filter((operation) => !/^GET|mint$/.test(operation))).toEqual([]);
  });
});
