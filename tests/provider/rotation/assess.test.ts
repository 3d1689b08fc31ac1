/** What a report calls overdue: both sides of each limit, and what is not recorded. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { type AssessedSecret, assess } from "../../../provider/src/rotation/assess.js";
import { BIRTH_MS, IDS } from "../fixtures/values.js";

const CURRENT: AssessedSecret = {
  secretId: IDS[0],
  expiresAtMs: BIRTH_MS + 720 * HOUR_MS,
  rotateAfterMs: BIRTH_MS + 480 * HOUR_MS,
};
const WITH_PREVIOUS: AssessedSecret = {
  ...CURRENT,
  previous: { secretId: IDS[1], retireAfterMs: BIRTH_MS + 24 * HOUR_MS },
};

describe("assess", () => {
  it.each([
    { name: "a millisecond before the window", atMs: 480 * HOUR_MS - 1, reasons: [] },
    { name: "as the window begins", atMs: 480 * HOUR_MS, reasons: ["InsideRotationWindow"] },
    { name: "a millisecond before the expiry", atMs: 720 * HOUR_MS - 1, reasons: ["InsideRotationWindow"] },
    { name: "at the expiry", atMs: 720 * HOUR_MS, reasons: ["Expired"] },
  ])("finds $reasons $name", ({ atMs, reasons }) => {
    expect(assess(CURRENT, BIRTH_MS + atMs).map(({ reason }) => reason)).toEqual(reasons);
  });

  it.each([
    { name: "a millisecond before retireAfter", atMs: 24 * HOUR_MS - 1, reasons: [] },
    { name: "at retireAfter", atMs: 24 * HOUR_MS, reasons: ["OverlapOver"] },
    { name: "after the current one's expiry", atMs: 720 * HOUR_MS, reasons: ["Expired", "OverlapOver"] },
  ])("finds $reasons of a pair $name", ({ atMs, reasons }) => {
    expect(assess(WITH_PREVIOUS, BIRTH_MS + atMs).map(({ reason }) => reason)).toEqual(reasons);
  });

  it("names each secret, with the time that is over", () => {
    expect(assess(WITH_PREVIOUS, BIRTH_MS + 480 * HOUR_MS)).toEqual([
      {
        reason: "InsideRotationWindow",
        secretId: IDS[0],
        message: `secret ${IDS[0]} is inside its rotation window since 2026-03-21T08:00:00Z and expires at 2026-03-31T08:00:00Z.`,
      },
      {
        reason: "OverlapOver",
        secretId: IDS[1],
        message: `the previous secret ${IDS[1]} was to be retired from 2026-03-02T08:00:00Z on.`,
      },
    ]);
    expect(assess(CURRENT, BIRTH_MS + 720 * HOUR_MS)[0]?.message).toBe(
      `secret ${IDS[0]} expired at 2026-03-31T08:00:00Z.`,
    );
  });

  it.each([
    {
      name: "no expiry, inside the window",
      recorded: { ...CURRENT, expiresAtMs: undefined },
      reasons: ["InsideRotationWindow"],
    },
    { name: "no window, before the expiry", recorded: { ...CURRENT, rotateAfterMs: undefined }, reasons: [] },
    { name: "no time at all", recorded: { secretId: IDS[0], previous: { secretId: IDS[1] } }, reasons: [] },
  ])("judges by what is recorded: $name", ({ recorded, reasons }) => {
    expect(assess(recorded, BIRTH_MS + 719 * HOUR_MS).map(({ reason }) => reason)).toEqual(reasons);
  });
});
