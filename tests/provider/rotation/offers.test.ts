/** What messages offer: never to delete what the same decision refuses, whatever the account holds. */
import fc from "fast-check";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { type AccountView, findSecret, offerRemoval } from "../../../provider/src/rotation/account-view.js";
import { RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { decideRemoval, listWaysOut } from "../../../provider/src/rotation/removal.js";
import { decideSlot } from "../../../provider/src/rotation/slot.js";
import { describeBlockedSuccessor } from "../../../provider/src/rotation/successor-slot.js";
import { Branches } from "../../helpers/branches.js";
import { arbitraryView, nearTime, policy } from "../fixtures/accounts.js";
import { BIRTH_MS, toId, toViewed } from "../fixtures/values.js";

const runs = { numRuns: 5_000 };

/** Whether a person could delete it, when no state records it and all states were read: what an offer rests on. */
function couldGoByHand(secretId: string, view: AccountView, forcedId?: string): boolean {
  const byHand = { kind: "by-hand", records: [], stateCount: 1, unread: [], forcedId } as const;
  // Some time later, as the texts say: 10 minutes after its creation.
  const later = { ...view, serverAheadMs: 0 };
  const used = findSecret(view, secretId)?.lastUsedAtMs;
  const verdict = decideRemoval({ secretId, purpose: byHand, view: later, nowMs: BIRTH_MS + 30 * 24 * HOUR_MS });
  // 'and nobody uses it' is the condition that comes with the offer.
  return verdict.action === "delete" || (used !== undefined && verdict.reason === RemovalReason.Objections);
}

/** What is wrong with a text about an account. */
function findBadOffers(text: string, view: AccountView): string[] {
  const offered = [...text.matchAll(/atlas-secrets remove \S*\/([0-9a-f]{24}) --all-stacks( --force (\S+?)')?/g)];
  const problems = offered.flatMap(([, secretId = "", force, forcedId]) => {
    const { role } = findSecret(view, secretId) ?? { role: "gone" };
    const isAllowed = force ? role === "pending-deletion" && forcedId === secretId : role === "untracked";
    if (!isAllowed) return [`offers ${role} ${secretId}`];
    return couldGoByHand(secretId, view, forcedId) ? [] : [`offers ${secretId}, which is refused`];
  });
  const banned = ["mayRemove", "exclusive", "obody knows", "atlas api", "--secretId"].filter((words) =>
    text.includes(words),
  );
  return [...problems, ...banned];
}

describe("the texts about full accounts, for all views", () => {
  it("offer for removal only untracked secrets, with --force only what waits for its deletion, and never what is refused", () => {
    const branches = new Branches();
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        const verdict = decideSlot(view, rules, nowMs);
        const refusal = verdict.action === "refuse" ? verdict.message : "";
        if (branches.takes("a refusal", refusal !== "")) expect(findBadOffers(refusal, view)).toEqual([]);
        const ways = view.secrets.flatMap((secret) => {
          const purpose = { kind: "slot", policy: rules } as const;
          return listWaysOut(secret, decideRemoval({ secretId: secret.id, purpose, view, nowMs }), view);
        });
        branches.takes("a way out", ways.length > 0);
        for (const way of ways) expect(findBadOffers(way, view)).toEqual([]);
        const untracked = view.secrets.filter(({ role }) => role === "untracked");
        branches.takes("an untracked secret", untracked.length > 0);
        for (const secret of untracked) expect(findBadOffers(offerRemoval(view.account, secret), view)).toEqual([]);
      }),
      runs,
    );
    branches.assertAllTaken();
  });

  it("offer reclaimExpired only where that lets the secret go", () => {
    const branches = new Branches();
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        for (const { id, ...secret } of view.secrets) {
          const purpose = { kind: "slot", policy: rules } as const;
          const verdict = decideRemoval({ secretId: id, purpose, view, nowMs });
          const ways = listWaysOut({ id, ...secret }, verdict, view).join();
          if (!branches.takes("reclaimExpired", ways.includes("reclaimExpired"))) continue;
          const changed = { kind: "slot", policy: { ...rules, reclaimExpired: true } } as const;
          expect(decideRemoval({ secretId: id, purpose: changed, view, nowMs }).action).toBe("delete");
        }
      }),
      runs,
    );
    branches.assertAllTaken();
  });

  it("offer nothing else about the successor's slot", () => {
    const created = toViewed({ id: toId(9), role: "created-here" });
    fc.assert(
      fc.property(arbitraryView(nearTime, 1), policy, nearTime, (before, rules, rotateAfterMs) => {
        const text = describeBlockedSuccessor({ created, before, policy: rules, rotateAfterMs });
        fc.pre(text !== undefined);
        expect(findBadOffers(text ?? "", before)).toEqual([]);
      }),
      runs,
    );
  });
});
