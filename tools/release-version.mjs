/**
 * `node tools/release-version.mjs [--check]`: writes the version of the packages, which `changeset version` has raised, to where it
 * stands beside them; or fails and names the files where another one stands.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);
const GO_REQUIREMENT = /(?<=\/sdk\/go v)\d\S*/g;
const PLACES = {
  "sdk/python/pyproject.toml": /(?<=^version = ")[^"]+/gm,
  "sdk/go/README.md": GO_REQUIREMENT,
  "examples/go/go.mod": GO_REQUIREMENT,
  "tests/engine/languages/go/go.mod": GO_REQUIREMENT,
  "examples/python/requirements.txt": /(?<=^pulumi-atlas-secrets==)\S+/gm,
  "docs/guides/start.md": /(?<=-)\d+\.\d+\.\d+\S*?(?=\.tgz)/g,
};

const { version } = JSON.parse(readFileSync(new URL("provider/package.json", ROOT), "utf8"));
const differing = Object.entries(PLACES).flatMap(([path, pattern]) => {
  const file = fileURLToPath(new URL(path, ROOT));
  const before = readFileSync(file, "utf8");
  if (!before.match(pattern)) throw new Error(`${path} names no version where one is expected`);
  const after = before.replace(pattern, version);
  return before === after ? [] : [{ path, file, after }];
});
if (process.argv.includes("--check")) {
  for (const { path } of differing) process.stdout.write(`${path} names another version than ${version}\n`);
  process.exitCode = differing.length === 0 ? 0 : 1;
} else {
  for (const { file, after } of differing) writeFileSync(file, after);
}
