/** Lines for the user. */
import { toIsoTime } from "../clock.js";
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

/** A wait gets a line when it ends so much later than now, and than the end that a line has told already. */
const LONG_WAIT_MS = 10_000;

/** The ends of waits that lines have told, by what they are for: a hundred requests that wait for one limit need one line. */
const toldEndsMs = new WeakMap<Report, Map<string, number>>();

/** Shows one line for a wait of more than ten seconds, unless one that showed before says as much. */
export function reportWait(report: Report, what: string, { nowMs, untilMs }: { nowMs: number; untilMs: number }): void {
  const ends = toldEndsMs.get(report) ?? new Map<string, number>();
  toldEndsMs.set(report, ends);
  if (untilMs - Math.max(nowMs, ends.get(what) ?? 0) <= LONG_WAIT_MS) return;
  ends.set(what, untilMs);
  report(`Waiting ${Math.ceil((untilMs - nowMs) / 1000)} s, until ${toIsoTime(untilMs)}: ${what}.`);
}
