/**
 * `npm run mutants [-- <part of a name>]`: breaks a copy of the provider on purpose, one defect at a time, and fails unless the
 * test that is named for it goes red.
 */
import { DEFECTS } from "./mutants/defects.mjs";
import { hunt } from "./mutants/hunt.mjs";
import { runWithTools } from "./setup/tasks.mjs";

const [filter = ""] = process.argv.slice(2);
const defects = DEFECTS.filter(({ name }) => name.includes(filter));

await runWithTools(async (tools) => {
  if (defects.length === 0) {
    process.stderr.write(`No defect has a name with "${filter}".\n`);
    return 1;
  }
  return hunt(tools, defects);
});
