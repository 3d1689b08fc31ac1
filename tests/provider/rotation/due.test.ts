/** What a damaged or foreign record makes of the times and inputs that a rotation is decided by. */
import { findCauseInTime, findChangedInputs, toRecordedWindowHours } from "../../../provider/src/rotation/due.js";
import { Reason } from "../../../provider/src/rotation/reasons.js";
import { Unknown } from "../../../provider/src/rotation/secret.js";
import { RECORDED } from "../fixtures/values.js";

const { rotateBeforeExpiryHours: _, ...ISSUE } = RECORDED;

it("takes an input that the record lacks for changed, and one that a preview does not know", () => {
  const recorded = { a: 1, b: 0, c: undefined, d: undefined };
  const desired = { a: 1, b: -0, c: 3, d: Unknown };
  expect(findChangedInputs(recorded, desired, ["a", "b", "c", "d"])).toEqual(["c", "d"]);
});

it("finds no window where its beginning cannot be written", () => {
  const issue = { ...ISSUE, createdAtMs: 8.64e15, expiresAtMs: 8.64e15 };
  expect(findCauseInTime(issue, 0, 8.64e15 - 1, "is replaced")).toBeUndefined();
  expect(findCauseInTime(issue, 0, 8.64e15, "is replaced")?.reason).toBe(Reason.Expired);
});

it.each([
  { granted: 720, wanted: 0, hours: 0 },
  { granted: 0, wanted: 0, hours: 0 },
  { granted: 0, wanted: 240, hours: 0 },
  { granted: 720, wanted: 359, hours: 359 },
  { granted: 720, wanted: 360, hours: 360.25 },
])("has a window of $hours h of $granted h where $wanted h are wanted", ({ granted, wanted, hours }) => {
  const recorded = { issuedForHours: granted, rotateBeforeExpiryHours: wanted };
  expect(toRecordedWindowHours(recorded)).toBe(hours);
});
