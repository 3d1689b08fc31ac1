/**
 * What the set-up knows of the machine that it runs on: folders, platform, environment. Every other module gets it as a plain
 * object and reads no global itself.
 */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Machine
 * @property {string} root the checkout
 * @property {string} cache folder outside the checkout that keeps the tools; it need not exist
 * @property {NodeJS.ProcessEnv} env
 * @property {NodeJS.Platform} platform
 * @property {string} arch in Node's words: `x64`, `arm64`
 * @property {{ version: string, path: string }} running the Node that runs this
 */

/**
 * Describes this machine.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Machine}
 */
export function describeMachine(env = process.env) {
  return {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    cache: decideCacheFolder(env, process.platform, homedir()),
    env,
    platform: process.platform,
    arch: process.arch,
    running: { version: process.versions.node, path: process.execPath },
  };
}

/**
 * Returns the cache folder: `ATLAS_SECRETS_CACHE`, else one of our own in the user's cache folder.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative `XDG_CACHE_HOME` is to be ignored)
 * @param {NodeJS.ProcessEnv} env @param {NodeJS.Platform} platform @param {string} home
 */
export function decideCacheFolder(env, platform, home) {
  const name = "pulumi-atlas-secrets";
  if (env.ATLAS_SECRETS_CACHE) return resolve(env.ATLAS_SECRETS_CACHE);
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, name);
  if (platform === "darwin") return join(home, "Library", "Caches", name);
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), name);
  return join(home, ".cache", name);
}
