/** The command line: its table of commands, what it prints for help and for what it does not understand, and the exit code. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError, type Option } from "commander";
import type { CommandDefinition } from "./command.js";
import { adoptCommand } from "./commands/adopt.js";
import { auditCommand } from "./commands/audit.js";
import { createCompletion } from "./commands/completion.js";
import { doctorCommand } from "./commands/doctor.js";
import { planCommand } from "./commands/plan.js";
import { removeCommand } from "./commands/remove.js";
import { showCommand } from "./commands/show.js";
import type { Environment } from "./environment.js";
import { ExitCode } from "./exit-codes.js";
import { CliFailure, toToldFailure } from "./failure.js";
import { OPTIONS } from "./options.js";
import { wrap } from "./render/text.js";
import { applySettingsFile } from "./settings-file.js";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [
  auditCommand,
  showCommand,
  planCommand,
  doctorCommand,
  adoptCommand,
  removeCommand,
  createCompletion(() => COMMANDS.map((command) => [command, listOptions(command)])),
];

/** Of help where no terminal says another one. */
const HELP_WIDTH = 80;

const VARIABLES = `
Environment:
  Atlas       MONGODB_ATLAS_CLIENT_ID with MONGODB_ATLAS_CLIENT_SECRET, or
              MONGODB_ATLAS_ACCESS_TOKEN, or MONGODB_ATLAS_PUBLIC_API_KEY with
              MONGODB_ATLAS_PRIVATE_API_KEY; MONGODB_ATLAS_BASE_URL
  Pulumi CLI  PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN, PULUMI_CONFIG_PASSPHRASE
  Network     HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS
  Terminal    NO_COLOR, FORCE_COLOR`;

/**
 * Runs one command line and returns its exit code. Never rejects.
 *
 * @param args without the program's name
 */
export async function run(args: readonly string[], environment: Environment): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Clean;
  const program = createProgram(environment);
  for (const definition of COMMANDS) {
    const command = addCommand(program, definition);
    command.action(async () => {
      code = await runCommand(command, definition, environment);
    });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Its message is printed already: help and version with 0, what it does not understand with another code.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Clean : ExitCode.Incomplete;
    const { message, exitCode } = toToldFailure(error);
    environment.stderr.write(`atlas-secrets: ${message}\n`);
    return exitCode;
  }
}

async function runCommand(command: Command, definition: CommandDefinition, environment: Environment) {
  const { cwd: folder = ".", json, format } = command.opts<{ cwd?: string; json?: true; format?: string }>();
  if (json && format !== "json") throw new CliFailure("--json and --format ask for different formats.");
  const cwd = resolve(environment.cwd, folder);
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new CliFailure(`There is no folder ${folder}.`);
  const inFolder = { ...environment, cwd };
  await applySettingsFile(command, COMMANDS.flatMap(listOptions), inFolder);
  return definition.run(command.args, command.opts(), inFolder);
}

/** Its own options, and those of every command. */
export function listOptions({ options }: CommandDefinition): readonly Option[] {
  const isSettable = options.some(({ envVar }) => envVar);
  return [...options, OPTIONS.cwd, ...(isSettable ? [OPTIONS.config] : [])];
}

function addCommand(program: Command, definition: CommandDefinition): Command {
  const { name, description, operands, examples, exitCodes } = definition;
  const command = program.command(name).description(description);
  for (const [flags, what] of operands) command.argument(flags, what);
  for (const option of listOptions(definition)) command.addOption(option);
  const lines = examples.map((line) => `  $ ${line}\n`).join("");
  const codes = wrap(`Exit codes: ${exitCodes}.`, HELP_WIDTH, "  ", "");
  return command.addHelpText("after", `\nExamples:\n${lines}\n${codes}\n${VARIABLES}\n`);
}

function createProgram({ stdout, stderr }: Environment): Command {
  const { version } = require("pulumi-atlas-secrets-cli/package.json") as { version: string };
  return new Command("atlas-secrets")
    .description("Audits, reports and adopts secrets of MongoDB Atlas service accounts, without ever showing one.")
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, "atlas-secrets: ")),
      getOutHelpWidth: () => stdout.columns || HELP_WIDTH,
      getErrHelpWidth: () => stderr.columns || HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", "\nExample:\n  $ atlas-secrets audit state.json --live\n");
}
