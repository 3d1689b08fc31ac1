/**
 * Finds or gets the Pulumi CLI: from PATH, from the cache, by download, by a build. The sources are tried in this order; why one
 * was passed over is said at once, and again in the message when all of them failed.
 */
import { join } from "node:path";
import { publishFolder } from "./cache.mjs";
import { isExecutable } from "./executables.mjs";
import { buildPulumi } from "./pulumi-build.mjs";
import { DOWNLOAD_VARIABLE, downloadPulumi, OFFICIAL_DOWNLOAD, RELEASE_VERSION } from "./pulumi-download.mjs";
import { findPulumiOnPath } from "./pulumi-on-path.mjs";
import { copyResourcePlugin, createPluginFolder, hasResourcePlugin } from "./resource-plugin.mjs";
import { SetUpError } from "./setup-error.mjs";
import { GO_MINIMUM, PULUMI_MINIMUM, PULUMI_VERSION } from "./versions.mjs";

const SOURCES = [
  { title: "Pulumi's download", version: RELEASE_VERSION, get: downloadPulumi },
  { title: "a build from Go modules", version: PULUMI_VERSION, get: buildPulumi },
];

/**
 * Returns the CLI's path, its version, and the folders that are to come first on PATH for it.
 * @param {import("./machine.mjs").Machine} machine its packages are installed
 * @param {string} node path of a Node 24
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<{ path: string, version: string, folders: string[] }>}
 * @throws {SetUpError} when every source failed
 */
export async function ensurePulumi(machine, node, progress) {
  const onPath = await findPulumiOnPath(machine);
  if (onPath.kind === "found") {
    const isPlain = hasResourcePlugin(machine, onPath.folders);
    return { ...onPath, folders: isPlain ? onPath.folders : [await createPluginFolder(machine), ...onPath.folders] };
  }
  const cached = SOURCES.find((source) => isComplete(machine, toFolder(machine, source.version)));
  const version = cached?.version ?? (await get(machine, node, progress, onPath.reason));
  const folder = toFolder(machine, version);
  return { path: join(folder, programName(machine, "pulumi")), version, folders: [folder] };
}

/** Returns the version that was put into the cache. */
async function get(machine, node, progress, pathReason) {
  const failures = [`PATH: ${pathReason}`];
  for (const { title, version, get: fill } of SOURCES) {
    try {
      const publish = (draft) => fill(machine, node, draft, progress).then(() => copyResourcePlugin(machine, draft));
      await publishFolder(toFolder(machine, version), publish, (found) => isComplete(machine, found));
      return version;
    } catch (error) {
      if (error instanceof SetUpError) throw error;
      failures.push(`${title}: ${error.message}`);
      progress.note(`Pulumi CLI, ${failures.at(-1)}`);
    }
  }
  throw new SetUpError(describeFailure(failures));
}

function describeFailure(failures) {
  return [
    `There is no Pulumi CLI ${PULUMI_MINIMUM} or later, and none could be had.`,
    ...failures.map((failure) => `  - ${failure}`),
    "Any one of these helps:",
    "  - install it (https://www.pulumi.com/docs/iac/download-install/) and put its folder on PATH;",
    `  - set ${DOWNLOAD_VARIABLE} to a mirror of ${OFFICIAL_DOWNLOAD}, and HTTPS_PROXY if you need a proxy;`,
    `  - install Go ${GO_MINIMUM} or later (https://go.dev/doc/install) and let GOPROXY lead to the public modules.`,
  ].join("\n");
}

function toFolder({ cache, platform, arch }, version) {
  return join(cache, `pulumi-${version}-${platform}-${arch}`);
}

function isComplete(machine, folder) {
  const programs = ["pulumi", "pulumi-language-nodejs"].map((name) => join(folder, programName(machine, name)));
  return programs.every(isExecutable) && hasResourcePlugin({ ...machine, env: {} }, [folder]);
}

function programName({ platform }, name) {
  return platform === "win32" ? `${name}.exe` : name;
}
