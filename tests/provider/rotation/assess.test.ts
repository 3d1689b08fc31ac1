/** What a report finds due: both sides of each limit, which secret it names, and what is not recorded. */
import fc from "fast-check";
import { HOUR_MS } from "../../../provider/src/clock.js";
import {
  assess,
  decideNextUp,
  listTurnsMs,
  type StatedResource,
  toCurrentIssue,
  toDueMs,
} from "../../../provider/src/rotation/assess.js";
import { type RecordedRotation, Unknown } from "../../../provider/src/rotation/secret.js";
import { arbitraryPlain, arbitraryRotating } from "../fixtures/records.js";
import { BIRTH_MS, DESIRED, DESIRED_ROTATION, IDS, OVERLAPPING, RECORDED, ROTATING } from "../fixtures/values.js";

const PLAIN: StatedResource = { kind: "plain", record: RECORDED, desired: DESIRED };
const { rotateBeforeExpiryHours: _r, ...ISSUE } = RECORDED;
const MANUAL: StatedResource = {
  kind: "manual",
  record: { ...ISSUE, statedRotateAfterMs: BIRTH_MS + 480 * HOUR_MS },
};

function toRotating(record: RecordedRotation): StatedResource {
  return { kind: "rotating", record, desired: DESIRED_ROTATION };
}

function findReasons(stated: StatedResource, atMs: number) {
  return assess(stated, BIRTH_MS + atMs).map(({ reason, secretId }) => `${reason} ${secretId}`);
}

const [A, B, C] = IDS;

describe("assess", () => {
  it.each([
    { name: "a millisecond before the window", atMs: 480 * HOUR_MS - 1, found: [] },
    { name: "as the window begins", atMs: 480 * HOUR_MS, found: [`InsideRotationWindow ${A}`] },
    { name: "a millisecond before the expiry", atMs: 720 * HOUR_MS - 1, found: [`InsideRotationWindow ${A}`] },
    { name: "at the expiry", atMs: 720 * HOUR_MS, found: [`Expired ${A}`] },
  ])("finds $found $name, also of one that no run rotates", ({ atMs, found }) => {
    expect(findReasons(PLAIN, atMs)).toEqual(found);
    expect(findReasons(MANUAL, atMs)).toEqual(found);
    expect(findReasons(toRotating(ROTATING), atMs)).toEqual(found);
  });

  it.each([
    { name: "a millisecond before retireAfter", atMs: 24 * HOUR_MS - 1, found: [] },
    { name: "at retireAfter", atMs: 24 * HOUR_MS, found: [`OverlapOver ${B}`] },
    { name: "after the current one's expiry", atMs: 720 * HOUR_MS, found: [`Expired ${A}`, `OverlapOver ${B}`] },
  ])("finds $found of a pair $name", ({ atMs, found }) => {
    expect(findReasons(toRotating(OVERLAPPING), atMs)).toEqual(found);
  });

  const { promotedAtMs: _p, ...unpromoted } = OVERLAPPING;
  const pending = { ...ISSUE, secretId: C };
  const triggers = { owner: "team-b" };
  const { current: _c, ...empty } = ROTATING;

  it.each<{ name: string; stated: StatedResource; atHours?: number; found: string[] }>([
    {
      name: "a pending secret, by its id",
      stated: toRotating({ ...ROTATING, pending }),
      found: [`VerificationPending ${C}`],
    },
    {
      name: "an unrecorded promotion, by the previous secret's id",
      stated: toRotating(unpromoted),
      found: [`PromotionUnrecorded ${B}`],
    },
    {
      name: "a missing current one",
      stated: toRotating({ ...ROTATING, isCurrentMissing: true }),
      found: [`CurrentMissing ${A}`],
    },
    { name: "no secret at all, without an id", stated: toRotating(empty), found: ["CurrentMissing "] },
    {
      name: "a rejected one",
      stated: { ...PLAIN, record: { ...RECORDED, status: "rejected" } },
      found: [`SecretRejected ${A}`],
    },
    {
      name: "changed triggers",
      stated: { ...PLAIN, desired: { ...DESIRED, triggers } },
      found: [`TriggersChanged ${A}`],
    },
    { name: "nothing for settings alone", stated: { ...PLAIN, desired: { ...DESIRED, verify: false } }, found: [] },
    {
      name: "a rotation that waits for the slot of the previous one, and what is due",
      stated: {
        kind: "rotating",
        record: { ...OVERLAPPING, secretExpiresAfterHours: 700 },
        desired: { ...DESIRED_ROTATION, secretExpiresAfterHours: 700 },
      },
      found: [`PreviousHoldsSlot ${A}`],
    },
    {
      name: "nothing inside a window that the program does not want any more",
      stated: { ...PLAIN, desired: { ...DESIRED, rotateBeforeExpiryHours: 24 } },
      atHours: 500,
      found: [],
    },
  ])("finds $name", ({ stated, atHours = 1, found }) => {
    expect(findReasons(stated, atHours * HOUR_MS)).toEqual(found);
  });

  it("finds the window of a secret whose verification comes first, and says what it needs", () => {
    const stated: StatedResource = { ...PLAIN, record: { ...RECORDED, status: "pending-verification" } };
    const atMs = 480 * HOUR_MS;
    expect(findReasons(stated, atMs)).toEqual([`VerificationPending ${A}`, `InsideRotationWindow ${A}`]);
    expect(assess(stated, BIRTH_MS + atMs)[1]?.message).toContain("it needs a successor.");
  });

  it("says it in the words of the verdict", () => {
    const nowMs = BIRTH_MS + 480 * HOUR_MS;
    const stated = toRotating(OVERLAPPING);
    expect(assess(stated, nowMs).map(({ message }) => message)).toEqual([
      decideNextUp(stated, nowMs)?.message,
      `previous secret ${B} was due to be retired at 2026-03-02T08:00:00Z.`,
    ]);
    expect(assess(MANUAL, nowMs)[0]?.message).toContain("is not replaced by any run: rotate it by hand");
  });

  it.each<{ name: string; stated: StatedResource }>([
    {
      name: "no expiry and no window",
      stated: { kind: "manual", record: { secretId: A, issuedForHours: 720, issuedForTriggers: {} } },
    },
    { name: "no times of a previous secret", stated: toRotating({ ...ROTATING, previous: { secretId: B } }) },
  ])("finds nothing early where a state holds $name", ({ stated }) => {
    expect(findReasons(stated, HOUR_MS)).toEqual([]);
  });
});

describe("decideNextUp", () => {
  it("says nothing of a resource that no run rotates", () => {
    expect(decideNextUp(MANUAL, BIRTH_MS + 10_000 * HOUR_MS)).toBeUndefined();
  });
});

describe("toDueMs", () => {
  it.each<{ name: string; stated: StatedResource; dueMs: number | undefined }>([
    { name: "the beginning of the window", stated: PLAIN, dueMs: BIRTH_MS + 480 * HOUR_MS },
    { name: "what a record states", stated: MANUAL, dueMs: BIRTH_MS + 480 * HOUR_MS },
    {
      name: "not known while the window is not",
      stated: { ...PLAIN, desired: { ...DESIRED, rotateBeforeExpiryHours: Unknown } },
      dueMs: undefined,
    },
    {
      name: "not known without a current secret",
      stated: toRotating({ ...DESIRED_ROTATION, isCurrentMissing: true }),
      dueMs: undefined,
    },
  ])("is $name", ({ stated, dueMs }) => {
    expect(toDueMs(stated)).toBe(dueMs);
  });
});

describe("listTurnsMs", () => {
  const arbitraryStated: fc.Arbitrary<{ stated: StatedResource; nowMs: number }> = fc.oneof(
    arbitraryPlain.map(({ record, desired, nowMs }) => ({
      stated: { kind: "plain" as const, record, desired },
      nowMs,
    })),
    arbitraryRotating.map(({ record, desired, nowMs }) => ({
      stated: { kind: "rotating" as const, record, desired },
      nowMs,
    })),
    arbitraryPlain.map(({ record, nowMs }) => ({ stated: { kind: "manual" as const, record }, nowMs })),
  );

  it("lists times alone, however little of a pair is known", () => {
    const { expiresAtMs: _, ...current } = ISSUE;
    expect(listTurnsMs(toRotating({ ...OVERLAPPING, current }))).toEqual([BIRTH_MS + 24 * HOUR_MS]);
  });

  it("lists every time at which what is due can change, in order", () => {
    fc.assert(
      fc.property(arbitraryStated, ({ stated, nowMs }) => {
        const turns = listTurnsMs(stated);
        expect(turns).toEqual([...turns].sort((a, b) => a - b));
        const sinceMs = turns.findLast((turn) => turn <= nowMs) ?? Number.MIN_SAFE_INTEGER;
        const reasons = (ms: number) => assess(stated, ms).map(({ reason }) => reason);
        expect(reasons(nowMs)).toEqual(reasons(sinceMs));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("toCurrentIssue", () => {
  it.each([
    { name: "the secret of a plain resource", stated: PLAIN, expected: A },
    { name: "the secret that is rotated by hand", stated: MANUAL, expected: A },
    { name: "the current one of a pair", stated: toRotating(OVERLAPPING), expected: A },
    {
      name: "none where there is none",
      stated: toRotating({ ...DESIRED_ROTATION, isCurrentMissing: true }),
      expected: undefined,
    },
  ])("is $name", ({ stated, expected }) => {
    expect(toCurrentIssue(stated)?.secretId).toBe(expected);
  });
});
