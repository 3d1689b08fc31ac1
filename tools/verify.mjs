/**
 * `npm run verify`: what CI runs beside `npm test`: types, format and lint, a sample of seeded defects. All of them run, whatever fails.
 */
import { build, runAll, runScript, runWithTools } from "./setup/tasks.mjs";

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
      {
        name: "a sample of seeded defects (mutants)",
        run: () => runScript(tools, "tools/mutants.mjs", ["--sample", String(SAMPLE)]),
      },
    ]),
  { languages: true },
);
