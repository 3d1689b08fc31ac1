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
 * @throws {SetUpError} when the cache cannot be written
 */
export async function publishFolder(folder, fill, isComplete) {
  const draft = createDraft(createFolder(dirname(folder)));
  temporary.add(draft);
  try {
    await fill(draft);
    if (!isComplete(draft)) throw new Error("something is missing in the result");
    publish(draft, folder, isComplete);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    temporary.delete(draft);
  }
}

/**
 * Makes a folder of the cache and returns it.
 * @param {string} folder
 * @throws {SetUpError} when it cannot be made
 */
export function createFolder(folder) {
  return inCache(folder, () => {
    mkdirSync(folder, { recursive: true });
    return folder;
  });
}

function createDraft(parent) {
  return inCache(parent, () => {
    removeAbandoned(parent);
    return mkdtempSync(join(parent, TEMPORARY));
  });
}

/** @template T @param {string} folder @param {() => T} action @returns {T} */
function inCache(folder, action) {
  try {
    return action();
  } catch (error) {
    throw new SetUpError(
      `The cache folder ${folder} cannot be written (${error.code}). Set ATLAS_SECRETS_CACHE to one that can.`,
    );
  }
}

/** A rename replaces no folder that has something in it, so a complete one of somebody else stays. */
function publish(draft, folder, isComplete) {
  try {
    renameSync(draft, folder);
  } catch {
    if (isComplete(folder)) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  }
}

function removeAbandoned(parent) {
  for (const name of readdirSync(parent).filter((found) => found.startsWith(TEMPORARY))) {
    const path = join(parent, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modified > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
