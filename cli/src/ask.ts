/** Asks a person on a terminal. */
import { createInterface } from "node:readline/promises";
import { CliFailure } from "../failure.js";
import type { Environment } from "../environment.js";

/**
 * Whether the person answers yes.
 *
 * @throws CliFailure when nobody is there to ask
 */
export async function askYes(
  question: string,
  { stdin, stderr }: Pick<Environment, "stdin" | "stderr">,
): Promise<boolean> {
  if (!stdin.isTTY) {
    throw new CliFailure("Nothing was deleted: there is no terminal to ask on; add --yes to go on without.");
  }
  const lines = createInterface({ input: stdin });
  try {
    stderr.write(`${question} [y/N] `);
    const answer = await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
