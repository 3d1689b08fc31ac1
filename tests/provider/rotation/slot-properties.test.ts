import fc from "fast-check";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { decideSlot, type HeldSecret, type SlotPolicy } from "../../../provider/src/rotation/slot.js";
import { BIRTH_MS } from "../fixtures/values.js";

const id = fc.constantFrom("a".repeat(24), "b".repeat(24), "c".repeat(24), "d".repeat(24));
const time = fc.integer({ min: -40, max: 40 }).map((minutes) => BIRTH_MS + minutes * MINUTE_MS);
const secret: fc.Arbitrary<HeldSecret> = fc.record(
  { id, createdAtMs: time, expiresAtMs: time, lastUsedAtMs: time },
  { requiredKeys: ["id", "createdAtMs", "expiresAtMs"] },
);
const held = fc.uniqueArray(secret, { maxLength: 3, selector: (item) => item.id });
const policy: fc.Arbitrary<SlotPolicy> = fc.record(
  {
    recordedIds: fc.uniqueArray(id).map((ids) => new Set(ids)),
    isRecordComplete: fc.boolean(),
    reclaimExpired: fc.boolean(),
    mayRemove: fc.uniqueArray(id),
    exclusive: fc.boolean(),
    retirable: fc.record({ secretId: id, why: fc.constant("its overlap is over") }),
  },
  { requiredKeys: ["recordedIds", "isRecordComplete", "reclaimExpired", "mayRemove", "exclusive"] },
);
const runs = { numRuns: 5_000 };

function isExpired(target: HeldSecret, nowMs: number): boolean {
  return nowMs - target.expiresAtMs >= 10 * MINUTE_MS;
}

describe("decideSlot, for all accounts", () => {
  it("never chooses a recorded secret unless it has expired by the server's time, or is the one that may retire", () => {
    fc.assert(
      fc.property(held, policy, time, (secrets, rules, nowMs) => {
        const verdict = decideSlot(secrets, rules, nowMs);
        if (verdict.action !== "delete-first" || !rules.recordedIds.has(verdict.secret.id)) return;
        if (verdict.secret.id === rules.retirable?.secretId) return;
        expect(isExpired(verdict.secret, nowMs)).toBe(true);
      }),
      runs,
    );
  });

  it("never chooses a live secret that is neither in mayRemove, nor an orphan of an exclusive account, nor retiring", () => {
    fc.assert(
      fc.property(held, policy, time, (secrets, rules, nowMs) => {
        const verdict = decideSlot(secrets, rules, nowMs);
        if (verdict.action !== "delete-first") return;
        const { secret: chosen } = verdict;
        const unused = chosen.lastUsedAtMs === undefined || chosen.lastUsedAtMs - chosen.createdAtMs <= 10 * MINUTE_MS;
        const recorded = secrets.filter((item) => rules.recordedIds.has(item.id));
        const isNewer = recorded.length > 0 && recorded.every((item) => item.createdAtMs < chosen.createdAtMs);
        const isOrphan =
          rules.exclusive && rules.isRecordComplete && !rules.recordedIds.has(chosen.id) && isNewer && unused;
        const mayGo =
          (rules.reclaimExpired && isExpired(chosen, nowMs)) ||
          rules.mayRemove.includes(chosen.id) ||
          isOrphan ||
          chosen.id === rules.retirable?.secretId;
        expect(mayGo).toBe(true);
      }),
      runs,
    );
  });

  it("asks for room only when both slots are taken, and chooses only among the holders", () => {
    fc.assert(
      fc.property(held, policy, time, (secrets, rules, nowMs) => {
        const verdict = decideSlot(secrets, rules, nowMs);
        expect(verdict.action === "use-free").toBe(secrets.length < 2);
        if (verdict.action === "delete-first") expect(secrets).toContain(verdict.secret);
      }),
      runs,
    );
  });

  it("deletes nothing that is not expired when the server's time is not known and nothing else is allowed", () => {
    fc.assert(
      fc.property(held, (secrets) => {
        const rules = {
          recordedIds: new Set<string>(),
          isRecordComplete: true,
          reclaimExpired: true,
          mayRemove: [],
          exclusive: false,
        };
        expect(decideSlot(secrets, rules, Number.NEGATIVE_INFINITY).action).not.toBe("delete-first");
      }),
      runs,
    );
  });
});
