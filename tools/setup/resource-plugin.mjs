/**
 * `pulumi-resource-pulumi-nodejs`, the script that starts dynamic providers. The npm package `@pulumi/pulumi` brings it; the
 * engine looks for it beside the CLI and on PATH.
 */
import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { publishFolder } from "./cache.mjs";
import { findExecutable, listPathFolders } from "./executables.mjs";
import { PULUMI_VERSION } from "./versions.mjs";

const NAME = "pulumi-resource-pulumi-nodejs";

/**
 * Decides whether the plugin is in one of the folders or on PATH.
 * @param {import("./machine.mjs").Machine} machine @param {readonly string[]} folders
 */
export function hasResourcePlugin({ env, platform }, folders) {
  return findExecutable(NAME, [...folders, ...listPathFolders(env)], platform) !== undefined;
}

/**
 * Copies the plugin into a folder, with its run bit.
 * @param {import("./machine.mjs").Machine} machine its packages are installed
 * @param {string} folder
 */
export function copyResourcePlugin({ root, platform }, folder) {
  const name = platform === "win32" ? `${NAME}.cmd` : NAME;
  copyFileSync(join(root, "node_modules/@pulumi/pulumi", name), join(folder, name));
  chmodSync(join(folder, name), 0o755);
}

/**
 * Returns a folder of the cache that holds nothing but the plugin, for a CLI on PATH that lacks it.
 * @param {import("./machine.mjs").Machine} machine
 */
export async function createPluginFolder(machine) {
  const folder = join(machine.cache, `resource-plugin-${PULUMI_VERSION}`);
  const isComplete = (found) => hasResourcePlugin({ ...machine, env: {} }, [found]);
  if (!isComplete(folder)) await publishFolder(folder, async (draft) => copyResourcePlugin(machine, draft), isComplete);
  return folder;
}
