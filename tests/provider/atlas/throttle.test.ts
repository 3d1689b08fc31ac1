/** The state machine of one rate limit: what the next request may do in each state, and what each answer teaches. */
import { type Admission, REFILL_INTERVAL_MS, Throttle } from "../../../provider/src/atlas/throttle.js";

const NOW = { go: "now" } as const;
const ALONE = { go: "alone" } as const;
const later = (waitMs: number): Admission => ({ go: "later", waitMs });

/** A throttle, and what is done with it, each at a time in milliseconds. */
function createThrottle() {
  const throttle = new Throttle();
  const refuse = (nowMs: number, told = {}) => throttle.noteRefused(throttle.noteSent(), nowMs, told);
  const accept = (count = 1) => {
    for (let number = 0; number < count; number++) {
      throttle.noteSent();
      throttle.noteAccepted();
    }
  };
  return { throttle, refuse, accept };
}

/** Counting: `refill` in each `periodMs`, the first period from `startMs`, just learnt from a refusal. */
function createCounting({ startMs = 7_000, refill = 3, periodMs = 10_000 } = {}) {
  const scene = createThrottle();
  scene.refuse(startMs - 7_000, { waitMs: 7_000, refill, periodMs });
  return scene;
}

/** The times of the coming `count` periods of ten seconds from 7,000. */
const periodStarts = (count: number) => Array.from({ length: count }, (_, index) => 7_000 + index * 10_000);

describe("Throttle, open", () => {
  it("lets requests go as they come, however many are under way or accepted", () => {
    const { throttle, accept } = createThrottle();
    for (let number = 0; number < 5_000; number++) throttle.noteSent();
    accept(5_000);
    expect(throttle.isOpen).toBe(true);
    expect(throttle.admit(0)).toEqual(NOW);
  });

  it("stays open when a request fails before it is sent", () => {
    const { throttle } = createThrottle();
    throttle.noteSent();
    throttle.noteUnsent();
    expect(throttle.isOpen).toBe(true);
  });

  it.each([
    { name: "as told", told: { waitMs: 7_000 }, waitMs: 7_000 },
    { name: "for a day as told", told: { waitMs: 86_400_000 }, waitMs: 86_400_000 },
    { name: "for a second when less is told", told: { waitMs: 999 }, waitMs: 1_000 },
    { name: "just as told from a second on", told: { waitMs: 1_001 }, waitMs: 1_001 },
    { name: "for a second when 0 is told", told: { waitMs: 0 }, waitMs: 1_000 },
    { name: "for a refill interval when nothing is told", told: {}, waitMs: REFILL_INTERVAL_MS },
  ])("closes $name after a refusal", ({ told, waitMs }) => {
    const { throttle, refuse } = createThrottle();
    refuse(100, told);
    expect(throttle.isOpen).toBe(false);
    expect(throttle.admit(100)).toEqual(later(waitMs));
    expect(throttle.admit(100 + waitMs - 1)).toEqual(later(1));
    expect(throttle.admit(100 + waitMs)).not.toHaveProperty("waitMs");
  });
});

describe("Throttle, closed", () => {
  it("learns nothing from refusals of requests that were sent before the last one", () => {
    const { throttle } = createThrottle();
    const sent = Array.from({ length: 10 }, () => throttle.noteSent());
    for (const [index, generation] of sent.entries()) throttle.noteRefused(generation, index * 100, { waitMs: 7_000 });
    expect(throttle.admit(900)).toEqual(later(6_100));
    expect(throttle.admit(7_000)).toEqual(ALONE);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 20])("doubles its own wait up to an interval: %i refusals in a row", (count) => {
    const { throttle, refuse } = createThrottle();
    for (let number = 0; number < count; number++) refuse(0, { waitMs: 1 });
    expect(throttle.admit(0)).toEqual(later(Math.min(1_000 * 2 ** (count - 1), REFILL_INTERVAL_MS)));
  });

  it("waits an interval when a 0 that was told turns out wrong", () => {
    const { throttle, refuse } = createThrottle();
    refuse(0, { waitMs: 0 });
    refuse(1_000, { waitMs: 0 });
    expect(throttle.admit(1_000)).toEqual(later(REFILL_INTERVAL_MS));
  });

  it("keeps the longer of its own wait and the told one", () => {
    const { throttle, refuse } = createThrottle();
    for (let number = 0; number < 4; number++) refuse(0, { waitMs: 5_000 });
    expect(throttle.admit(0)).toEqual(later(8_000));
  });

  it("starts over with a second once a request was accepted", () => {
    const { throttle, refuse, accept } = createThrottle();
    for (let number = 0; number < 5; number++) refuse(0, { waitMs: 1 });
    accept();
    refuse(20_000, { waitMs: 1 });
    expect(throttle.admit(20_000)).toEqual(later(1_000));
  });
});

describe("Throttle, learning", () => {
  it("lets one request at a time go as long as none is refused", () => {
    const { throttle, refuse, accept } = createThrottle();
    refuse(0, { waitMs: 7_000 });
    for (const nowMs of [7_000, 8_000, 500_000]) {
      expect(throttle.admit(nowMs)).toEqual(ALONE);
      accept();
    }
  });

  it("counts from the second refusal on what was accepted between the two told times", () => {
    const { throttle, refuse, accept } = createThrottle();
    refuse(0, { waitMs: 10_000 });
    accept(3);
    refuse(15_000, { waitMs: 5_000 });
    expect(throttle.admit(20_000)).toEqual(NOW);
    accept(3);
    expect(throttle.admit(22_000)).toEqual(later(8_000));
  });

  it.each([
    { name: "nothing is told, after more than an interval", accepted: 3, told: {}, refusedMs: 70_000, nextMs: 130_000 },
    { name: "nothing is told, and nothing was accepted", accepted: 0, told: {}, nextMs: 75_000 },
    { name: "nothing was accepted", accepted: 0, told: { waitMs: 5_000 }, nextMs: 20_000 },
  ])("goes on with one at a time when $name", ({ accepted, told, refusedMs = 15_000, nextMs }) => {
    const { throttle, refuse, accept } = createThrottle();
    refuse(0, { waitMs: 10_000 });
    accept(accepted);
    refuse(refusedMs, told);
    expect(throttle.admit(nextMs - 1)).toEqual(later(1));
    expect(throttle.admit(nextMs)).toEqual(ALONE);
    accept(20);
    expect(throttle.admit(nextMs)).toEqual(ALONE);
  });

  it.each([
    { name: "the first time", first: {}, startMs: REFILL_INTERVAL_MS },
    { name: "this time", first: { waitMs: 10_000 }, startMs: 10_000 },
    { name: "but 0 this time", first: { waitMs: 10_000 }, second: { waitMs: 0 }, startMs: 10_000 },
    { name: "but 0 each time", first: { waitMs: 0 }, second: { waitMs: 0 }, startMs: 1_000 },
  ])("counts from the second refusal on for an interval when nothing is told $name", ({ first, second, startMs }) => {
    const { throttle, refuse, accept } = createThrottle();
    refuse(0, first);
    accept(3);
    refuse(startMs + REFILL_INTERVAL_MS - 1_000, second);
    const nextMs = startMs + REFILL_INTERVAL_MS;
    expect(throttle.admit(nextMs - 1)).toEqual(later(1));
    expect(throttle.admit(nextMs)).toEqual(NOW);
    accept(3);
    expect(throttle.admit(nextMs)).toEqual(later(REFILL_INTERVAL_MS));
  });

  it("does not count what was never sent", () => {
    const { throttle, refuse, accept } = createThrottle();
    refuse(0, { waitMs: 10_000 });
    accept(2);
    throttle.noteSent();
    throttle.noteUnsent();
    refuse(15_000, { waitMs: 5_000 });
    accept(2);
    expect(throttle.admit(20_000)).toEqual(later(10_000));
  });

  it("learns no period from a clock that was set back", () => {
    const { throttle, refuse, accept } = createThrottle();
    refuse(100_000, { waitMs: 10_000 });
    accept(3);
    refuse(0, { waitMs: 5_000 });
    expect(throttle.admit(4_999)).toEqual(later(1));
    expect(throttle.admit(5_000)).toEqual(ALONE);
  });
});

describe("Throttle, counting", () => {
  it("begins at once when a refusal tells the refill and the period", () => {
    const { throttle, accept } = createCounting();
    expect(throttle.admit(6_999)).toEqual(later(1));
    for (let number = 0; number < 3; number++) {
      expect(throttle.admit(7_000)).toEqual(NOW);
      accept();
    }
    expect(throttle.admit(7_000)).toEqual(later(10_000));
    expect(throttle.admit(16_999)).toEqual(later(1));
    expect(throttle.admit(17_000)).toEqual(NOW);
  });

  it("counts requests that are still under way", () => {
    const { throttle } = createCounting();
    for (let number = 0; number < 3; number++) throttle.noteSent();
    expect(throttle.admit(7_000)).toEqual(later(10_000));
  });

  it("gives back the place of a request that was never sent", () => {
    const { throttle } = createCounting();
    for (let number = 0; number < 3; number++) throttle.noteSent();
    throttle.noteUnsent();
    expect(throttle.admit(7_000)).toEqual(NOW);
  });

  it("keeps its periods when some of them pass unused, and saves nothing up", () => {
    const { throttle, accept } = createCounting();
    expect(throttle.admit(38_000)).toEqual(NOW);
    accept(3);
    expect(throttle.admit(38_000)).toEqual(later(9_000));
  });

  it("takes what a later refusal tells for the new size and period", () => {
    const { throttle, refuse, accept } = createCounting();
    accept();
    refuse(7_000, { waitMs: 1_000, refill: 1, periodMs: 60_000 });
    expect(throttle.admit(8_000)).toEqual(NOW);
    accept();
    expect(throttle.admit(8_000)).toEqual(later(60_000));
  });

  it.each([
    { name: "two are accepted", accepted: 2, left: 2 },
    { name: "none is, but keeps one", accepted: 0, left: 1 },
  ])("lowers the refill when a request is refused after $name", ({ accepted, left }) => {
    const { throttle, refuse, accept } = createCounting();
    accept(accepted);
    refuse(8_000, { waitMs: 4_000 });
    for (let number = 0; number < left; number++) {
      expect(throttle.admit(12_000)).toEqual(NOW);
      accept();
    }
    expect(throttle.admit(12_000)).toEqual(later(10_000));
  });

  it("expects the next refill at the end of the period when a refusal tells nothing", () => {
    const { throttle, refuse } = createCounting();
    refuse(9_000);
    expect(throttle.admit(9_000)).toEqual(later(8_000));
  });

  it("waits an interval when a refusal after the end of the period tells nothing", () => {
    const { throttle, refuse } = createCounting();
    refuse(17_000);
    expect(throttle.admit(17_000)).toEqual(later(REFILL_INTERVAL_MS));
  });
});

describe("Throttle, counting, in every eighth period", () => {
  /** At the start of the eighth period, with its three requests used. */
  function createTestPeriod() {
    const scene = createCounting();
    const testMs = 77_000;
    for (const nowMs of periodStarts(7)) {
      expect(scene.throttle.admit(nowMs)).toEqual(NOW);
      scene.accept(3);
      expect(scene.throttle.admit(nowMs)).toEqual(later(10_000));
    }
    expect(scene.throttle.admit(testMs)).toEqual(NOW);
    scene.accept(3);
    return { ...scene, testMs };
  }

  it("lets one more at a time go", () => {
    const { throttle, testMs } = createTestPeriod();
    expect(throttle.admit(testMs)).toEqual(ALONE);
  });

  it("keeps as many as were accepted", () => {
    const { throttle, accept, testMs } = createTestPeriod();
    accept(2);
    const nextMs = testMs + 10_000;
    expect(throttle.admit(nextMs)).toEqual(NOW);
    accept(5);
    expect(throttle.admit(nextMs)).toEqual(later(10_000));
  });

  it("keeps what it knew when the one more is refused, and waits as told", () => {
    const { throttle, refuse, accept, testMs } = createTestPeriod();
    refuse(testMs + 1_000, { waitMs: 9_000 });
    expect(throttle.admit(testMs + 1_000)).toEqual(later(9_000));
    expect(throttle.admit(testMs + 10_000)).toEqual(NOW);
    accept(3);
    expect(throttle.admit(testMs + 10_000)).toEqual(later(10_000));
  });

  it("learns nothing when the one more is not sent after all", () => {
    const { throttle, accept, testMs } = createTestPeriod();
    throttle.noteSent();
    throttle.noteUnsent();
    expect(throttle.admit(testMs + 10_000)).toEqual(NOW);
    accept(3);
    expect(throttle.admit(testMs + 10_000)).toEqual(later(10_000));
  });
});
