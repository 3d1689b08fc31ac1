/**
 * What is known of one rate limit, learnt from the answers: when the next requests become possible, and how many at a time.
 * A state machine without a clock: every method is told the time. Atlas "may not always return" the headers that say how many
 * requests remain, so that refusals have to teach as well.
 *
 *   unseen    no answer came since the beginning, or since it was closed: one request alone, whose answer tells more
 *   shared    answers tell what remains: of that a part may be under way, since other processes use the limit as well
 *   closed    until the next refill: nothing remains, or a request was refused. Where nothing tells when that is, a request alone
 *             looks for it from time to time
 *   open      nothing tells of a limit: requests go as they come
 *   learning  the size of a refill is not known: one request at a time, until one is refused
 *   counting  as many requests in each period as the refill is known to hold; in some periods one at a time beyond that,
 *             to find out whether there is more now
 *
 * @see https://www.mongodb.com/docs/atlas/api/api-rate-limit/
 */
import type { ServerLimit } from "./limit.js";

/** The interval in which Atlas refills every limit. */
export const REFILL_INTERVAL_MS = 60_000;

/** How often a known refill is tested for more: each test that finds none costs one refused request. */
const TEST_EVERY_PERIODS = 8;

/** So many processes may spend what remains at the same time: each has no more under way than its part of it. */
const SHARERS = 4;

/**
 * So much of a limit is left to the last requests that others have under way, or a fifth of a small limit. That costs nothing but
 * once: a refill adds to it.
 */
const RESERVE = 10;

/**
 * How soon a request alone finds out whether there was a refill after all, where nothing told when one comes: an answer that says
 * that nothing remains does not say until when. Doubled each time that there was none, up to the documented interval. Looks come at whole
 * multiples, so that they keep step with a refill of that period.
 */
export const FIRST_LOOK_MS = 1_000;

/** So often in a row it is believed that nothing remains: others may take every refill, or a server may count something else. */
const BELIEVED_REFILLS = 3;

/** The first wait when refusals follow each other although the waits that they told were kept; doubled each time. */
const FIRST_BACKOFF_MS = 1_000;

/** What the next request may do. `alone`: no other one follows it until it is answered. */
export type Admission =
  | { readonly go: "now" }
  | { readonly go: "alone" }
  | { readonly go: "later"; readonly waitMs: number };

export class Throttle {
  /** Start of the current or coming period; absent as long as nothing was refused or used up. */
  #startMs: number | undefined;
  #periodMs: number | undefined;
  #refill: number | undefined;
  /** Accepted, or under way, in the current period. */
  #used = 0;
  #periods = 0;
  /** Refusals in a row. */
  #refusals = 0;
  /** How often it was closed: what was sent before that teaches nothing any more. */
  #generation = 0;
  /** Whether a request of this generation came to an end. */
  #isSeen = false;
  /** What remains but for the reserve, as the last answer of this generation told it. */
  #spare: number | undefined;
  /** Whether any answer told what remains. */
  #hasHeaders = false;
  /** How often in a row nothing remained for this process when a refill was due. */
  #emptyRefills = 0;
  #lookMs = FIRST_LOOK_MS;
  /** When nothing remained for the first time: refills are due at whole intervals since. */
  #firstEmptyMs: number | undefined;

  /** Says what the next request may do at `nowMs`, while `underWay` are not answered. */
  admit(nowMs: number, underWay: number): Admission {
    if (this.#startMs !== undefined && nowMs < this.#startMs) return { go: "later", waitMs: this.#startMs - nowMs };
    if (this.#spare !== undefined) return { go: underWay + 1 < this.#spare / SHARERS ? "now" : "alone" };
    if (this.#hasHeaders || !this.#isSeen) return { go: "alone" };
    if (this.#startMs === undefined) return { go: "now" };
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

  /** There was no answer to it. */
  noteUnanswered(generation: number, { mayHaveBeenApplied }: { readonly mayHaveBeenApplied: boolean }): void {
    this.#isSeen ||= generation === this.#generation;
    if (!mayHaveBeenApplied) this.#used = Math.max(0, this.#used - 1);
  }

  /** The request of `generation` was answered at `nowMs`, and not refused. */
  noteAccepted(generation: number, nowMs: number, { remaining, capacity = 0 }: ServerLimit): void {
    this.#refusals = 0;
    if (this.#refill !== undefined && this.#used > this.#refill) this.#refill = this.#used;
    if (generation !== this.#generation) return;
    this.#isSeen = true;
    if (remaining === undefined) return;
    this.#hasHeaders = true;
    this.#spare = remaining - Math.min(RESERVE, Math.floor(capacity / 5));
    if (this.#spare <= 0) {
      this.#noteEmpty(nowMs);
    } else {
      this.#emptyRefills = 0;
      this.#lookMs = FIRST_LOOK_MS;
    }
  }

  #noteEmpty(nowMs: number): void {
    const refillMs = this.#toNextRefill(nowMs);
    const lookMs = this.#periodMs === undefined ? this.#toNextOf(this.#lookMs, nowMs) : refillMs;
    this.#lookMs *= 2;
    if (lookMs >= refillMs) this.#emptyRefills += 1;
    if (this.#emptyRefills <= BELIEVED_REFILLS) this.#close(Math.min(lookMs, refillMs));
  }

  /** The request of `generation` was refused with a 429 at `nowMs`. */
  noteRefused(generation: number, nowMs: number, told: ServerLimit): void {
    this.#used = Math.max(0, this.#used - 1);
    if (generation !== this.#generation) return;
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** this.#refusals, REFILL_INTERVAL_MS);
    this.#refusals += 1;
    this.#emptyRefills = 0;
    // A 0 is believed once: another refusal shows that it says nothing.
    const { waitMs, ...size } = told;
    const word: ServerLimit = waitMs === 0 && this.#startMs !== undefined ? size : told;
    if (word.waitMs === undefined) this.#learnUntold(nowMs);
    const nextMs = Math.max(nowMs + backoffMs, this.#toNextStart(nowMs, word));
    this.#learn(nextMs, word);
    this.#close(nextMs);
  }

  #close(startMs: number): void {
    this.#startMs = startMs;
    this.#generation += 1;
    this.#periods += 1;
    this.#used = 0;
    this.#isSeen = false;
    this.#spare = undefined;
  }

  #toNextRefill(nowMs: number): number {
    return this.#toNextOf(this.#periodMs ?? REFILL_INTERVAL_MS, nowMs);
  }

  /** The end of the period at `nowMs`: they are counted from a refill that was told, or from when nothing remained first. */
  #toNextOf(periodMs: number, nowMs: number): number {
    this.#firstEmptyMs ??= nowMs;
    const startMs = (this.#periodMs === undefined ? undefined : this.#startMs) ?? this.#firstEmptyMs;
    return startMs + (Math.floor((nowMs - startMs) / periodMs) + 1) * periodMs;
  }

  #toNextStart(nowMs: number, { waitMs }: ServerLimit): number {
    if (waitMs !== undefined) return nowMs + waitMs;
    const isCounting = this.#startMs !== undefined && this.#periodMs !== undefined;
    const expectedMs = isCounting ? Number(this.#startMs) + Number(this.#periodMs) : 0;
    return expectedMs > nowMs ? expectedMs : nowMs + REFILL_INTERVAL_MS;
  }

  /** Nothing was told: what was accepted in an interval, in which every limit is refilled once, is what a refill holds. */
  #learnUntold(nowMs: number): void {
    if (this.#hasHeaders || this.#refill !== undefined || this.#startMs === undefined || this.#used === 0) return;
    if (nowMs < this.#startMs || nowMs >= this.#startMs + REFILL_INTERVAL_MS) return;
    this.#refill = this.#used;
    this.#periodMs = REFILL_INTERVAL_MS;
  }

  #learn(nextMs: number, { waitMs, refill, periodMs }: ServerLimit): void {
    if (refill !== undefined && periodMs !== undefined) {
      this.#refill = refill;
      this.#periodMs = periodMs;
    } else if (this.#hasHeaders) {
      return; // Others use it too: what this process got says little.
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
