/** Runs a command line of `atlas-secrets` in this process, in a folder of its own, and keeps everything that it prints. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "../../../cli/src/program.js";

/** What a run gave. */
export interface CapturedRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run is given besides its arguments. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Text of the standard input. */
  readonly stdin?: string;
  /** Whether the standard input is a terminal. */
  readonly isTerminal?: boolean;
  /** Milliseconds since the epoch; waits take no time, and move it. */
  readonly nowMs?: number;
}

/** A folder for the files of one test, and everything that its runs printed. */
export interface Workplace {
  readonly folder: string;
  readonly printed: string[];
  run(args: readonly string[], options?: RunOptions): Promise<CapturedRun>;
  /** Names of the files in the folder. */
  files(): string[];
  remove(): void;
}

/** Makes one. */
export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-cli-"));
  const printed: string[] = [];
  return {
    folder,
    printed,
    files: () => readdirSync(folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
    run: async (args, { env = {}, stdin = "", isTerminal = false, nowMs } = {}) => {
      const [out, err]: [string[], string[]] = [[], []];
      let sleptMs = 0;
      const input = Object.assign(Readable.from([stdin]), { isTTY: isTerminal });
      const code = await run(args, {
        env,
        cwd: folder,
        stdin: input,
        stdout: { write: (text) => out.push(text) },
        stderr: { write: (text) => err.push(text) },
        now: () => (nowMs ?? Date.now()) + sleptMs,
        sleep: async (ms) => {
          sleptMs += ms;
        },
      });
      const [stdout, stderr] = [out.join(""), err.join("")];
      printed.push(stdout, stderr);
      return { code, stdout, stderr };
    },
  };
}
