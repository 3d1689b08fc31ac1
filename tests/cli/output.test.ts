/** Where a report goes: the standard output, a file, whatever else has a path; and what the exit code says of it. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHere, runProgram } from "./audit/command.js";
import { PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "./sources/states.js";

const BIN = join(__dirname, "../../cli/bin/atlas-secrets.cjs");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-output-"));
  writeFileSync(join(folder, "state.json"), toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
});
afterEach(() => rmSync(folder, { recursive: true }));

const AUDIT = ["audit", "state.json", "--at", "2026-03-05", "--json"];
const audit = (...more: string[]) => runHere([...AUDIT, ...more], { cwd: folder });
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown;

describe("--output", () => {
  it("- is the standard output", async () => {
    const [plain, dash] = [await audit(), await audit("--output", "-")];
    expect(dash).toEqual(plain);
    expect(JSON.parse(dash.stdout)).toMatchObject({ formatVersion: 1 });
  });

  it("takes the place of a file, and keeps its mode", async () => {
    writeFileSync(join(folder, "report.json"), "old");
    chmodSync(join(folder, "report.json"), 0o640);
    expect((await audit("-o", "report.json")).code).toBe(0);
    expect(read("report.json")).toMatchObject({ formatVersion: 1 });
    expect(statSync(join(folder, "report.json")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(["report.json", "state.json"]);
  });

  it("leaves the old report whole when it is killed while it writes", async () => {
    writeFileSync(join(folder, "report.json"), "old");
    // The system ends it at the first KB.
    const args = ["-c", `ulimit -f 1; exec "$0" "$@"`, process.execPath, BIN, ...AUDIT, "-o", "report.json"];
    const child = spawn("/bin/sh", args, { cwd: folder, env: { NODE_DISABLE_COMPILE_CACHE: "1" } });
    const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
    expect([signal, readFileSync(join(folder, "report.json"), "utf8")]).toEqual(["SIGXFSZ", "old"]);
  });

  it("follows a link, which stays one", async () => {
    writeFileSync(join(folder, "target.json"), "old");
    symlinkSync("target.json", join(folder, "link.json"));
    expect((await audit("-o", "link.json")).code).toBe(0);
    expect(lstatSync(join(folder, "link.json")).isSymbolicLink()).toBe(true);
    expect(read("target.json")).toMatchObject({ formatVersion: 1 });
  });

  it("writes into a device, and leaves it one", async () => {
    expect((await audit("-o", "/dev/null")).code).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("is 2 and one sentence where it cannot be written, whatever was found", async () => {
    const late = ["audit", "state.json", "--at", "2027-01-01", "-o", "no/such/file"];
    const { code, stdout, stderr } = await runHere(late, { cwd: folder });
    const said = "atlas-secrets: Could not write no/such/file: there is no such folder.\n";
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: said });
  });
});

describe("the standard output", () => {
  const run = (close: (stdout: NodeJS.ReadableStream) => void, stdout: "pipe" | number) =>
    new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [BIN, ...AUDIT], { cwd: folder, stdio: ["ignore", stdout, "pipe"] });
      let stderr = "";
      child.stderr?.on("data", (text) => {
        stderr += String(text);
      });
      if (child.stdout) close(child.stdout);
      child.once("close", (code) => resolve({ code, stderr }));
    });

  it("may be closed by whoever reads it, without a word", async () => {
    const result = await run((stdout) => (stdout as unknown as { destroy: () => void }).destroy(), "pipe");
    expect(result).toEqual({ code: 0, stderr: "" });
  });

  it("that is full is 2 and one sentence", async () => {
    const { openSync, closeSync } = await import("node:fs");
    const full = openSync("/dev/full", "w");
    const result = await run(() => {}, full);
    closeSync(full);
    expect(result).toEqual({ code: 2, stderr: "atlas-secrets: Could not write the standard output: ENOSPC.\n" });
  });
});

describe("the exit code", () => {
  const ODD = toExport([
    toResource(PLAIN, PLAIN_OUTPUTS),
    { ...toResource(PLAIN, { clientId: "x" }), urn: "urn:pulumi:a::b::c::odd" },
  ]);
  const judge = async (at: string, ...more: string[]) => {
    writeFileSync(join(folder, "odd.json"), ODD);
    return (await runHere(["audit", "odd.json", "--at", at, ...more], { cwd: folder })).code;
  };

  it("is 1 for a finding although something could not be read, else as --incomplete says", async () => {
    expect(await judge("2027-01-01")).toBe(1);
    expect(await judge("2026-03-05")).toBe(2);
    expect(await judge("2026-03-05", "--incomplete", "warn")).toBe(0);
    expect(await judge("2027-01-01", "--fail-on", "never")).toBe(2);
  });

  it("is 2 where nothing could be read, whatever --incomplete says", async () => {
    const args = ["audit", "--all-stacks", "--incomplete", "warn"];
    expect((await runProgram(args, { cwd: folder, env: { PATH: folder } })).code).toBe(2);
  });
});
