/** What a check says, and what all of them together mean. */
import { ExitCode } from "../exit-codes.js";

/** `unknown`: it could not be told. */
export type CheckStatus = "ok" | "warning" | "failed" | "unknown";

/** One line of the report. */
export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, one sentence. */
  readonly found: string;
  /** What to do, where there is something to do. */
  readonly advice?: string;
}

/** What the exit code says: what fails counts more than what could not be told. */
export function decideExitCode(checks: readonly Check[]): ExitCode {
  if (checks.some(({ status }) => status === "failed")) return ExitCode.Findings;
  return checks.some(({ status }) => status === "unknown") ? ExitCode.Incomplete : ExitCode.Clean;
}
