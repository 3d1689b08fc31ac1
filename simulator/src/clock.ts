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
    if (!Number.isFinite(ms)) throw new RangeError("advance takes a number of milliseconds");
    this.#offsetMs += ms;
  }

  set(iso: string): void {
    const ms = Date.parse(iso);
    if (Number.isNaN(ms)) throw new RangeError("the time is not in ISO 8601");
    this.#offsetMs = ms - this.#toBaseMs();
  }
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
