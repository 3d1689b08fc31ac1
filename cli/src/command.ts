/** What a command is given, and how it says its exit code. */
import type { Command } from "commander";
import type { Environment } from "./environment.js";
import type { ExitCode } from "./exit-codes.js";

/** What every command gets. */
export interface CommandContext {
  readonly environment: Environment;
  /** The exit code of the run; a failure is thrown instead. */
  readonly finish: (code: ExitCode) => void;
}

/** Adds one command to the program. */
export type RegisterCommand = (program: Command, context: CommandContext) => void;
