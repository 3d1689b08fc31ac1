/** Writes a file that holds values: for its owner alone, and never over another one. */
import { open, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { CliFailure } from "../failure.js";

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "it is there already, and is not overwritten: give another name with --out, or delete it",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "this user may not write there",
  ENOSPC: "the disk is full",
};

/**
 * Writes all of it or nothing.
 *
 * @throws CliFailure when it cannot be written
 */
export async function writeOwnFile(path: string, text: string, cwd: string): Promise<void> {
  const full = resolve(cwd, path);
  // 'wx' refuses what exists, links included, and the mode holds from the first byte.
  const file = await open(full, "wx", 0o600).catch((error: unknown) => {
    throw toFailure(path, error);
  });
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(full, { force: true });
    throw toFailure(path, error);
  } finally {
    await file.close();
  }
}

function toFailure(path: string, error: unknown): CliFailure {
  const code = String((error as { code?: unknown }).code);
  return new CliFailure(`Could not write ${path}: ${REASONS[code] ?? code}.`);
}
