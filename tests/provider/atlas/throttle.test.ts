/** The state machine of one rate limit: what the next request may do in each state, and what each answer teaches. */
import { REFILL_INTERVAL_MS } from "../../../provider/src/atlas/throttle.js";
import { ALONE, createThrottle, later, NOW, type Scene } from "../fixtures/throttle-scene.js";

/** Sends and accepts as many as can go at `nowMs`: after it was closed the first one goes alone. */
function takeAll({ admit, accept }: Scene, nowMs: number): number {
  expect(admit(nowMs)).toEqual(ALONE);
  accept();
  let count = 1;
  for (; admit(nowMs).go === "now"; count++) accept();
  return count;
}

/** Counting: `refill` in each `periodMs`, the first period from `startMs`, just learnt from a refusal. */
function createCounting({ startMs = 7_000, refill = 3, periodMs = 10_000 } = {}) {
  const scene = createThrottle();
  scene.refuse(startMs - 7_000, { waitMs: 7_000, refill, periodMs });
  // The first request of all, which goes alone, does not count for anything here.
  expect(scene.admit(startMs)).toEqual(ALONE);
  scene.unsent();
  return scene;
}

/** The times of the coming `count` periods of ten seconds from 7,000. */
const periodStarts = (count: number) => Array.from({ length: count }, (_, index) => 7_000 + index * 10_000);

describe("Throttle, unseen", () => {
  it("lets one request go alone", () => {
    const { throttle, admit } = createThrottle();
    expect(admit(0)).toEqual(ALONE);
    throttle.noteSent();
    expect(admit(0, 1)).toEqual(ALONE);
  });

  it.each([
    { name: "was answered", end: ({ accept }: Scene) => accept() },
    { name: "was never sent", end: ({ unsent }: Scene) => unsent() },
    {
      name: "was not answered",
      end: ({ throttle }: Scene) => throttle.noteUnanswered(throttle.noteSent(), { mayHaveBeenApplied: true }),
    },
  ])("is open once that one $name", ({ end }) => {
    const scene = createThrottle();
    end(scene);
    expect(scene.admit(0, 1_000)).toEqual(NOW);
  });
});

describe("Throttle, open", () => {
  it("lets requests go as they come, however many are under way or accepted", () => {
    const { throttle, admit, accept } = createThrottle();
    accept();
    for (let number = 0; number < 5_000; number++) throttle.noteSent();
    accept(5_000);
    expect(admit(0, 5_000)).toEqual(NOW);
  });

  it.each([
    { name: "as told", told: { waitMs: 7_000 }, waitMs: 7_000 },
    { name: "for a day as told", told: { waitMs: 86_400_000 }, waitMs: 86_400_000 },
    { name: "for a second when less is told", told: { waitMs: 999 }, waitMs: 1_000 },
    { name: "just as told from a second on", told: { waitMs: 1_001 }, waitMs: 1_001 },
    { name: "for a second when 0 is told", told: { waitMs: 0 }, waitMs: 1_000 },
    { name: "for a refill interval when nothing is told", told: {}, waitMs: REFILL_INTERVAL_MS },
  ])("closes $name after a refusal", ({ told, waitMs }) => {
    const { admit, refuse, accept } = createThrottle();
    accept();
    refuse(100, told);
    expect(admit(100)).toEqual(later(waitMs));
    expect(admit(100 + waitMs - 1)).toEqual(later(1));
    expect(admit(100 + waitMs)).not.toHaveProperty("waitMs");
  });
});

describe("Throttle, closed", () => {
  it("learns nothing from refusals of requests that were sent before the last one", () => {
    const { throttle, admit } = createThrottle();
    const sent = Array.from({ length: 10 }, () => throttle.noteSent());
    for (const [index, generation] of sent.entries()) throttle.noteRefused(generation, index * 100, { waitMs: 7_000 });
    expect(admit(900)).toEqual(later(6_100));
    expect(admit(7_000)).toEqual(ALONE);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 20])("doubles its own wait up to an interval: %i refusals in a row", (count) => {
    const { admit, refuse } = createThrottle();
    for (let number = 0; number < count; number++) refuse(0, { waitMs: 1 });
    expect(admit(0)).toEqual(later(Math.min(1_000 * 2 ** (count - 1), REFILL_INTERVAL_MS)));
  });

  it("waits an interval when a 0 that was told turns out wrong", () => {
    const { admit, refuse } = createThrottle();
    refuse(0, { waitMs: 0 });
    refuse(1_000, { waitMs: 0 });
    expect(admit(1_000)).toEqual(later(REFILL_INTERVAL_MS));
  });

  it("keeps the longer of its own wait and the told one", () => {
    const { admit, refuse } = createThrottle();
    for (let number = 0; number < 4; number++) refuse(0, { waitMs: 5_000 });
    expect(admit(0)).toEqual(later(8_000));
  });

  it("starts over with a second once a request was accepted", () => {
    const { admit, refuse, accept } = createThrottle();
    for (let number = 0; number < 5; number++) refuse(0, { waitMs: 1 });
    accept();
    refuse(20_000, { waitMs: 1 });
    expect(admit(20_000)).toEqual(later(1_000));
  });
});

describe("Throttle, learning", () => {
  it("lets one request at a time go as long as none is refused", () => {
    const { admit, refuse, accept } = createThrottle();
    refuse(0, { waitMs: 7_000 });
    for (const nowMs of [7_000, 8_000, 500_000]) {
      expect(admit(nowMs)).toEqual(ALONE);
      accept();
    }
  });

  it("counts from the second refusal on what was accepted between the two told times", () => {
    const scene = createThrottle();
    const { admit, refuse, accept } = scene;
    refuse(0, { waitMs: 10_000 });
    accept(3);
    refuse(15_000, { waitMs: 5_000 });
    expect(takeAll(scene, 20_000)).toBe(3);
    expect(admit(22_000)).toEqual(later(8_000));
  });

  it.each([
    { name: "nothing is told, after more than an interval", accepted: 3, told: {}, refusedMs: 70_000, nextMs: 130_000 },
    { name: "nothing is told, and nothing was accepted", accepted: 0, told: {}, nextMs: 75_000 },
    { name: "nothing was accepted", accepted: 0, told: { waitMs: 5_000 }, nextMs: 20_000 },
  ])("goes on with one at a time when $name", ({ accepted, told, refusedMs = 15_000, nextMs }) => {
    const { admit, refuse, accept } = createThrottle();
    refuse(0, { waitMs: 10_000 });
    accept(accepted);
    refuse(refusedMs, told);
    expect(admit(nextMs - 1)).toEqual(later(1));
    expect(admit(nextMs)).toEqual(ALONE);
    accept(20);
    expect(admit(nextMs)).toEqual(ALONE);
  });

  it.each([
    { name: "the first time", first: {}, startMs: REFILL_INTERVAL_MS },
    { name: "this time", first: { waitMs: 10_000 }, startMs: 10_000 },
    { name: "but 0 this time", first: { waitMs: 10_000 }, second: { waitMs: 0 }, startMs: 10_000 },
    { name: "but 0 each time", first: { waitMs: 0 }, second: { waitMs: 0 }, startMs: 1_000 },
  ])("counts from the second refusal on for an interval when nothing is told $name", ({ first, second, startMs }) => {
    const scene = createThrottle();
    const { admit, refuse, accept } = scene;
    refuse(0, first);
    accept(3);
    refuse(startMs + REFILL_INTERVAL_MS - 1_000, second);
    const nextMs = startMs + REFILL_INTERVAL_MS;
    expect(admit(nextMs - 1)).toEqual(later(1));
    expect(takeAll(scene, nextMs)).toBe(3);
    expect(admit(nextMs)).toEqual(later(REFILL_INTERVAL_MS));
  });

  it("does not count what was never sent", () => {
    const { admit, refuse, accept, unsent } = createThrottle();
    refuse(0, { waitMs: 10_000 });
    accept(2);
    unsent();
    refuse(15_000, { waitMs: 5_000 });
    accept(2);
    expect(admit(20_000)).toEqual(later(10_000));
  });

  it("learns no period from a clock that was set back", () => {
    const { admit, refuse, accept } = createThrottle();
    refuse(100_000, { waitMs: 10_000 });
    accept(3);
    refuse(0, { waitMs: 5_000 });
    expect(admit(4_999)).toEqual(later(1));
    expect(admit(5_000)).toEqual(ALONE);
  });
});

describe("Throttle, counting", () => {
  it("begins at once when a refusal tells the refill and the period", () => {
    const { admit, accept } = createCounting();
    expect(admit(6_999)).toEqual(later(1));
    for (let number = 0; number < 3; number++) {
      expect(admit(7_000)).toEqual(NOW);
      accept();
    }
    expect(admit(7_000)).toEqual(later(10_000));
    expect(admit(16_999)).toEqual(later(1));
    expect(admit(17_000)).toEqual(NOW);
  });

  it("counts requests that are still under way", () => {
    const { throttle, admit } = createCounting();
    for (let number = 0; number < 3; number++) throttle.noteSent();
    expect(admit(7_000)).toEqual(later(10_000));
  });

  it("gives back the place of a request that was never sent", () => {
    const { throttle, admit } = createCounting();
    for (let number = 0; number < 3; number++) throttle.noteSent();
    throttle.noteUnanswered(0, { mayHaveBeenApplied: false });
    expect(admit(7_000)).toEqual(NOW);
  });

  it("keeps its periods when some of them pass unused, and saves nothing up", () => {
    const { admit, accept } = createCounting();
    expect(admit(38_000)).toEqual(NOW);
    accept(3);
    expect(admit(38_000)).toEqual(later(9_000));
  });

  it("takes what a later refusal tells for the new size and period", () => {
    const scene = createCounting();
    const { admit, refuse, accept } = scene;
    accept();
    refuse(7_000, { waitMs: 1_000, refill: 1, periodMs: 60_000 });
    expect(takeAll(scene, 8_000)).toBe(1);
    expect(admit(8_000)).toEqual(later(60_000));
  });

  it.each([
    { name: "two are accepted", accepted: 2, left: 2 },
    { name: "none is, but keeps one", accepted: 0, left: 1 },
  ])("lowers the refill when a request is refused after $name", ({ accepted, left }) => {
    const scene = createCounting();
    const { admit, refuse, accept } = scene;
    accept(accepted);
    refuse(8_000, { waitMs: 4_000 });
    expect(takeAll(scene, 12_000)).toBe(left);
    expect(admit(12_000)).toEqual(later(10_000));
  });

  it("expects the next refill at the end of the period when a refusal tells nothing", () => {
    const { admit, refuse } = createCounting();
    refuse(9_000);
    expect(admit(9_000)).toEqual(later(8_000));
  });

  it("waits an interval when a refusal after the end of the period tells nothing", () => {
    const { admit, refuse } = createCounting();
    refuse(17_000);
    expect(admit(17_000)).toEqual(later(REFILL_INTERVAL_MS));
  });
});

describe("Throttle, counting, in every eighth period", () => {
  /** At the start of the eighth period, with its three requests used. */
  function createTestPeriod() {
    const scene = createCounting();
    const testMs = 77_000;
    for (const nowMs of periodStarts(7)) {
      expect(scene.admit(nowMs)).toEqual(NOW);
      scene.accept(3);
      expect(scene.admit(nowMs)).toEqual(later(10_000));
    }
    expect(scene.admit(testMs)).toEqual(NOW);
    scene.accept(3);
    return { ...scene, testMs };
  }

  it("lets one more at a time go", () => {
    const { admit, testMs } = createTestPeriod();
    expect(admit(testMs)).toEqual(ALONE);
  });

  it("keeps as many as were accepted", () => {
    const { admit, accept, testMs } = createTestPeriod();
    accept(2);
    const nextMs = testMs + 10_000;
    expect(admit(nextMs)).toEqual(NOW);
    accept(5);
    expect(admit(nextMs)).toEqual(later(10_000));
  });

  it("keeps what it knew when the one more is refused, and waits as told", () => {
    const scene = createTestPeriod();
    const { admit, refuse, testMs } = scene;
    refuse(testMs + 1_000, { waitMs: 9_000 });
    expect(admit(testMs + 1_000)).toEqual(later(9_000));
    expect(takeAll(scene, testMs + 10_000)).toBe(3);
    expect(admit(testMs + 10_000)).toEqual(later(10_000));
  });

  it("learns nothing when the one more is not sent after all", () => {
    const { admit, accept, unsent, testMs } = createTestPeriod();
    unsent();
    expect(admit(testMs + 10_000)).toEqual(NOW);
    accept(3);
    expect(admit(testMs + 10_000)).toEqual(later(10_000));
  });
});
