/** What a command may touch of the machine, as a parameter: a test passes its own. */
import { systemClock } from "./clock.js";
import { toVisible } from "./wording.js";

/** Somewhere to write text. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The environment of one run of the command. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** Writes whole lines, in which no name moves the cursor of a terminal. */
export function writeLines(sink: Sink, text: string): void {
  sink.write(`${text.trimEnd().split("\n").map(toVisible).join("\n")}\n`);
}

/** Those of this process. */
export function toProcessEnvironment(): Environment {
  const { env, stdin, stdout, stderr } = process;
  return { env, cwd: process.cwd(), stdin, stdout, stderr, now: systemClock.now, sleep: systemClock.sleep };
}
