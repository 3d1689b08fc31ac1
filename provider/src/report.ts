/** Lines for the user. */

/** Shows one line to the user. */
export type Report = (line: string) => void;

/** The same, but it never throws: a line that cannot be shown must not lose a secret. */
export function toSafeReport(report: Report): Report {
  return (line) => {
    try {
      report(line);
    } catch {
      // Nobody listens any more.
    }
  };
}
