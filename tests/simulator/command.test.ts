/** The command `atlas-simulator`, as a person starts it. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { connectControl } from "pulumi-atlas-secrets-simulator";

const COMMAND = resolve(__dirname, "../../simulator/bin/atlas-simulator.cjs");

/** Runs the command; `onText` sees what it has printed so far, and may stop it. */
async function run(args: readonly string[], onText: (text: string, stop: () => void) => void = () => {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout.push(text);
    onText(stdout.join(""), () => child.kill("SIGINT"));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
  const code = await new Promise<number | null>((settle) => child.once("close", settle));
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

describe("atlas-simulator", () => {
  it("listens on a free port, says what to export, and ends at once when it is interrupted", async () => {
    let inventory: Promise<unknown> | undefined;
    const { code, stdout, stderr } = await run(["--port", "0", "--seed", "demo"], (text, stop) => {
      const url = /export MONGODB_ATLAS_BASE_URL=(\S+)/.exec(text)?.[1];
      if (!url || inventory !== undefined) return;
      inventory = connectControl(url).inventory();
      void inventory.finally(stop);
    });
    expect(await inventory).toMatchObject({ accounts: [{}, {}] });
    expect(stdout).toMatch(/export MONGODB_ATLAS_CLIENT_ID=mdb_sa_id_[a-f0-9]{24}\n/);
    expect(stdout).toMatch(/export MONGODB_ATLAS_CLIENT_SECRET=mdb_sa_sk_FAKE-/);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("shows its options", async () => {
    expect(await run(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("--seed demo") });
  });

  it.each([
    { args: ["--port", "x"], says: "--port must be a number" },
    { args: ["--port", "65536"], says: "--port must be a number" },
    { args: ["--seed", "all"], says: "--seed can only be demo" },
    { args: ["--start-at", "soon"], says: "ISO 8601" },
    { args: ["--verbose"], says: "--verbose" },
  ])("ends with 2 and says why for $args", async ({ args, says }) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
