/**
 * `npm run campaign:fuzz [-- <Jest's arguments>]`: 100,000 random sequences and as many inputs, or as many as `FUZZ_RUNS` says, from a
 * seed that differs each time, or from `FUZZ_SEED`.
 */
import { randomInt } from "node:crypto";
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

process.env.FUZZ_RUNS ??= "100000";
process.env.FUZZ_SEED ??= String(randomInt(2 ** 31));
const jestArguments = ["tests/model/sequences", "tests/provider/handlers/fuzzed-inputs", ...process.argv.slice(2)];

await runWithTools(
  async (tools) => (await build(tools)) || runScript(tools, "node_modules/jest/bin/jest.js", jestArguments),
);
