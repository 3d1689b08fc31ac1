/** Virtual time: runs like the machine's, or stands still, from any start, and can be moved. */

/** Milliseconds in an hour. */
export const HOUR_MS = 3_600_000;

export class VirtualClock {
  readonly #toBaseMs: () => number;
  #offsetMs = 0;

  constructor(startAt?: string, isStill = false) {
    const startMs = Date.now();
    this.#toBaseMs = isStill ? () => startMs : Date.now;
    if (startAt !== undefined) this.set(startAt);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#toBaseMs() + this.#offsetMs;
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Goes to a time that `parseTime` can read. */
  set(iso: string): void {
    this.#offsetMs = (parseTime(iso) ?? Number.NaN) - this.#toBaseMs();
  }
}

/** Milliseconds since the epoch of a date, or of a time with its zone, in ISO 8601; `undefined` for what is none: 30 February. */
export function parseTime(iso: string): number | undefined {
  const day = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.exec(iso)?.[1];
  const [dayMs, ms] = [Date.parse(day ?? ""), Date.parse(iso)];
  // A day too many in a month would count on into the next one.
  const isReal = !Number.isNaN(dayMs) && !Number.isNaN(ms) && new Date(dayMs).toISOString().startsWith(day ?? "");
  return isReal ? ms : undefined;
}

/** Texts of the latest times: an answer repeats those of the one before. */
const texts = new Map<number, string>();
const MAX_TEXTS = 200;

/** Atlas's form of a time: UTC, whole seconds. */
export function toIsoTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  let text = texts.get(seconds);
  if (text === undefined) {
    text = new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
    if (texts.size >= MAX_TEXTS) texts.clear();
    texts.set(seconds, text);
  }
  return text;
}
