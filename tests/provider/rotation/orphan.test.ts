import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { SERVER_TIME_MARGIN_MS } from "../../../provider/src/rotation/lost-secret.js";
import { canBeOrphan, OTHERS_LIVE_AT_MOST_MS } from "../../../provider/src/rotation/orphan.js";
import { BIRTH_MS, toHeld } from "../fixtures/values.js";

const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const MARGIN_MS = SERVER_TIME_MARGIN_MS;

/** One that a run for 720 hours left an hour ago. */
const LEFT = { ageMs: HOUR_MS, livesMs: 720 * HOUR_MS };

interface Case {
  readonly name: string;
  readonly ageMs?: number;
  readonly livesMs?: number;
  /** How long after its creation it was used; `undefined` for never. */
  readonly usedMs?: number;
  readonly hours?: number;
  readonly expected: boolean;
}

const cases: Case[] = [
  { name: "made an hour ago for as long, never used", expected: true },
  { name: "made just now", ageMs: 0, expected: true },
  { name: "made two seconds ahead, as a clock may be", ageMs: -MARGIN_MS, expected: true },
  { name: "made further ahead", ageMs: -MARGIN_MS - 1, expected: false },
  { name: "made a day ago", ageMs: DAY_MS, expected: true },
  { name: "made longer ago", ageMs: DAY_MS + 1, expected: false },
  { name: "used at its birth, as a verification does", usedMs: 0, expected: true },
  { name: "used ten minutes after its birth", usedMs: 10 * MINUTE_MS, expected: true },
  { name: "used later", usedMs: 10 * MINUTE_MS + 1, expected: false },
  { name: "of a lifetime two seconds shorter", livesMs: 720 * HOUR_MS - MARGIN_MS, expected: true },
  { name: "of a shorter one", livesMs: 720 * HOUR_MS - MARGIN_MS - 1, expected: false },
  { name: "of a lifetime two seconds longer", livesMs: 720 * HOUR_MS + MARGIN_MS, expected: true },
  { name: "of a longer one", livesMs: 720 * HOUR_MS + MARGIN_MS + 1, expected: false },
  { name: "cut to seven days at its birth", livesMs: WEEK_MS, expected: true },
  { name: "cut to less, as Atlas never does", livesMs: WEEK_MS - 1, expected: false },
  { name: "cut to seven days a day after its birth", livesMs: WEEK_MS + DAY_MS, expected: true },
  { name: "cut later than it may be old", livesMs: WEEK_MS + DAY_MS + 1, expected: false },
  { name: "of eight hours when those were asked for", hours: 8, livesMs: 8 * HOUR_MS, expected: true },
  { name: "of seven days when eight hours were asked for", hours: 8, livesMs: WEEK_MS, expected: false },
  { name: "of just over seven days when that was asked for, cut", hours: 169, livesMs: WEEK_MS, expected: true },
];

describe("canBeOrphan", () => {
  it.each(cases)("is $expected for a secret $name", ({ expected, hours = 720, usedMs, ...ages }) => {
    const { ageMs, livesMs } = { ...LEFT, ...ages };
    const createdAtMs = BIRTH_MS - ageMs;
    const secret = toHeld({
      createdAtMs,
      expiresAtMs: createdAtMs + livesMs,
      ...(usedMs !== undefined && { lastUsedAtMs: createdAtMs + usedMs }),
    });
    expect(canBeOrphan(secret, hours, BIRTH_MS)).toBe(expected);
  });

  it("answers for any numbers, and says no to whatever was used later than ten minutes after its birth", () => {
    const times = fc.oneof(fc.integer(), fc.double(), fc.integer({ min: -2 * WEEK_MS, max: 2 * WEEK_MS }));
    fc.assert(
      fc.property(times, times, times, fc.integer({ min: 8, max: 8760 }), (age, life, used, hours) => {
        const secret = toHeld({ createdAtMs: BIRTH_MS - age, expiresAtMs: BIRTH_MS - age + life, lastUsedAtMs: used });
        const verdict = canBeOrphan(secret, hours, BIRTH_MS);
        expect(typeof verdict).toBe("boolean");
        if (used - secret.createdAtMs > 10 * MINUTE_MS) expect(verdict).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("knows the seven days of others that Atlas documents", () => {
    expect(OTHERS_LIVE_AT_MOST_MS).toBe(WEEK_MS);
  });
});
