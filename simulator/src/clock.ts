/** Virtual time: runs like the machine's, from any start, and can be moved. */

/** Milliseconds in an hour. */
export const HOUR_MS = 3_600_000;

export class VirtualClock {
  #offsetMs = 0;

  constructor(startAt?: string) {
    if (startAt !== undefined) this.set(startAt);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  advance(ms: number): void {
    if (!Number.isFinite(ms)) throw new RangeError("advance takes a number of milliseconds");
    this.#offsetMs += ms;
  }

  set(iso: string): void {
    const ms = Date.parse(iso);
    if (Number.isNaN(ms)) throw new RangeError("the time is not in ISO 8601");
    this.#offsetMs = ms - Date.now();
  }
}

/** Atlas's form of a time: UTC, whole seconds. */
export function toIsoTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
