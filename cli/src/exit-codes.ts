/** What the exit code of a command says. */
export const ExitCode = {
  /** Done, and nothing to report. */
  Clean: 0,
  /** Done, and there is something that somebody has to look at. */
  Findings: 1,
  /** Not done, or not done completely: nothing may be concluded. */
  Incomplete: 2,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
