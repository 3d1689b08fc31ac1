/** Tells on stderr how far long work is; on a terminal only, and gone when the work is done. */
import type { Environment } from "./environment.js";

/** A line that changes. */
export interface Progress {
  /** Says what is done now; a later text takes its place. */
  say(text: string): void;
  end(): void;
}

const SILENT: Progress = { say: () => {}, end: () => {} };

/** Starts one; it says nothing where nobody watches. */
export async function startProgress(text: string, { stderr }: Pick<Environment, "stderr">): Promise<Progress> {
  // A terminal that does not tell its width cannot show a line that changes.
  if (stderr !== process.stderr || !process.stderr.isTTY || !process.stderr.columns) return SILENT;
  const { default: ora } = await import("ora");
  const spinner = ora({ text, stream: process.stderr }).start();
  return {
    say: (next) => {
      spinner.text = next;
    },
    end: () => {
      spinner.stop();
    },
  };
}
