/** What a command is: one entry of the table from which parsing, help and completion are made. */
import type { Option } from "commander";
import type { Environment } from "./environment.js";
import type { ExitCode } from "./exit-codes.js";

/** A command of the program. */
export interface CommandDefinition {
  readonly name: string;
  /** One or two sentences. */
  readonly description: string;
  /** What it is given besides options, as `[files...]`, with what that is. */
  readonly operands: readonly (readonly [name: string, description: string])[];
  readonly options: readonly Option[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** As `0 OK, 1 findings`. */
  readonly exitCodes: string;
  /**
   * Does it; a failure is thrown.
   *
   * @param options by their camel-case names, parsed
   */
  run(operands: readonly string[], options: object, environment: Environment): Promise<ExitCode>;
}
