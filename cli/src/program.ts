/** The command line: its commands, what it prints for help and for what it does not understand, and the exit code. */
import { Command, CommanderError } from "commander";
import type { RegisterCommand } from "./command.js";
import { registerAdopt } from "./commands/adopt.js";
import { registerAudit } from "./commands/audit.js";
import { registerDoctor } from "./commands/doctor.js";
import { registerPlan } from "./commands/plan.js";
import { registerRemove } from "./commands/remove.js";
import type { Environment } from "./environment.js";
import { ExitCode } from "./exit-codes.js";
import { toToldFailure } from "./failure.js";

const COMMANDS: readonly RegisterCommand[] = [
  registerAudit,
  registerPlan,
  registerDoctor,
  registerAdopt,
  registerRemove,
];

/**
 * Runs one command line and returns its exit code. Never rejects.
 *
 * @param args without the program's name
 */
export async function run(args: readonly string[], environment: Environment): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Clean;
  const finish = (finished: ExitCode): void => {
    code = finished;
  };
  const program = createProgram(environment);
  for (const register of COMMANDS) register(program, { environment, finish });
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

function createProgram({ stdout, stderr }: Environment): Command {
  const { version } = require("atlas-secrets/package.json") as { version: string };
  return new Command("atlas-secrets")
    .description("Audits, reports and adopts secrets of MongoDB Atlas service accounts, without ever showing one.")
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", "\nExample:\n  $ atlas-secrets audit state.json --live\n");
}
