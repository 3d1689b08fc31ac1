/**
 * `npm run campaign:mutation [-- LAYER ...]`: changes the code that decides, records, creates and deletes, one expression at a time, and
 * fails when the tests of a layer tell less than 85 % of its changes.
 */
import layers from "./mutation/layers.cjs";
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

const STRYKER = "node_modules/@stryker-mutator/core/bin/stryker.js";

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(layers);

await runWithTools(async (tools) => {
  let worst = await build(tools);
  for (const layer of worst === 0 ? chosen : []) {
    const withLayer = { ...tools, env: { ...tools.env, MUTATED_LAYER: layer } };
    worst = Math.max(worst, await runScript(withLayer, STRYKER, ["run", "tools/mutation/stryker.config.mjs"]));
  }
  return worst;
});
