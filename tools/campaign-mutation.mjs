/**
 * `npm run campaign:mutation [-- LAYER ...]`: changes the code that decides, records, creates and deletes, one expression at a time, and
 * fails when the tests of a layer tell less than 85 % of its changes, or when they do not tell one that `mutation/survivors.json` does not
 * give a reason for.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import layers from "./mutation/layers.cjs";
import { findUnlisted, readSurvivors } from "./mutation/survivors.cjs";
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

const STRYKER = "node_modules/@stryker-mutator/core/bin/stryker.js";

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(layers);

await runWithTools(async (tools) => {
  let worst = await build(tools);
  for (const layer of worst === 0 ? chosen : []) {
    const withLayer = { ...tools, env: { ...tools.env, MUTATED_LAYER: layer } };
    const code = await runScript(withLayer, STRYKER, ["run", "tools/mutation/stryker.config.mjs"]);
    worst = Math.max(worst, code, judgeSurvivors(tools.root, layer));
  }
  return worst;
});

/** Says which changes are neither told nor listed, and returns the exit code. */
function judgeSurvivors(root, layer) {
  const results = join(root, `test-artifacts/mutation/${layer}/results.json`);
  if (!existsSync(results)) return 1;
  const listed = JSON.parse(readFileSync(join(root, "tools/mutation/survivors.json"), "utf8"));
  const unlisted = findUnlisted(readSurvivors(results), listed);
  for (const { file, line, code, becomes } of unlisted) {
    process.stdout.write(
      `${file}: ${line}\n  no test tells that ${code} becomes ${becomes}, and no reason is listed\n`,
    );
  }
  return unlisted.length > 0 ? 1 : 0;
}
