import fc from "fast-check";
import { HOUR_MS, MINUTE_MS, parseIsoTime, systemClock, toIsoTime } from "../../provider/src/clock.js";
import { BIRTH_MS } from "./fixtures/values.js";

describe("toIsoTime", () => {
  it.each([
    { name: "a whole second", ms: BIRTH_MS, text: "2026-03-01T08:00:00Z" },
    { name: "the last millisecond of a second, rounded down", ms: BIRTH_MS + 999, text: "2026-03-01T08:00:00Z" },
    { name: "the next second", ms: BIRTH_MS + 1_000, text: "2026-03-01T08:00:01Z" },
    { name: "the epoch", ms: 0, text: "1970-01-01T00:00:00Z" },
    { name: "a millisecond before the epoch, rounded down", ms: -1, text: "1969-12-31T23:59:59Z" },
  ])("formats $name in UTC without fractions", ({ ms, text }) => {
    expect(toIsoTime(ms)).toBe(text);
  });
});

describe("parseIsoTime", () => {
  it.each([
    { name: "whole seconds in UTC", text: "2026-03-01T08:00:00Z", ms: BIRTH_MS },
    { name: "milliseconds", text: "2026-03-01T08:00:00.250Z", ms: BIRTH_MS + 250 },
    { name: "a leap day", text: "2028-02-29T08:00:00Z", ms: Date.UTC(2028, 1, 29, 8) },
    { name: "an offset", text: "2026-03-01T10:00:00+02:00", ms: BIRTH_MS },
  ])("reads a time with $name", ({ text, ms }) => {
    expect(parseIsoTime(text)).toBe(ms);
  });

  it.each([
    { name: "an empty text", value: "" },
    { name: "a date alone", value: "2026-03-01" },
    { name: "a date that does not exist", value: "2026-13-41T08:00:00Z" },
    { name: "a day that its month does not have", value: "2026-02-30T08:00:00Z" },
    { name: "an hour that there is not", value: "2026-02-28T25:00:00Z" },
    { name: "words", value: "tomorrow" },
    { name: "an HTTP date", value: "Sun, 01 Mar 2026 08:00:00 GMT" },
    { name: "a number", value: BIRTH_MS },
    { name: "nothing", value: undefined },
    { name: "null", value: null },
    { name: "a Date", value: new Date(BIRTH_MS) },
  ])("gives undefined for $name", ({ value }) => {
    expect(parseIsoTime(value)).toBeUndefined();
  });

  it("reads back every time that toIsoTime writes, to the second", () => {
    const seconds = fc.integer({ min: 0, max: 253_402_300_799 });
    fc.assert(fc.property(seconds, (second) => expect(parseIsoTime(toIsoTime(second * 1000))).toBe(second * 1000)));
  });
});

describe("systemClock", () => {
  it("tells milliseconds since the epoch and resolves a sleep", async () => {
    expect(Number.isInteger(systemClock.now())).toBe(true);
    await expect(systemClock.sleep(0)).resolves.toBeUndefined();
  });
});

describe("HOUR_MS", () => {
  it("is sixty times MINUTE_MS", () => {
    expect([MINUTE_MS, HOUR_MS]).toEqual([60_000, 60 * MINUTE_MS]);
  });
});
