import { HOUR_MS } from "../../../provider/src/clock.js";
import {
  toDefaultOverlapHours,
  toEffectiveOverlapHours,
  toOverlapOverMs,
  toRetireAfterMs,
} from "../../../provider/src/rotation/overlap.js";
import { type DesiredRotation, type RecordedRotation, Unknown } from "../../../provider/src/rotation/secret.js";
import { BIRTH_MS, DESIRED_ROTATION, IDS, OVERLAPPING, ROTATING } from "../fixtures/values.js";

describe("toDefaultOverlapHours", () => {
  it.each([
    { name: "a day when the window is longer", lifetime: 720, window: 240, expected: 24 },
    { name: "a day when the window is a day", lifetime: 720, window: 24, expected: 24 },
    { name: "the window when that is shorter than a day", lifetime: 720, window: 23, expected: 23 },
    { name: "nothing without a window", lifetime: 720, window: 0, expected: 0 },
    { name: "what the lifetime leaves beside the window", lifetime: 30, window: 20, expected: 10 },
  ])("is $name", ({ lifetime, window, expected }) => {
    expect(toDefaultOverlapHours(lifetime, window)).toBe(expected);
  });
});

describe("toEffectiveOverlapHours", () => {
  it.each([
    {
      name: "as wanted when it is over before the next rotation",
      overlap: 24,
      granted: 720,
      window: 240,
      expected: 24,
    },
    { name: "as wanted when it is over at the next rotation", overlap: 24, granted: 36, window: 12, expected: 24 },
    { name: "cut to the next rotation", overlap: 24, granted: 35, window: 12, expected: 23 },
    { name: "never negative", overlap: 24, granted: 1, window: 12, expected: 0 },
  ])("is $name", ({ overlap, granted, window, expected }) => {
    expect(toEffectiveOverlapHours(overlap, granted, window)).toBe(expected);
  });
});

function without(key: "current" | "promotedAtMs"): RecordedRotation {
  const { [key]: _, ...rest } = OVERLAPPING;
  return rest;
}

interface Ignorance {
  readonly name: string;
  readonly recorded: RecordedRotation;
  readonly desired?: Partial<DesiredRotation>;
}

describe("toOverlapOverMs", () => {
  it("is the delivery and the overlap that is wanted", () => {
    const wanted = { ...DESIRED_ROTATION, overlapHours: 100 };
    expect(toOverlapOverMs(OVERLAPPING, wanted)).toBe(BIRTH_MS + 100 * HOUR_MS);
  });

  it.each<Ignorance>([
    { name: "there is no previous secret", recorded: ROTATING },
    { name: "the state lacks the delivery", recorded: without("promotedAtMs") },
    { name: "the state lacks the current secret", recorded: without("current") },
    { name: "the overlap is not known", recorded: OVERLAPPING, desired: { overlapHours: Unknown } },
    { name: "the window is not known", recorded: OVERLAPPING, desired: { rotateBeforeExpiryHours: Unknown } },
    { name: "the state holds times of no calendar", recorded: { ...OVERLAPPING, promotedAtMs: 8.64e15 } },
  ])("is not known when $name", ({ recorded, desired = {} }) => {
    const wanted = { ...DESIRED_ROTATION, ...desired };
    expect(toOverlapOverMs(recorded, wanted)).toBeUndefined();
    expect(toRetireAfterMs(recorded, wanted)).toBeUndefined();
  });
});

describe("toRetireAfterMs", () => {
  it("takes unknown quietHours for some", () => {
    const expiresAtMs = BIRTH_MS + 168 * HOUR_MS;
    const recorded = { ...OVERLAPPING, previous: { secretId: IDS[1], expiresAtMs, lastUsedAtMs: BIRTH_MS } };
    const retireAfterMs = toRetireAfterMs(recorded, { ...DESIRED_ROTATION, quietHours: Unknown });
    expect(retireAfterMs).toBeGreaterThan(expiresAtMs);
  });

  it("can be written for a previous secret that expires at the end of the calendar", () => {
    const previous = { secretId: IDS[1], expiresAtMs: 8.64e15, lastUsedAtMs: BIRTH_MS };
    expect(toRetireAfterMs({ ...OVERLAPPING, previous }, DESIRED_ROTATION)).toBe(8.64e15);
  });
});
