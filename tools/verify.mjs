/**
 * `npm run verify`: types, format and lint, tests. All three run, whatever fails. `ATLAS_SECRETS_TEST_REPORT` names a file for
 * Jest's result as JSON.
 */
import { build, runAll, runScript, runWithTools } from "./setup/tasks.mjs";

const report = process.env.ATLAS_SECRETS_TEST_REPORT;
const jestArguments = report ? ["--json", `--outputFile=${report}`] : [];

await runWithTools((tools) =>
  runAll([
    { name: "types and build (tsc -b)", run: () => build(tools) },
    {
      name: "format and lint (biome ci)",
      run: () => runScript(tools, "node_modules/@biomejs/biome/bin/biome", ["ci", "."]),
    },
    { name: "tests (jest)", run: () => runScript(tools, "node_modules/jest/bin/jest.js", jestArguments) },
  ]),
);
