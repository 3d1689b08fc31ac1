/** Whether a previous secret goes, as seen by a look at the account. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { RetirementReason } from "../../../provider/src/rotation/reasons.js";
import { decideRetirement, isUsedSince, type RetirementSituation } from "../../../provider/src/rotation/retirement.js";
import { BIRTH_MS, IDS, toHeld } from "../fixtures/values.js";

const OVER_MS = BIRTH_MS + 24 * HOUR_MS;
const EXPIRY_MS = BIRTH_MS + 168 * HOUR_MS;
const current = toHeld();
const previous = toHeld({ id: IDS[1], createdAtMs: BIRTH_MS - 720 * HOUR_MS, expiresAtMs: EXPIRY_MS });
const used = { ...previous, lastUsedAtMs: BIRTH_MS + HOUR_MS };

const SITUATION: RetirementSituation = {
  previousId: IDS[1],
  currentId: IDS[0],
  held: [previous, current],
  promotedAtMs: BIRTH_MS,
  overlapOverMs: OVER_MS,
  quietHours: 24,
  serverNowMs: OVER_MS,
  nowMs: OVER_MS,
};

function decide(changes: Partial<RetirementSituation>, nowMs = OVER_MS) {
  return decideRetirement({ ...SITUATION, serverNowMs: nowMs, nowMs, ...changes });
}

function without(key: "serverNowMs" | "promotedAtMs" | "overlapOverMs"): RetirementSituation {
  const { [key]: _, ...rest } = SITUATION;
  return rest;
}

describe("decideRetirement", () => {
  it.each([
    {
      name: "a millisecond before its overlap is over",
      nowMs: OVER_MS - 1,
      action: "keep",
      reason: RetirementReason.OverlapRunning,
    },
    {
      name: "when its overlap is over",
      nowMs: OVER_MS,
      action: "delete",
      reason: RetirementReason.UnusedSincePromotion,
    },
  ])("decides $action for an unused one $name", ({ nowMs, action, reason }) => {
    expect(decide({}, nowMs)).toMatchObject({ action, reason, secret: previous });
  });

  it.each([
    { name: "in the second before the delivery", atMs: BIRTH_MS - 1000, action: "delete" },
    { name: "in the second of the delivery", atMs: BIRTH_MS, action: "keep" },
    { name: "after the delivery", atMs: BIRTH_MS + 1000, action: "keep" },
  ])("decides $action for one that was last used $name", ({ atMs, action }) => {
    expect(decide({ held: [{ ...previous, lastUsedAtMs: atMs }, current] }).action).toBe(action);
  });

  it("keeps one that is in use, and says until when and what to do", () => {
    const verdict = decide({ held: [used, current] });
    expect(verdict).toMatchObject({ action: "keep", reason: RetirementReason.InUse });
    for (const text of [IDS[1], "2026-03-08T08:00:00Z", "2026-03-01T09:00:00Z", "quietHours"]) {
      expect(verdict.message).toContain(text);
    }
  });

  it("deletes one in use when that is allowed, and says that it was in use", () => {
    const verdict = decide({ held: [used, current], quietHours: 0 });
    expect(verdict).toMatchObject({ action: "delete", reason: RetirementReason.InUseAllowed });
    expect(verdict.message).toContain("although it was used");
    expect(decide({ held: [used, current], quietHours: 0 }, OVER_MS - 1).action).toBe("keep");
  });

  it.each([
    { name: "at its expiry", nowMs: EXPIRY_MS, action: "keep" },
    { name: "a millisecond short of ten minutes later", nowMs: EXPIRY_MS + 10 * MINUTE_MS - 1, action: "keep" },
    { name: "ten minutes after its expiry", nowMs: EXPIRY_MS + 10 * MINUTE_MS, action: "delete" },
  ])("decides $action for one in use $name", ({ nowMs, action }) => {
    expect(decide({ held: [used, current] }, nowMs).action).toBe(action);
  });

  it("deletes an expired one although its overlap is running or its delivery is not recorded", () => {
    const nowMs = EXPIRY_MS + 10 * MINUTE_MS;
    expect(decide({ overlapOverMs: nowMs + 1 }, nowMs).reason).toBe(RetirementReason.PreviousExpired);
    const { promotedAtMs: _, ...rest } = { ...SITUATION, serverNowMs: nowMs, nowMs };
    expect(decideRetirement(rest).reason).toBe(RetirementReason.PreviousExpired);
  });

  it("takes nothing for expired when Atlas tells no time", () => {
    const situation = { ...without("serverNowMs"), held: [used, current], nowMs: EXPIRY_MS + HOUR_MS };
    expect(decideRetirement(situation).reason).toBe(RetirementReason.InUse);
  });

  it.each(["promotedAtMs", "overlapOverMs"] as const)("keeps an unused one when the state lacks %s", (key) => {
    expect(decideRetirement(without(key)).reason).toBe(RetirementReason.OverlapRunning);
  });

  it("forgets one that the account does not hold", () => {
    expect(decide({ held: [current] })).toMatchObject({ action: "forget", reason: RetirementReason.PreviousGone });
  });

  it.each([
    { name: "unused", held: [previous] },
    { name: "unused, with somebody else's", held: [previous, toHeld({ id: IDS[2] })] },
    { name: "in use", held: [used] },
  ])("keeps one, $name, when the account does not hold its successor", ({ held }) => {
    const verdict = decide({ held, quietHours: 0 }, EXPIRY_MS + HOUR_MS);
    expect(verdict).toMatchObject({ action: "keep", reason: RetirementReason.SuccessorMissing });
  });
});

describe("isUsedSince", () => {
  it.each([
    { name: "never used", usedMs: undefined, expected: false },
    { name: "used in the second before", usedMs: BIRTH_MS - 1000, expected: false },
    { name: "used in the same second, which Atlas writes without its fraction", usedMs: BIRTH_MS, expected: true },
  ])("is $expected for one $name", ({ usedMs, expected }) => {
    expect(isUsedSince(usedMs, BIRTH_MS + 999)).toBe(expected);
  });
});
