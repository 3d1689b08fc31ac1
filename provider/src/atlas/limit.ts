/**
 * What an answer says about its rate limit: the `RateLimit-` headers, the `Retry-After` header in both of its forms, and the
 * parameters that Atlas puts into the body of a 429. What is absent or makes no sense is left out; what that means is the
 * caller's to say.
 *
 * @see https://www.mongodb.com/docs/atlas/api/api-rate-limiting/
 * @see RFC 9110, section 10.2.3
 */
import * as v from "valibot";
import type { Answer } from "./transport.js";

/** A limit as an answer tells it. */
export interface ServerLimit {
  /** How long to wait, in milliseconds. */
  readonly waitMs?: number;
  /** How many requests become possible in each period. */
  readonly refill?: number;
  readonly periodMs?: number;
  /** How many requests are possible until the next refill, whoever sends them. */
  readonly remaining?: number;
  /** How many are possible at most. */
  readonly capacity?: number;
}

const amount = v.pipe(v.number(), v.minValue(0), v.maxValue(1e9));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9));

/** Named, or by position: path, seconds to wait, capacity, refill, seconds of a period; of a mint: path, count, minutes. */
const parameters = v.union([
  v.pipe(
    v.tuple([v.looseObject({ retryAfter: amount, refill: positive, seconds: positive })]),
    v.transform(([{ retryAfter, refill, seconds }]) => ({ retryAfter, refill, seconds })),
  ),
  v.pipe(
    v.tuple([v.unknown(), amount, amount, positive, positive]),
    v.transform(([, retryAfter, , refill, seconds]) => ({ retryAfter, refill, seconds })),
  ),
  v.pipe(
    v.strictTuple([v.unknown(), positive, positive]),
    // How much of the period is over is not said.
    v.transform(([, refill, minutes]) => ({ retryAfter: 60 * minutes, refill, seconds: 60 * minutes })),
  ),
]);

const body = v.object({ parameters });

/** Reads what an answer says about its rate limit. */
export function parseLimit(answer: Answer): ServerLimit {
  const told = answer.status === 429 ? parseParameters(answer.body) : undefined;
  const headerMs = parseRetryAfterMs(answer);
  // A header of 0 comes with 429s as well; the body then may still tell the time.
  const waitMs = headerMs || (told ? told.retryAfter * 1000 : headerMs);
  const [remaining, capacity] = ["ratelimit-remaining", "ratelimit-limit"].map((name) => parseCount(answer, name));
  return {
    ...(waitMs !== undefined && { waitMs }),
    ...(told && { refill: told.refill, periodMs: told.seconds * 1000 }),
    ...(remaining !== undefined && { remaining }),
    ...(capacity !== undefined && { capacity }),
  };
}

/** Milliseconds that the `Retry-After` header asks to wait; `undefined` when there is none that makes sense. */
export function parseRetryAfterMs({
  headers,
  serverTimeMs,
}: Pick<Answer, "headers" | "serverTimeMs">): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (!value) return undefined;
  const seconds = parseCount({ headers }, "retry-after");
  if (seconds !== undefined) return seconds * 1000;
  // A date means something only against the time of the server that wrote it.
  const dateMs = / GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(dateMs) || serverTimeMs === undefined ? undefined : Math.max(0, dateMs - serverTimeMs);
}

function parseCount({ headers }: Pick<Answer, "headers">, name: string): number | undefined {
  const value = headers[name]?.trim() ?? "";
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function parseParameters(text: string): v.InferOutput<typeof parameters> | undefined {
  try {
    const parsed = v.safeParse(body, JSON.parse(text));
    return parsed.success ? parsed.output.parameters : undefined;
  } catch {
    return undefined; // Not JSON: nothing is said.
  }
}
