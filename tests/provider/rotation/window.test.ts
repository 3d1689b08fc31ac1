import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import {
  EXPIRY_MARGIN_MS,
  isExpired,
  SHORTENED_TO_HOURS,
  toDefaultWindowHours,
  toEffectiveWindowHours,
  toGrantedHours,
  toRotateAfterMs,
  toShortenedExpiryMs,
  toShortestWindowHours,
} from "../../../provider/src/rotation/window.js";
import { BIRTH_MS } from "../fixtures/values.js";

describe("toDefaultWindowHours", () => {
  it.each([
    { name: "the shortest lifetime", hours: 8, window: 2 },
    { name: "just below a multiple of three", hours: 11, window: 3 },
    { name: "a multiple of three", hours: 12, window: 4 },
    { name: "thirty days", hours: 720, window: 240 },
    { name: "the longest lifetime", hours: 8760, window: 2920 },
  ])("gives a third of $name, rounded down", ({ hours, window }) => {
    expect(toDefaultWindowHours(hours)).toBe(window);
  });
});

describe("toShortestWindowHours", () => {
  it.each([
    { name: "a lifetime whose third is shorter", lifetime: 143, min: 48, shortest: 47 },
    { name: "a lifetime whose third is the minimum", lifetime: 144, min: 48, shortest: 48 },
    { name: "a longer lifetime", lifetime: 8760, min: 48, shortest: 48 },
    { name: "a minimum of none", lifetime: 720, min: 0, shortest: 0 },
  ])("gives $shortest h for $name", ({ lifetime, min, shortest }) => {
    expect(toShortestWindowHours(lifetime, min)).toBe(shortest);
  });
});

describe("toGrantedHours", () => {
  it.each([
    { name: "exactly eight hours", ms: 8 * HOUR_MS, hours: 8 },
    { name: "a second less than eight hours", ms: 8 * HOUR_MS - 1_000, hours: 8 },
    { name: "29 s less than eight hours", ms: 8 * HOUR_MS - 29_000, hours: 8 },
    { name: "31 s less than eight hours", ms: 8 * HOUR_MS - 31_000, hours: 479 / 60 },
    { name: "a second more than eight hours", ms: 8 * HOUR_MS + 1_000, hours: 8 },
    { name: "half an hour", ms: HOUR_MS / 2, hours: 0.5 },
  ])("rounds $name to the nearest minute", ({ ms, hours }) => {
    expect(toGrantedHours(BIRTH_MS, BIRTH_MS + ms)).toBe(hours);
  });
});

describe("toEffectiveWindowHours", () => {
  it.each([
    { name: "all that was asked for keeps the window", window: 240, granted: 720, requested: 720, effective: 240 },
    { name: "half of it halves the window", window: 240, granted: 360, requested: 720, effective: 120 },
    { name: "a part of an hour is rounded down", window: 10, granted: 99, requested: 100, effective: 9 },
    { name: "more than asked for stretches the window", window: 240, granted: 1440, requested: 720, effective: 480 },
    { name: "a window an hour short of the lifetime stays", window: 7, granted: 8, requested: 8, effective: 7 },
    { name: "a window of the whole lifetime loses an hour", window: 8, granted: 8, requested: 8, effective: 7 },
    { name: "one hour granted leaves no window", window: 719, granted: 1, requested: 720, effective: 0 },
    {
      name: "61 minutes granted leave none either, in whole hours",
      window: 8,
      granted: 61 / 60,
      requested: 9,
      effective: 0,
    },
    { name: "half an hour granted leaves no window", window: 719, granted: 0.5, requested: 720, effective: 0 },
    { name: "no window stays none", window: 0, granted: 720, requested: 720, effective: 0 },
    { name: "a negative window is none", window: -1, granted: 720, requested: 720, effective: 0 },
    { name: "nothing granted gives none", window: 240, granted: 0, requested: 720, effective: 0 },
    { name: "nothing requested gives none", window: 240, granted: 720, requested: 0, effective: 0 },
    { name: "an unknown grant gives none", window: 240, granted: Number.NaN, requested: 720, effective: 0 },
    { name: "an unknown request gives none", window: 240, granted: 720, requested: Number.NaN, effective: 0 },
  ])("$name", ({ window, granted, requested, effective }) => {
    expect(toEffectiveWindowHours(window, granted, requested)).toBe(effective);
  });

  it("leaves at least an hour of any lifetime of an hour or more outside the window", () => {
    fc.assert(
      fc.property(
        fc.nat(20_000),
        fc.integer({ min: 60, max: 600_000 }),
        fc.integer({ min: 1, max: 8760 }),
        (window, min, hours) => {
          const effective = toEffectiveWindowHours(window, min / 60, hours);
          expect(effective).toBeGreaterThanOrEqual(0);
          expect(effective).toBeLessThanOrEqual(min / 60 - 1);
        },
      ),
    );
  });
});

describe("toRotateAfterMs", () => {
  it("lies the effective window before the expiry", () => {
    expect(toRotateAfterMs(BIRTH_MS, 3)).toBe(BIRTH_MS - 3 * HOUR_MS);
  });

  it("is the expiry itself without a window", () => {
    expect(toRotateAfterMs(BIRTH_MS, 0)).toBe(BIRTH_MS);
  });

  it.each([
    { name: "the window less than an hour after the creation", lives: 8, window: 7.5, dueHours: 1 },
    { name: "a window of an hour less than the lifetime", lives: 8, window: 7, dueHours: 1 },
    { name: "a shorter window", lives: 8, window: 2, dueHours: 6 },
    { name: "a window longer than what a later creation left", lives: 168, window: 240, dueHours: 1 },
    { name: "the expiry within the first hour", lives: 0.5, window: 0, dueHours: 0.5 },
    { name: "the expiry within the first hour, with a window", lives: 0.5, window: 7, dueHours: 0.5 },
  ])("is $dueHours h after the creation for $name", ({ lives, window, dueHours }) => {
    const rotateAfterMs = toRotateAfterMs(BIRTH_MS + lives * HOUR_MS, window, BIRTH_MS);
    expect(rotateAfterMs).toBe(BIRTH_MS + dueHours * HOUR_MS);
  });
});

describe("isExpired", () => {
  it.each([
    { name: "at its expiry", nowMs: BIRTH_MS, expected: false },
    { name: "a millisecond short of ten minutes later", nowMs: BIRTH_MS + EXPIRY_MARGIN_MS - 1, expected: false },
    { name: "ten minutes after its expiry", nowMs: BIRTH_MS + EXPIRY_MARGIN_MS, expected: true },
    { name: "without Atlas's time", nowMs: undefined, expected: false },
  ])("is $expected $name", ({ nowMs, expected }) => {
    expect(isExpired({ expiresAtMs: BIRTH_MS }, nowMs)).toBe(expected);
    expect(EXPIRY_MARGIN_MS).toBe(10 * MINUTE_MS);
  });
});

describe("toShortenedExpiryMs", () => {
  it.each([
    { name: "seven days and a millisecond left are shortened", leftMs: 168 * HOUR_MS + 1, expectedMs: 168 * HOUR_MS },
    { name: "seven days left are not", leftMs: 168 * HOUR_MS, expectedMs: 168 * HOUR_MS },
    { name: "less is not", leftMs: HOUR_MS, expectedMs: HOUR_MS },
  ])("$name", ({ leftMs, expectedMs }) => {
    expect(toShortenedExpiryMs(BIRTH_MS + leftMs, BIRTH_MS)).toBe(BIRTH_MS + expectedMs);
    expect(SHORTENED_TO_HOURS).toBe(168);
  });
});
