/**
 * Folders of the cache: filled under a temporary name and then renamed, so that nobody ever sees a half-filled one, and two
 * set-ups at once can only both succeed.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetUpError } from "./setup-error.mjs";

const TEMPORARY = ".tmp-";

/** A temporary folder this old was left by a set-up that was killed. */
const ABANDONED_MS = 24 * 3_600_000;

/** @type {Set<string>} */
const temporary = new Set();
process.on("exit", () => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/**
 * Fills a folder of the cache and publishes it. An existing one counts as broken and is replaced, unless `isComplete` says
 * that somebody else was faster.
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} fill
 * @param {(folder: string) => boolean} isComplete
 */
export async function publishFolder(folder, fill, isComplete) {
  const parent = createFolder(dirname(folder));
  removeAbandoned(parent);
  const draft = mkdtempSync(join(parent, TEMPORARY));
  temporary.add(draft);
  try {
    await fill(draft);
    if (!isComplete(draft)) throw new Error("something is missing in the result");
    rename(draft, folder, isComplete);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    temporary.delete(draft);
  }
}

/**
 * Makes a folder of the cache and returns it.
 * @param {string} folder
 * @throws {SetUpError} when it cannot be written
 */
export function createFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new SetUpError(
      `The cache folder ${folder} cannot be made (${error.code}). Set ATLAS_SECRETS_CACHE to one that can.`,
    );
  }
}

function rename(draft, folder, isComplete) {
  if (isComplete(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error;
  }
}

function removeAbandoned(parent) {
  for (const name of readdirSync(parent).filter((found) => found.startsWith(TEMPORARY))) {
    const path = join(parent, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modified > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
