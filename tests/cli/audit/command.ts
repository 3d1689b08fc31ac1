/** The command line in this process, and as the program that is installed; everything that it printed is kept. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Simulator } from "pulumi-atlas-secrets-simulator";
import type { Environment } from "../../../cli/src/environment.js";
import { run } from "../../../cli/src/program.js";
import { adminEnvironment } from "../../helpers/atlas.js";

const BIN = join(__dirname, "../../../cli/bin/atlas-secrets.cjs");

/** What one run gave. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What differs from the usual environment. */
export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly nowMs?: number;
  readonly columns?: number;
  /** Called instead of waiting. */
  readonly onSleep?: (ms: number, printed: () => string) => void;
}

/** Runs a command line here. Its waits take no time, and move its clock. */
export async function runHere(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { env = {}, stdin = "", cwd = __dirname, columns, onSleep = () => {} } = options;
  const printed = { stdout: "", stderr: "" };
  let nowMs = options.nowMs ?? Date.now();
  const toSink = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
    },
    ...(columns !== undefined && { isTTY: true, columns }),
  });
  const environment: Environment = {
    env,
    cwd,
    stdin: Readable.from([stdin]),
    stdout: toSink("stdout"),
    stderr: toSink("stderr"),
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
      onSleep(ms, () => printed.stdout);
    },
  };
  return { code: await run(args, environment), ...printed };
}

/**
 * Runs the built program.
 *
 * @param nodeOptions for Node, before the program
 */
export function runProgram(
  args: readonly string[],
  { env = {}, stdin = "", cwd = __dirname }: CommandOptions = {},
  nodeOptions: readonly string[] = [],
): Promise<CommandResult> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...nodeOptions, BIN, ...args], { cwd, env: { PATH, HOME, TMPDIR, ...env } });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text;
  });
  child.stdin.on("error", () => {}).end(stdin);
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, ...printed }));
  });
}

/** The environment in which the command asks this simulator, as its administrator. */
export function toEnvironment(atlas: Pick<Simulator, "url">): Record<string, string> {
  return adminEnvironment(atlas);
}
