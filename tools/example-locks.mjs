/**
 * `node tools/example-locks.mjs [<name> ...]`: writes the lock file of each example, or of these, from npm's registry. This package is not published yet: its
 * entry is that of the workspace, without a checksum, and gets one with the first release.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OURS = "pulumi-atlas-secrets";
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

const { version, license, engines, dependencies, peerDependencies, peerDependenciesMeta } = readJson(
  join(ROOT, "provider/package.json"),
);
const entry = { version, license, dependencies, engines, peerDependencies, peerDependenciesMeta };

const wanted = process.argv.slice(2);

for (const name of wanted.length > 0 ? wanted : readdirSync(join(ROOT, "examples"))) {
  const example = join(ROOT, "examples", name);
  if (!existsSync(join(example, "package.json"))) continue;
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-example-"));
  try {
    writeLock(example, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  process.stdout.write(`${name}\n`);
}

/** Locks what the example and this package need, and then puts this package in its place. */
function writeLock(example, folder) {
  const manifest = readJson(join(example, "package.json"));
  const { [OURS]: _, ...others } = manifest.dependencies;
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, dependencies: { ...others, ...dependencies } }),
  );
  cpSync(join(ROOT, ".npmrc"), join(folder, ".npmrc"));
  const flags = ["--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...flags], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const { packages, ...lock } = readJson(join(folder, "package-lock.json"));
  const { "": root, ...installed } = packages;
  const sorted = Object.entries({ ...installed, [`node_modules/${OURS}`]: entry }).sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = {
    ...lock,
    packages: { "": { ...root, dependencies: manifest.dependencies }, ...Object.fromEntries(sorted) },
  };
  writeFileSync(join(example, "package-lock.json"), `${JSON.stringify(whole, null, 2)}\n`);
}
