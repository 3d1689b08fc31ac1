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

/** Atlas's form of a time: UTC, whole seconds. */
export function toIsoTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
