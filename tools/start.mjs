/** `npm start`: sets up, builds, and plays the demonstration. */
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

await runWithTools(
  async (tools) => (await build(tools)) || runScript(tools, "tools/demo/main.mjs", process.argv.slice(2)),
);
