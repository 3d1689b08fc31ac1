/** Whose turn it is under a rate limit, and whose time a wait for it takes. */

import { OUT_OF_TIME, Pacer } from "../../../provider/src/atlas/pacing.js";
import { FIRST_LOOK_MS } from "../../../provider/src/atlas/throttle.js";
import { TimeBudget } from "../../../provider/src/atlas/time-budget.js";
import type { Answer, NoAnswer } from "../../../provider/src/atlas/transport.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { createFakeClock } from "../fixtures/values.js";

const OK: Answer = { kind: "answer", status: 200, headers: {}, body: "{}" };
const NO_TIME: NoAnswer = { kind: "no-answer", cause: OUT_OF_TIME, mayHaveBeenApplied: false };
const LIMIT = "accounts";

function toRefusal(retryAfter?: string, parameters: unknown[] = []): Answer {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return { kind: "answer", status: 429, headers, body: JSON.stringify({ error: 429, parameters }) };
}

/** A success that tells how many requests remain. */
const toRemaining = (remaining: number): Answer => ({
  ...OK,
  headers: { "ratelimit-limit": "500", "ratelimit-remaining": `${remaining}` },
});

/** A pacer, and requests that are answered when the test says so. */
function createPacer() {
  const clock = createFakeClock();
  const pacer = new Pacer(clock);
  const sent: string[] = [];
  const begin = () => new TimeBudget(clock);
  /** Sends a request that is answered at once. */
  const run = (name: string, outcome: Answer | NoAnswer = OK, operation = begin(), limit = LIMIT) =>
    pacer.run(limit, operation, async () => {
      sent.push(name);
      return outcome;
    });
  /** Sends a request that is answered when `answer` is called. */
  const hold = (name: string, operation = begin()) => {
    let answer = (_outcome: Answer | NoAnswer): void => undefined;
    const held = new Promise<Answer | NoAnswer>((resolve) => {
      answer = resolve;
    });
    const result = pacer.run(LIMIT, operation, () => {
      sent.push(name);
      return held;
    });
    return { result, answer };
  };
  return { clock, pacer, sent, begin, run, hold };
}

/** Lets everything run that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("Pacer, on a limit that never refused", () => {
  it("sends one request, and once that is over all others at once, however many are under way", async () => {
    const { sent, hold, clock } = createPacer();
    const held = Array.from({ length: 100 }, (_, index) => hold(String(index)));
    await settle();
    expect(sent).toEqual(["0"]);
    held[0]?.answer(OK);
    await settle();
    expect(sent).toHaveLength(100);
    for (const { answer } of held) answer(OK);
    expect(await Promise.all(held.map(({ result }) => result))).toEqual(held.map(() => OK));
    expect(clock.slept).toEqual([]);
  });

  it("gives a refusal to its caller and does not repeat it", async () => {
    const { sent, run } = createPacer();
    const refusal = toRefusal("7");
    expect(await run("a", refusal)).toBe(refusal);
    expect(sent).toEqual(["a"]);
  });
});

describe("Pacer, after a refusal", () => {
  it.each([
    { name: "what the header tells", refusal: toRefusal("7"), waitMs: 7_000 },
    {
      name: "what the body tells",
      refusal: toRefusal("0", [{ retryAfter: 9, refill: 5, seconds: 60 }]),
      waitMs: 9_000,
    },
    { name: "a second when it tells 0", refusal: toRefusal("0"), waitMs: 1_000 },
    { name: "a minute when it tells nothing", refusal: toRefusal(), waitMs: MINUTE_MS },
    { name: "a minute when it tells nonsense", refusal: toRefusal("soon"), waitMs: MINUTE_MS },
  ])("lets the next request wait $name", async ({ refusal, waitMs }) => {
    const { sent, run, clock } = createPacer();
    await run("a", refusal);
    expect(await run("b")).toBe(OK);
    expect(clock.slept).toEqual([waitMs]);
    expect(sent).toEqual(["a", "b"]);
  });

  it("lets requests of another limit go at once", async () => {
    const { run, begin, clock } = createPacer();
    await run("a", toRefusal("7"));
    await run("b", OK, begin(), "mint");
    expect(clock.slept).toEqual([]);
  });

  it("sends those that wait in the order in which they came, one at a time until it knows the refill", async () => {
    const { sent, run, hold } = createPacer();
    await run("refused", toRefusal("7"));
    const held = ["a", "b", "c"].map((name) => hold(name));
    for (const [index, { answer }] of held.entries()) {
      await settle();
      expect(sent).toEqual(["refused", "a", "b", "c"].slice(0, index + 2));
      answer(OK);
    }
    await Promise.all(held.map(({ result }) => result));
  });

  it("sends as many at a time as a refill holds, and the next ones with the next refill", async () => {
    const { sent, run, hold, clock } = createPacer();
    await run("refused", toRefusal("7", [{ retryAfter: 7, refill: 2, seconds: 60 }]));
    const held = ["a", "b", "c", "d"].map((name) => hold(name));
    await settle();
    expect(sent).toEqual(["refused", "a"]);
    held[0]?.answer(OK);
    await settle();
    expect(sent).toEqual(["refused", "a", "b", "c", "d"]);
    expect(clock.slept).toEqual([7_000, MINUTE_MS]);
    for (const { answer } of held) answer(OK);
    await Promise.all(held.map(({ result }) => result));
  });

  it("does not count a request that did not reach the server", async () => {
    const { run, clock } = createPacer();
    await run("refused", toRefusal("7", [{ retryAfter: 7, refill: 1, seconds: 60 }]));
    await run("a", { kind: "no-answer", cause: "ECONNREFUSED", mayHaveBeenApplied: false });
    await run("b");
    expect(clock.slept).toEqual([7_000]);
  });

  it("counts a request that may have reached the server", async () => {
    const { run, clock } = createPacer();
    await run("refused", toRefusal("7", [{ retryAfter: 7, refill: 1, seconds: 60 }]));
    await run("a", { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true });
    await run("b");
    expect(clock.slept).toEqual([7_000, MINUTE_MS]);
  });

  it.each([
    { name: "while it goes one at a time", parameters: [] },
    { name: "while it counts", parameters: [{ retryAfter: 7, refill: 1, seconds: 60 }] },
  ])(
    "passes on that a request could not be signed, does not count it and lets the next one go: $name",
    async ({ parameters }) => {
      const { pacer, begin, run, clock, sent } = createPacer();
      await run("refused", toRefusal("7", parameters));
      const failure = new Error("no token");
      await expect(pacer.run(LIMIT, begin(), () => Promise.reject(failure))).rejects.toBe(failure);
      await run("a");
      expect(sent).toEqual(["refused", "a"]);
      expect(clock.slept).toEqual([7_000]);
    },
  );
});

describe("Pacer, where answers tell what remains", () => {
  it.each([
    { remaining: 100, underWay: 23 },
    { remaining: 18, underWay: 2 },
    { remaining: 11, underWay: 1 },
  ])("has $underWay under way at most when $remaining remain", async ({ remaining, underWay }) => {
    const { sent, run, hold } = createPacer();
    await run("first", toRemaining(remaining));
    const held = Array.from({ length: 50 }, (_, index) => hold(String(index)));
    await settle();
    expect(sent).toHaveLength(1 + underWay);
    for (const { answer } of held) answer(toRemaining(400));
    await Promise.all(held.map(({ result }) => result));
  });

  it("waits when next to nothing remains, before anything is refused", async () => {
    const { sent, run, clock } = createPacer();
    await run("a", toRemaining(11));
    await run("b", toRemaining(10));
    expect(clock.slept).toEqual([]);
    expect(await run("c", toRemaining(400))).toEqual(toRemaining(400));
    expect(clock.slept).toEqual([FIRST_LOOK_MS]);
    expect(sent).toEqual(["a", "b", "c"]);
  });

  it("counts a request as under way no longer when it fails", async () => {
    const { pacer, begin, sent, run, hold } = createPacer();
    await run("first", toRemaining(18));
    const failure = new Error("no answer of any kind");
    for (let number = 0; number < 5; number++) {
      await expect(pacer.run(LIMIT, begin(), () => Promise.reject(failure))).rejects.toBe(failure);
    }
    const held = [hold("a"), hold("b")];
    await settle();
    expect(sent).toEqual(["first", "a", "b"]);
    for (const { answer } of held) answer(OK);
    await Promise.all(held.map(({ result }) => result));
  });
});

describe("Pacer, the lines for its waits", () => {
  it("shows one for a limit and an end, however many requests wait for it", async () => {
    const { run, clock } = createPacer();
    const lines: string[] = [];
    const begin = () => new TimeBudget(clock, (line) => void lines.push(line));
    await run("refused", toRefusal("30"));
    await Promise.all(Array.from({ length: 100 }, (_, index) => run(String(index), OK, begin(), LIMIT)));
    expect(lines).toEqual(["Waiting 30 s, until 2026-03-01T08:00:30Z: the rate limit of accounts is reached."]);
  });

  it("shows none for a turn that is ten seconds away", async () => {
    const { run, clock } = createPacer();
    const lines: string[] = [];
    await run("refused", toRefusal("10"));
    await run("a", OK, new TimeBudget(clock, (line) => void lines.push(line)));
    expect(lines).toEqual([]);
  });
});

describe("Pacer, for an operation", () => {
  it.each([
    { name: "an hour fits", retryAfter: "3600", outcome: OK, sent: ["refused", "a"], slept: [3_600_000] },
    { name: "a second more does not", retryAfter: "3601", outcome: NO_TIME, sent: ["refused"], slept: [] },
  ])(
    "sends nothing when the wait does not fit into its time: $name",
    async ({ retryAfter, outcome, sent: expected, slept }) => {
      const { sent, run, clock } = createPacer();
      await run("refused", toRefusal(retryAfter));
      expect(await run("a")).toEqual(outcome);
      expect({ sent, slept: clock.slept }).toEqual({ sent: expected, slept });
    },
  );

  it("lets the next one have its turn when one has no time left", async () => {
    const { sent, run, begin, clock } = createPacer();
    const old = begin();
    clock.advance(59 * MINUTE_MS);
    await run("refused", toRefusal("120"));
    const [late, inTime] = await Promise.all([run("late", OK, old), run("in time")]);
    expect(late).toEqual(NO_TIME);
    expect(inTime).toBe(OK);
    expect(sent).toEqual(["refused", "in time"]);
  });

  it("takes a wait for the limit for a told one, which its five minutes do not hold", async () => {
    const { run, begin } = createPacer();
    const operation = begin();
    await run("refused", toRefusal("600"), operation);
    await run("a", OK, operation);
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
  });

  it("takes the time in the queue behind others for told as well", async () => {
    const { run, begin } = createPacer();
    const operation = begin();
    await run("refused", toRefusal("600"), operation);
    await Promise.all([run("other"), run("a", OK, operation)]);
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
    expect(await operation.pause(1, "backoff")).toBe(false);
  });

  it("starts its five minutes when the first request is sent", async () => {
    const { run, begin, clock } = createPacer();
    const operation = begin();
    clock.advance(10 * MINUTE_MS);
    await run("a", OK, operation);
    clock.advance(5 * MINUTE_MS);
    expect(await operation.pause(1, "backoff")).toBe(false);
  });
});

describe("Pacer, on a bucket that tells only how long to wait", () => {
  it("learns the refill, and then has hardly a request refused", async () => {
    const { clock, pacer, begin } = createPacer();
    const bucket = { tokens: 20, filledMs: clock.now() };
    let refused = 0;
    const answer = (): Answer => {
      const refills = Math.floor((clock.now() - bucket.filledMs) / MINUTE_MS);
      bucket.tokens = Math.min(20, bucket.tokens + refills * 10);
      bucket.filledMs += refills * MINUTE_MS;
      if (bucket.tokens > 0) {
        bucket.tokens -= 1;
        return OK;
      }
      refused += 1;
      return toRefusal(String((bucket.filledMs + MINUTE_MS - clock.now()) / 1_000));
    };
    const startMs = clock.now();
    const runUntilDone = async () => {
      const operation = begin();
      for (let tries = 1; (await pacer.run(LIMIT, operation, async () => answer())) !== OK; tries++) {
        if (tries === 100) throw new Error("it is never sent");
        await settle();
      }
    };
    await Promise.all(Array.from({ length: 200 }, runUntilDone));
    // 20 at once, then 10 a minute: eighteen minutes are the least. All 180 others were under way at the first refusal.
    expect((clock.now() - startMs) / MINUTE_MS).toBeLessThanOrEqual(20);
    expect(refused - 180).toBeLessThanOrEqual(5);
  });
});
