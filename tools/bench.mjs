/** `npm run bench [-- <part of a name>]`: sets up, builds, and runs the benchmarks of bench/ in the order of their names. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build, runAll, runScript, runWithTools } from "./setup/tasks.mjs";

const [filter = ""] = process.argv.slice(2);

await runWithTools(async (tools) => {
  const folder = join(tools.root, "bench");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.filter((name) => name.endsWith(".mjs") && name.includes(filter)).sort();
  if (names.length === 0) {
    process.stderr.write(`No benchmark in bench/ has a name with "${filter}".\n`);
    return 1;
  }
  return (await build(tools)) || runAll(names.map((name) => ({ name, run: () => runScript(tools, `bench/${name}`) })));
});
