/** What the exit code of a command says. */
export const ExitCode = {
  /** Done, and nothing to report. */
  Clean: 0,
  /** There is something that somebody has to look at, also where not everything could be read. */
  Findings: 1,
  /** Not done, or not done completely: nothing may be concluded. */
  Incomplete: 2,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What counts when not everything could be read, and nothing was found that fails. */
export interface IncompleteOptions {
  readonly incomplete: "fail" | "warn";
}

/** The exit code of a report: a finding counts more than what could not be read. Nothing read at all is a failure, and comes not here. */
export function decideReportCode(
  hasFindings: boolean,
  unread: readonly unknown[],
  { incomplete }: IncompleteOptions,
): ExitCode {
  if (hasFindings) return ExitCode.Findings;
  return unread.length > 0 && incomplete === "fail" ? ExitCode.Incomplete : ExitCode.Clean;
}
