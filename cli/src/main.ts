/** Entry of the program `atlas-secrets`. */

import { isNodeSupported, NODE_RANGE } from "pulumi-atlas-secrets/internal/atlas";
import { toProcessEnvironment } from "./environment.js";
import { ExitCode } from "./exit-codes.js";
import { run } from "./program.js";

/** Runs the command line of this process, and sets its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const { node } = process.versions;
  if (!isNodeSupported(node)) {
    process.stderr.write(`atlas-secrets: It needs ${NODE_RANGE}, and this is ${node}.\n`);
    process.exitCode = ExitCode.Incomplete;
    return;
  }
  let written: ExitCode = ExitCode.Clean;
  process.stdout.on("error", ({ code = "it failed" }: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as 'head', is no failure.
    if (code === "EPIPE") return;
    if (written === ExitCode.Clean)
      process.stderr.write(`atlas-secrets: Could not write the standard output: ${code}.\n`);
    written = ExitCode.Incomplete;
    process.exitCode = written;
  });
  // Nobody is left to tell.
  process.stderr.on("error", () => {});
  const code = await run(args, toProcessEnvironment());
  process.exitCode = written === ExitCode.Clean ? code : written;
}
