/** Whether a previous secret goes, as seen by a view of the account. */
import { HOUR_MS, MINUTE_MS, toIsoTime } from "../../../provider/src/clock.js";
import type { ViewedSecret } from "../../../provider/src/rotation/account-view.js";
import { toOverlapOverMs, toQuietHours } from "../../../provider/src/rotation/overlap.js";
import { RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { decideRemoval } from "../../../provider/src/rotation/removal.js";
import type { Retirement } from "../../../provider/src/rotation/retirement.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import { BIRTH_MS, DESIRED_ROTATION, IDS, OVERLAPPING, toView, toViewed, withoutTime } from "../fixtures/values.js";

const OVER_MS = BIRTH_MS + 24 * HOUR_MS;
const EXPIRY_MS = BIRTH_MS + 168 * HOUR_MS;
const current = toViewed({ role: "current" });
const previous = toViewed({
  id: IDS[1],
  role: "previous",
  createdAtMs: BIRTH_MS - 720 * HOUR_MS,
  expiresAtMs: EXPIRY_MS,
});

interface Situation {
  readonly retirement?: Partial<Retirement>;
  readonly held?: readonly ViewedSecret[];
  readonly hasTime?: boolean;
}

function decide(nowMs: number, { retirement, held = [previous, current], hasTime = true }: Situation = {}) {
  const usual: Retirement = { currentId: IDS[0], overlapOverMs: OVER_MS, quietHours: 24 };
  const purpose = { kind: "retirement", ...usual, ...retirement } as const;
  const view = toView(held);
  return decideRemoval({ secretId: IDS[1], purpose, view: hasTime ? view : withoutTime(view), nowMs });
}

function used(lastUsedAtMs: number): readonly ViewedSecret[] {
  return [{ ...previous, lastUsedAtMs }, current];
}

describe("decideRemoval, for a retirement", () => {
  it.each([
    { name: "a millisecond before its overlap is over", nowMs: OVER_MS - 1, action: "keep", reason: "OverlapRunning" },
    { name: "when its overlap is over", nowMs: OVER_MS, action: "delete", reason: "OverlapOver" },
  ])("decides $action for an unused one $name", ({ nowMs, action, reason }) => {
    expect(decide(nowMs)).toMatchObject({ action, reason });
  });

  it.each([
    { name: "a millisecond less than quietHours ago", lastUsedAtMs: BIRTH_MS + 1, action: "keep", reason: "InUse" },
    { name: "quietHours ago", lastUsedAtMs: BIRTH_MS, action: "delete", reason: "OverlapOver" },
    { name: "before the rotation", lastUsedAtMs: BIRTH_MS - HOUR_MS, action: "delete", reason: "OverlapOver" },
  ])("decides $action for one that was last used $name", ({ lastUsedAtMs, action, reason }) => {
    expect(decide(OVER_MS, { held: used(lastUsedAtMs) })).toMatchObject({ action, reason });
  });

  it("keeps one that is in use, and says since when and until when at most", () => {
    const { message } = decide(OVER_MS, { held: used(BIRTH_MS + HOUR_MS) });
    for (const text of [IDS[1], "2026-03-08T08:00:00Z", "last used 2026-03-01T09:00:00Z", "24 h"]) {
      expect(message).toContain(text);
    }
  });

  it("deletes one in use at the end of its overlap where quietHours is 0, and not before", () => {
    const situation = { held: used(OVER_MS - 1), retirement: { quietHours: 0 } };
    expect(decide(OVER_MS, situation)).toMatchObject({ action: "delete", reason: RemovalReason.OverlapOver });
    expect(decide(OVER_MS - 1, situation).action).toBe("keep");
  });

  it.each([
    { name: "at its expiry", nowMs: EXPIRY_MS, action: "keep" },
    { name: "a millisecond short of ten minutes later", nowMs: EXPIRY_MS + 10 * MINUTE_MS - 1, action: "keep" },
    { name: "ten minutes after its expiry", nowMs: EXPIRY_MS + 10 * MINUTE_MS, action: "delete" },
  ])("decides $action for one in use $name", ({ nowMs, action }) => {
    expect(decide(nowMs, { held: used(EXPIRY_MS) }).action).toBe(action);
  });

  it.each([
    { name: "its overlap is running", overlapOverMs: EXPIRY_MS + HOUR_MS },
    { name: "the promotion of its successor is not recorded", overlapOverMs: undefined },
  ])("deletes an expired one although $name, and keeps a live one", ({ overlapOverMs }) => {
    const situation = { retirement: { overlapOverMs } };
    expect(decide(EXPIRY_MS + 10 * MINUTE_MS, situation).reason).toBe(RemovalReason.Expired);
    expect(decide(OVER_MS, situation)).toMatchObject({ action: "keep", reason: RemovalReason.OverlapRunning });
  });

  it("says until when its overlap runs, where that is known", () => {
    expect(decide(OVER_MS - 1).message).toContain(`its overlap runs until ${toIsoTime(OVER_MS)}.`);
    expect(decide(OVER_MS, { retirement: { overlapOverMs: undefined } }).message).toContain("its overlap runs.");
  });

  it("deletes nothing, also nothing expired, when Atlas tells no time", () => {
    const verdict = decide(EXPIRY_MS + HOUR_MS, { hasTime: false });
    expect(verdict).toMatchObject({ action: "keep", reason: RemovalReason.NoServerTime });
  });

  it("takes one that the account does not hold for gone", () => {
    expect(decide(OVER_MS, { held: [current] })).toMatchObject({ action: "gone", reason: RemovalReason.NotOnAccount });
  });

  it.each([
    { name: "unused", held: [previous] },
    { name: "unused, with an untracked one", held: [previous, toViewed({ id: IDS[2] })] },
    { name: "in use", held: used(OVER_MS).slice(0, 1) },
  ])("keeps one, $name, when the account does not hold its successor", ({ held }) => {
    const verdict = decide(EXPIRY_MS + HOUR_MS, { held, retirement: { quietHours: 0 } });
    expect(verdict).toMatchObject({ action: "keep", reason: RemovalReason.SuccessorMissing });
  });
});

describe("a run each day beside a previous secret", () => {
  /** On which day after the rotation the first run deletes it. */
  function findLastDay(usesAtHours: readonly number[], wanted: { overlapHours: number; quietHours: number }) {
    const desired = { ...DESIRED_ROTATION, ...wanted };
    return [1, 2, 3, 4, 5, 6, 7, 8].find((day) => {
      const nowMs = BIRTH_MS + day * 24 * HOUR_MS;
      if (decideRotation({ ...OVERLAPPING, ...wanted }, desired, nowMs).action !== "retire") return false;
      const uses = usesAtHours.filter((hours) => hours <= day * 24);
      const retirement = {
        overlapOverMs: toOverlapOverMs(OVERLAPPING, desired),
        quietHours: toQuietHours(desired),
      };
      const held = uses.length === 0 ? [previous, current] : used(BIRTH_MS + Math.max(...uses) * HOUR_MS);
      return decide(nowMs, { retirement, held }).action === "delete";
    });
  }

  const always = Array.from({ length: 192 }, (_, hour) => hour);

  it.each([
    { name: "never used", uses: [], overlapHours: 24, quietHours: 24, day: 1 },
    { name: "used once, 6 h into an overlap of 24 h", uses: [6], overlapHours: 24, quietHours: 24, day: 2 },
    { name: "used for two days", uses: [6, 30, 47], overlapHours: 24, quietHours: 24, day: 3 },
    { name: "used without end, until its expiry", uses: always, overlapHours: 24, quietHours: 24, day: 8 },
    { name: "used without end where quietHours is 0", uses: always, overlapHours: 24, quietHours: 0, day: 1 },
    {
      name: "used without end, as by whoever stole it, with overlapHours: 0",
      uses: always,
      overlapHours: 0,
      quietHours: 24,
      day: 1,
    },
  ])("deletes it on day $day when it was $name", ({ uses, day, ...wanted }) => {
    expect(findLastDay(uses, wanted)).toBe(day);
  });
});
