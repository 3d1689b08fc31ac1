/** Tells on stderr how far long work is; on a terminal only, and gone when the work is done. */
import type { Environment } from "./environment.js";
import { toVisible } from "./wording.js";

/** A line that changes. */
export interface Progress {
  /** Says what is done now; a later text takes its place. */
  say(text: string): void;
  /** Takes the line away; a later text shows it again. */
  end(): void;
}

/** Goes to the beginning of the line, and clears it. */
const CLEAR_LINE = "\r\u001b[K";

/** Starts one; it says nothing where nobody watches. */
export function startProgress(text: string, { stderr }: Pick<Environment, "stderr">): Progress {
  // A terminal that does not tell its width cannot show a line that changes.
  const width = stderr.isTTY ? (stderr.columns ?? 0) : 0;
  const show = (line: string) => width > 0 && stderr.write(`${CLEAR_LINE}${line}`);
  const progress = { say: (line: string) => show(toVisible(line).slice(0, width - 1)), end: () => show("") };
  progress.say(text);
  return progress;
}

/** Does the work with one. */
export async function withProgress<T>(
  environment: Pick<Environment, "stderr">,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = startProgress("Reading ...", environment);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}
