/**
 * How a command fails: one sentence on stderr and an exit code. Whatever else is thrown becomes that here, with its text
 * stripped of anything that could be a value.
 */
import { ExitCode } from "./exit-codes.js";
import { toVisible } from "./wording.js";

/** A command cannot do what it was asked. The message is one sentence that stands alone and never holds a value. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = ExitCode.Incomplete) {
    super(message);
    this.name = "CliFailure";
    this.exitCode = exitCode;
  }
}

/** What the terminal is told of a failure. */
export interface ToldFailure {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** Codes of the errors of `pulumi-atlas-secrets`, whose messages are redacted when they are built. */
const PROVIDER_CODES = new Set(["settings", "authentication", "rejected", "rate-limit", "connection", "adoption"]);

/** A secret of a service account, a ciphertext, or a token: whatever follows the prefix. */
const VALUES = /mdb_sa_sk_[^\s"',;]+|\bv1:[\w+/=:-]{16,}|\beyJ[\w.-]+/g;

/** Turns anything that was thrown into one sentence and an exit code. */
export function toToldFailure(error: unknown): ToldFailure {
  if (error instanceof CliFailure) return { message: toOneLine(error.message), exitCode: error.exitCode };
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof Error && PROVIDER_CODES.has(String((error as { code?: unknown }).code));
  if (isOurs) return { message: toOneLine(message), exitCode: ExitCode.Incomplete };
  const name = error instanceof Error ? error.name : typeof error;
  return { message: toOneLine(`unexpected failure (${name}): ${message}`), exitCode: ExitCode.Incomplete };
}

function toOneLine(text: string): string {
  return toVisible(withhold(text).replace(/\s+/g, " ").trim());
}

/** A text without anything that could be a value. */
export function withhold(text: string): string {
  return text.replace(VALUES, "[withheld]");
}
