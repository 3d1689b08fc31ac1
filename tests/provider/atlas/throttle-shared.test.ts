/** The state machine of one rate limit where answers tell what remains, so that several processes can share it. */
import type { ServerLimit } from "../../../provider/src/atlas/limit.js";
import { FIRST_LOOK_MS, REFILL_INTERVAL_MS } from "../../../provider/src/atlas/throttle.js";
import { ALONE, createThrottle, later, NOW, type Scene } from "../fixtures/throttle-scene.js";

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
    { name: "ten of a large limit", capacity: 1_200, least: 11 },
    { name: "ten of fifty", capacity: 50, least: 11 },
    { name: "a fifth of a smaller one", capacity: 49, least: 10 },
    { name: "a fifth of ten", capacity: 10, least: 3 },
    { name: "nothing of four", capacity: 4, least: 1 },
    { name: "nothing of an unknown one", capacity: undefined, least: 1 },
  ])("leaves $name to others", ({ capacity, least }) => {
    const toRest = (remaining: number) => (capacity === undefined ? { remaining } : { remaining, capacity });
    const { admit, accept } = createThrottle();
    accept(1, toRest(least));
    expect(admit(0)).toEqual(ALONE);
    accept(1, toRest(least - 1));
    expect(admit(0)).toEqual(later(FIRST_LOOK_MS));
  });

  it("looks for a refill that nothing told of, ever later, at the latest when the documented interval is over", () => {
    const { admit, accept } = createThrottle();
    let atMs = 1_000;
    for (const waitMs of [1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 28_000]) {
      accept(1, toTold(10), atMs);
      expect(admit(atMs)).toEqual(later(waitMs));
      expect(admit(atMs + waitMs - 1)).toEqual(later(1));
      atMs += waitMs;
      expect(admit(atMs)).toEqual(ALONE);
    }
    expect(atMs).toBe(1_000 + REFILL_INTERVAL_MS);
    accept(1, toTold(9), atMs);
    expect(admit(atMs)).toEqual(later(REFILL_INTERVAL_MS));
  });

  it("looks early again once there was a refill", () => {
    const { admit, accept } = createThrottle();
    for (const atMs of [0, 1_000, 2_000]) accept(1, toTold(10), atMs);
    expect(admit(2_000)).toEqual(later(2_000));
    accept(1, toTold(400), 4_000);
    expect(admit(4_000)).toEqual(NOW);
    accept(1, toTold(9), 4_700);
    expect(admit(4_700)).toEqual(later(300));
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
    accept(1, toTold(5), 41_000);
    expect(admit(41_000)).toEqual(later(FIRST_LOOK_MS));
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
    let nowMs = 0;
    while (nowMs < 3 * REFILL_INTERVAL_MS) {
      scene.accept(1, toTold(0), nowMs);
      const admission = scene.admit(nowMs);
      if (admission.go !== "later") throw new Error("it was to wait");
      nowMs += admission.waitMs;
    }
    return { ...scene, nowMs };
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
    expect(admit(0)).toEqual(later(FIRST_LOOK_MS));
    expect(admit(FIRST_LOOK_MS)).toEqual(ALONE);
  });
});
