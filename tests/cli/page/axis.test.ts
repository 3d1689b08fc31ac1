/** Which labels an axis has, from two days to as many years as `plan --days` looks ahead. */
import { toAxisOf, toPercent } from "../../../cli/src/render/page/axis.js";
import { DAY_MS, NOW_MS } from "../audit/fixtures.js";

const toAxis = (days: number) => toAxisOf({ fromMs: NOW_MS, toMs: NOW_MS + days * DAY_MS, nowMs: NOW_MS });
const labelsOf = (days: number) => toAxis(days).ticks.map(({ label }) => label);

describe("toAxisOf", () => {
  it.each([
    [2, ["12:00", "16 Jun", "12:00", "17 Jun", "12:00"]],
    [7, ["16 Jun", "17 Jun", "18 Jun", "19 Jun", "20 Jun", "21 Jun", "22 Jun"]],
    [30, ["22 Jun", "29 Jun", "6 Jul", "13 Jul"]],
    [90, ["22 Jun", "6 Jul", "20 Jul", "3 Aug", "17 Aug", "31 Aug"]],
    [120, ["1 Jul", "1 Aug", "1 Sep", "1 Oct"]],
    [400, ["1 Jul", "1 Sep", "1 Nov", "Jan 2027", "1 Mar", "1 May", "1 Jul"]],
    [800, ["1 Jul", "Jan 2027", "1 Jul", "Jan 2028", "1 Jul"]],
    [3660, ["2028", "2030", "2032", "2034", "2036"]],
  ])("labels %i days from one end to the other", (days, labels) => {
    expect(labelsOf(days)).toEqual(labels);
  });

  it("has no more labels than have room, none beyond its ends, and no long stretch without one", () => {
    for (let days = 2; days <= 3660; days += days < 200 ? 1 : 37) {
      const axis = toAxis(days);
      const percents = axis.ticks.map(({ atMs }) => toPercent(axis, atMs));
      expect(percents.length).toBeLessThanOrEqual(8);
      const unreadSources = [0, ...percents, 100].map((percent, index, all) => (all[index + 1] ?? 100) - percent);
      expect(Math.max(...unreadSources)).toBeLessThan(51);
      expect(Math.min(...percents)).toBeGreaterThanOrEqual(0);
    }
  });
});
