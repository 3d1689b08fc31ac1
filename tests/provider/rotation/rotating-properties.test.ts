/** What holds for every rotating resource: no loops, room in time, a verdict for any record. */
import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { toRecordedWindowHours } from "../../../provider/src/rotation/due.js";
import { toOverlapOverMs, toRetireAfterMs } from "../../../provider/src/rotation/overlap.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import { type DesiredRotation, type RecordedRotation, Unknown } from "../../../provider/src/rotation/secret.js";
import { toGrantedHours } from "../../../provider/src/rotation/window.js";
import { Branches } from "../../helpers/branches.js";
import { arbitraryId, BIRTH_MS, DESIRED_ROTATION, OVERLAPPING, ROTATING } from "../fixtures/values.js";

interface Args {
  readonly secretExpiresAfterHours: number;
  readonly rotateBeforeExpiryHours: number;
  readonly overlapHours: number;
}

/** Valid arguments. */
const args: fc.Arbitrary<Args> = fc
  .integer({ min: 8, max: 8760 })
  .chain((lifetime) => fc.tuple(fc.constant(lifetime), fc.nat(lifetime - 1)))
  .chain(([lifetime, window]) =>
    fc.record({
      secretExpiresAfterHours: fc.constant(lifetime),
      rotateBeforeExpiryHours: fc.constant(window),
      overlapHours: fc.nat(Math.min(168, lifetime - window)),
    }),
  );
const grantedMinutes = fc.integer({ min: 61, max: 525_600 });
const anyGrant = fc.integer({ min: 1, max: 525_600 });

/** The record right after a rotation at `nowMs`; what was current before is the previous one, shortened as Atlas does. */
function rotate(
  before: RecordedRotation,
  desired: Args,
  minutes: number,
  nowMs: number,
  isUsed: boolean,
): RecordedRotation {
  const expiresAtMs = nowMs + minutes * MINUTE_MS;
  const current = {
    secretId: `secret-${nowMs}`,
    createdAtMs: nowMs,
    expiresAtMs,
    grantedHours: toGrantedHours(nowMs, expiresAtMs),
    issuedForHours: desired.secretExpiresAfterHours,
    issuedForTriggers: DESIRED_ROTATION.triggers,
  };
  const { current: old } = before;
  const shortenedMs = Math.min(old?.expiresAtMs ?? 0, nowMs + 168 * HOUR_MS);
  const previous = old && { secretId: old.secretId, expiresAtMs: shortenedMs, ...(isUsed && { lastUsedAtMs: nowMs }) };
  const { previous: _, ...rest } = before;
  return { ...rest, ...desired, current, ...(previous && { previous }), promotedAtMs: nowMs };
}

function withoutPrevious({ previous: _, ...rest }: RecordedRotation): RecordedRotation {
  return rest;
}

describe("decideRotation, for all valid arguments and all lifetimes that Atlas may grant", () => {
  it("never rotates, issues or verifies right after a rotation", () => {
    fc.assert(
      fc.property(args, anyGrant, fc.boolean(), fc.nat(59_000), (wanted, minutes, isUsed, elapsedMs) => {
        const desired = { ...DESIRED_ROTATION, ...wanted };
        const recorded = rotate(ROTATING, wanted, minutes, BIRTH_MS, isUsed);
        const { action } = decideRotation(recorded, desired, BIRTH_MS + elapsedMs);
        const isOverlapOver = BIRTH_MS + elapsedMs >= Number(toOverlapOverMs(recorded, desired));
        expect(action).toBe(isOverlapOver ? "retire" : "keep");
      }),
      { numRuns: 1_000 },
    );
  });

  it("is not due within the first hour, however short the life that Atlas grants, or the creation of another one leaves", () => {
    fc.assert(
      fc.property(args, anyGrant, anyGrant, fc.nat(3_599_999), (wanted, minutes, leftMinutes, elapsedMs) => {
        const desired = { ...DESIRED_ROTATION, ...wanted };
        const { current, ...rest } = rotate(ROTATING, wanted, minutes, BIRTH_MS, false);
        const expiresAtMs = BIRTH_MS + Math.min(minutes, leftMinutes) * MINUTE_MS;
        fc.pre(current !== undefined && BIRTH_MS + elapsedMs < expiresAtMs);
        const recorded = withoutPrevious({ ...rest, current: { ...current, expiresAtMs } });
        expect(decideRotation(recorded, desired, BIRTH_MS + elapsedMs).action).toBe("keep");
      }),
      { numRuns: 1_000 },
    );
  });

  it("rotates at most once per lifetime less window, however often it runs, and always finds room", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(args, grantedMinutes, fc.boolean(), steps, (wanted, minutes, isUsed, stepsOfRuns) => {
        const desired = { ...DESIRED_ROTATION, ...wanted };
        const issuedForHours = wanted.secretExpiresAfterHours;
        const window = toRecordedWindowHours({ ...wanted, issuedForHours, grantedHours: minutes / 60 });
        let recorded = withoutPrevious(rotate(ROTATING, wanted, minutes, BIRTH_MS, isUsed));
        let [nowMs, rotatedMs] = [BIRTH_MS, BIRTH_MS];
        for (const step of stepsOfRuns) {
          // In steps of a part of the time between two rotations, so that long and short lives are met alike.
          nowMs += Math.ceil((step / 100) * (minutes * MINUTE_MS - window * HOUR_MS));
          const verdict = decideRotation(recorded, desired, nowMs);
          if (verdict.action !== "rotate" && verdict.action !== "retire") continue;
          const isRetired = nowMs >= (toRetireAfterMs(recorded, desired) ?? Number.POSITIVE_INFINITY);
          if (verdict.action === "rotate") {
            expect(nowMs - rotatedMs).toBeGreaterThanOrEqual((minutes / 60 - window) * HOUR_MS - MINUTE_MS);
            const isExpired = nowMs >= Number(recorded.current?.expiresAtMs) + 10 * MINUTE_MS;
            const hasRoom = !recorded.previous || isRetired || verdict.previousMayGo !== undefined || isExpired;
            expect(hasRoom || nowMs >= Number(recorded.current?.expiresAtMs)).toBe(true);
            recorded = rotate(recorded, wanted, minutes, nowMs, isUsed);
            rotatedMs = nowMs;
          } else if (isRetired) recorded = withoutPrevious(recorded);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never lets the current one expire while runs are at most half a window apart, also beside one in use", () => {
    const parts = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 30, maxLength: 200 });
    fc.assert(
      fc.property(args, parts, fc.boolean(), (wanted, partsOfHalf, isUsed) => {
        fc.pre(wanted.rotateBeforeExpiryHours > 0);
        const desired = { ...DESIRED_ROTATION, ...wanted };
        const minutes = wanted.secretExpiresAfterHours * 60;
        let recorded = rotate(ROTATING, wanted, minutes, BIRTH_MS, isUsed);
        let nowMs = BIRTH_MS;
        for (const part of partsOfHalf) {
          nowMs += Math.floor((part * wanted.rotateBeforeExpiryHours * HOUR_MS) / 2);
          expect(nowMs).toBeLessThan(Number(recorded.current?.expiresAtMs));
          const verdict = decideRotation(recorded, desired, nowMs);
          if (verdict.action === "rotate") recorded = rotate(recorded, wanted, minutes, nowMs, isUsed);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, 1e300, Number.NaN, Number.MAX_VALUE));
const anyTime = fc.integer({ min: -8.64e15, max: 8.64e15 });
const issue = fc.record(
  {
    secretId: arbitraryId,
    createdAtMs: anyTime,
    expiresAtMs: anyTime,
    statedRotateAfterMs: anyTime,
    grantedHours: anyNumber,
    issuedForHours: anyNumber,
    issuedForTriggers: fc.dictionary(fc.string(), fc.jsonValue()),
  },
  { requiredKeys: ["secretId", "issuedForHours", "issuedForTriggers"] },
);
const anyRecorded: fc.Arbitrary<RecordedRotation> = fc
  .record(
    {
      current: issue,
      pending: issue,
      previous: fc.record(
        { secretId: arbitraryId, expiresAtMs: anyTime, lastUsedAtMs: anyTime },
        { requiredKeys: ["secretId"] },
      ),
      promotedAtMs: anyTime,
      isCurrentMissing: fc.boolean(),
      overlapHours: anyNumber,
    },
    { requiredKeys: ["isCurrentMissing", "overlapHours"] },
  )
  .map((changes) => {
    const { current: _, ...rest } = OVERLAPPING;
    return { ...withoutPrevious(rest), ...changes };
  });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, fc.constant(Unknown));
const anyDesired = fc.record({
  projectId: maybe(fc.constant(DESIRED_ROTATION.projectId)),
  clientId: maybe(fc.constant(DESIRED_ROTATION.clientId)),
  secretExpiresAfterHours: maybe(anyNumber),
  rotateBeforeExpiryHours: maybe(anyNumber),
  triggers: maybe(fc.dictionary(fc.string(), fc.anything({ withBigInt: false }))),
  verify: maybe(fc.boolean()),
  reclaimExpired: maybe(fc.boolean()),
  mayRemove: maybe(fc.array(fc.string())),
  exclusive: maybe(fc.boolean()),
  overlapHours: maybe(anyNumber),
  quietHours: maybe(fc.constantFrom(0, 24)),
}) as fc.Arbitrary<DesiredRotation>;

describe("decideRotation, for all records and inputs, also damaged and unknown ones", () => {
  it("gives a verdict with a message, the same for the same, and never throws", () => {
    fc.assert(
      fc.property(anyRecorded, anyDesired, anyTime, (recorded, desired, nowMs) => {
        const verdict = decideRotation(recorded, desired, nowMs);
        expect(verdict.message).toMatch(/\.$/);
        expect(decideRotation(recorded, desired, nowMs)).toEqual(verdict);
        fc.pre(verdict.action !== "keep");
        expect(verdict.properties.length).toBeGreaterThan(0);
      }),
      { numRuns: 5_000 },
    );
  });

  it("retires nothing while a secret is pending or the account lacks the current one", () => {
    const branches = new Branches();
    fc.assert(
      fc.property(anyRecorded, anyDesired, anyTime, (recorded, desired, nowMs) => {
        const { action } = decideRotation(recorded, desired, nowMs);
        const isMissing = !recorded.current || recorded.isCurrentMissing;
        if (branches.takes("pending", recorded.pending !== undefined)) expect(["verify", "replace"]).toContain(action);
        else if (branches.takes("missing", isMissing)) expect(["issue", "replace"]).toContain(action);
      }),
    );
    branches.assertAllTaken();
  });

  it("lets a previous one go before its overlap is over for changed triggers only", () => {
    const branches = new Branches();
    const triggers = fc.constantFrom(DESIRED_ROTATION.triggers, { ticket: "another" });
    const parts = fc.tuple(fc.nat(100), fc.nat(150));
    fc.assert(
      fc.property(args, anyGrant, triggers, parts, (issued, minutes, wanted, [promotedPart, part]) => {
        const toMs = (percent: number) => BIRTH_MS + Math.ceil((percent / 100) * minutes * MINUTE_MS);
        // It may have been pending for long before.
        const recorded = { ...rotate(ROTATING, issued, minutes, BIRTH_MS, false), promotedAtMs: toMs(promotedPart) };
        const [nowMs, desired] = [toMs(part), { ...DESIRED_ROTATION, ...issued, triggers: wanted }];
        const verdict = decideRotation(recorded, desired, nowMs);
        fc.pre(verdict.action === "rotate");
        const isOver = nowMs >= (toOverlapOverMs(recorded, desired) ?? Number.POSITIVE_INFINITY);
        const mayGo = verdict.action === "rotate" && verdict.previousMayGo !== undefined;
        if (branches.takes("triggers", verdict.reason === "TriggersChanged")) expect(mayGo).toBe(true);
        else if (branches.takes("by time, in its overlap", !isOver)) expect(mayGo).toBe(false);
        branches.takes("by time, after its overlap", mayGo && isOver && verdict.reason !== "TriggersChanged");
      }),
      { numRuns: 5_000 },
    );
    branches.assertAllTaken();
  });
});
