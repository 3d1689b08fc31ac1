/** What a run does while a previous secret is there: when it retires, and when a rotation waits for its slot. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { toDesiredRotation } from "../../../provider/src/records/inputs.js";
import { toRetireAfterMs } from "../../../provider/src/rotation/overlap.js";
import { Reason } from "../../../provider/src/rotation/reasons.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import {
  type DesiredRotation,
  type RecordedIssue,
  type RecordedRotation,
  Unknown,
} from "../../../provider/src/rotation/secret.js";
import { BIRTH_MS, DESIRED_ROTATION, IDS, OVERLAPPING } from "../fixtures/values.js";

const OVER_MS = BIRTH_MS + 24 * HOUR_MS;
const USED: RecordedRotation = withPrevious({ lastUsedAtMs: BIRTH_MS });

function decide(recorded: RecordedRotation, desired: Partial<DesiredRotation> = {}, nowMs = BIRTH_MS) {
  return decideRotation(recorded, { ...DESIRED_ROTATION, ...desired }, nowMs);
}

function withPrevious(changes: Partial<NonNullable<RecordedRotation["previous"]>>): RecordedRotation {
  return { ...OVERLAPPING, previous: { secretId: IDS[1], expiresAtMs: BIRTH_MS + 168 * HOUR_MS, ...changes } };
}

describe("decideRotation, retiring the previous secret", () => {
  it.each<{ name: string; recorded?: RecordedRotation; desired?: Partial<DesiredRotation>; atMs: number }>([
    { name: "its overlap is over", atMs: OVER_MS },
    { name: "a lowered overlap is over", desired: { overlapHours: 1 }, atMs: BIRTH_MS + HOUR_MS },
    { name: "a raised overlap is over", desired: { overlapHours: 168 }, atMs: BIRTH_MS + 168 * HOUR_MS },
    { name: "there is no overlap", desired: { overlapHours: 0 }, atMs: BIRTH_MS },
    {
      name: "it has expired for ten minutes, before its overlap is over",
      recorded: withPrevious({ expiresAtMs: BIRTH_MS + HOUR_MS }),
      atMs: BIRTH_MS + HOUR_MS + 10 * MINUTE_MS,
    },
    { name: "its overlap is over and it is in use: every run looks again", recorded: USED, atMs: OVER_MS },
    {
      name: "its expiry is not known and its overlap is over",
      recorded: { ...OVERLAPPING, previous: { secretId: IDS[1] } },
      atMs: OVER_MS,
    },
  ])("begins when $name, and not a millisecond before", ({ recorded = OVERLAPPING, desired = {}, atMs }) => {
    expect(decide(recorded, desired, atMs - 1).action).not.toBe("retire");
    const verdict = decide(recorded, desired, atMs);
    expect(verdict).toMatchObject({ action: "retire", reason: Reason.OverlapOver, properties: ["retireAfter"] });
    expect(verdict.message).toContain(IDS[1]);
    expect(toRetireAfterMs(recorded, { ...DESIRED_ROTATION, ...desired })).toBe(atMs);
  });

  it("updates the record and does not retire when only a longer overlap is wanted", () => {
    expect(decide(OVERLAPPING, { overlapHours: 168 }, OVER_MS)).toMatchObject({ reason: Reason.SettingsChanged });
  });

  it.each<{ name: string; desired: Partial<DesiredRotation> }>([
    { name: "overlapHours", desired: { overlapHours: Unknown } },
    { name: "rotateBeforeExpiryHours", desired: { rotateBeforeExpiryHours: Unknown } },
  ])("announces an update and no retirement while $name is not known", ({ name, desired }) => {
    expect(decide(OVERLAPPING, desired, OVER_MS)).toMatchObject({ action: "update", properties: [name] });
  });

  it("begins the overlap when the state does not say since when the successor is promoted", () => {
    const { promotedAtMs: _, ...unknown } = OVERLAPPING;
    const verdict = decide(unknown, {}, OVER_MS + 1000 * HOUR_MS - 600 * HOUR_MS);
    expect(verdict).toMatchObject({ action: "update", reason: Reason.PromotionUnrecorded, properties: ["promotedAt"] });
  });

  it("ends the overlap when the next rotation is due, if Atlas granted less than was asked for", () => {
    const current = { secretId: IDS[0], issuedForHours: 720, issuedForTriggers: DESIRED_ROTATION.triggers };
    const granted = { ...current, grantedHours: 30, expiresAtMs: BIRTH_MS + 30 * HOUR_MS };
    const recorded = { ...OVERLAPPING, current: granted };
    // The window is scaled from 240 of 720 h to 10 of 30 h.
    expect(decide(recorded, {}, BIRTH_MS + 20 * HOUR_MS - 1).action).toBe("keep");
    expect(toRetireAfterMs(recorded, DESIRED_ROTATION)).toBe(BIRTH_MS + 20 * HOUR_MS);
    expect(decide(recorded, {}, BIRTH_MS + 20 * HOUR_MS)).toMatchObject({ action: "rotate" });
  });
});

describe("decideRotation, due while the previous secret holds the slot", () => {
  const hours = { secretExpiresAfterHours: 700 };
  const triggers = { triggers: { leak: 1 } };

  it.each<{ name: string; recorded?: RecordedRotation; desired?: Partial<DesiredRotation>; untilMs: number }>([
    { name: "a changed lifetime, for the overlap", desired: hours, untilMs: OVER_MS },
    {
      name: "a changed lifetime, for the overlap that is wanted now",
      desired: { ...hours, overlapHours: 1 },
      untilMs: BIRTH_MS + HOUR_MS,
    },
    {
      name: "a changed lifetime, for the end of the overlap of one that was used late where quietHours is 0",
      recorded: withPrevious({ lastUsedAtMs: BIRTH_MS + 6 * HOUR_MS }),
      desired: { ...hours, quietHours: 0 },
      untilMs: OVER_MS,
    },
  ])("waits after $name, says so, and rotates then", ({ recorded = OVERLAPPING, desired = {}, untilMs }) => {
    const { overlapHours = 24, quietHours = 24 } = desired as Partial<RecordedRotation>;
    const echoed = { ...recorded, ...hours, overlapHours, quietHours };
    const before = decide(echoed, desired, untilMs - 1);
    expect(before).toMatchObject({ action: "keep", reason: Reason.PreviousHoldsSlot });
    expect(before.message).toContain(IDS[1]);
    const after = decide(echoed, desired, untilMs);
    expect(after).toMatchObject({ action: "rotate", reason: Reason.ExpiryChanged });
    expect(after).not.toHaveProperty("previousMayGo");
  });

  it.each([
    { name: "24 h", quietHours: 24, untilMs: BIRTH_MS + 30 * HOUR_MS },
    { name: "48 h", quietHours: 48, untilMs: BIRTH_MS + 54 * HOUR_MS },
  ])("looks at one that was used 6 h into its overlap until it was quiet for $name, and rotates then", (row) => {
    const { quietHours, untilMs } = row;
    const recorded = { ...withPrevious({ lastUsedAtMs: BIRTH_MS + 6 * HOUR_MS }), ...hours, quietHours };
    const desired = { ...hours, quietHours };
    expect(decide(recorded, desired, OVER_MS - 1).reason).toBe(Reason.PreviousHoldsSlot);
    expect(decide(recorded, desired, untilMs - 1)).toMatchObject({ action: "retire", reason: Reason.OverlapOver });
    expect(decide(recorded, desired, untilMs)).toMatchObject({ action: "rotate", reason: Reason.ExpiryChanged });
  });

  it("takes an input that a damaged state lacks for changed", () => {
    const { projectId, clientId, triggers: same } = DESIRED_ROTATION;
    const given = {
      projectId,
      clientId,
      triggers: same,
      rotateBeforeExpiryHours: 240,
      overlapHours: 24,
      quietHours: 24,
    };
    const verdict = decide(OVERLAPPING, toDesiredRotation(given));
    expect(verdict).toMatchObject({ action: "update", properties: ["secretExpiresAfterHours"] });
  });

  it("records the changed lifetime while it waits", () => {
    const verdict = decide(OVERLAPPING, hours);
    expect(verdict).toMatchObject({ action: "update", reason: Reason.PreviousHoldsSlot });
    expect(verdict).toHaveProperty("properties", ["secretExpiresAfterHours"]);
  });

  it.each([
    { name: "in its overlap", recorded: OVERLAPPING },
    { name: "in use", recorded: USED },
  ])("does not wait after changed triggers: a previous one $name may go, and the reason says so", ({ recorded }) => {
    const verdict = decide(recorded, triggers);
    expect(verdict).toMatchObject({ action: "rotate", reason: Reason.TriggersChanged });
    expect(verdict).toHaveProperty("previousMayGo", { why: expect.stringContaining("triggers") });
    // A leak is answered by triggers; a lifetime that changes with them must not make that wait.
    expect(decide(recorded, { ...triggers, ...hours })).toMatchObject({
      action: "rotate",
      reason: Reason.TriggersChanged,
      previousMayGo: { why: expect.stringContaining("triggers") },
    });
  });

  // 720 h with a window of 600 h, which begins 15 minutes early: due after 119.75 h, and half of it is over after 419.875 h.
  const wide = { rotateBeforeExpiryHours: 600 };

  it.each([
    { name: "when its window begins", atHours: 119.75, action: "retire", mayGo: false },
    { name: "just before half of its window is over", atHours: 419.875 - 1 / 3600, action: "retire", mayGo: false },
    { name: "when half of its window is over", atHours: 419.875, action: "rotate", mayGo: true },
  ])("decides $action for a due secret beside a previous one in use $name", ({ atHours, action, mayGo }) => {
    const nowMs = BIRTH_MS + atHours * HOUR_MS;
    const inUse = withPrevious({ lastUsedAtMs: nowMs - HOUR_MS, expiresAtMs: BIRTH_MS + 700 * HOUR_MS });
    const verdict = decide({ ...inUse, ...wide }, wide, nowMs);
    expect(verdict.action).toBe(action);
    expect("previousMayGo" in verdict).toBe(mayGo);
    // By Atlas's clock, which this machine's can be ahead of.
    const fromMs = BIRTH_MS + 419.875 * HOUR_MS;
    if (mayGo)
      expect(verdict).toMatchObject({ previousMayGo: { why: expect.stringContaining("expires soon"), fromMs } });
  });

  it("waits however long where the state lacks the expiry of the current one", () => {
    const { expiresAtMs: _, ...current } = {
      secretId: IDS[0],
      issuedForHours: 720,
      issuedForTriggers: DESIRED_ROTATION.triggers,
      expiresAtMs: 0,
    };
    const recorded = { ...withPrevious({ lastUsedAtMs: OVER_MS - 1 }), ...hours, current };
    expect(decide(recorded, hours, OVER_MS - 1)).toMatchObject({ action: "keep", reason: Reason.PreviousHoldsSlot });
    const verdict = decide(recorded, hours, BIRTH_MS + 10_000 * HOUR_MS);
    expect(verdict).toMatchObject({ action: "rotate", reason: Reason.ExpiryChanged });
    expect(verdict).not.toHaveProperty("previousMayGo");
  });

  it("announces a rotation while the window is not known, and lets no previous one go for it", () => {
    const verdict = decide(OVERLAPPING, { ...hours, rotateBeforeExpiryHours: Unknown });
    expect(verdict).toMatchObject({ action: "rotate", reason: Reason.ExpiryChanged });
    expect(verdict).not.toHaveProperty("previousMayGo");
  });

  it.each([
    { name: "a millisecond before its overlap is over", beforeMs: 1, promotedAtMs: BIRTH_MS, fromMs: undefined },
    { name: "when its overlap is over", beforeMs: 0, promotedAtMs: BIRTH_MS, fromMs: BIRTH_MS + 24 * HOUR_MS },
    { name: "when nobody knows when that began", beforeMs: 0, promotedAtMs: undefined, fromMs: undefined },
  ])("lets a previous one go for a current one that expires soon: $name", ({ beforeMs, promotedAtMs, fromMs }) => {
    const { current, promotedAtMs: _, ...rest } = withPrevious({ expiresAtMs: BIRTH_MS + 700 * HOUR_MS });
    const expiring = { ...current, expiresAtMs: BIRTH_MS + 25 * HOUR_MS } as RecordedIssue;
    const recorded = { ...rest, current: expiring, ...(promotedAtMs !== undefined && { promotedAtMs }) };
    const verdict = decide(recorded, {}, BIRTH_MS + 24 * HOUR_MS - beforeMs);
    expect(verdict.action).toBe("rotate");
    const mayGo = "previousMayGo" in verdict ? verdict.previousMayGo : undefined;
    expect(mayGo?.fromMs).toBe(fromMs);
    expect(mayGo === undefined).toBe(fromMs === undefined);
  });

  it("does not let a previous one go whose overlap is running, however soon the current one expires", () => {
    const current = {
      secretId: IDS[0],
      issuedForHours: 720,
      issuedForTriggers: DESIRED_ROTATION.triggers,
      grantedHours: 720,
    };
    const recorded = { ...OVERLAPPING, current: { ...current, expiresAtMs: BIRTH_MS + 2 * HOUR_MS } };
    const verdict = decide(recorded, {}, BIRTH_MS + HOUR_MS);
    expect(verdict).toMatchObject({ action: "rotate", reason: Reason.InsideRotationWindow });
    expect(verdict).not.toHaveProperty("previousMayGo");
  });
});
