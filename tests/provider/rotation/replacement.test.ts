import { HOUR_MS } from "../../../provider/src/clock.js";
import { toRecordedRotateAfterMs, toRecordedWindowHours } from "../../../provider/src/rotation/due.js";
import { Reason } from "../../../provider/src/rotation/reasons.js";
import { decideReplacement } from "../../../provider/src/rotation/replacement.js";
import { type DesiredSecret, type RecordedSecret, Unknown } from "../../../provider/src/rotation/secret.js";
import { BIRTH_MS, DESIRED, DUE_MS, IDS, OTHER_CLIENT_ID, OTHER_PROJECT_ID, RECORDED } from "../fixtures/values.js";

const EXPIRY_MS = BIRTH_MS + 720 * HOUR_MS;

interface Situation {
  readonly recorded?: Partial<RecordedSecret>;
  readonly desired?: Partial<DesiredSecret>;
  readonly nowMs?: number;
}

function decide({ recorded = {}, desired = {}, nowMs = BIRTH_MS }: Situation) {
  return decideReplacement({ ...RECORDED, ...recorded }, { ...DESIRED, ...desired }, nowMs);
}

function withoutExpiry(): RecordedSecret {
  const { expiresAtMs: _expiresAtMs, ...rest } = RECORDED;
  return rest;
}

describe("decideReplacement", () => {
  it.each<Situation & { name: string; properties: string[] }>([
    { name: "its expiry", nowMs: EXPIRY_MS, properties: ["expiresAt"] },
    { name: "its rotation point", nowMs: DUE_MS, properties: ["rotateAfter"] },
    { name: "its status, not verified yet", recorded: { status: "pending-verification" }, properties: ["status"] },
    { name: "its status, refused", recorded: { status: "rejected" }, properties: ["status"] },
  ])("names to a preview what it is for: $name", ({ properties, ...situation }) => {
    expect(decide(situation)).toHaveProperty("properties", properties);
  });

  it("keeps a secret that agrees with the program and is not due", () => {
    expect(decide({})).toMatchObject({ action: "keep", reason: Reason.UpToDate });
  });

  it.each<Situation & { name: string; reason: Reason; properties: string[] }>([
    {
      name: "another project",
      desired: { projectId: OTHER_PROJECT_ID },
      reason: Reason.OwnerChanged,
      properties: ["projectId"],
    },
    {
      name: "another service account",
      desired: { clientId: OTHER_CLIENT_ID },
      reason: Reason.OwnerChanged,
      properties: ["clientId"],
    },
    {
      name: "another project and account",
      desired: { projectId: OTHER_PROJECT_ID, clientId: OTHER_CLIENT_ID },
      reason: Reason.OwnerChanged,
      properties: ["projectId", "clientId"],
    },
    {
      name: "a longer lifetime",
      desired: { secretExpiresAfterHours: 721 },
      reason: Reason.ExpiryChanged,
      properties: ["secretExpiresAfterHours"],
    },
    {
      name: "a shorter lifetime",
      desired: { secretExpiresAfterHours: 719 },
      reason: Reason.ExpiryChanged,
      properties: ["secretExpiresAfterHours"],
    },
    {
      name: "a lifetime that only the echoed input holds already",
      recorded: { secretExpiresAfterHours: 900 },
      desired: { secretExpiresAfterHours: 900 },
      reason: Reason.ExpiryChanged,
      properties: ["secretExpiresAfterHours"],
    },
    {
      name: "a changed trigger",
      desired: { triggers: { owner: "team-b" } },
      reason: Reason.TriggersChanged,
      properties: ["triggers"],
    },
    {
      name: "a further trigger",
      desired: { triggers: { owner: "team-a", leak: 1 } },
      reason: Reason.TriggersChanged,
      properties: ["triggers"],
    },
    { name: "a removed trigger", desired: { triggers: {} }, reason: Reason.TriggersChanged, properties: ["triggers"] },
    {
      name: "a trigger of another type",
      recorded: { issuedForTriggers: { n: 1 } },
      desired: { triggers: { n: "1" } },
      reason: Reason.TriggersChanged,
      properties: ["triggers"],
    },
  ])("replaces for $name, creating first", ({ reason, properties, ...situation }) => {
    const verdict = decide(situation);
    expect(verdict).toMatchObject({ action: "replace", reason, properties, deleteBeforeReplace: false });
    expect(verdict.message).toContain(IDS[0]);
  });

  it("keeps a secret whose triggers are the same in another order", () => {
    const recorded = { issuedForTriggers: { a: 1, b: [{ c: 2 }] } };
    expect(decide({ recorded, desired: { triggers: { b: [{ c: 2 }], a: 1 } } }).action).toBe("keep");
  });

  it.each([
    { name: "a millisecond before the window", nowMs: DUE_MS - 1, action: "keep", reason: Reason.UpToDate },
    { name: "at the start of the window", nowMs: DUE_MS, action: "replace", reason: Reason.InsideRotationWindow },
    {
      name: "a millisecond before the expiry",
      nowMs: EXPIRY_MS - 1,
      action: "replace",
      reason: Reason.InsideRotationWindow,
    },
    { name: "at the expiry", nowMs: EXPIRY_MS, action: "replace", reason: Reason.Expired },
    { name: "long after the expiry", nowMs: EXPIRY_MS + 9000 * HOUR_MS, action: "replace", reason: Reason.Expired },
  ])("decides $action with $reason $name", ({ nowMs, action, reason }) => {
    expect(decide({ nowMs })).toMatchObject({ action, reason });
  });

  it.each([
    { name: "without a window, a millisecond before the expiry", window: 0, nowMs: EXPIRY_MS - 1, action: "keep" },
    { name: "without a window, at the expiry", window: 0, nowMs: EXPIRY_MS, action: "replace" },
    {
      name: "by the window that is wanted now, before it",
      window: 100,
      nowMs: EXPIRY_MS - 100 * HOUR_MS - 1,
      action: "update",
    },
    {
      name: "by the window that is wanted now, inside it",
      window: 100,
      nowMs: EXPIRY_MS - 100 * HOUR_MS,
      action: "replace",
    },
  ])("judges time $name: $action", ({ window, nowMs, action }) => {
    const recorded = window === 0 ? { rotateBeforeExpiryHours: 0 } : {};
    expect(decide({ recorded, desired: { rotateBeforeExpiryHours: window }, nowMs }).action).toBe(action);
  });

  it("moves the due time with an expiry that Atlas cut, and not the window", () => {
    const recorded = { expiresAtMs: BIRTH_MS + 168 * HOUR_MS, rotateBeforeExpiryHours: 100 };
    const desired = { rotateBeforeExpiryHours: 100 };
    expect(decide({ recorded, desired, nowMs: BIRTH_MS + 68 * HOUR_MS - 1 }).action).toBe("keep");
    expect(decide({ recorded, desired, nowMs: BIRTH_MS + 68 * HOUR_MS }).action).toBe("replace");
  });

  it("keeps a secret of which the state holds no expiry, whatever the time", () => {
    expect(decideReplacement(withoutExpiry(), DESIRED, EXPIRY_MS + 1).action).toBe("keep");
  });

  it("names the expiry and the due time, so that the line in the plan explains itself", () => {
    const { message } = decide({ nowMs: DUE_MS });
    expect(message).toContain("2026-03-31T08:00:00Z");
    expect(message).toContain("2026-03-21T08:00:00Z");
  });

  it.each<Situation & { name: string; property: string }>([
    { name: "the window", desired: { rotateBeforeExpiryHours: 239 }, property: "rotateBeforeExpiryHours" },
    {
      name: "a lagging echo of the lifetime",
      recorded: { secretExpiresAfterHours: 8 },
      property: "secretExpiresAfterHours",
    },
  ])("updates in place for $name alone", ({ property, ...situation }) => {
    expect(decide(situation)).toMatchObject({
      action: "update",
      reason: Reason.SettingsChanged,
      properties: [property],
    });
  });

  it.each<{ name: string; desired: Partial<DesiredSecret> }>([
    { name: "verify", desired: { verify: false } },
    { name: "reclaimExpired", desired: { reclaimExpired: false } },
    { name: "mayRemove", desired: { mayRemove: [IDS[1]] } },
    { name: "exclusive", desired: { exclusive: true } },
    { name: "an unknown one of them", desired: { exclusive: Unknown } },
  ])("has nothing to do for $name, which the state does not keep", ({ desired }) => {
    expect(decide({ desired }).action).toBe("keep");
  });
});

describe("decideReplacement, by order of precedence", () => {
  const everything: Partial<DesiredSecret> = {
    projectId: OTHER_PROJECT_ID,
    secretExpiresAfterHours: 8,
    triggers: {},
    rotateBeforeExpiryHours: 1,
    verify: false,
  };
  const { projectId: _p, ...exceptOwner } = everything;
  const { triggers: _t, ...exceptTriggers } = exceptOwner;
  const { secretExpiresAfterHours: _h, ...onlyLocal } = exceptTriggers;

  it.each<Situation & { name: string; reason: Reason }>([
    {
      name: "a pending verification before all",
      recorded: { status: "pending-verification" },
      desired: everything,
      reason: Reason.VerificationPending,
    },
    {
      name: "a rejected secret before a new owner",
      recorded: { status: "rejected" },
      desired: everything,
      reason: Reason.SecretRejected,
    },
    { name: "the owner before the triggers", desired: everything, reason: Reason.OwnerChanged },
    { name: "the triggers before the lifetime", desired: exceptOwner, reason: Reason.TriggersChanged },
    { name: "the lifetime before the expiry", desired: exceptTriggers, reason: Reason.ExpiryChanged },
    { name: "the expiry before settings", desired: onlyLocal, reason: Reason.Expired },
  ])("names $name", ({ reason, ...situation }) => {
    expect(decide({ ...situation, nowMs: EXPIRY_MS }).reason).toBe(reason);
  });

  it("names the lifetime beside the triggers when both changed", () => {
    const verdict = decide({ desired: exceptOwner });
    expect(verdict).toMatchObject({ properties: ["secretExpiresAfterHours", "triggers"] });
    expect(verdict.message).toMatch(/^secretExpiresAfterHours and triggers changed: /);
  });

  it("names the window before settings", () => {
    expect(decide({ desired: { verify: false }, nowMs: DUE_MS }).reason).toBe(Reason.InsideRotationWindow);
  });

  it.each<Situation & { name: string }>([
    { name: "nothing else", desired: {} },
    { name: "everything else changed", desired: everything },
    { name: "unknown inputs", desired: { projectId: Unknown, triggers: Unknown } },
    { name: "an expiry that is over", nowMs: EXPIRY_MS + 1 },
  ])("updates and never replaces a pending secret with $name", (situation) => {
    const verdict = decide({ ...situation, recorded: { status: "pending-verification" } });
    expect(verdict).toMatchObject({ action: "update", reason: Reason.VerificationPending });
  });

  it.each<Situation & { name: string }>([
    { name: "with nothing else", desired: {} },
    { name: "with everything else changed", desired: everything },
    { name: "after its expiry", nowMs: EXPIRY_MS + 1 },
  ])("replaces a rejected secret $name, deleting first", (situation) => {
    const verdict = decide({ ...situation, recorded: { status: "rejected" } });
    expect(verdict).toMatchObject({ action: "replace", reason: Reason.SecretRejected, deleteBeforeReplace: true });
  });

  it("decides for an unassigned account as for an active one", () => {
    expect(decide({ recorded: { status: "account-unassigned" } }).action).toBe("keep");
    expect(decide({ recorded: { status: "account-unassigned" }, nowMs: DUE_MS }).action).toBe("replace");
  });
});

describe("decideReplacement, in a preview", () => {
  it.each<{ name: keyof DesiredSecret; reason: Reason }>([
    { name: "projectId", reason: Reason.OwnerChanged },
    { name: "clientId", reason: Reason.OwnerChanged },
    { name: "secretExpiresAfterHours", reason: Reason.ExpiryChanged },
    { name: "triggers", reason: Reason.TriggersChanged },
  ])("announces a replacement for an unknown $name", ({ name, reason }) => {
    expect(decide({ desired: { [name]: Unknown } })).toMatchObject({ action: "replace", reason, properties: [name] });
  });

  it.each<{ name: keyof DesiredSecret }>([{ name: "rotateBeforeExpiryHours" }])(
    "announces an update for an unknown $name",
    ({ name }) => {
      expect(decide({ desired: { [name]: Unknown } })).toMatchObject({ action: "update", properties: [name] });
    },
  );

  it("still sees an expired secret when the window is unknown", () => {
    const desired = { rotateBeforeExpiryHours: Unknown } as const;
    expect(decide({ desired, nowMs: EXPIRY_MS - 1 }).action).toBe("update");
    expect(decide({ desired, nowMs: EXPIRY_MS }).reason).toBe(Reason.Expired);
  });
});

describe("toRecordedWindowHours", () => {
  it.each([
    { name: "as wanted when it is shorter than half of the lifetime", lifetime: 48, window: 23, expected: 23 },
    { name: "a quarter of an hour longer from half of it on", lifetime: 48, window: 24, expected: 24.25 },
    { name: "an hour shorter than the lifetime at most", lifetime: 48, window: 47, expected: 47 },
    { name: "none when none is wanted", lifetime: 48, window: 0, expected: 0 },
  ])("is $name", ({ lifetime, window, expected }) => {
    const recorded = { grantedHours: lifetime, issuedForHours: lifetime, rotateBeforeExpiryHours: window };
    expect(toRecordedWindowHours(recorded)).toBe(expected);
  });
});

describe("toRecordedRotateAfterMs", () => {
  it("takes the requested lifetime for the granted one when the state lacks that", () => {
    const { grantedHours: _granted, ...older } = RECORDED;
    expect(toRecordedRotateAfterMs(older)).toBe(EXPIRY_MS - 240 * HOUR_MS);
  });

  it("scales the window to the lifetime that was granted", () => {
    expect(toRecordedRotateAfterMs({ ...RECORDED, grantedHours: 360 })).toBe(EXPIRY_MS - 120 * HOUR_MS);
  });

  it("is absent without an expiry", () => {
    expect(toRecordedRotateAfterMs(withoutExpiry())).toBeUndefined();
  });
});
