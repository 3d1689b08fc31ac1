/** Finds programs in folders and on PATH. Starts none. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Decides whether a path is a non-empty file that may be run.
 * @param {string} path
 */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    const found = statSync(path);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

/**
 * Returns the first program of that name in folders, or undefined.
 * @param {string} name without ending
 * @param {readonly string[]} folders
 * @param {NodeJS.Platform} platform
 */
export function findExecutable(name, folders, platform) {
  const endings = platform === "win32" ? [".exe", ".cmd"] : [""];
  const paths = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  return paths.find(isExecutable);
}

/**
 * Returns the folders of PATH in order.
 * @param {NodeJS.ProcessEnv} env
 */
export function listPathFolders(env) {
  return (env[pathKey(env)] ?? "").split(delimiter).filter((folder) => folder !== "");
}

/**
 * Returns a copy of the environment with folders put first on PATH.
 * @param {NodeJS.ProcessEnv} env @param {readonly string[]} folders
 */
export function prependPath(env, folders) {
  return { ...env, [pathKey(env)]: [...new Set([...folders, ...listPathFolders(env)])].join(delimiter) };
}

/** On Windows it is called `Path`, and a copy of `process.env` minds the case. */
function pathKey(env) {
  return Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
}
