/** Judges the `pulumi` that PATH has. */
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { findExecutable, listPathFolders } from "./executables.mjs";
import { capture } from "./run.mjs";
import { isAtLeast, PULUMI_MINIMUM, parseVersion } from "./versions.mjs";

/**
 * Returns the first `pulumi` on PATH when it is recent enough and a language host for Node.js is beside it or on PATH; else why
 * not. The folders are those of the CLI and of its real file, where links lead elsewhere.
 * @param {import("./machine.mjs").Machine} machine
 * @returns {Promise<{ kind: "found", path: string, version: string, folders: string[] } | { kind: "unusable", reason: string }>}
 */
export async function findPulumiOnPath({ env, platform }) {
  const path = findExecutable("pulumi", listPathFolders(env), platform);
  if (path === undefined) return { kind: "unusable", reason: "it has no pulumi" };

  const { code, output } = await capture(path, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" } });
  const version = parseVersion(output);
  if (code !== 0 || version === undefined)
    return { kind: "unusable", reason: `${path} version ended with code ${code}` };
  if (!isAtLeast(version, PULUMI_MINIMUM))
    return { kind: "unusable", reason: `${path} is ${version}, older than ${PULUMI_MINIMUM}` };

  const folders = [...new Set([dirname(path), dirname(realpathSync(path))])];
  if (findExecutable("pulumi-language-nodejs", [...folders, ...listPathFolders(env)], platform) === undefined) {
    return {
      kind: "unusable",
      reason: `${path} is ${version}, but pulumi-language-nodejs is neither beside it nor on PATH`,
    };
  }
  return { kind: "found", path, version, folders };
}
