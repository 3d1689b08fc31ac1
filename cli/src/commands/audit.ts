/** `atlas-secrets audit`: what is overdue, missing or too much, from states, outputs and Atlas. */
import type { RegisterCommand } from "../command.js";
import { fetchText } from "../sources/read-text.js";
import { parseStackExport } from "../sources/stack-export.js";

export const registerAudit: RegisterCommand = (program, { surroundings }) => {
  program
    .command("audit")
    .description("Say what is overdue, missing or too much, from states, outputs and Atlas.")
    .argument("[files...]", "what 'pulumi stack export' wrote")
    .addHelpText("after", "\nExample:\n  $ pulumi stack export | atlas-secrets audit -\n")
    .action(async (files: string[]) => {
      for (const file of files) {
        const { resources } = parseStackExport(await fetchText(file, surroundings), file);
        surroundings.stdout.write(`${file}: ${resources.length} resources\n`);
      }
    });
};
