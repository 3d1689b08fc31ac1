/**
 * Days that are no usual ones: a leap day, and those on which the clocks of a place change, where a daily run comes an hour
 * earlier or later than the day before. Windows and overlaps count hours, not days.
 */
import { HOUR_MS, MINUTE_MS } from "../../provider/src/clock.js";
import { createRotatingWorld } from "../provider/fixtures/rotating-world.js";

const ARGS = { secretExpiresAfterHours: 72, rotateBeforeExpiryHours: 24, overlapHours: 24 };

interface Case {
  readonly name: string;
  readonly bornAt: string;
  /** 48 h later. */
  readonly rotateAfter: string;
  readonly expiresAt: string;
  /** The daily runs after that, in the order of time. */
  readonly keeps: readonly string[];
  readonly rotates: string;
  /** The run of the next day, at which the previous secret goes. */
  readonly retires: string;
}

const CASES: readonly Case[] = [
  {
    name: "over a leap day, at noon",
    bornAt: "2028-02-27T12:00:00Z",
    rotateAfter: "2028-02-29T12:00:00Z",
    expiresAt: "2028-03-01T12:00:00Z",
    keeps: ["2028-02-28T12:00:00Z", "2028-02-29T11:59:59Z"],
    rotates: "2028-02-29T12:00:00Z",
    retires: "2028-03-01T12:00:00Z",
  },
  {
    name: "over the end of February of another year, at noon",
    bornAt: "2027-02-27T12:00:00Z",
    rotateAfter: "2027-03-01T12:00:00Z",
    expiresAt: "2027-03-02T12:00:00Z",
    keeps: ["2027-02-28T12:00:00Z", "2027-03-01T11:59:59Z"],
    rotates: "2027-03-01T12:00:00Z",
    retires: "2027-03-02T12:00:00Z",
  },
  {
    // In Berlin 13:00 is 12:00 UTC until 29 March, 11:00 from then on: the run that day is an hour short of the window.
    name: "over the beginning of daylight saving, at 13:00 in Berlin",
    bornAt: "2026-03-27T12:00:00Z",
    rotateAfter: "2026-03-29T12:00:00Z",
    expiresAt: "2026-03-30T12:00:00Z",
    keeps: ["2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z"],
    rotates: "2026-03-30T11:00:00Z",
    retires: "2026-03-31T11:00:00Z",
  },
  {
    // The other way round on 25 October: the run that day is inside the window for an hour, and the next one is 25 h later.
    name: "over the end of daylight saving, at 13:00 in Berlin",
    bornAt: "2026-10-23T11:00:00Z",
    rotateAfter: "2026-10-25T11:00:00Z",
    expiresAt: "2026-10-26T11:00:00Z",
    keeps: ["2026-10-24T11:00:00Z"],
    rotates: "2026-10-25T12:00:00Z",
    retires: "2026-10-26T12:00:00Z",
  },
];

describe("a rotating secret with daily runs", () => {
  it.each(CASES)("is rotated at the first run past its window $name, and never expires", async (days) => {
    const world = await createRotatingWorld();
    const up = async (at: string) => {
      // A use in the second of the delivery would count as one after it.
      await world.atlas.control.setTime(new Date(Date.parse(at) - 2000).toISOString());
      if (at !== days.bornAt) expect(await world.signIn(world.outputs().secret)).toBe(true);
      await world.atlas.control.setTime(at);
      expect((await world.up(ARGS)).errors).toEqual([]);
      return world.outputs();
    };
    expect(await up(days.bornAt)).toMatchObject({ rotateAfter: days.rotateAfter, expiresAt: days.expiresAt });
    for (const at of days.keeps) expect(await up(at)).toMatchObject({ generation: 1, status: "active" });
    const { secretId } = world.outputs();
    const rotated = await up(days.rotates);
    expect(rotated).toMatchObject({ generation: 2, status: "overlapping", previousSecretId: secretId });
    expect(Date.parse(String(rotated.expiresAt))).toBe(Date.parse(days.rotates) + 72 * HOUR_MS);
    const overlapOverMs = Date.parse(days.rotates) + 24 * HOUR_MS;
    const expiredMs = Date.parse(days.expiresAt) + 10 * MINUTE_MS;
    expect(Date.parse(String(rotated.retireAfter))).toBe(Math.min(overlapOverMs, expiredMs));
    expect(await up(days.retires)).toMatchObject({ generation: 2, status: "active" });
    expect(await world.heldIds()).toEqual([rotated.secretId]);
    expect(world.atlas.contract.problems).toEqual([]);
  });
});
