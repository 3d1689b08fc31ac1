/**
 * What is known of one rate limit, learnt from the answers: when the next requests become possible, and how many at a time.
 * A state machine without a clock: every method is told the time.
 *
 *   open      nothing was ever refused: requests go as they come
 *   closed    until the time that a refusal told
 *   learning  the size of a refill is not known: one request at a time, until one is refused
 *   counting  as many requests in each period as the refill is known to hold; in some periods one at a time beyond that,
 *             to find out whether there is more now
 */
import type { ServerLimit } from "./limit.js";

/** The interval in which Atlas refills every limit. @see https://www.mongodb.com/docs/atlas/api/api-rate-limiting/ */
export const REFILL_INTERVAL_MS = 60_000;

/** How often a known refill is tested for more: each test that finds none costs one refused request. */
const TEST_EVERY_PERIODS = 8;

/** The first wait when refusals follow each other although the waits that they told were kept; doubled each time. */
const FIRST_BACKOFF_MS = 1_000;

/** What the next request may do. `alone`: while no other one of the limit is under way. */
export type Admission =
  | { readonly go: "now" }
  | { readonly go: "alone" }
  | { readonly go: "later"; readonly waitMs: number };

export class Throttle {
  /** Start of the current or coming period; absent as long as nothing was refused. */
  #startMs: number | undefined;
  #periodMs: number | undefined;
  #refill: number | undefined;
  /** Accepted, or under way, in the current period. */
  #used = 0;
  #periods = 0;
  /** Refusals in a row. */
  #refusals = 0;
  /** Grows with each refusal that teaches something: those of requests sent before the last one do not. */
  #generation = 0;

  /** Whether anything was ever refused. */
  get isOpen(): boolean {
    return this.#startMs === undefined;
  }

  /** Says what the next request may do at `nowMs`. */
  admit(nowMs: number): Admission {
    if (this.#startMs === undefined) return { go: "now" };
    if (nowMs < this.#startMs) return { go: "later", waitMs: this.#startMs - nowMs };
    if (this.#refill === undefined || this.#periodMs === undefined) return { go: "alone" };
    this.#advance(nowMs, this.#startMs, this.#periodMs);
    if (this.#used < this.#refill) return { go: "now" };
    if (this.#periods % TEST_EVERY_PERIODS === 0) return { go: "alone" };
    return { go: "later", waitMs: this.#startMs + this.#periodMs - nowMs };
  }

  /** A request is sent. Returns what to hand in with its outcome. */
  noteSent(): number {
    this.#used += 1;
    return this.#generation;
  }

  /** The request did not reach the server. */
  noteUnsent(): void {
    this.#used = Math.max(0, this.#used - 1);
  }

  /** The request was answered, and not refused. */
  noteAccepted(): void {
    this.#refusals = 0;
    if (this.#refill !== undefined && this.#used > this.#refill) this.#refill = this.#used;
  }

  /** The request of `generation` was refused with a 429 at `nowMs`. */
  noteRefused(generation: number, nowMs: number, told: ServerLimit): void {
    this.#used = Math.max(0, this.#used - 1);
    if (generation !== this.#generation) return;
    this.#generation += 1;
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** this.#refusals, REFILL_INTERVAL_MS);
    this.#refusals += 1;
    // A 0 is believed once: another refusal shows that it says nothing.
    const { waitMs, ...size } = told;
    const word: ServerLimit = waitMs === 0 && !this.isOpen ? size : told;
    if (word.waitMs === undefined) this.#learnUntold(nowMs);
    const nextMs = Math.max(nowMs + backoffMs, this.#toNextStart(nowMs, word));
    this.#learn(nextMs, word);
    this.#startMs = nextMs;
    this.#used = 0;
    this.#periods += 1;
  }

  #toNextStart(nowMs: number, { waitMs }: ServerLimit): number {
    if (waitMs !== undefined) return nowMs + waitMs;
    const isCounting = this.#startMs !== undefined && this.#periodMs !== undefined;
    const expectedMs = isCounting ? Number(this.#startMs) + Number(this.#periodMs) : 0;
    return expectedMs > nowMs ? expectedMs : nowMs + REFILL_INTERVAL_MS;
  }

  /** Nothing was told: what was accepted in an interval, in which every limit is refilled once, is what a refill holds. */
  #learnUntold(nowMs: number): void {
    if (this.#refill !== undefined || this.#startMs === undefined || this.#used === 0) return;
    if (nowMs < this.#startMs || nowMs >= this.#startMs + REFILL_INTERVAL_MS) return;
    this.#refill = this.#used;
    this.#periodMs = REFILL_INTERVAL_MS;
  }

  #learn(nextMs: number, { waitMs, refill, periodMs }: ServerLimit): void {
    if (refill !== undefined && periodMs !== undefined) {
      this.#refill = refill;
      this.#periodMs = periodMs;
    } else if (this.#refill !== undefined) {
      // Somebody else uses it too, or it was lowered.
      if (this.#used < this.#refill) this.#refill = Math.max(1, this.#used);
    } else if (this.#startMs !== undefined && nextMs > this.#startMs && this.#used > 0 && waitMs) {
      // From one told time to the next, this many were accepted.
      this.#refill = this.#used;
      this.#periodMs = nextMs - this.#startMs;
    }
  }

  #advance(nowMs: number, startMs: number, periodMs: number): void {
    const passed = Math.floor((nowMs - startMs) / periodMs);
    if (passed === 0) return;
    this.#startMs = startMs + passed * periodMs;
    this.#periods += passed;
    this.#used = 0;
  }
}
