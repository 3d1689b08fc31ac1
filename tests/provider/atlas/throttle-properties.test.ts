/** What holds of a throttle after any history of sending, answers, lost time and clocks that are set back. */
import fc from "fast-check";
import { Throttle } from "../../../provider/src/atlas/throttle.js";

const told = fc.oneof(
  fc.constant({}),
  fc.record({ waitMs: fc.constantFrom(0, 1, 999, 1_000, 7_000, 60_000, 1e12) }),
  fc.record({
    waitMs: fc.constantFrom(0, 500, 30_000),
    refill: fc.integer({ min: 1, max: 500 }),
    periodMs: fc.constantFrom(1_000, 60_000, 1e12),
  }),
);

const remains = fc.oneof(
  fc.constant({}),
  fc.record({ remaining: fc.constantFrom(0, 1, 5, 11, 200), capacity: fc.constantFrom(5, 500) }),
);

const event = fc.oneof(
  fc.record({ kind: fc.constant("move" as const), ms: fc.integer({ min: -120_000, max: 120_000 }) }),
  fc.record({ kind: fc.constant("send" as const) }),
  fc.record({ kind: fc.constant("accept" as const), remains }),
  fc.record({ kind: fc.constant("unanswered" as const), mayHaveBeenApplied: fc.boolean() }),
  fc.record({ kind: fc.constant("refuse" as const), told }),
);

/** A throttle with any history, and the time at its end. */
const history = fc.array(event, { maxLength: 60 }).map((events) => {
  const throttle = new Throttle();
  const underWay: number[] = [];
  let nowMs = 1_000_000;
  for (const step of events) {
    if (step.kind === "move") nowMs += step.ms;
    else if (step.kind === "send") {
      if (throttle.admit(nowMs, underWay.length).go !== "later") underWay.push(throttle.noteSent());
    } else {
      const generation = underWay.shift();
      if (generation === undefined) continue;
      if (step.kind === "accept") throttle.noteAccepted(generation, nowMs, step.remains);
      else if (step.kind === "unanswered") throttle.noteUnanswered(generation, step);
      else throttle.noteRefused(generation, nowMs, step.told);
    }
  }
  return { throttle, nowMs };
});

describe("Throttle, after any history", () => {
  // Two when the clock was set back into a time before the current period.
  it("lets a request go at once, or after at most two waits of a positive and finite time", () => {
    fc.assert(
      fc.property(history, ({ throttle, nowMs }) => {
        let atMs = nowMs;
        let waits = 0;
        for (let next = throttle.admit(atMs, 0); next.go === "later"; next = throttle.admit(atMs, 0)) {
          expect(next.waitMs).toBeGreaterThan(0);
          expect(Number.isFinite(next.waitMs)).toBe(true);
          atMs += next.waitMs;
          waits += 1;
          expect(waits).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("lets nothing go before a told time is over", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 1e9 }), ({ throttle, nowMs }, waitMs) => {
        throttle.noteRefused(throttle.noteSent(), nowMs, { waitMs });
        expect(throttle.admit(nowMs + waitMs - 1, 0).go).toBe("later");
      }),
      { numRuns: 500 },
    );
  });

  it("admits no more at once than the refill that was told, one of them alone, until an answer teaches it otherwise", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 50 }), ({ throttle, nowMs }, refill) => {
        throttle.noteRefused(throttle.noteSent(), nowMs, { waitMs: 120_000, refill, periodMs: 60_000 });
        const admit = () => throttle.admit(nowMs + 120_000, 0).go;
        expect(admit()).toBe("alone");
        throttle.noteUnanswered(throttle.noteSent(), { mayHaveBeenApplied: true });
        let count = 1;
        for (; count < 100 && admit() === "now"; count++) throttle.noteSent();
        // Where answers tell what remains, nothing goes beside another one before the next of them does.
        expect([refill, 1]).toContain(count);
      }),
      { numRuns: 500 },
    );
  });
});
