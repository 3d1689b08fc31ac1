/**
 * `npm run verify`: types, format and lint, tests, a sample of seeded defects. All of them run, whatever fails. `ATLAS_SECRETS_TEST_REPORT` names a file for
 * Jest's result as JSON.
 */
import { build, runAll, runScript, runWithTools } from "./setup/tasks.mjs";

const report = process.env.ATLAS_SECRETS_TEST_REPORT;
const jestArguments = report ? ["--json", `--outputFile=${report}`] : [];

/** Others in each run: `npm run mutants` has them all. */
const SAMPLE = 8;

await runWithTools(
  (tools) =>
    runAll([
      { name: "types and build (tsc -b)", run: () => build(tools) },
      {
        name: "format and lint (biome ci)",
        run: () => runScript(tools, "node_modules/@biomejs/biome/bin/biome", ["ci", "."]),
      },
      { name: "tests (jest)", run: () => runScript(tools, "node_modules/jest/bin/jest.js", jestArguments) },
      {
        name: "a sample of seeded defects (mutants)",
        run: () => runScript(tools, "tools/mutants.mjs", ["--sample", String(SAMPLE)]),
      },
    ]),
  { languages: true },
);
