/**
 * `npm run bench [-- <part of a name>] [--json FILE] [--compare FILE] [--write]`: sets up, builds, and runs the benchmarks of bench/
 * in the order of their names. What the options do stands in those that take them.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, runAll, runScript, runWithTools } from "./setup/tasks.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, compare: { type: "string" }, write: { type: "boolean" } },
});
const [filter = ""] = positionals;
const options = {
  ...(values.json && { BENCH_JSON: resolve(values.json) }),
  ...(values.compare && { BENCH_COMPARE: resolve(values.compare) }),
  ...(values.write && { BENCH_WRITE: "1" }),
};

await runWithTools(async (found) => {
  const tools = { ...found, env: { ...found.env, ...options } };
  const folder = join(tools.root, "bench");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.filter((name) => name.endsWith(".mjs") && name.includes(filter)).sort();
  if (names.length === 0) {
    process.stderr.write(`No benchmark in bench/ has a name with "${filter}".\n`);
    return 1;
  }
  return (await build(tools)) || runAll(names.map((name) => ({ name, run: () => runScript(tools, `bench/${name}`) })));
});
