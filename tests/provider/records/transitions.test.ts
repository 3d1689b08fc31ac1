/** How the record of a rotating resource changes: what a look, a creation and a promotion make of it. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import type { RotationRecord } from "../../../provider/src/records/rotation-record.js";
import {
  describeChanges,
  toRecordedIds,
  withoutPending,
  withoutPrevious,
  withPromoted,
  withSeen,
  withShortened,
  withTold,
} from "../../../provider/src/records/transitions.js";
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

  it("keeps of the previous one what Atlas told of it, and nothing else", () => {
    const used = { ...SINGLE.current, lastUsedAtMs: LATER_MS } as RotationRecord["current"] & object;
    const { expiresAtMs: _e, ...undated } = used;
    const promote = (former: typeof used | typeof undated) =>
      withPromoted({ ...SINGLE, current: former, pending }, LATER_MS).previous;
    expect(promote(used)).toStrictEqual({ secretId: IDS[0], expiresAtMs: current.expiresAtMs, lastUsedAtMs: LATER_MS });
    expect(promote(undated)).toStrictEqual({ secretId: IDS[0], lastUsedAtMs: LATER_MS });
    expect(withPromoted({ ...SINGLE, pending }, LATER_MS).previous).toStrictEqual({
      secretId: IDS[0],
      expiresAtMs: current.expiresAtMs,
    });
  });

  it("has no previous one where none was current, nor before", () => {
    const { current: _c, ...empty } = SINGLE;
    const promoted = withPromoted({ ...empty, pending }, LATER_MS);
    expect(promoted).toMatchObject({ current: pending, generation: 3 });
    expect(promoted).not.toHaveProperty("previous");
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

  const waiting: RotationRecord = { ...RECORD, isUnassigned: true, pending };
  const [seenPrevious, seenPending] = [
    { ...previous, lastUsedAtMs: LATER_MS },
    toHeld({ id: IDS[2], createdAtMs: LATER_MS }),
  ];

  it("takes over what Atlas tells of all three, and that the account is there", () => {
    expect(withSeen(waiting, [seenPending, current, seenPrevious], LATER_MS)).toStrictEqual({
      ...RECORD,
      isUnassigned: false,
      current: { ...RECORD.current, createdAtMs: BIRTH_MS, expiresAtMs: current.expiresAtMs },
      previous: { secretId: IDS[1], expiresAtMs: previous.expiresAtMs, lastUsedAtMs: LATER_MS },
      pending: { ...pending, expiresAtMs: seenPending.expiresAtMs },
    });
  });

  it("keeps the last use of a previous secret where Atlas tells of none", () => {
    const used: RotationRecord = { ...RECORD, previous: { secretId: IDS[1], lastUsedAtMs: BIRTH_MS } };
    expect(withSeen(used, [current, previous], LATER_MS).previous).toStrictEqual({
      secretId: IDS[1],
      expiresAtMs: previous.expiresAtMs,
      lastUsedAtMs: BIRTH_MS,
    });
  });

  it.each([
    { name: "two minutes after its creation", afterMs: 2 * MINUTE_MS, isKept: true },
    { name: "later", afterMs: 2 * MINUTE_MS + 1, isKept: false },
  ])("keeps a pending secret that is not listed: $isKept, $name", ({ afterMs, isKept }) => {
    const seen = withSeen(waiting, [current, previous], LATER_MS + afterMs);
    expect(seen.pending).toStrictEqual(isKept ? pending : undefined);
    expect("pending" in seen).toBe(isKept);
  });

  it("has no slot for the current one beside a previous one and a new one, and else it may be one that is not listed yet", () => {
    const young: RotationRecord = { ...RECORD, current: { ...RECORD.current, ...pending, secretId: IDS[0] } };
    const missing = (...more: [boolean?]) => withSeen(young, [previous], LATER_MS, ...more).isCurrentMissing;
    expect([missing(), missing(false), missing(true)]).toEqual([false, false, true]);
  });

  it("makes nothing up: of an empty record stays an empty one", () => {
    const { current: _c, ...empty } = SINGLE;
    expect(withSeen(empty, [current], LATER_MS)).toStrictEqual(empty);
    expect(withSeen({ ...empty, isCurrentMissing: true }, [], LATER_MS).isCurrentMissing).toBe(true);
  });
});

describe("withTold", () => {
  const stated = { secretId: IDS[0], issuedForHours: 720, issuedForTriggers: {}, statedRotateAfterMs: LATER_MS };

  it("moves a rotation point that the record states by as much as the expiry", () => {
    const issue = { ...stated, expiresAtMs: current.expiresAtMs + 2 * HOUR_MS };
    expect(withTold(issue, current).statedRotateAfterMs).toBe(LATER_MS - 2 * HOUR_MS);
    expect(withTold(stated, current).statedRotateAfterMs).toBe(LATER_MS);
  });

  it("adds what Atlas tells, and no more", () => {
    const { statedRotateAfterMs: _, ...issue } = stated;
    const times = { createdAtMs: BIRTH_MS, expiresAtMs: current.expiresAtMs };
    expect(withTold(issue, current)).toStrictEqual({ ...issue, ...times });
    const more = { lastUsedAtMs: LATER_MS, maskedSecretValue: "mdb_sa_sk_...wxyz" };
    expect(withTold(issue, { ...current, ...more })).toStrictEqual({ ...issue, ...times, ...more });
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

  it.each([
    { name: "beside a previous one that is listed", held: [previous], hasNew: false, isMissing: false },
    { name: "beside that and a new one", held: [previous], hasNew: true, isMissing: true },
    {
      name: "beside that and the pending one",
      held: [previous, toHeld({ id: IDS[2] })],
      hasNew: false,
      isMissing: true,
    },
    { name: "beside the pending one alone", held: [toHeld({ id: IDS[2] })], hasNew: false, isMissing: false },
    { name: "beside a new one alone", held: [], hasNew: true, isMissing: false },
  ])("takes the current secret for gone when two others hold the slots: $name", ({ held, hasNew, isMissing }) => {
    expect(withSeen({ ...fresh, pending }, held, LATER_MS, hasNew).isCurrentMissing).toBe(isMissing);
  });

  it("takes over what Atlas tells of a previous one, also when the current one is not listed yet", () => {
    const used = { ...previous, lastUsedAtMs: LATER_MS };
    expect(withSeen(fresh, [used], LATER_MS).previous).toMatchObject({ lastUsedAtMs: LATER_MS });
    const { previous: _, ...alone } = fresh;
    expect(withSeen(alone, [], LATER_MS)).toStrictEqual(alone);
    const { current: _c, ...headless } = fresh;
    expect(withSeen(headless, [], LATER_MS)).not.toHaveProperty("previous");
  });

  it("forgets a previous one that is not listed when the current one, which is newer, is", () => {
    expect(withSeen(fresh, [{ ...current, createdAtMs }], LATER_MS)).not.toHaveProperty("previous");
  });

  it("does not find again by itself what was missing", () => {
    expect(withSeen({ ...fresh, isCurrentMissing: true }, [], LATER_MS).isCurrentMissing).toBe(true);
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

  it("shortens a previous secret too, and a record of that alone", () => {
    const lasting = { secretId: IDS[1], expiresAtMs: BIRTH_MS + 720 * HOUR_MS };
    const { current: _c, ...rest } = RECORD;
    expect(withShortened({ ...rest, previous: lasting }, LATER_MS)).toStrictEqual({
      ...rest,
      previous: { ...lasting, expiresAtMs: LATER_MS + 168 * HOUR_MS },
    });
  });

  it("leaves out what the record lacks: an expiry, a secret", () => {
    expect(withShortened(SINGLE, LATER_MS)).not.toHaveProperty("previous");
    const { current: _c, ...rest } = RECORD;
    const undated: RotationRecord = { ...rest, previous: { secretId: IDS[1] } };
    expect(withShortened(undated, LATER_MS)).toStrictEqual(undated);
  });
});

describe("the secrets of a record", () => {
  const all: RotationRecord = { ...RECORD, pending };

  it("are listed from the newest place to the oldest use, as far as there are any", () => {
    expect(toRecordedIds(all)).toEqual([IDS[2], IDS[1], IDS[0]]);
    expect(toRecordedIds(withoutPending(all))).toEqual([IDS[1], IDS[0]]);
    expect(toRecordedIds(withoutPrevious(all))).toEqual([IDS[2], IDS[0]]);
    expect(withoutPrevious(all)).toStrictEqual({ ...SINGLE, promotedAtMs: BIRTH_MS, pending });
    expect(withoutPending(all)).toStrictEqual(RECORD);
  });
});

describe("describeChanges", () => {
  it("names a pending secret that is gone, and not again a current one that was missing before", () => {
    const waiting = { ...RECORD, isCurrentMissing: true, pending };
    const seen = withSeen(waiting, [previous], LATER_MS + HOUR_MS);
    expect(describeChanges(waiting, seen, [previous])).toEqual([
      `pending secret ${IDS[2]} is not on the account any more: it is removed from the state.`,
    ]);
  });

  /** What is said when the current secret of the record expires so many milliseconds after its week. */
  const sayShortened = (others: Parameters<typeof describeChanges>[2], lateMs = 0) => {
    const held = [toHeld({ expiresAtMs: LATER_MS + 168 * HOUR_MS + lateMs }), ...others];
    return describeChanges(SINGLE, withSeen(SINGLE, held, LATER_MS), held).join("\n");
  };
  const byNobody = "none is there that this resource does not record";

  it.each([
    { name: "within two seconds of what its creation leaves", lateMs: 2_000, isNamed: true },
    { name: "also before it", lateMs: -2_000, isNamed: true },
    { name: "not of a later one", lateMs: 2_001, isNamed: false },
    { name: "nor of an earlier one", lateMs: -2_001, isNamed: false },
  ])("takes another secret for the cause of a shortened expiry $name", ({ lateMs, isNamed }) => {
    const text = sayShortened([toHeld({ id: IDS[2], createdAtMs: LATER_MS })], lateMs);
    expect([text.includes(IDS[2]), text.includes(byNobody)]).toEqual([isNamed, !isNamed]);
  });

  it("does not take a recorded one for the cause", () => {
    const { expiresAtMs } = toHeld({ expiresAtMs: LATER_MS + 168 * HOUR_MS });
    const held = [toHeld({ expiresAtMs }), toHeld({ id: IDS[1], createdAtMs: LATER_MS })];
    const text = describeChanges(RECORD, withSeen(RECORD, held, LATER_MS), held).join("\n");
    expect(text).toContain(byNobody);
  });

  it.each([
    { name: "by more than two seconds", lessMs: 2_001, isSaid: true },
    { name: "not by two", lessMs: 2_000, isSaid: false },
    { name: "not when it is later", lessMs: -HOUR_MS, isSaid: false },
  ])("says that an expiry is shortened $name", ({ lessMs, isSaid }) => {
    const held = [toHeld({ expiresAtMs: current.expiresAtMs - lessMs })];
    expect(describeChanges(SINGLE, withSeen(SINGLE, held, LATER_MS), held)).toHaveLength(isSaid ? 1 : 0);
  });

  it("says nothing of an expiry that the record does not hold", () => {
    const undated = { ...SINGLE, current: { ...SINGLE.current, expiresAtMs: undefined } } as unknown as RotationRecord;
    expect(describeChanges(undated, withSeen(undated, [current], LATER_MS), [current])).toEqual([]);
    expect(describeChanges(SINGLE, undated, [])).toEqual([]);
    const { current: _c, ...empty } = SINGLE;
    expect(describeChanges(empty, SINGLE, [])).toEqual([]);
    expect(describeChanges(SINGLE, empty, [])).toEqual([]);
  });

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
