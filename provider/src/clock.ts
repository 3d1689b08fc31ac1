/**
 * Time as a value that callers pass in. Nothing else in this package reads the system clock or starts a timer,
 * so that a test can move time and a decision can be repeated.
 */

/** A source of time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock's time. */
  sleep(ms: number): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Milliseconds in one hour. */
export const HOUR_MS = 3_600_000;

/** Milliseconds in one minute. */
export const MINUTE_MS = 60_000;

/** Formats milliseconds since the epoch as Atlas does: UTC, whole seconds, `2026-01-31T08:00:00Z`. */
export function toIsoTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** Parses an ISO 8601 time with its zone to milliseconds since the epoch; `undefined` when it is not one. */
export function parseIsoTime(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const [ms, day] = [Date.parse(text), text.slice(0, 10)];
  // Of a day that there is not, such as 30 February, `Date` makes another one.
  return Number.isNaN(ms) || toIsoTime(Date.parse(day)).slice(0, 10) !== day ? undefined : ms;
}
