/** `npm test [-- <Jest's arguments>]`: sets up, builds, and runs the tests. */
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

await runWithTools(
  async (tools) => (await build(tools)) || runScript(tools, "node_modules/jest/bin/jest.js", process.argv.slice(2)),
  { languages: true },
);
