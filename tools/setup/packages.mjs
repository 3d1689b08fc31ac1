/**
 * The npm packages of the checkout: installed with `npm ci` when they are missing or differ from package-lock.json, and left
 * alone otherwise. A stamp makes the answer quick; without one, npm's own record of what it installed decides, so that a
 * checkout whose packages somebody else installed needs no network.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { capture, lastLines } from "./run.mjs";
import { SetUpError } from "./setup-error.mjs";

const STAMP = "node_modules/.setup-stamp";

/**
 * Makes sure that node_modules is what package-lock.json says.
 * @param {import("./machine.mjs").Machine} machine
 * @param {import("./progress.mjs").Progress} progress
 * @throws {SetUpError} when npm fails
 */
export async function ensurePackages(machine, progress) {
  if (areFresh(machine.root)) return;
  await withLock(machine, progress, async () => {
    if (areFresh(machine.root)) return;
    await progress.step("Installing packages with npm", () => install(machine));
    writeStamp(machine.root);
  });
}

/**
 * Where a registry lacks the packages of other platforms, `npm install` leaves them out of the lock file, and `npm ci` then
 * calls the lock file out of date. `npm install --no-save` takes the same versions from the same file.
 * @see https://github.com/npm/cli/issues/9846
 */
async function install(machine) {
  const strict = await runNpm(machine, ["ci"]);
  if (strict.code === 0) return;
  if (!lacksPlatformsOnly(strict.output)) throw toError(machine, "npm ci", strict);
  const lenient = await runNpm(machine, ["install", "--no-save"]);
  if (lenient.code !== 0 || !isInstalledAsLocked(machine.root))
    throw toError(machine, "npm install --no-save", lenient);
}

function runNpm({ root, env, platform }, args) {
  return capture("npm", args, { cwd: root, env, shell: platform === "win32" });
}

/** A package that the registry lacks is named without a version; one that package.json really misses has its version. */
function lacksPlatformsOnly(output) {
  const complaints = output.split("\n").filter((line) => /(Missing|Invalid): /.test(line));
  return complaints.length > 0 && complaints.every((line) => /Missing: \S+@ from lock file/.test(line));
}

function toError({ root }, command, { code, output }) {
  return new SetUpError(
    `${command} ended with code ${code} in ${root}:\n${lastLines(output)}\nRun it by hand to see all of it.`,
  );
}

function areFresh(root) {
  const stamp = join(root, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hashManifests(root)) return true;
  if (!isInstalledAsLocked(root)) return false;
  writeStamp(root);
  return true;
}

function writeStamp(root) {
  writeFileSync(join(root, STAMP), hashManifests(root));
}

/** Hash of package-lock.json and of every package.json of the workspace. */
function hashManifests(root) {
  const hash = createHash("sha256");
  for (const path of [
    "package-lock.json",
    "package.json",
    ...listWorkspaces(root).map((folder) => join(folder, "package.json")),
  ]) {
    const file = join(root, path);
    hash.update(existsSync(file) ? readFileSync(file) : "").update("\0");
  }
  return hash.digest("hex");
}

/** Folders of the workspaces; of npm's patterns only a folder and `folder/*` are known. */
function listWorkspaces(root) {
  const { workspaces = [] } = readJson(join(root, "package.json"));
  return workspaces.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    const entries = existsSync(join(root, parent)) ? readdirSync(join(root, parent), { withFileTypes: true }) : [];
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(parent, entry.name))
      .sort();
  });
}

/**
 * Compares package-lock.json with the record that npm keeps in node_modules. Optional packages of other platforms are absent.
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#hidden-lockfiles
 */
function isInstalledAsLocked(root) {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const [locked, installed] = [join(root, "package-lock.json"), record].map((file) => readJson(file).packages ?? {});
  return Object.entries(locked)
    .filter(([path, { optional }]) => path !== "" && !optional)
    .every(([path, { version, integrity }]) => {
      const found = installed[path];
      return found !== undefined && found.version === version && found.integrity === integrity;
    });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
