/** How the audit fails: one sentence, exit code 2, nothing written; and what it refuses before it reads anything. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_PROJECT_ID, type Fault } from "pulumi-atlas-secrets-simulator";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { findCanaries } from "../../helpers/canaries.js";
import {
  CANARIES,
  PLAIN,
  PLAIN_OUTPUTS,
  ROTATING,
  SHOWN_ROTATING_OUTPUTS,
  shown,
  toExport,
  toResource,
} from "../sources/states.js";
import { type CommandOptions, type CommandResult, runHere, toEnvironment } from "./command.js";

const PROJECT = DEMO_PROJECT_ID;
const STATE = toExport([
  toResource(PLAIN, { ...PLAIN_OUTPUTS, secret: shown(CANARIES.secret), note: CANARIES.misplaced }),
  toResource(ROTATING, SHOWN_ROTATING_OUTPUTS, {}, "rotating"),
]);
const LIVE = ["--live", "--project", PROJECT];
let atlas: CheckedSimulator;
let folder: string;

beforeEach(async () => {
  atlas = await startCheckedSimulator({ seed: "demo" });
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-audit-"));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await atlas.close();
});

const save = (text: string) => writeFileSync(join(folder, "state.json"), text);
const audit = (args: readonly string[], options: CommandOptions = {}) =>
  runHere(["audit", ...args], { cwd: folder, ...options });

/** One line that ends as a sentence, and nothing else anywhere. */
function expectFailure({ code, stdout, stderr }: CommandResult, said: string | RegExp): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^atlas-secrets: [^\n]+\.\n$/);
  expect(stderr).toMatch(said);
  expect(findCanaries(stderr, CANARIES)).toEqual([]);
}

/** A port on which nobody listens. */
async function toFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

type Failing = readonly [
  what: string,
  said: string | RegExp,
  prepare: () => Promise<readonly [string[], CommandOptions?]>,
];

const env = () => toEnvironment(atlas);

/** A file with this text. */
const saved = (text: string) => async (): Promise<[string[]]> => {
  save(text);
  return [["state.json"]];
};
const LISTS = { operation: "listAccounts" } as const;
/** A call that always ends like this. */
const faulty = (fault: Fault) => async (): Promise<[string[], CommandOptions]> => {
  await atlas.addFault({ ...fault, times: "always" });
  return [LIVE, { env: env() }];
};

const FAILURES: readonly Failing[] = [
  ["no credential", "No credential for Atlas: set MONGODB_ATLAS_CLIENT_ID", async () => [LIVE, { env: {} }]],
  [
    "half a credential",
    "MONGODB_ATLAS_CLIENT_ID is set without MONGODB_ATLAS_CLIENT_SECRET.",
    async () => [LIVE, { env: { MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_0123456789abcdef01234567" } }],
  ],
  [
    "a wrong credential",
    /answered 401 invalid_client/,
    async () => [LIVE, { env: { ...env(), MONGODB_ATLAS_CLIENT_SECRET: CANARIES.secret } }],
  ],
  [
    "a base URL that others could read",
    "MONGODB_ATLAS_BASE_URL must start with https://",
    async () => [LIVE, { env: { ...env(), MONGODB_ATLAS_BASE_URL: "http://example.com" } }],
  ],
  ["no such file", "Could not read other.json: there is no such file.", async () => [["other.json"]]],
  ["a folder", "Could not read .: it is a folder.", async () => [["."]]],
  ["an empty file", "Could not read state.json: it is empty.", saved("")],
  ["an export that was written half", "it ends in the middle", saved(STATE.slice(0, STATE.length / 2))],
  ["text that is no JSON", "it is not JSON.", saved(`${CANARIES.secret} {}`)],
  ["JSON that is neither", "it holds nothing that I know", saved(`["${CANARIES.secret}"]`)],
  ["an export of another version", "its version is not one of 3, 4", saved('{"version": 2, "deployment": {}}')],
  [
    "an export with a broken resource",
    "its deployment (resources.0.urn) is not as expected",
    saved(JSON.stringify({ version: 3, deployment: { resources: [{ type: PLAIN, secret: CANARIES.secret }] } })),
  ],
  ["standard input with nothing in it", "Could not read standard input: it is empty.", async () => [["-"]]],
  [
    "Atlas down",
    /no answer from http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\).*run 'atlas-secrets audit' again/,
    async () => [LIVE, { env: { ...env(), MONGODB_ATLAS_BASE_URL: `http://127.0.0.1:${await toFreePort()}` } }],
  ],
  [
    "Atlas failing",
    /answered 500.*Run 'atlas-secrets audit' again/,
    faulty({ kind: "status", status: 500, match: LISTS }),
  ],
  [
    "429, for longer than it waits",
    /answered 429.*run 'atlas-secrets audit' again after 30 s/,
    faulty({ kind: "status", status: 429, headers: { "Retry-After": "30" }, match: LISTS }),
  ],
  [
    "an answer that is no JSON",
    "with a body that is not what its API describes",
    faulty({ kind: "malformed", match: LISTS }),
  ],
  ["the only project is not visible", "answered 403", faulty({ kind: "status", status: 403, match: LISTS })],
  ["no Pulumi CLI", "the Pulumi CLI is not on the PATH", async () => [["--all-stacks"], { env: { PATH: "" } }]],
  [
    "no project to ask for",
    "no source names a project or organization",
    async () => {
      save(toExport([]));
      return [["state.json", "--live"], { env: env() }];
    },
  ],
  ["nothing to audit", "Nothing to audit: name files", async () => [[]]],
  [
    "--credential without --live",
    "--credential and --unmanaged say what to ask Atlas for: add --live",
    async () => [["state.json", "--credential", `${PROJECT}=SHOP`]],
  ],
  [
    "a credential that is not set, by its own name",
    "No credential for Atlas: set SHOP_CLIENT_ID and SHOP_CLIENT_SECRET",
    async () => [[...LIVE, "--credential", `${PROJECT}=SHOP`], { env: env() }],
  ],
  [
    "half of a credential, by its own name",
    "SHOP_CLIENT_SECRET is set without SHOP_CLIENT_ID.",
    async () => [
      [...LIVE, "--credential", `${PROJECT}=SHOP`],
      { env: { ...env(), SHOP_CLIENT_SECRET: CANARIES.secret } },
    ],
  ],
  ["--project without --live", "--project, --organization, --credential and", async () => [["--project", PROJECT]]],
  [
    "--watch into a file",
    "--watch needs a terminal",
    async () => [[...LIVE, "--watch", "--output", "x"], { columns: 80 }],
  ],
  [
    "--watch of standard input",
    "--watch cannot read the standard input",
    async () => [["-", "--watch"], { columns: 80 }],
  ],
];

describe("audit", () => {
  it.each(FAILURES)("says in one sentence: %s", async (_, said, prepare) => {
    const [args, options] = await prepare();
    expectFailure(await audit(args, options), said);
    if (args.includes("--watch")) return;
    const output = join(folder, "report.json");
    expectFailure(await audit([...args, "--output", "report.json"], options), said);
    expect(existsSync(output)).toBe(false);
    writeFileSync(output, "an older report");
    await audit([...args, "--output", "report.json"], options);
    expect(readFileSync(output, "utf8")).toBe("an older report");
  });

  it("takes a file that holds nothing for that, where it is meant", async () => {
    save("{}");
    expect((await audit(["state.json", "--allow-empty"])).code).toBe(0);
  });

  it("says that it cannot write its report, and leaves no draft of it", async () => {
    save(STATE);
    expectFailure(
      await audit(["state.json", "--output", "missing/report"]),
      "Could not write missing/report: there is no such folder.",
    );
    mkdirSync(join(folder, "taken"));
    expectFailure(await audit(["state.json", "--output", "taken"]), "Could not write taken: it is a folder.");
    expect(readdirSync(folder).sort()).toEqual(["state.json", "taken"]);
  });

  it("writes its report whole, with the exit code of what is in it", async () => {
    save(toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
    const { code, stdout } = await audit([
      "state.json",
      "--at",
      "2026-03-05",
      "--output",
      "report.json",
      "--format",
      "json",
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toMatchObject({ formatVersion: 1 });
  });
});

describe("the exit code", () => {
  // At this time the rotation is due, for less than the grace: a warning.
  const WARNING = ["state.json", "--at", "2026-03-21T09:00:00Z"];
  it.each<[string, readonly string[], number]>([
    ["0 when nothing is found", ["state.json", "--at", "2026-03-05"], 0],
    ["0 for less than --fail-on, which is error", WARNING, 0],
    ["1 from --fail-on warning on", [...WARNING, "--fail-on", "warning"], 1],
    ["1 from --fail-on info on", [...WARNING, "--fail-on", "info"], 1],
    ["1 for an error", ["state.json", "--at", "2026-04-01"], 1],
    ["0 for an error with --fail-on never", ["state.json", "--at", "2026-04-01", "--fail-on", "never"], 0],
  ])("is %s", async (_, args, code) => {
    save(toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
    expect((await audit(args)).code).toBe(code);
  });

  it("is 2 when a resource of ours could not be read, whatever else is found", async () => {
    save(toExport([toResource(PLAIN, { ...PLAIN_OUTPUTS, clientId: shown("x") }, { id: "x" })]));
    const { code, stdout } = await audit(["state.json", "--fail-on", "never"]);
    expect(code).toBe(2);
    expect(stdout).toContain("it names no service account that can be read");
  });
});

describe("what the parser refuses", () => {
  it.each<[string, readonly string[], string]>([
    [
      "an unknown flag, with the nearest one",
      ["audit", "--all-stack"],
      "unknown option '--all-stack'\n(Did you mean --all-stacks?)",
    ],
    ["an unknown command, with the nearest one", ["adit"], "unknown command 'adit'\n(Did you mean audit?)"],
    ["another format", ["audit", "x", "--format", "xml"], "Allowed choices are table, json, csv, openmetrics, sarif"],
    [
      "a time without a zone",
      ["audit", "x", "--at", "2026-03-05T08:00:00"],
      "Write 2026-12-24T08:00:00Z, 2026-12-24, +30d or +12h.",
    ],
    ["a day that there is not", ["audit", "x", "--at", "2026-02-30"], "Write 2026-12-24T08:00:00Z, 2026-12-24"],
    ["a time that there is not", ["audit", "x", "--at", "2026-02-28T25:00:00Z"], "Write 2026-12-24T08:00:00Z"],
    ["the 29th of a February without one", ["audit", "x", "--at", "2026-02-29T08:00:00+02:00"], "Write 2026-12-24T08"],
    ["hours that are none", ["audit", "x", "--grace", "a day"], "Write a whole number of hours."],
    ["an id that is none", ["audit", "--live", "--project", "x"], "An id is 24 characters of a-f and 0-9."],
    ["a credential without a prefix", ["audit", "x", "--live", "--credential", "9".repeat(24)], "Write ID=PREFIX: "],
    ["an interval of nothing", ["audit", "x", "--interval", "0"], "Write a whole number of seconds, at least 1."],
  ])("%s", async (_, args, said) => {
    const { code, stdout, stderr } = await runHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  it("shows help with an example, for the program and for the command", async () => {
    for (const args of [["--help"], ["audit", "--help"]]) {
      const { code, stdout, stderr } = await runHere(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/\nExamples?:\n {2}\$ atlas-secrets audit|\nExamples?:\n {2}\$ .*atlas-secrets audit/);
    }
  });
});

describe("audit --watch", () => {
  class Ended extends Error {}

  it("shows one report after another, and a failure between them in one sentence", async () => {
    const looks: string[] = [];
    const onSleep = (ms: number, printed: () => string) => {
      if (ms !== 5000) return;
      looks.push(printed().split("\u001b[H").at(-1) ?? "");
      if (looks.length === 1) save("{");
      if (looks.length === 2) save(STATE);
      if (looks.length === 3) throw new Ended();
    };
    save(STATE);
    const options = { columns: 100, onSleep };
    await audit(["state.json", "--watch", "--interval", "5", "--at", "2026-03-05"], options);
    expect(looks[0]).toContain("As of 2026-03-05T00:00:00Z");
    expect(looks[1]).toMatch(/^Could not read state\.json: .*\n\nAgain in 5 s; Ctrl-C ends it\.\n$/);
    expect(looks[2]).toBe(looks[0]);
  });
});
