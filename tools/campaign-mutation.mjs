/**
 * `npm run campaign:mutation [-- <Stryker's arguments>]`: changes the code that decides, records, creates and deletes, one expression at
 * a time, and fails when tests tell less than 85 % of the changes. `MUTATE` names other files.
 */
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

const strykerArguments = ["run", "tools/mutation/stryker.config.mjs", ...process.argv.slice(2)];

await runWithTools(
  async (tools) =>
    (await build(tools)) || runScript(tools, "node_modules/@stryker-mutator/core/bin/stryker.js", strykerArguments),
);
