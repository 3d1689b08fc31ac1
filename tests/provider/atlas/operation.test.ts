import { ACCOUNT_BUDGET_MS, OPERATION_BUDGET_MS, Operation } from "../../../provider/src/atlas/operation.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { createFakeClock } from "../fixtures/values.js";

/** An operation that begins now; `hasSent`: its first request goes out at once. */
function begin(hasSent = true) {
  const clock = createFakeClock();
  const operation = new Operation(clock);
  if (hasSent) operation.noteRequest();
  return { clock, operation };
}

describe("Operation", () => {
  it("has five minutes of its own and an hour in all", () => {
    expect([ACCOUNT_BUDGET_MS, OPERATION_BUDGET_MS]).toEqual([5 * MINUTE_MS, 60 * MINUTE_MS]);
  });

  it.each([
    { name: "its own wait to the last of five minutes", kind: "own" as const, ms: 5 * MINUTE_MS, fits: true },
    { name: "its own wait a millisecond longer", kind: "own" as const, ms: 5 * MINUTE_MS + 1, fits: false },
    { name: "a told wait to the last of an hour", kind: "told" as const, ms: 60 * MINUTE_MS, fits: true },
    { name: "a told wait a millisecond longer", kind: "told" as const, ms: 60 * MINUTE_MS + 1, fits: false },
    { name: "no wait", kind: "own" as const, ms: 0, fits: true },
  ])("waits $name: $fits", async ({ kind, ms, fits }) => {
    const { clock, operation } = begin();
    expect(await operation.pause(ms, kind)).toBe(fits);
    expect(clock.slept).toEqual(fits ? [ms] : []);
  });

  it("does not wait at all when the time is not enough, so that a shorter wait still fits", async () => {
    const { clock, operation } = begin();
    expect(await operation.pause(6 * MINUTE_MS, "own")).toBe(false);
    expect(await operation.pause(5 * MINUTE_MS, "own")).toBe(true);
    expect(clock.slept).toEqual([5 * MINUTE_MS]);
  });

  it("counts the time of requests for the five minutes", async () => {
    const { clock, operation } = begin();
    clock.advance(4 * MINUTE_MS);
    expect(await operation.pause(MINUTE_MS + 1, "own")).toBe(false);
    expect(await operation.pause(MINUTE_MS, "own")).toBe(true);
    expect(await operation.pause(1, "own")).toBe(false);
  });

  it("counts the five minutes from the first request, and not from a later one", async () => {
    const { clock, operation } = begin(false);
    clock.advance(50 * MINUTE_MS);
    operation.noteRequest();
    clock.advance(4 * MINUTE_MS);
    operation.noteRequest();
    expect(await operation.pause(MINUTE_MS + 1, "own")).toBe(false);
    expect(await operation.pause(MINUTE_MS, "own")).toBe(true);
  });

  it("does not count told waits for the five minutes", async () => {
    const { operation } = begin();
    expect(await operation.pause(20 * MINUTE_MS, "told")).toBe(true);
    expect(await operation.pause(5 * MINUTE_MS, "own")).toBe(true);
    expect(await operation.pause(1, "own")).toBe(false);
    expect(await operation.pause(20 * MINUTE_MS, "told")).toBe(true);
  });

  it("counts a told wait as long as it really took", async () => {
    const clock = createFakeClock();
    const operation = new Operation({ ...clock, sleep: async (ms) => clock.advance(2 * ms) });
    operation.noteRequest();
    await operation.pause(10 * MINUTE_MS, "told");
    expect(await operation.pause(5 * MINUTE_MS, "own")).toBe(true);
  });

  it("does not count time that was spent on a told wait elsewhere", async () => {
    const { clock, operation } = begin();
    clock.advance(30 * MINUTE_MS);
    operation.noteTold(30 * MINUTE_MS);
    expect(await operation.pause(5 * MINUTE_MS, "own")).toBe(true);
    expect(await operation.pause(1, "own")).toBe(false);
  });

  it("gains nothing from told waits before its first request, which do not count anyway", async () => {
    const { operation } = begin(false);
    await operation.pause(20 * MINUTE_MS, "told");
    operation.noteTold(20 * MINUTE_MS);
    operation.noteRequest();
    expect(await operation.pause(5 * MINUTE_MS + 1, "own")).toBe(false);
  });

  it("counts everything for the hour: waits of both kinds, requests, and the time before the first one", async () => {
    const { clock, operation } = begin(false);
    clock.advance(20 * MINUTE_MS);
    operation.noteRequest();
    await operation.pause(30 * MINUTE_MS, "told");
    await operation.pause(4 * MINUTE_MS, "own");
    clock.advance(MINUTE_MS);
    expect(await operation.pause(5 * MINUTE_MS + 1, "told")).toBe(false);
    expect(await operation.pause(5 * MINUTE_MS, "told")).toBe(true);
    expect(await operation.pause(1, "told")).toBe(false);
  });
});
