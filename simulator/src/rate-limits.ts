/**
 * The documented token buckets of the service account calls, and the headers that tell of them.
 *
 * @see https://www.mongodb.com/docs/atlas/api/api-rate-limit
 */
import { type Answer, toError, withHeaders } from "./answer.js";
import type { Model } from "./model.js";
import type { Route } from "./request.js";
import type { Bucket, Level, Switches } from "./types.js";

const BUCKETS: Readonly<Record<Level, Bucket>> = {
  project: { capacity: 1200, refill: 500, seconds: 60 },
  organization: { capacity: 500, refill: 250, seconds: 60 },
};

/** What became of a request at its limit: the headers of its answer, and the 429 if it is one. */
export interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal?: Answer;
}

export class RateLimits {
  readonly #model: Model;
  readonly #buckets = new Map<string, { tokens: number; filledAtMs: number }>();
  #refusals = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes one token. */
  take({ level = "project", ownerId = "" }: Route, path: string): Taken {
    const { switches, clock } = this.#model;
    const { rateLimits } = switches;
    const { capacity, refill, seconds } = typeof rateLimits === "boolean" ? BUCKETS[level] : rateLimits;
    // Without limits every request finds a full bucket.
    if (rateLimits === false) return { headers: toHeaders(capacity, capacity - 1) };
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
      return { headers: toHeaders(capacity, bucket.tokens) };
    }
    const retryAfter = Math.max(1, Math.ceil((bucket.filledAtMs + seconds * 1000 - now) / 1000));
    const refusal = this.#toRefusal({ path, retryAfter, capacity, refill, seconds });
    return { headers: toHeaders(capacity, 0), refusal };
  }

  #toRefusal({ path, retryAfter, capacity, refill, seconds }: Bucket & { path: string; retryAfter: number }): Answer {
    this.#refusals += 1;
    const resource = path.slice(1);
    const detail = `Rate limit exceeded for ${resource}.`;
    const told = `${detail} Please retry after ${retryAfter} seconds. Request capacity: ${capacity}. Refill rate: ${refill} per ${seconds} seconds.`;
    const refusal = { status: 429, errorCode: "RATE_LIMITED_TOKEN_BUCKET" };
    const headers = toRetryAfter(this.#model.switches.retryAfter, retryAfter, this.#refusals);
    // Where the header is missing the body says nothing either: the worst case for a client.
    if (!headers["retry-after"]) return toError(refusal, detail);
    return withHeaders(toError(refusal, told, [resource, retryAfter, capacity, refill, seconds]), headers);
  }
}

/** `Retry-After` of a 429 as the switch has it; `count` is how many there were. */
export function toRetryAfter(variant: Switches["retryAfter"], seconds: number, count: number): Record<string, string> {
  const isSilent = variant === "absent" || (variant === "alternating" && count % 2 === 0);
  return isSilent ? {} : { "retry-after": variant === "zero" ? "0" : String(seconds) };
}

/** Declared for every success and for a 429; recorded with other errors that the resource itself answers, too. */
function toHeaders(limit: number, remaining: number): Record<string, string> {
  return { "ratelimit-limit": String(limit), "ratelimit-remaining": String(remaining) };
}
