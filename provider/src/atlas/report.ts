/** Lines for the user. */
import { redactShapes } from "../redact.js";

/** Shows one line to the user. */
export type Report = (line: string) => void;

/**
 * The same, but it never throws: a line that cannot be shown must not lose a secret. It shows nothing shaped like a credential
 * either: a state written by hand, as for an import, can hold a value where an id belongs.
 */
export function toSafeReport(report: Report): Report {
  return (line) => {
    try {
      report(redactShapes(line));
    } catch {
      // Nobody listens any more.
    }
  };
}
