/** Writes a report to a file: whole, or not at all. */
import { rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Environment } from "./environment.js";
import { CliFailure } from "./failure.js";

/**
 * Puts the text in the place of what the file held before.
 *
 * @throws CliFailure when it cannot be written
 */
export async function writeReport(path: string, text: string, { cwd }: Pick<Environment, "cwd">): Promise<void> {
  const target = resolve(cwd, path);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw new CliFailure(`Could not write ${path}: ${String((error as { code?: unknown }).code)}.`);
  }
}
