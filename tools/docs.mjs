/** `npm run docs [-- FOLDER]`: sets up, and makes the site of the documents with the API reference, by default in docs/dist. Reaches no network. */
import { join, resolve } from "node:path";
import { runScript, runWithTools } from "./setup/tasks.mjs";

await runWithTools(async (tools) => {
  const [folder = join(tools.root, "docs/dist")] = process.argv.slice(2).map((path) => resolve(path));
  const site = ["build", join(tools.root, "docs"), "--outDir", folder];
  const api = ["--options", join(tools.root, "docs/.vitepress/typedoc.json"), "--out", join(folder, "api")];
  return (
    (await runScript(tools, "node_modules/vitepress/bin/vitepress.js", site)) ||
    (await runScript(tools, "node_modules/typedoc/bin/typedoc", api))
  );
});
