/** Entry of the program `atlas-secrets`. */

import { toProcessEnvironment } from "./environment.js";
import { run } from "./program.js";

/** Runs the command line of this process, and sets its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  // A reader that has seen enough, such as 'head', is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await run(args, toProcessEnvironment());
}
