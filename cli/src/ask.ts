/** Asks a person on a terminal. */
import { createInterface } from "node:readline/promises";
import type { Environment } from "./environment.js";
import { toVisible } from "./wording.js";

/** Whether the person answers `y` or `yes`; anything else, and the end of the input, is a no. */
export async function askYes(
  question: string,
  { stdin, stderr }: Pick<Environment, "stdin" | "stderr">,
): Promise<boolean> {
  const lines = createInterface({ input: stdin });
  try {
    stderr.write(`${toVisible(question)} [y/N] `);
    const answer = await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
