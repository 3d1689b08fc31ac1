/**
 * The documented token buckets of the service account calls.
 *
 * @see https://www.mongodb.com/docs/atlas/api/api-rate-limiting/
 */
import { type Answer, toError } from "./answer.js";
import type { Model } from "./model.js";
import type { Route } from "./request.js";
import type { Bucket, Level } from "./types.js";

const BUCKETS: Readonly<Record<Level, Bucket>> = {
  project: { capacity: 1200, refill: 500, seconds: 60 },
  organization: { capacity: 500, refill: 250, seconds: 60 },
};

export class RateLimits {
  readonly #model: Model;
  readonly #buckets = new Map<string, { tokens: number; filledAtMs: number }>();
  #refusals = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes one token, or gives the 429 to answer. */
  take({ level, ownerId }: Route, path: string): Answer | undefined {
    const { switches, clock } = this.#model;
    if (!switches.rateLimits || level === undefined || ownerId === undefined) return undefined;
    const { capacity, refill, seconds } = switches.rateLimits === true ? BUCKETS[level] : switches.rateLimits;
    const now = clock.now();
    const bucket = this.#buckets.get(ownerId) ?? { tokens: capacity, filledAtMs: now };
    this.#buckets.set(ownerId, bucket);
    const refills = Math.floor((now - bucket.filledAtMs) / (seconds * 1000));
    if (refills !== 0) {
      bucket.tokens = Math.min(capacity, bucket.tokens + Math.max(0, refills) * refill);
      bucket.filledAtMs += refills * seconds * 1000;
    }
    if (bucket.tokens > 0) {
      bucket.tokens -= 1;
      return undefined;
    }
    const retryAfter = Math.max(1, Math.ceil((bucket.filledAtMs + seconds * 1000 - now) / 1000));
    return this.#toRefusal({ path, retryAfter, capacity, refill, seconds });
  }

  #toRefusal(parameters: Bucket & { path: string; retryAfter: number }): Answer {
    this.#refusals += 1;
    const variant = this.#model.switches.retryAfter;
    const detail = "The rate limit of this resource is reached.";
    const isSilent = variant === "absent" || (variant === "alternating" && this.#refusals % 2 === 0);
    // Where the header is missing the body says nothing either: the worst case for a client.
    const told = isSilent ? [] : [parameters];
    const answer = toError({ status: 429, errorCode: "RATE_LIMITED_TOKEN_BUCKET" }, detail, told);
    if (isSilent) return answer;
    return { ...answer, headers: { "retry-after": variant === "zero" ? "0" : String(parameters.retryAfter) } };
  }
}
