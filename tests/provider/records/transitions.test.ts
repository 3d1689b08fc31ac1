/** How the record of a rotating resource changes: what a look, a creation and a promotion make of it. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import type { RotationRecord } from "../../../provider/src/records/rotation-record.js";
import { describeChanges, withPromoted, withSeen, withShortened } from "../../../provider/src/records/transitions.js";
import { Reason } from "../../../provider/src/rotation/reasons.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import { BIRTH_MS, DESIRED_ROTATION, IDS, OVERLAPPING, toHeld } from "../fixtures/values.js";

const RECORD: RotationRecord = { ...OVERLAPPING, generation: 2, isUnassigned: false };
const { promotedAtMs: _p, previous: _v, ...SINGLE } = RECORD;
const LATER_MS = BIRTH_MS + HOUR_MS;
const current = toHeld();
const previous = toHeld({ id: IDS[1], expiresAtMs: BIRTH_MS + 168 * HOUR_MS });
const pending = {
  secretId: IDS[2],
  createdAtMs: LATER_MS,
  issuedForHours: 720,
  issuedForTriggers: DESIRED_ROTATION.triggers,
};

describe("withPromoted", () => {
  it("makes the pending secret current and the current one previous, at Atlas's time", () => {
    const promoted = withPromoted({ ...SINGLE, pending }, LATER_MS);
    expect(promoted).toMatchObject({
      current: pending,
      previous: { secretId: IDS[0] },
      generation: 3,
      promotedAtMs: LATER_MS,
    });
    expect(promoted).not.toHaveProperty("pending");
  });

  it("records no time of the promotion when Atlas's is not known, so that the next run looks and begins the overlap", () => {
    const promoted = withPromoted({ ...RECORD, pending }, undefined);
    expect(promoted).not.toHaveProperty("promotedAtMs");
    expect(decideRotation(promoted, DESIRED_ROTATION, LATER_MS).reason).toBe(Reason.PromotionUnrecorded);
  });

  it.each([
    { name: "the one before it, when the account lacks the current one", isCurrentMissing: true, expected: IDS[1] },
    { name: "the current one", isCurrentMissing: false, expected: IDS[0] },
  ])("keeps as previous $name", ({ isCurrentMissing, expected }) => {
    const promoted = withPromoted({ ...RECORD, isCurrentMissing, pending }, LATER_MS);
    expect(promoted).toMatchObject({ previous: { secretId: expected }, isCurrentMissing: false });
  });

  it("changes nothing without a pending secret", () => {
    expect(withPromoted(RECORD, LATER_MS)).toBe(RECORD);
  });
});

describe("withSeen", () => {
  it("takes over what Atlas tells, and forgets a previous secret that is gone", () => {
    const used = { ...current, lastUsedAtMs: LATER_MS, expiresAtMs: BIRTH_MS + 300 * HOUR_MS };
    const seen = withSeen(RECORD, [used], LATER_MS);
    expect(seen.current).toMatchObject({ lastUsedAtMs: LATER_MS, expiresAtMs: BIRTH_MS + 300 * HOUR_MS });
    expect(seen).not.toHaveProperty("previous");
  });

  it.each([
    { name: "two minutes after its creation", afterMs: 2 * MINUTE_MS, isMissing: false },
    { name: "later", afterMs: 2 * MINUTE_MS + 1, isMissing: true },
  ])("takes a current secret that is not listed for missing: $isMissing, $name", ({ afterMs, isMissing }) => {
    expect(withSeen({ ...SINGLE }, [], BIRTH_MS + afterMs).isCurrentMissing).toBe(isMissing);
  });

  it("finds a current secret again", () => {
    expect(withSeen({ ...RECORD, isCurrentMissing: true }, [current, previous], LATER_MS).isCurrentMissing).toBe(false);
  });
});

describe("withSeen right after a creation", () => {
  const createdAtMs = LATER_MS - MINUTE_MS;
  const fresh: RotationRecord = {
    ...RECORD,
    current: { ...RECORD.current, ...pending, secretId: IDS[0], createdAtMs },
  };

  it("keeps what may not be listed yet: the current secret, and the previous one, which can be as new", () => {
    const seen = withSeen(fresh, [], LATER_MS);
    expect(seen).toMatchObject({ previous: RECORD.previous, isCurrentMissing: false });
    expect(describeChanges(fresh, seen, [])).toEqual([]);
  });

  it("forgets the previous one two minutes later", () => {
    const seen = withSeen(fresh, [], LATER_MS + 2 * MINUTE_MS);
    expect(seen).toMatchObject({ isCurrentMissing: true });
    expect(seen).not.toHaveProperty("previous");
  });
});

describe("withShortened", () => {
  it("shortens what is left of the others to a week, and lengthens nothing", () => {
    const shortened = withShortened(RECORD, LATER_MS);
    expect(shortened.current?.expiresAtMs).toBe(LATER_MS + 168 * HOUR_MS);
    expect(shortened.previous?.expiresAtMs).toBe(BIRTH_MS + 168 * HOUR_MS);
  });
});

describe("describeChanges", () => {
  it("names each secret that is gone, and says nothing when nothing changed", () => {
    const held = [toHeld({ id: IDS[2] })];
    const seen = withSeen(RECORD, held, LATER_MS);
    const lines = describeChanges(RECORD, seen, held);
    expect(lines.map((line) => [IDS[0], IDS[1]].filter((id) => line.includes(id)))).toEqual([[IDS[0]], [IDS[1]]]);
    expect(describeChanges(RECORD, withSeen(RECORD, [current, previous], LATER_MS), [current, previous])).toEqual([]);
  });

  it("says of a shortened expiry from when to when, and what did it", () => {
    const other = toHeld({ id: IDS[2], createdAtMs: LATER_MS });
    const held = [toHeld({ expiresAtMs: LATER_MS + 168 * HOUR_MS }), other];
    const [line] = describeChanges({ ...SINGLE }, withSeen({ ...SINGLE }, held, LATER_MS), held);
    expect(line).toContain("now expires at 2026-03-08T09:00:00Z instead of 2026-03-31T08:00:00Z");
    expect(line).toContain(IDS[2]);
  });
});
