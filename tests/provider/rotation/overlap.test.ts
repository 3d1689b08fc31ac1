import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import {
  DEFAULT_QUIET_HOURS,
  toDefaultOverlapHours,
  toDefaultQuietHours,
  toEffectiveOverlapHours,
  toHoldsUntilMs,
  toOverlapOverMs,
  toQuietHours,
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

describe("toDefaultQuietHours", () => {
  it.each([
    { name: "a day when rotations are two days apart", lifetime: 72, window: 24, expected: 24 },
    { name: "half of the time between two rotations", lifetime: 71, window: 24, expected: 23 },
    { name: "an hour at least, as 0 would say that a use does not count", lifetime: 8, window: 7, expected: 1 },
  ])("is $name", ({ lifetime, window, expected }) => {
    expect(toDefaultQuietHours(lifetime, window)).toBe(expected);
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
    { name: "over at the next rotation", overlap: 24, granted: 35, window: 12, expected: 23 },
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
  it("is the promotion and the overlap that is wanted", () => {
    const wanted = { ...DESIRED_ROTATION, overlapHours: 100 };
    expect(toOverlapOverMs(OVERLAPPING, wanted)).toBe(BIRTH_MS + 100 * HOUR_MS);
  });

  it("is cut to the lifetime that was asked for where the state lacks the granted one", () => {
    const current = { secretId: IDS[0], issuedForHours: 10, issuedForTriggers: {} };
    const wanted = { ...DESIRED_ROTATION, rotateBeforeExpiryHours: 4 };
    expect(toOverlapOverMs({ ...OVERLAPPING, current }, wanted)).toBe(BIRTH_MS + 6 * HOUR_MS);
  });

  it.each<Ignorance>([
    { name: "there is no previous secret", recorded: ROTATING },
    { name: "the state lacks the promotion", recorded: without("promotedAtMs") },
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

const EXPIRY_MS = BIRTH_MS + 168 * HOUR_MS;
const MARGIN_MS = 10 * MINUTE_MS;

function withPrevious(changes: Partial<NonNullable<RecordedRotation["previous"]>>): RecordedRotation {
  return { ...OVERLAPPING, previous: { secretId: IDS[1], expiresAtMs: EXPIRY_MS, ...changes } };
}

describe("toRetireAfterMs", () => {
  it.each([
    { name: "the end of the overlap", recorded: OVERLAPPING, atMs: BIRTH_MS + 24 * HOUR_MS },
    { name: "no later for a use", recorded: withPrevious({ lastUsedAtMs: EXPIRY_MS }), atMs: BIRTH_MS + 24 * HOUR_MS },
    {
      name: "ten minutes after its expiry when that comes first",
      recorded: withPrevious({ expiresAtMs: BIRTH_MS + HOUR_MS }),
      atMs: BIRTH_MS + HOUR_MS + MARGIN_MS,
    },
    { name: "what the record states", recorded: { ...OVERLAPPING, statedRetireAfterMs: 7 }, atMs: 7 },
  ])("is $name", ({ recorded, atMs }) => {
    expect(toRetireAfterMs(recorded, DESIRED_ROTATION)).toBe(atMs);
  });

  it("is the end of the overlap for an account that left its set, also when its previous secret expires before", () => {
    const removed = { ...withPrevious({ expiresAtMs: BIRTH_MS + HOUR_MS }), removedAtMs: BIRTH_MS };
    expect(toRetireAfterMs(removed, DESIRED_ROTATION)).toBe(BIRTH_MS + 24 * HOUR_MS);
  });

  it("can be written for a previous secret that expires at the end of the calendar", () => {
    const recorded = withPrevious({ expiresAtMs: 8.64e15 });
    expect(toRetireAfterMs({ ...recorded, promotedAtMs: 8.64e15 - 24 * HOUR_MS }, DESIRED_ROTATION)).toBe(8.64e15);
  });
});

describe("toHoldsUntilMs", () => {
  it.each([
    { name: "the end of the overlap without a use", recorded: OVERLAPPING, atHours: 24 },
    {
      name: "the end of the overlap for an early use",
      recorded: withPrevious({ lastUsedAtMs: BIRTH_MS }),
      atHours: 24,
    },
    {
      name: "quietHours after a late use",
      recorded: withPrevious({ lastUsedAtMs: BIRTH_MS + 6 * HOUR_MS }),
      atHours: 30,
    },
    {
      name: "the end of the overlap for a use at a time of no calendar",
      recorded: withPrevious({ lastUsedAtMs: 8.64e15 }),
      atHours: 24,
    },
  ])("is $name", ({ recorded, atHours }) => {
    expect(toHoldsUntilMs(recorded, DESIRED_ROTATION)).toBe(BIRTH_MS + atHours * HOUR_MS);
  });

  it("is ten minutes after its expiry at the latest", () => {
    expect(toHoldsUntilMs(withPrevious({ lastUsedAtMs: EXPIRY_MS }), DESIRED_ROTATION)).toBe(EXPIRY_MS + MARGIN_MS);
  });

  it("is not known when the end of the overlap is not", () => {
    expect(toHoldsUntilMs(without("promotedAtMs"), DESIRED_ROTATION)).toBeUndefined();
  });
});

describe("toQuietHours", () => {
  it.each([
    { name: "as wanted", overlapHours: 24, quietHours: 7, expected: 7 },
    { name: "none without an overlap", overlapHours: 0, quietHours: 7, expected: 0 },
    { name: "the default while it is not known", overlapHours: 24, quietHours: Unknown, expected: DEFAULT_QUIET_HOURS },
    { name: "as wanted while the overlap is not known", overlapHours: Unknown, quietHours: 7, expected: 7 },
  ] as const)("is $name", ({ expected, ...wanted }) => {
    expect(toQuietHours(wanted)).toBe(expected);
  });
});
