/**
 * `node tools/record-states.mjs [--force]`: sets up, builds, and records the state that this version writes in tests/upgrade/states, so
 * that every later version is tested with it. A version that is recorded already stays as it is without `--force`.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

const { values } = parseArgs({ options: { force: { type: "boolean", default: false } } });
const { version } = JSON.parse(readFileSync(new URL("../provider/package.json", import.meta.url), "utf8"));
const file = fileURLToPath(new URL(`../tests/upgrade/states/${version}.json`, import.meta.url));

if (existsSync(file) && !values.force) {
  process.stderr.write(`The state of version ${version} is recorded: raise the version, or give --force.\n`);
  process.exitCode = 1;
} else {
  process.env.RECORD_STATES_TO = file;
  const args = ["tests/upgrade/recorded-states.test.ts", "--testNamePattern", "of this version"];
  await runWithTools(async (tools) => (await build(tools)) || runScript(tools, "node_modules/jest/bin/jest.js", args));
}
