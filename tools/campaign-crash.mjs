/**
 * `npm run campaign:crash [-- <Jest's arguments>]`: kills the provider, and the CLI, at every point of a run three times, or as
 * often as `CRASH_ROUNDS` says, and prints what each recovery took.
 */
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

process.env.CRASH_ROUNDS ??= "3";
const jestArguments = ["tests/engine/crash/", ...process.argv.slice(2)];

await runWithTools(
  async (tools) => (await build(tools)) || runScript(tools, "node_modules/jest/bin/jest.js", jestArguments),
);
