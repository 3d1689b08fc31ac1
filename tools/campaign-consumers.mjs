/**
 * `npm run campaign:consumers [-- <Jest's arguments>]`: installs the packed packages with npm, pnpm and Yarn into programs of each kind,
 * beside the oldest and the newest SDK, and runs them on the Node.js that runs this.
 */
import { build, runScript, runWithTools } from "./setup/tasks.mjs";

process.env.CONSUMERS_NODE ??= process.execPath;
const jestArguments = ["--selectProjects", "consumers", ...process.argv.slice(2)];

await runWithTools(
  async (tools) => (await build(tools)) || runScript(tools, "node_modules/jest/bin/jest.js", jestArguments),
);
