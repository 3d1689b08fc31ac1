import { MINUTE_MS } from "../../../provider/src/clock.js";
import { SlotReason } from "../../../provider/src/rotation/reasons.js";
import {
  decideSlot,
  describeSecret,
  type HeldSecret,
  isUnusedSinceBirth,
  type SlotPolicy,
} from "../../../provider/src/rotation/slot.js";
import { BIRTH_MS, IDS, toHeld, toPolicy } from "../fixtures/values.js";

const first = toHeld({ lastUsedAtMs: BIRTH_MS + 60 * MINUTE_MS });
const second = toHeld({ id: IDS[1], lastUsedAtMs: BIRTH_MS + 60 * MINUTE_MS });
const EXPIRY_MS = first.expiresAtMs;

function decide(
  policy: Partial<SlotPolicy>,
  { held = [first, second], nowMs = BIRTH_MS }: { held?: HeldSecret[]; nowMs?: number } = {},
) {
  return decideSlot(held, toPolicy(policy), nowMs);
}

describe("decideSlot", () => {
  it.each([
    { name: "no secret", held: [] },
    { name: "one secret", held: [first] },
    { name: "one secret that expired long ago", held: [toHeld({ expiresAtMs: 0 })] },
  ])("uses the free slot of an account with $name, and deletes nothing", ({ held }) => {
    const policy = { mayRemove: [IDS[0]], exclusive: true };
    expect(decide(policy, { held })).toEqual({ action: "use-free", reason: SlotReason.SlotFree });
  });

  it.each([
    { name: "at its expiry", nowMs: EXPIRY_MS, action: "refuse" },
    {
      name: "a millisecond short of ten minutes after its expiry",
      nowMs: EXPIRY_MS + 10 * MINUTE_MS - 1,
      action: "refuse",
    },
    { name: "ten minutes after its expiry", nowMs: EXPIRY_MS + 10 * MINUTE_MS, action: "delete-first" },
    { name: "a year after its expiry", nowMs: EXPIRY_MS + 525_600 * MINUTE_MS, action: "delete-first" },
    { name: "without the server's time", nowMs: Number.NEGATIVE_INFINITY, action: "refuse" },
  ])("decides $action for an expired secret $name", ({ nowMs, action }) => {
    const alive = { ...second, expiresAtMs: Number.MAX_SAFE_INTEGER / 2 };
    const held = [{ ...alive, expiresAtMs: EXPIRY_MS + 10 ** 12 }, first];
    const verdict = decide({}, { held, nowMs });
    expect(verdict.action).toBe(action);
    if (verdict.action === "delete-first")
      expect(verdict).toMatchObject({ reason: SlotReason.ExpiredHoldsSlot, secret: first });
  });

  it("reclaims an expired secret that the stack records", () => {
    const verdict = decide({ recordedIds: new Set([IDS[0], IDS[1]]) }, { nowMs: EXPIRY_MS + 10 * MINUTE_MS });
    expect(verdict).toMatchObject({ action: "delete-first", reason: SlotReason.ExpiredHoldsSlot });
  });

  it("leaves an expired secret when reclaimExpired is off, and offers the setting", () => {
    const verdict = decide({ reclaimExpired: false }, { nowMs: EXPIRY_MS + 10 * MINUTE_MS });
    expect(verdict.action).toBe("refuse");
    expect(verdict).toHaveProperty("message", expect.stringContaining("set reclaimExpired"));
  });

  it("does not offer reclaimExpired when it is on", () => {
    expect(decide({})).toHaveProperty("message", expect.not.stringContaining("set reclaimExpired"));
  });

  it("prefers an expired secret to one that mayRemove names", () => {
    const held = [first, { ...second, expiresAtMs: BIRTH_MS - 10 * MINUTE_MS }];
    expect(decide({ mayRemove: [IDS[0]] }, { held })).toMatchObject({
      reason: SlotReason.ExpiredHoldsSlot,
      secret: { id: IDS[1] },
    });
  });

  it("removes a live secret that mayRemove names", () => {
    const verdict = decide({ mayRemove: [IDS[1]] });
    expect(verdict).toMatchObject({
      action: "delete-first",
      reason: SlotReason.RemovableHoldsSlot,
      secret: { id: IDS[1] },
    });
  });

  it("refuses when mayRemove names only a secret of another account", () => {
    expect(decide({ mayRemove: [IDS[2]] }).action).toBe("refuse");
  });

  it("keeps a live secret that the stack records even when mayRemove names it", () => {
    const policy = { mayRemove: [IDS[0], IDS[1]], recordedIds: new Set([IDS[0]]) };
    expect(decide(policy)).toMatchObject({ action: "delete-first", secret: { id: IDS[1] } });
    expect(decide({ ...policy, recordedIds: new Set([IDS[0], IDS[1]]) }).action).toBe("refuse");
  });
});

describe("decideSlot, with a previous secret that may go", () => {
  const retirable = { secretId: IDS[1], why: "its overlap is over" };
  const recordedIds = new Set([IDS[0], IDS[1]]);

  it("removes it although the stack records it, and says why", () => {
    const verdict = decide({ retirable, recordedIds });
    expect(verdict).toMatchObject({ action: "delete-first", reason: SlotReason.PreviousHoldsSlot, secret: second });
    expect(verdict).toHaveProperty("message", expect.stringContaining("its overlap is over"));
  });

  it("leaves it while a slot is free", () => {
    expect(decide({ retirable, recordedIds }, { held: [second] }).action).toBe("use-free");
  });

  it("prefers an expired one to it, and it to one that mayRemove names", () => {
    const expired = { ...first, expiresAtMs: BIRTH_MS - 10 * MINUTE_MS };
    expect(decide({ retirable }, { held: [expired, second] })).toMatchObject({ reason: SlotReason.ExpiredHoldsSlot });
    expect(decide({ retirable, mayRemove: [IDS[0]] })).toMatchObject({ secret: second });
  });

  it.each([
    { name: "from its time on", nowMs: BIRTH_MS, action: "delete-first" },
    { name: "not a millisecond before its time", nowMs: BIRTH_MS - 1, action: "refuse" },
    { name: "not when Atlas told no time", nowMs: Number.NEGATIVE_INFINITY, action: "refuse" },
  ])("removes one that may go from a time on $name", ({ nowMs, action }) => {
    const policy = { retirable: { ...retirable, fromMs: BIRTH_MS }, recordedIds };
    expect(decide(policy, { nowMs }).action).toBe(action);
  });

  it("removes one that may go at once also when Atlas told no time", () => {
    expect(decide({ retirable, recordedIds }, { nowMs: Number.NEGATIVE_INFINITY }).action).toBe("delete-first");
  });

  it.each([
    { name: "the account does not hold it", held: [first, toHeld({ id: IDS[2] })] },
    { name: "no previous one may go", held: [first, second], previous: false },
  ])("refuses when $name", ({ held, previous = true }) => {
    expect(decide(previous ? { retirable, recordedIds } : { recordedIds }, { held }).action).toBe("refuse");
  });
});

describe("decideSlot, on an exclusive account", () => {
  const orphanBirthMs = BIRTH_MS + 1_000;
  const orphan = toHeld({ id: IDS[1], createdAtMs: orphanBirthMs });
  const held = [first, orphan];
  const exclusive: Partial<SlotPolicy> = { exclusive: true, recordedIds: new Set([IDS[0]]) };

  it("removes a secret that is newer than the recorded one and was never used", () => {
    const expected = { action: "delete-first", reason: SlotReason.OrphanHoldsSlot, secret: { id: IDS[1] } };
    expect(decide(exclusive, { held })).toMatchObject(expected);
  });

  it.each<{ name: string; policy: Partial<SlotPolicy> }>([
    { name: "the account is not exclusive", policy: { exclusive: false } },
    { name: "the record is not complete", policy: { isRecordComplete: false } },
    { name: "the stack records it", policy: { recordedIds: new Set([IDS[0], IDS[1]]) } },
    { name: "nothing recorded is on the account", policy: { recordedIds: new Set([IDS[2]]) } },
  ])("refuses when $name", ({ policy }) => {
    expect(decide({ ...exclusive, ...policy }, { held }).action).toBe("refuse");
  });

  it.each([
    { name: "as old as", createdAtMs: BIRTH_MS },
    { name: "older than", createdAtMs: BIRTH_MS - 1_000 },
  ])("refuses when the unknown one is $name the recorded one: it may wait for its deletion", ({ createdAtMs }) => {
    expect(decide(exclusive, { held: [first, { ...orphan, createdAtMs }] }).action).toBe("refuse");
  });

  it.each([
    { name: "at its creation", afterMs: 0, action: "delete-first" },
    { name: "ten minutes after its creation", afterMs: 10 * MINUTE_MS, action: "delete-first" },
    { name: "a millisecond later than that", afterMs: 10 * MINUTE_MS + 1, action: "refuse" },
  ])("decides $action when it was used $name", ({ afterMs, action }) => {
    const used = { ...orphan, lastUsedAtMs: orphanBirthMs + afterMs };
    expect(decide(exclusive, { held: [first, used] }).action).toBe(action);
  });

  it("prefers a secret that mayRemove names to an orphan", () => {
    const policy = { ...exclusive, recordedIds: new Set<string>(), mayRemove: [IDS[0]] };
    expect(decide(policy, { held })).toMatchObject({ reason: SlotReason.RemovableHoldsSlot, secret: { id: IDS[0] } });
  });
});

describe("decideSlot, when it refuses", () => {
  const held = [first, toHeld({ id: IDS[1] })];
  const verdict = decide({ recordedIds: new Set([IDS[1]]) }, { held });

  it("gives both holders", () => {
    expect(verdict).toMatchObject({ action: "refuse", reason: SlotReason.AccountFull, holders: held });
  });

  it.each([
    {
      name: "the first holder with its last use",
      text: `${IDS[0]} (created 2026-03-01T08:00:00Z, expires 2026-03-31T08:00:00Z, last used 2026-03-01T09:00:00Z)`,
    },
    {
      name: "the second holder, never used",
      text: `${IDS[1]} (created 2026-03-01T08:00:00Z, expires 2026-03-31T08:00:00Z, never used)`,
    },
    { name: "which of them the stack records", text: `This stack records ${IDS[1]},` },
    { name: "mayRemove as a way out", text: "mayRemove" },
    { name: "waiting as a way out", text: "wait until one has been expired for 10 minutes" },
  ])("names $name", ({ text }) => {
    expect(verdict).toHaveProperty("message", expect.stringContaining(text));
  });

  it("says nothing of the stack's record when that holds neither", () => {
    expect(decide({}, { held })).toHaveProperty("message", expect.not.stringContaining("This stack records"));
  });
});

describe("describeSecret", () => {
  it("gives id, creation, expiry and last use", () => {
    expect(describeSecret(toHeld())).toBe(
      `${IDS[0]} (created 2026-03-01T08:00:00Z, expires 2026-03-31T08:00:00Z, never used)`,
    );
  });
});

describe("isUnusedSinceBirth", () => {
  it.each([
    { name: "never used", changes: {}, expected: true },
    {
      name: "used ten minutes after its creation",
      changes: { lastUsedAtMs: BIRTH_MS + 10 * MINUTE_MS },
      expected: true,
    },
    { name: "used later than that", changes: { lastUsedAtMs: BIRTH_MS + 10 * MINUTE_MS + 1 }, expected: false },
  ])("is $expected for a secret $name", ({ changes, expected }) => {
    expect(isUnusedSinceBirth(toHeld(changes))).toBe(expected);
  });
});
