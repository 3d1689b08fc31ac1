/** One set of options for all commands: what is said of an option holds wherever it is. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Option } from "commander";
import { COMMANDS, listOptions } from "../../cli/src/program.js";
import { runHere, runProgram } from "./audit/command.js";
import { PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "./sources/states.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-options-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const all = COMMANDS.flatMap((command) => listOptions(command).map((option) => ({ command: command.name, option })));
const ofCommand = (name: string) => all.filter(({ command }) => command === name).map(({ option }) => option);
const names = (options: readonly Option[]) => options.map(({ long }) => long);

describe("the options of all commands", () => {
  it.each([...new Set(all.map(({ option }) => String(option.long)))])(
    "%s has the same flags wherever it is",
    (long) => {
      const same = all.filter(({ option }) => option.long === long).map(({ option }) => option);
      expect(new Set(same.map(({ flags }) => flags)).size).toBe(1);
      expect(new Set(same.map(({ parseArg, argChoices }) => !argChoices && parseArg)).size).toBe(1);
    },
  );

  it("have the short flags that people try", () => {
    const shorts = new Map(all.flatMap(({ option }) => (option.short ? [[option.short, option.long]] : [])));
    expect(Object.fromEntries(shorts)).toEqual({
      "-C": "--cwd",
      "-f": "--format",
      "-o": "--output",
      "-s": "--stack",
      "-y": "--yes",
    });
  });

  it("have no second spelling of one thing", () => {
    const spellings = ["--org", "--out", "--stdout", "--state", "--stack-export", "--terraform-state", "--program"];
    expect(all.filter(({ option }) => spellings.includes(String(option.long)))).toEqual([]);
  });

  it("are all that a text of the command line or the provider calls one of atlas-secrets", () => {
    const known = new Set(all.map(({ option }) => String(option.long)));
    const folders = ["cli/src", "provider/src"].map((name) => join(__dirname, "../..", name));
    const texts = folders.flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => readFileSync(join(root, name), "utf8")),
    );
    const named = texts.flatMap((text) => [
      ...text.matchAll(/option: "(--[a-z-]+)"| \((--[a-z-]+)\)|(?:with|add|or) (--[a-z-]+)/g),
    ]);
    const foreign = ["--show-secrets", "--replace", "--refresh", "--secret"];
    const flags = [...new Set(named.map(([, ...groups]) => groups.find((flag) => flag !== undefined) ?? ""))];
    expect(flags.length).toBeGreaterThan(5);
    expect(flags.filter((flag) => !known.has(flag) && !foreign.includes(flag))).toEqual([]);
  });

  it.each(["audit", "show", "plan", "doctor"])("let %s be formatted, written and asked of organizations", (name) => {
    expect(names(ofCommand(name))).toEqual(
      expect.arrayContaining(["--stack", "--organization", "--project", "--format", "--json", "--output", "--cwd"]),
    );
  });

  it.each(["remove", "adopt"])("let %s be about an organization's account", (name) => {
    expect(names(ofCommand(name))).toEqual(expect.arrayContaining(["--stack", "--organization", "--cwd"]));
  });

  it("take files as operands wherever a command reads states", () => {
    const readers = COMMANDS.filter((command) => names(command.options).includes("--stack"));
    expect(readers.map(({ name }) => name)).toEqual(["audit", "show", "plan", "doctor", "adopt", "remove"]);
    for (const { operands } of readers) expect(operands.at(-1)?.[0]).toBe("[files...]");
  });
});

describe("cli/README.md", () => {
  const readme = readFileSync(join(__dirname, "../../cli/README.md"), "utf8");

  it.each(COMMANDS.map(({ name }) => name))("has the command %s and each of its options", (name) => {
    expect(readme).toContain(name === "completion" ? "atlas-secrets completion" : `## \`atlas-secrets ${name}\``);
    expect(names(ofCommand(name)).filter((long) => !readme.includes(String(long)))).toEqual([]);
  });

  it("has no option that there is not", () => {
    const known = new Set(names(all.map(({ option }) => option)));
    const others = ["--help", "--show-secrets", "--show-sames", "--protect", "--file", "--global", "--json"];
    const said = [...readme.matchAll(/`(--[a-z-]+)/g)].map(([, flag]) => String(flag));
    expect([...new Set(said)].filter((flag) => !known.has(flag) && !others.includes(flag))).toEqual([]);
  });
});

describe("the help", () => {
  it.each(COMMANDS.map(({ name }) => name))(
    "of %s has examples, exit codes and variables, and fits 80 columns",
    async (name) => {
      const { code, stdout, stderr } = await runHere([name, "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/\nExamples:\n {2}\$ /);
      expect(stdout).toMatch(/\nExit codes: 0 /);
      for (const option of ofCommand(name))
        if (option.envVar) expect(stdout).toContain(`(env: ${option.envVar}`.slice(0, 20));
      for (const variable of ["MONGODB_ATLAS_CLIENT_ID", "PULUMI_BACKEND_URL", "NO_COLOR"])
        expect(stdout).toContain(variable);
      const lines = stdout.split("\n").filter((line) => !line.startsWith("  $ "));
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("begins what it does not understand with the program's name", async () => {
    const { code, stderr } = await runHere(["audit", "--outputt", "x"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^atlas-secrets: unknown option '--outputt'\n\(Did you mean --output\?\)/);
  });
});

const STATE = toExport([toResource(PLAIN, PLAIN_OUTPUTS)]);

describe("an option", () => {
  beforeEach(() => {
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "state.json"), STATE);
  });

  it("-C is the folder that paths start from", async () => {
    expect((await runHere(["audit", "state.json", "-C", "sub", "--at", "2026-03-05"], { cwd: folder })).code).toBe(0);
    const { code, stderr } = await runHere(["audit", "state.json", "-C", "none"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "atlas-secrets: There is no folder none.\n" });
  });

  it("--json is short for --format json, and refuses another format beside it", async () => {
    const cwd = join(folder, "sub");
    const plan = (...args: string[]) => runHere(["plan", "state.json", ...args], { cwd, nowMs: 0 });
    const short = await plan("--json");
    expect(short).toEqual(await plan("--format", "json"));
    expect(JSON.parse(short.stdout)).toMatchObject({ formatVersion: 1 });
    const { code, stderr } = await runHere(["plan", "state.json", "--json", "-f", "csv"], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "atlas-secrets: --json and --format ask for different formats.\n",
    });
  });
});

describe("limits", () => {
  const AT = ["audit", "state.json", "--at", "2026-03-05", "--fail-on", "warning"];
  beforeEach(() => writeFileSync(join(folder, "state.json"), STATE));
  const save = (settings: unknown) => writeFileSync(join(folder, "limits.json"), JSON.stringify(settings));
  const audit = (args: readonly string[], env = {}) => runProgram([...AT, ...args], { cwd: folder, env });

  it("come from the command line, else from a variable, else from the file, else from the defaults", async () => {
    save({ "max-lifetime": 300, grace: 1 });
    const file = { ATLAS_SECRETS_CONFIG: "limits.json" };
    expect((await audit([])).code).toBe(0);
    expect((await audit(["--config", "limits.json"])).stdout).toContain("the limit is 300 h");
    expect((await audit([], file)).stdout).toContain("the limit is 300 h");
    expect((await audit([], { ...file, ATLAS_SECRETS_MAX_LIFETIME: "200" })).stdout).toContain("the limit is 200 h");
    expect((await audit(["--max-lifetime", "100"], { ...file, ATLAS_SECRETS_MAX_LIFETIME: "200" })).stdout).toContain(
      "the limit is 100 h",
    );
  });

  it.each([
    {
      name: "a name that there is not",
      settings: { "max-lifetimes": 1 },
      says: /sets "max-lifetimes", and there are .*max-lifetime/,
    },
    { name: "a value that is none", settings: { grace: "soon" }, says: /grace: Write a whole number of hours/ },
    { name: "another severity", settings: { "fail-on": "fatal" }, says: /fail-on: Allowed choices are error, warning/ },
    { name: "a list", settings: [], says: /it is not a JSON object/ },
  ])("refuse a file with $name", async ({ settings, says }) => {
    save(settings);
    const { code, stdout, stderr } = await runHere([...AT, "--config", "limits.json"], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
  });

  it("of another command are known, and do nothing", async () => {
    save({ grace: 5, incomplete: "warn" });
    expect((await runHere(["plan", "state.json", "--config", "limits.json"], { cwd: folder })).code).toBe(0);
  });
});
