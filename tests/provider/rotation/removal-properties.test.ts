/** What holds for every secret, view, purpose and time: a verdict, guards that do not let pass what they cannot tell, no bad offer. */
import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { type AccountView, findSecret, offerRemoval, type ViewedSecret } from "../../../provider/src/rotation/account-view.js";
import { isLeftover } from "../../../provider/src/rotation/leftover.js";
import { RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { decideRemoval, listWaysOut, type RemovalPurpose, type SlotPolicy } from "../../../provider/src/rotation/removal.js";
import { decideSlot } from "../../../provider/src/rotation/slot.js";
import { describeBlockedSuccessor } from "../../../provider/src/rotation/successor-slot.js";
import { ACCOUNT, BIRTH_MS, toId, toViewed } from "../fixtures/values.js";

const runs = { numRuns: 5_000 };
const ids = [1, 2, 3, 4].map(toId);
const id = fc.constantFrom(...ids);
const nearTime = fc.integer({ min: -40, max: 40 }).map((minutes) => BIRTH_MS + minutes * MINUTE_MS);
const anyTime = fc.oneof(nearTime, fc.integer(), fc.double(), fc.constantFrom(Number.NaN, 8.64e15, -8.64e15));
const roles = ["current", "previous", "pending", "pending-deletion", "created-here", "untracked"] as const;

/** Half of them look as if a run of ours had left them. */
const arbitraryLife = (time: fc.Arbitrary<number>) =>
  fc.oneof(
    fc.record({ createdAtMs: time, expiresAtMs: time }),
    time.map((createdAtMs) => ({ createdAtMs, expiresAtMs: createdAtMs + HOUR_MS / 2 })),
  );
const arbitrarySecret = (time: fc.Arbitrary<number>): fc.Arbitrary<ViewedSecret> =>
  fc
    .tuple(
      id,
      arbitraryLife(time),
      fc.oneof(fc.constantFrom(...roles), fc.constant("untracked" as const)),
      fc.boolean(),
      fc.option(time, { nil: undefined }),
    )
    .map(([secretId, life, role, mayBeCredential, lastUsedAtMs]) =>
      toViewed({ id: secretId, ...life, role, mayBeCredential, ...(lastUsedAtMs !== undefined && { lastUsedAtMs }) }),
    );
const arbitraryView = (time: fc.Arbitrary<number>, maxLength = 3): fc.Arbitrary<AccountView> =>
  fc
    .record(
      {
        account: fc.constant(ACCOUNT),
        secrets: fc.uniqueArray(arbitrarySecret(time), { maxLength, selector: (item) => item.id }),
        isRecordComplete: fc.boolean(),
        serverAheadMs: fc.integer({ min: -20 * MINUTE_MS, max: 20 * MINUTE_MS }),
      },
      { requiredKeys: ["account", "secrets", "isRecordComplete"] },
    )
    .map((view) => view as AccountView);
const policy: fc.Arbitrary<SlotPolicy> = fc
  .record(
    {
      reclaimExpired: fc.boolean(),
      mayRemove: fc.uniqueArray(id),
      exclusive: fc.boolean(),
      hours: fc.constant(0.5),
      retirable: fc.record({ secretId: id, why: fc.constant("its overlap is over") }),
    },
    { requiredKeys: ["reclaimExpired", "mayRemove", "exclusive", "hours"] },
  )
  .map((drawn) => drawn as SlotPolicy);
const serverTimes = fc.option(fc.record({ sentMs: nearTime, givenUpMs: nearTime }), { nil: undefined });
const arbitraryPurpose = (time: fc.Arbitrary<number>): fc.Arbitrary<RemovalPurpose> =>
  fc.oneof(
    policy.map((drawn) => ({ kind: "slot", policy: drawn }) as const),
    fc.record({
      kind: fc.constant("retirement" as const),
      currentId: id,
      overlapOverMs: fc.option(time, { nil: undefined }),
      quietHours: fc.constantFrom(0, 0.25, 24),
    }),
    fc.constantFrom<RemovalPurpose>(
      { kind: "unusable", why: "it is not valid." },
      { kind: "expired-current" },
      { kind: "resource-deleted" },
      { kind: "trial" },
    ),
    fc.record({
      kind: fc.constant("lost-response" as const),
      before: fc.array(arbitrarySecret(time), { maxLength: 2 }),
      hours: fc.constant(0.5),
      serverTimes,
    }),
    fc.record({
      kind: fc.constant("by-hand" as const),
      locations: fc.subarray(["stack a", "stack b"]),
      stateCount: fc.nat(2),
      unread: fc.subarray(["a state is damaged."]),
      forcedId: fc.option(id, { nil: undefined }),
    }),
  );
const isCredential = fc.constantFrom(undefined, false, true);

describe("decideRemoval, for every secret, view, purpose and time", () => {
  it("gives one of its verdicts, the same for the same, and never throws", () => {
    const reasons: readonly string[] = Object.values(RemovalReason);
    const view = fc.option(arbitraryView(anyTime), { nil: undefined });
    fc.assert(
      fc.property(id, view, arbitraryPurpose(anyTime), anyTime, isCredential, (secretId, seen, purpose, nowMs, own) => {
        const request = { secretId, view: seen && toWritable(seen), purpose, nowMs, isCredential: own };
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
    fc.assert(
      fc.property(id, view, arbitraryPurpose(nearTime), nearTime, isCredential, (secretId, seen, purpose, nowMs, own) => {
        const verdict = decideRemoval({ secretId, view: seen, purpose, nowMs, isCredential: own });
        if (verdict.action !== "delete") return;
        if (!seen) {
          expect([purpose.kind, own]).toEqual(["resource-deleted", false]);
          return;
        }
        const secret = findSecret(seen, secretId);
        expect(own ?? secret?.mayBeCredential).toBe(false);
        if (seen.serverAheadMs === undefined) {
          expect(["slot", "unusable", "resource-deleted", "trial", "lost-response"]).toContain(purpose.kind);
          if (purpose.kind === "slot") expect(["NamedInMayRemove", "Leftover"]).toContain(verdict.reason);
        }
        if (purpose.kind === "lost-response") expect(purpose.serverTimes).toBeDefined();
        if (verdict.reason === RemovalReason.NamedInMayRemove) expect(secret?.role).toBe("untracked");
        if (purpose.kind === "slot" && verdict.reason === RemovalReason.Leftover) {
          expect(purpose.policy.exclusive && secret && isLeftover(secret, seen, purpose.policy.hours)).toBe(true);
        }
      }),
      runs,
    );
  });
});

/** Times that can be written, as all are that Atlas's answers are parsed to. */
function toWritable(view: AccountView): AccountView {
  const clamp = (ms: number) => (Number.isNaN(ms) ? 0 : Math.max(-8.64e15, Math.min(8.64e15, ms)));
  const secrets = view.secrets.map(({ lastUsedAtMs, ...secret }) => ({
    ...secret,
    createdAtMs: clamp(secret.createdAtMs),
    expiresAtMs: clamp(secret.expiresAtMs - 600_000),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs: clamp(lastUsedAtMs) }),
  }));
  return { ...view, secrets };
}

/** Whether a person could delete it, when no state records it and all states were read: what an offer rests on. */
function couldGoByHand(secretId: string, view: AccountView, forcedId?: string): boolean {
  const byHand = { kind: "by-hand", locations: [], stateCount: 1, unread: [], forcedId } as const;
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
  const banned = ["mayRemove", "obody knows", "atlas api", "--secretId"].filter((words) => text.includes(words));
  return [...problems, ...banned];
}

describe("the texts about full accounts, for all views", () => {
  it("offer for removal only untracked secrets, with --force only what waits for its deletion, and never what is refused", () => {
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        const verdict = decideSlot(view, rules, nowMs);
        if (verdict.action === "refuse") expect(findBadOffers(verdict.message, view)).toEqual([]);
        const ways = view.secrets.flatMap((secret) => {
          const purpose = { kind: "slot", policy: rules } as const;
          return listWaysOut(secret, decideRemoval({ secretId: secret.id, purpose, view, nowMs }), view);
        });
        for (const way of ways) expect(findBadOffers(way, view)).toEqual([]);
        for (const secret of view.secrets.filter(({ role }) => role === "untracked")) {
          expect(findBadOffers(offerRemoval(view.account, secret), view)).toEqual([]);
        }
      }),
      runs,
    );
  });

  it("offer exclusive only for a leftover, and reclaimExpired only for what has expired", () => {
    fc.assert(
      fc.property(arbitraryView(nearTime), policy, nearTime, (view, rules, nowMs) => {
        for (const secret of view.secrets) {
          const purpose = { kind: "slot", policy: rules } as const;
          const verdict = decideRemoval({ secretId: secret.id, purpose, view, nowMs });
          const text = listWaysOut(secret, verdict, view).join();
          if (text.includes("exclusive")) expect(isLeftover(secret, view, rules.hours)).toBe(true);
          // What a text offers as a setting, that setting does.
          const settings = { reclaimExpired: text.includes("reclaimExpired"), exclusive: text.includes("exclusive") };
          if (!settings.reclaimExpired && !settings.exclusive) continue;
          const changed = { kind: "slot", policy: { ...rules, ...settings } } as const;
          expect(decideRemoval({ secretId: secret.id, purpose: changed, view, nowMs }).action).toBe("delete");
        }
      }),
      runs,
    );
  });

  it("offer nothing else about the successor's slot", () => {
    const created = toViewed({ id: toId(9), role: "created-here" });
    fc.assert(
      fc.property(arbitraryView(nearTime, 1), policy, nearTime, (before, rules, rotateAfterMs) => {
        const text = describeBlockedSuccessor({ created, before, policy: rules, rotateAfterMs });
        if (text !== undefined) expect(findBadOffers(text, before)).toEqual([]);
      }),
      runs,
    );
  });
});
