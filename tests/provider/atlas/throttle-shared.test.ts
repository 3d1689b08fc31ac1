/** The state machine of one rate limit where answers tell what remains, so that several processes can share it. */
import type { ServerLimit } from "../../../provider/src/atlas/limit.js";
import { REFILL_INTERVAL_MS } from "../../../provider/src/atlas/throttle.js";
import { ALONE, createThrottle, later, NOW, type Scene } from "../fixtures/throttle-scene.js";

/** After what time one request looks for a refill, the first time. */
const LOOK_MS = 1_000;

/** What the headers of an answer tell of a limit of `capacity`. */
const toTold = (remaining: number, capacity = 500): ServerLimit => ({ remaining, capacity });

describe("Throttle, shared", () => {
  it("goes on as it did when an answer tells nothing", () => {
    const { admit, accept } = createThrottle();
    accept(1, toTold(490));
    accept();
    expect(admit(0, 119)).toEqual(ALONE);
  });

  // A fourth of what remains but for ten.
  it.each([
    { remaining: 490, most: 120 },
    { remaining: 23, most: 4 },
    { remaining: 19, most: 3 },
    { remaining: 18, most: 2 },
    { remaining: 14, most: 1 },
    { remaining: 11, most: 1 },
  ])("has no more than $most under way when $remaining remain", ({ remaining, most }) => {
    const { admit, accept } = createThrottle();
    accept(1, toTold(remaining));
    for (let underWay = 0; underWay < most - 1; underWay++) expect(admit(0, underWay)).toEqual(NOW);
    expect(admit(0, most - 1)).toEqual(ALONE);
  });

  it.each([
    { name: "ten of a large limit", capacity: 1_200, least: 11, waitMs: LOOK_MS },
    { name: "ten of fifty", capacity: 50, least: 11, waitMs: LOOK_MS },
    { name: "a fifth of a smaller one", capacity: 49, least: 10, waitMs: LOOK_MS },
    { name: "a fifth of ten", capacity: 10, least: 3, waitMs: LOOK_MS },
    { name: "nothing of four", capacity: 4, least: 1, waitMs: REFILL_INTERVAL_MS },
    { name: "nothing of an unknown one", capacity: undefined, least: 1, waitMs: REFILL_INTERVAL_MS },
  ])("leaves $name to others", ({ capacity, least, waitMs }) => {
    const toRest = (remaining: number) => (capacity === undefined ? { remaining } : { remaining, capacity });
    const { admit, accept } = createThrottle();
    accept(1, toRest(least));
    expect(admit(0)).toEqual(ALONE);
    accept(1, toRest(least - 1));
    expect(admit(0)).toEqual(later(waitMs));
  });

  it("looks for a refill with one request of what it leaves to others, later and later, and not with more than half of it", () => {
    const { admit, accept } = createThrottle();
    let nowMs = 0;
    for (const [remaining, waitMs] of [
      [10, 1_000],
      [9, 2_000],
      [8, 4_000],
      [7, 8_000],
      [6, 16_000],
      [5, 32_000],
    ] as const) {
      accept(1, toTold(remaining), nowMs);
      expect(admit(nowMs)).toEqual(later(waitMs));
      nowMs += waitMs;
      expect(admit(nowMs)).toEqual(ALONE);
    }
    accept(1, toTold(4), nowMs);
    expect(admit(nowMs)).toEqual(later(REFILL_INTERVAL_MS));
  });

  it("waits as long as it took until something was refilled, and looks later again when nothing was", () => {
    const { admit, accept } = createThrottle();
    accept(1, toTold(10), 0);
    accept(1, toTold(9), 1_000);
    accept(1, toTold(13), 3_000);
    expect(admit(3_000)).toEqual(ALONE);
    accept(1, toTold(10), 4_000);
    expect(admit(4_000)).toEqual(later(3_000));
    accept(1, toTold(9), 7_000);
    expect(admit(7_000)).toEqual(later(6_000));
  });

  it("waits before anything was refused, for an interval since the beginning of the last one, and then asks alone", () => {
    const { admit, accept } = createThrottle();
    accept(1, toTold(4), 1_000);
    expect(admit(1_000)).toEqual(later(REFILL_INTERVAL_MS));
    expect(admit(60_999)).toEqual(later(1));
    expect(admit(61_000)).toEqual(ALONE);
    accept(1, toTold(400), 62_000);
    expect(admit(62_000)).toEqual(NOW);
    accept(1, toTold(4), 70_000);
    expect(admit(70_000)).toEqual(later(51_000));
    accept(1, toTold(300), 121_000);
    accept(1, toTold(4), 300_000);
    expect(admit(300_000)).toEqual(later(1_000));
  });

  it("waits for the refill that a refusal told, in the period that it told", () => {
    const { admit, accept, refuse } = createThrottle();
    refuse(0, { waitMs: 7_000, refill: 300, periodMs: 20_000 });
    accept(1, toTold(300), 7_000);
    accept(1, toTold(5), 8_000);
    expect(admit(8_000)).toEqual(later(19_000));
  });

  it("learns no size from its own share of a limit", () => {
    const { admit, accept, refuse } = createThrottle();
    accept(1, toTold(400));
    refuse(1_000, { waitMs: 9_000 });
    accept(1, toTold(300), 10_000);
    refuse(33_000, { waitMs: 7_000 });
    accept(1, toTold(4), 41_000);
    expect(admit(41_000)).toEqual(later(59_000));
  });

  it("asks one at a time after a refill as long as no answer tells what remains", () => {
    const { throttle, admit, accept } = createThrottle();
    accept(1, toTold(0));
    for (let number = 0; number < 3; number++) {
      expect(admit(REFILL_INTERVAL_MS)).toEqual(ALONE);
      accept(1, {}, REFILL_INTERVAL_MS);
    }
    throttle.noteUnanswered(throttle.noteSent(), { mayHaveBeenApplied: true });
    expect(admit(REFILL_INTERVAL_MS)).toEqual(ALONE);
    accept(1, toTold(400), REFILL_INTERVAL_MS);
    expect(admit(REFILL_INTERVAL_MS)).toEqual(NOW);
  });

  /** Nothing remained at three refills in a row; gives the time of the last one, when a request goes alone. */
  function createDoubting() {
    const scene = createThrottle();
    for (let refills = 0; refills < 3; refills++) {
      scene.accept(1, toTold(0), refills * REFILL_INTERVAL_MS);
      expect(scene.admit(refills * REFILL_INTERVAL_MS)).toEqual(later(REFILL_INTERVAL_MS));
    }
    return { ...scene, nowMs: 3 * REFILL_INTERVAL_MS };
  }

  it("does not believe a fourth time that nothing remains: one at a time", () => {
    const { admit, accept, nowMs } = createDoubting();
    for (let number = 0; number < 10; number++) {
      expect(admit(nowMs)).toEqual(ALONE);
      accept(1, toTold(0), nowMs);
    }
  });

  it.each([
    { name: "more remained", teach: ({ accept }: Scene, nowMs: number) => accept(1, toTold(11), nowMs) },
    { name: "one was refused", teach: ({ refuse }: Scene, nowMs: number) => refuse(nowMs, { waitMs: 5_000 }) },
  ])("believes it again once $name", ({ teach }) => {
    const { nowMs, ...scene } = createDoubting();
    scene.accept(1, toTold(0), nowMs);
    teach(scene, nowMs);
    const laterMs = nowMs + 5_000;
    scene.accept(1, toTold(0), laterMs);
    expect(scene.admit(laterMs).go).toBe("later");
  });

  it("takes answers to what was sent before it was closed for old", () => {
    const { throttle, admit } = createThrottle();
    const sent = [throttle.noteSent(), throttle.noteSent(), throttle.noteSent()];
    const [first = 0, second = 0, third = 0] = sent;
    throttle.noteAccepted(first, 0, toTold(0));
    throttle.noteAccepted(second, 0, toTold(400));
    throttle.noteUnanswered(third, { mayHaveBeenApplied: true });
    expect(admit(0)).toEqual(later(REFILL_INTERVAL_MS));
    expect(admit(REFILL_INTERVAL_MS)).toEqual(ALONE);
  });
});
