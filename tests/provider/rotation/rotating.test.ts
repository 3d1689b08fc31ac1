/** What a run does with a rotating resource, both sides of every limit. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { Reason } from "../../../provider/src/rotation/reasons.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import { type DesiredRotation, type RecordedRotation, Unknown } from "../../../provider/src/rotation/secret.js";
import {
  BIRTH_MS,
  DESIRED_ROTATION,
  DUE_MS,
  IDS,
  OTHER_CLIENT_ID,
  OTHER_PROJECT_ID,
  OVERLAPPING,
  ROTATING,
} from "../fixtures/values.js";

const EXPIRY_MS = BIRTH_MS + 720 * HOUR_MS;
const CURRENT = {
  ...ROTATING.current,
  secretId: IDS[0],
  issuedForHours: 720,
  issuedForTriggers: DESIRED_ROTATION.triggers,
};
const PENDING: RecordedRotation = { ...ROTATING, pending: { ...CURRENT, secretId: IDS[2] } };

function decide(recorded: RecordedRotation, desired: Partial<DesiredRotation> = {}, nowMs = BIRTH_MS) {
  return decideRotation(recorded, { ...DESIRED_ROTATION, ...desired }, nowMs);
}

describe("decideRotation", () => {
  it.each<{ name: string; recorded: RecordedRotation; properties: string[] }>([
    {
      name: "a pending secret",
      recorded: { ...ROTATING, pending: { secretId: IDS[2], issuedForHours: 720, issuedForTriggers: {} } },
      properties: ["pendingSecretId"],
    },
    { name: "a missing one", recorded: { ...ROTATING, isCurrentMissing: true }, properties: ["secretId"] },
  ])("names to a preview what it is for: $name", ({ recorded, properties }) => {
    expect(decideRotation(recorded, DESIRED_ROTATION, BIRTH_MS)).toHaveProperty("properties", properties);
  });

  it("keeps a resource that agrees with the program and is not due", () => {
    expect(decide(ROTATING)).toMatchObject({ action: "keep", reason: Reason.UpToDate });
  });

  it.each([
    { name: "a millisecond before the window", nowMs: DUE_MS - 1, action: "keep", reason: Reason.UpToDate },
    { name: "at the start of the window", nowMs: DUE_MS, action: "rotate", reason: Reason.InsideRotationWindow },
    { name: "just before the expiry", nowMs: EXPIRY_MS - 1, action: "rotate", reason: Reason.InsideRotationWindow },
    { name: "at the expiry", nowMs: EXPIRY_MS, action: "rotate", reason: Reason.Expired },
  ])("decides $action with $reason $name", ({ nowMs, action, reason }) => {
    expect(decide(ROTATING, {}, nowMs)).toMatchObject({ action, reason });
  });

  it.each<{ name: string; desired: Partial<DesiredRotation>; reason: string; properties: string[] }>([
    {
      name: "another lifetime",
      desired: { secretExpiresAfterHours: 721 },
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
      name: "a lifetime that is not known yet",
      desired: { secretExpiresAfterHours: Unknown },
      reason: Reason.ExpiryChanged,
      properties: ["secretExpiresAfterHours"],
    },
    {
      name: "triggers that are not known yet",
      desired: { triggers: Unknown },
      reason: Reason.TriggersChanged,
      properties: ["triggers"],
    },
  ])("rotates for $name", ({ desired, reason, properties }) => {
    const verdict = decide(ROTATING, desired);
    expect(verdict).toMatchObject({ action: "rotate", reason, properties });
    expect(verdict.message).toContain(IDS[0]);
    expect(verdict).not.toHaveProperty("previousMayGo");
  });

  it("rotates for inputs that a failed run has echoed already, since it compares with what was issued", () => {
    const hours = { secretExpiresAfterHours: 900 };
    expect(decide({ ...ROTATING, ...hours }, hours).reason).toBe(Reason.ExpiryChanged);
  });

  it.each<{ name: string; desired: Partial<DesiredRotation>; properties: string[] }>([
    { name: "another project", desired: { projectId: OTHER_PROJECT_ID }, properties: ["projectId"] },
    { name: "another account", desired: { clientId: OTHER_CLIENT_ID }, properties: ["clientId"] },
    { name: "a project that is not known yet", desired: { projectId: Unknown }, properties: ["projectId"] },
  ])("replaces the resource for $name, also while a secret is pending", ({ desired, properties }) => {
    const expected = { action: "replace", reason: Reason.OwnerChanged, properties };
    expect(decide(ROTATING, desired)).toMatchObject(expected);
    expect(decide(PENDING, desired)).toMatchObject(expected);
  });

  it("rotates and replaces at the level of organizations as at that of projects", () => {
    const { projectId: _, ...rest } = { ...ROTATING, orgId: OTHER_PROJECT_ID };
    const { projectId: __, ...wanted } = { ...DESIRED_ROTATION, orgId: OTHER_PROJECT_ID };
    expect(decideRotation(rest, wanted, BIRTH_MS).action).toBe("keep");
    expect(decideRotation(rest, wanted, DUE_MS).action).toBe("rotate");
    const moved = decideRotation(rest, { ...wanted, orgId: IDS[0] }, BIRTH_MS);
    expect(moved).toMatchObject({ action: "replace", properties: ["orgId"] });
  });

  it.each<{ name: string; desired: Partial<DesiredRotation> }>([
    { name: "rotateBeforeExpiryHours", desired: { rotateBeforeExpiryHours: 100 } },
    { name: "overlapHours", desired: { overlapHours: 25 } },
    { name: "quietHours", desired: { quietHours: 0 } },
    { name: "overlapHours", desired: { overlapHours: Unknown } },
  ])("only updates the record for a changed $name", ({ name, desired }) => {
    const expected = { action: "update", reason: Reason.SettingsChanged, properties: [name] };
    expect(decide(ROTATING, desired)).toMatchObject(expected);
  });

  it("has nothing to do for inputs that the state does not keep", () => {
    const desired = { verify: false, reclaimExpired: false, mayRemove: [IDS[2]], exclusive: true };
    expect(decide(ROTATING, desired).action).toBe("keep");
  });

  it.each<{ name: string; recorded: RecordedRotation; text: string }>([
    { name: "the account lacks the current one", recorded: { ...ROTATING, isCurrentMissing: true }, text: IDS[0] },
    { name: "none is recorded", recorded: withoutCurrent(), text: "no secret is recorded" },
    {
      name: "the account lacks the current one and the overlap is over",
      recorded: { ...OVERLAPPING, isCurrentMissing: true, promotedAtMs: 0 },
      text: IDS[0],
    },
  ])("issues a secret when $name", ({ recorded, text }) => {
    const verdict = decide(recorded);
    expect(verdict).toMatchObject({ action: "issue", reason: Reason.CurrentMissing });
    expect(verdict.message).toContain(text);
  });

  it.each<{ name: string; recorded?: RecordedRotation; desired?: Partial<DesiredRotation>; nowMs?: number }>([
    { name: "nothing else is to do" },
    { name: "the current one is due", nowMs: DUE_MS },
    { name: "the current one has expired", nowMs: EXPIRY_MS },
    { name: "triggers changed again", desired: { triggers: {} } },
    { name: "the account lacks the current one", recorded: { ...PENDING, isCurrentMissing: true } },
    { name: "the overlap of a previous one is over", recorded: { ...PENDING, previous: { secretId: IDS[1] } } },
  ])("verifies a pending secret first when $name", ({ recorded = PENDING, desired, nowMs }) => {
    const verdict = decide(recorded, desired, nowMs);
    expect(verdict).toMatchObject({ action: "verify", reason: Reason.VerificationPending });
    expect(verdict.message).toContain(IDS[2]);
  });
});

function withoutCurrent(): RecordedRotation {
  const { current: _, ...rest } = ROTATING;
  return rest;
}
