/** What holds for every secret, view, purpose and time: a verdict, and guards that do not let pass what they cannot tell. */
import fc from "fast-check";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { findSecret } from "../../../provider/src/rotation/account-view.js";
import { isLeftover } from "../../../provider/src/rotation/leftover.js";
import { RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { decideRemoval } from "../../../provider/src/rotation/removal.js";
import { decideSlot } from "../../../provider/src/rotation/slot.js";
import { Branches } from "../../helpers/branches.js";
import { anyNow, anyTime, arbitraryPurpose, arbitraryView, id, nearTime, policy } from "../fixtures/accounts.js";

const runs = { numRuns: 5_000 };
const isCredential = fc.constantFrom(undefined, false, true);

describe("decideRemoval, for every secret, view, purpose and time", () => {
  it("gives one of its verdicts, the same for the same, and never throws", () => {
    const reasons: readonly string[] = Object.values(RemovalReason);
    const view = fc.option(arbitraryView(anyTime), { nil: undefined });
    fc.assert(
      fc.property(id, view, arbitraryPurpose(anyTime), anyNow, isCredential, (secretId, seen, purpose, nowMs, own) => {
        const request = { secretId, view: seen, purpose, nowMs, isCredential: own };
        const verdict = decideRemoval(request);
        expect(["delete", "keep", "gone", "look"]).toContain(verdict.action);
        expect(reasons).toContain(verdict.reason);
        expect(decideRemoval(request)).toEqual(verdict);
      }),
      runs,
    );
  });

  it("lets nothing pass that it cannot tell: the credential, the time, an untracked one, a view that is not there", () => {
    const view = fc.option(arbitraryView(nearTime), { nil: undefined });
    const branches = new Branches();
    fc.assert(
      fc.property(
        id,
        view,
        arbitraryPurpose(nearTime),
        nearTime,
        isCredential,
        (secretId, seen, purpose, nowMs, own) => {
          const verdict = decideRemoval({ secretId, view: seen, purpose, nowMs, isCredential: own });
          fc.pre(verdict.action === "delete");
          if (!seen) {
            branches.takes("no view", true);
            expect([purpose.kind, own]).toEqual(["resource-deleted", false]);
            return;
          }
          const secret = findSecret(seen, secretId);
          expect(own ?? secret?.mayBeCredential).toBe(false);
          if (branches.takes("no time", seen.serverAheadMs === undefined)) {
            expect(["slot", "unusable", "resource-deleted", "trial", "lost-response"]).toContain(purpose.kind);
            if (branches.takes("no time, for a slot", purpose.kind === "slot"))
              expect(["NamedInMayRemove", "Leftover"]).toContain(verdict.reason);
          }
          branches.takes("a lost response", purpose.kind === "lost-response");
          if (purpose.kind === "lost-response") expect(purpose.serverTimes).toBeDefined();
          if (branches.takes("mayRemove", verdict.reason === RemovalReason.NamedInMayRemove))
            expect(secret?.role).toBe("untracked");
          branches.takes("a leftover", verdict.reason === RemovalReason.Leftover);
          if (purpose.kind === "slot" && verdict.reason === RemovalReason.Leftover) {
            expect(purpose.policy.exclusive && secret && isLeftover(secret, seen, purpose.policy.hours)).toBe(true);
          }
        },
      ),
      runs,
    );
    branches.assertAllTaken();
  });
});

describe("decideSlot, for all views", () => {
  it("asks for room only when both slots are taken, and takes that of a holder that may be deleted", () => {
    const branches = new Branches();
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        const verdict = decideSlot(view, rules, nowMs);
        expect(verdict.action === "use-free").toBe(view.secrets.length < 2);
        const purpose = { kind: "slot", policy: rules } as const;
        const mayGo = (secretId: string) => decideRemoval({ secretId, purpose, view, nowMs }).action === "delete";
        branches.takes("room", verdict.action === "delete-first");
        if (verdict.action === "delete-first") expect(mayGo(verdict.secret.id)).toBe(true);
        if (branches.takes("no room", verdict.action === "refuse"))
          expect(view.secrets.filter((secret) => mayGo(secret.id))).toEqual([]);
      }),
      runs,
    );
    branches.assertAllTaken();
  });

  it("never takes that of a recorded secret unless it has expired by Atlas's time, or is the one that may retire", () => {
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        const verdict = decideSlot(view, rules, nowMs);
        fc.pre(verdict.action === "delete-first" && verdict.secret.role !== "untracked");
        if (verdict.action !== "delete-first") return;
        fc.pre(verdict.secret.id !== rules.retirable?.secretId);
        expect(nowMs + (view.serverAheadMs ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(
          verdict.secret.expiresAtMs + 10 * MINUTE_MS,
        );
      }),
      runs,
    );
  });

  it("never takes that of a live untracked secret that is neither in mayRemove nor a leftover of an exclusive account", () => {
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        const verdict = decideSlot(view, rules, nowMs);
        fc.pre(verdict.action === "delete-first" && verdict.secret.role === "untracked");
        if (verdict.action !== "delete-first") return;
        const { secret } = verdict;
        const isExpired =
          nowMs + (view.serverAheadMs ?? Number.NEGATIVE_INFINITY) >= secret.expiresAtMs + 10 * MINUTE_MS;
        const isNamed = rules.mayRemove.includes(secret.id) || secret.id === rules.retirable?.secretId;
        const recorded = view.secrets.filter(({ role }) => role !== "untracked");
        const isNewest = recorded.length > 0 && recorded.every(({ createdAtMs }) => createdAtMs < secret.createdAtMs);
        const isUnused = (secret.lastUsedAtMs ?? 0) - secret.createdAtMs <= 10 * MINUTE_MS;
        const isEvident = view.isRecordComplete && isNewest && isUnused;
        expect((rules.reclaimExpired && isExpired) || isNamed || (rules.exclusive && isEvident)).toBe(true);
      }),
      runs,
    );
  });
});
