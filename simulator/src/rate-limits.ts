/**
 * The documented token buckets of the service account calls.
 *
 * @see https://www.mongodb.com/docs/atlas/api/api-rate-limiting/
 */
import { type Answer, toError } from "./answer.js";
import type { Model } from "./model.js";
import type { Route } from "./request.js";

const BUCKETS = {
  project: { capacity: 1200, refill: 500, seconds: 60 },
  organization: { capacity: 500, refill: 250, seconds: 60 },
} as const;

export class RateLimits {
  readonly #model: Model;
  readonly #buckets = new Map<string, { tokens: number; filledAtMs: number }>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes one token, or gives the 429 to answer. */
  take({ level, ownerId }: Route, path: string): Answer | undefined {
    const { switches, clock } = this.#model;
    if (!switches.rateLimits || level === undefined || ownerId === undefined) return undefined;
    const { capacity, refill, seconds } = BUCKETS[level];
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

  #toRefusal(parameters: {
    path: string;
    retryAfter: number;
    capacity: number;
    refill: number;
    seconds: number;
  }): Answer {
    const variant = this.#model.switches.retryAfter;
    const detail = "The rate limit of this resource is reached.";
    const answer = toError({ status: 429, errorCode: "RATE_LIMITED_TOKEN_BUCKET" }, detail, [parameters]);
    if (variant === "absent") return answer;
    return { ...answer, headers: { "retry-after": variant === "zero" ? "0" : String(parameters.retryAfter) } };
  }
}
