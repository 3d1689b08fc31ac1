import { ACCOUNT_BUDGET_MS, OPERATION_BUDGET_MS, TimeBudget } from "../../../provider/src/atlas/time-budget.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { BIRTH_MS, createFakeClock } from "../fixtures/values.js";

/** An operation that begins now; `hasSent`: its first request goes out at once. */
function begin(hasSent = true) {
  const clock = createFakeClock();
  const operation = new TimeBudget(clock);
  if (hasSent) operation.noteRequest();
  return { clock, operation };
}

describe("TimeBudget", () => {
  it("has five minutes of its own and an hour in all", () => {
    expect([ACCOUNT_BUDGET_MS, OPERATION_BUDGET_MS]).toEqual([5 * MINUTE_MS, 60 * MINUTE_MS]);
  });

  it.each([
    { name: "its own wait to the last of five minutes", kind: "backoff" as const, ms: 5 * MINUTE_MS, fits: true },
    { name: "its own wait a millisecond longer", kind: "backoff" as const, ms: 5 * MINUTE_MS + 1, fits: false },
    { name: "a wait for the server to the last of an hour", kind: "server" as const, ms: 60 * MINUTE_MS, fits: true },
    {
      name: "a wait for the server a millisecond longer",
      kind: "server" as const,
      ms: 60 * MINUTE_MS + 1,
      fits: false,
    },
    { name: "no wait", kind: "backoff" as const, ms: 0, fits: true },
  ])("waits $name: $fits", async ({ kind, ms, fits }) => {
    const { clock, operation } = begin();
    expect(await operation.pause(ms, kind)).toBe(fits);
    expect(clock.slept).toEqual(fits ? [ms] : []);
  });

  it("does not wait at all when the time is not enough, so that a shorter wait still fits", async () => {
    const { clock, operation } = begin();
    expect(await operation.pause(6 * MINUTE_MS, "backoff")).toBe(false);
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
    expect(clock.slept).toEqual([5 * MINUTE_MS]);
  });

  it("counts the time of requests for the five minutes", async () => {
    const { clock, operation } = begin();
    clock.advance(4 * MINUTE_MS);
    expect(await operation.pause(MINUTE_MS + 1, "backoff")).toBe(false);
    expect(await operation.pause(MINUTE_MS, "backoff")).toBe(true);
    expect(await operation.pause(1, "backoff")).toBe(false);
  });

  it("counts the five minutes from the first request, and not from a later one", async () => {
    const { clock, operation } = begin(false);
    clock.advance(50 * MINUTE_MS);
    operation.noteRequest();
    clock.advance(4 * MINUTE_MS);
    operation.noteRequest();
    expect(await operation.pause(MINUTE_MS + 1, "backoff")).toBe(false);
    expect(await operation.pause(MINUTE_MS, "backoff")).toBe(true);
  });

  it("does not count waits for the server for the five minutes", async () => {
    const { operation } = begin();
    expect(await operation.pause(20 * MINUTE_MS, "server")).toBe(true);
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
    expect(await operation.pause(1, "backoff")).toBe(false);
    expect(await operation.pause(20 * MINUTE_MS, "server")).toBe(true);
  });

  it("counts a wait for the server as long as it really took", async () => {
    const clock = createFakeClock();
    const operation = new TimeBudget({ ...clock, sleep: async (ms) => clock.advance(2 * ms) });
    operation.noteRequest();
    await operation.pause(10 * MINUTE_MS, "server");
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
  });

  it("does not count time that was spent on a wait for the server elsewhere", async () => {
    const { clock, operation } = begin();
    clock.advance(30 * MINUTE_MS);
    operation.noteServerWait(30 * MINUTE_MS);
    expect(await operation.pause(5 * MINUTE_MS, "backoff")).toBe(true);
    expect(await operation.pause(1, "backoff")).toBe(false);
  });

  it("gains nothing from waits for the server before its first request, which do not count anyway", async () => {
    const { operation } = begin(false);
    await operation.pause(20 * MINUTE_MS, "server");
    operation.noteServerWait(20 * MINUTE_MS);
    operation.noteRequest();
    expect(await operation.pause(5 * MINUTE_MS + 1, "backoff")).toBe(false);
  });

  it("counts everything for the hour: waits of both kinds, requests, and the time before the first one", async () => {
    const { clock, operation } = begin(false);
    clock.advance(20 * MINUTE_MS);
    operation.noteRequest();
    await operation.pause(30 * MINUTE_MS, "server");
    await operation.pause(4 * MINUTE_MS, "backoff");
    clock.advance(MINUTE_MS);
    expect(await operation.pause(5 * MINUTE_MS + 1, "server")).toBe(false);
    expect(await operation.pause(5 * MINUTE_MS, "server")).toBe(true);
    expect(await operation.pause(1, "server")).toBe(false);
  });
});

describe("TimeBudget, the lines for its waits", () => {
  function createReport() {
    const lines: string[] = [];
    const clock = createFakeClock(BIRTH_MS);
    const report = (line: string) => void lines.push(line);
    // All wait at the same time: none moves the clock.
    const standing = { ...clock, sleep: async () => {} };
    return { lines, clock, begin: () => new TimeBudget(standing, report) };
  }

  it.each([
    { name: "none for ten seconds", ms: 10_000, lines: [] },
    {
      name: "one for more",
      ms: 10_001,
      lines: ["Waiting 11 s, until 2026-03-01T08:00:10Z: Atlas asked to wait."],
    },
  ])("shows $name", async ({ ms, lines: expected }) => {
    const { lines, begin } = createReport();
    await begin().pause(ms, "server");
    expect(lines).toEqual(expected);
  });

  it("says what is waited for, as its caller says or by the kind of the wait", async () => {
    const { lines, begin } = createReport();
    await begin().pause(30_000, "server", "a sample is under way");
    await begin().pause(30_000, "backoff");
    expect(lines).toEqual([
      "Waiting 30 s, until 2026-03-01T08:00:30Z: a sample is under way.",
      "Waiting 30 s, until 2026-03-01T08:00:30Z: the last try failed, and the next one follows then.",
    ]);
  });

  it("shows none for a wait that is not made", async () => {
    const { lines, begin } = createReport();
    expect(await begin().pause(61 * MINUTE_MS, "server")).toBe(false);
    expect(lines).toEqual([]);
  });

  it("shows one for a hundred operations that wait for the same until the same time", async () => {
    const { lines, begin, clock } = createReport();
    for (let started = 0; started < 100; started++) {
      await begin().pause(30_000 - 10 * started, "server");
      clock.advance(10);
    }
    expect(lines).toHaveLength(1);
  });

  it("shows another one for a wait that ends more than ten seconds later, or for another reason", async () => {
    const { lines, begin } = createReport();
    for (const ms of [30_000, 40_000, 40_001]) await begin().pause(ms, "server", "a");
    await begin().pause(11_000, "server", "b");
    expect(lines).toEqual([
      "Waiting 30 s, until 2026-03-01T08:00:30Z: a.",
      "Waiting 41 s, until 2026-03-01T08:00:40Z: a.",
      "Waiting 11 s, until 2026-03-01T08:00:11Z: b.",
    ]);
  });

  it("belongs to one process: another report shows the same wait as well", async () => {
    const [one, other] = [createReport(), createReport()];
    for (const { begin } of [one, other]) await begin().pause(30_000, "server");
    expect([one.lines.length, other.lines.length]).toEqual([1, 1]);
  });
});
