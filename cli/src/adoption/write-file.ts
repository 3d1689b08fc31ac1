/** Writes a file that holds values: for its owner alone, and never over another one. */
import { open, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { toWriteFailure } from "../write-report.js";

/**
 * Writes all of it or nothing.
 *
 * @throws CliFailure when it cannot be written
 */
export async function writeOwnFile(path: string, text: string, cwd: string): Promise<void> {
  const full = resolve(cwd, path);
  // 'wx' refuses what exists, links included, and the mode holds from the first byte.
  const file = await open(full, "wx", 0o600).catch((error: unknown) => {
    throw toWriteFailure(path, error);
  });
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(full, { force: true });
    throw toWriteFailure(path, error);
  } finally {
    await file.close();
  }
}
