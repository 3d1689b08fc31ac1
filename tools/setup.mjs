/** `node tools/setup.mjs`: makes the checkout ready to run, and says with what. */
import { runWithTools } from "./setup/tasks.mjs";

await runWithTools(async ({ node, pulumi, pulumiVersion }) => {
  process.stdout.write(`Ready: ${node}; Pulumi ${pulumiVersion}, ${pulumi}\n`);
  return 0;
});
