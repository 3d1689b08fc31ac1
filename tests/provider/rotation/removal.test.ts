/** May this secret be deleted: both sides of each limit, for each purpose but the retirement, which has tests of its own. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import type { AccountView, ViewedSecret } from "../../../provider/src/rotation/account-view.js";
import { RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { decideRemoval, type RemovalPurpose, type SlotPolicy } from "../../../provider/src/rotation/removal.js";
import type { ByHand } from "../../../provider/src/rotation/removal-by-hand.js";
import { BIRTH_MS, IDS, toPolicy, toView, toViewed, withoutTime } from "../fixtures/values.js";

/** The secret to decide about: newer than the recorded one beside it, made for 720 h by a run of ours, unused. */
const target = toViewed({ id: IDS[1], createdAtMs: BIRTH_MS + 1_000, expiresAtMs: BIRTH_MS + 1_000 + 720 * HOUR_MS });
const current = toViewed({ role: "current" });
const EXPIRED_MS = target.expiresAtMs + 10 * MINUTE_MS;
const LATER_MS = BIRTH_MS + HOUR_MS;

interface Case {
  readonly name: string;
  readonly secret?: Partial<ViewedSecret>;
  readonly nowMs?: number;
  readonly hasTime?: boolean;
  readonly view?: Partial<AccountView>;
  readonly isCredential?: boolean | undefined;
  readonly action: "delete" | "keep" | "gone" | "look";
  readonly reason: RemovalReason;
}

function decide(
  purpose: RemovalPurpose,
  { secret, nowMs = LATER_MS, hasTime = true, view: seen, isCredential }: Omit<Case, "name" | "action" | "reason">,
) {
  const view = toView([current, { ...target, ...secret }], seen);
  return decideRemoval({ secretId: IDS[1], purpose, view: hasTime ? view : withoutTime(view), nowMs, isCredential });
}

describe("decideRemoval, without a view", () => {
  const purposes: readonly RemovalPurpose[] = [
    { kind: "slot", policy: toPolicy({ mayRemove: [IDS[1]] }) },
    { kind: "retirement", currentId: IDS[0], overlapOverMs: 0, quietHours: 0 },
    { kind: "unusable", why: "it is not valid." },
    { kind: "expired-current" },
    { kind: "lost-response", before: [], hours: 720, serverTimes: { sentMs: 0, givenUpMs: 0 } },
    { kind: "by-hand", records: [], stateCount: 1, unread: [], forcedId: IDS[1] },
    { kind: "trial" },
  ];

  it.each(purposes)("asks for one: $kind", (purpose) => {
    for (const isCredential of [undefined, false]) {
      const verdict = decideRemoval({ secretId: IDS[1], purpose, nowMs: LATER_MS, isCredential });
      expect(verdict).toEqual({ action: "look", reason: RemovalReason.NotSeen, message: "" });
    }
  });

  it.each([
    { name: "may be the credential", isCredential: undefined, action: "look", reason: RemovalReason.NotSeen },
    { name: "is the credential", isCredential: true, action: "keep", reason: RemovalReason.OwnCredential },
    { name: "is not", isCredential: false, action: "delete", reason: RemovalReason.ResourceDeleted },
  ])("decides $action for a deleted resource whose secret $name", ({ isCredential, action, reason }) => {
    const request = { secretId: IDS[1], purpose: { kind: "resource-deleted" }, nowMs: LATER_MS, isCredential } as const;
    expect(decideRemoval(request)).toMatchObject({ action, reason });
  });

  it("says where to put another secret when it is the provider's own credential", () => {
    const request = { secretId: IDS[1], purpose: { kind: "resource-deleted" }, nowMs: LATER_MS } as const;
    const { message } = decideRemoval({ ...request, isCredential: true });
    expect(message).toContain("the credential that the provider signs in with");
    expect(message).toContain("then run 'pulumi up' again.");
  });
});

describe("decideRemoval, of what an unverified secret is to supersede", () => {
  it.each([false, undefined, true])(
    "keeps it, seen or not, whether it is the credential or not: %s",
    (isCredential) => {
      const purpose = { kind: "resource-deleted", unverifiedSuccessorId: IDS[0] } as const;
      const unseen = decideRemoval({ secretId: IDS[1], purpose, nowMs: LATER_MS, isCredential });
      const seen = decide(purpose, isCredential === undefined ? {} : { isCredential });
      for (const verdict of [unseen, seen]) {
        expect(verdict).toMatchObject({ action: "keep", reason: RemovalReason.SuccessorUnverified });
        expect(verdict.message).toContain(`${IDS[0]}, which replaces it, is not verified yet`);
      }
    },
  );
});

describe("decideRemoval, of what may be the credential", () => {
  const purposes: readonly RemovalPurpose[] = [
    { kind: "slot", policy: toPolicy({ mayRemove: [IDS[1]], exclusive: true }) },
    { kind: "retirement", currentId: IDS[0], overlapOverMs: 0, quietHours: 0 },
    { kind: "unusable", why: "it is not valid." },
    { kind: "expired-current" },
    { kind: "resource-deleted" },
    { kind: "by-hand", records: [], stateCount: 1, unread: [], forcedId: IDS[1] },
    { kind: "trial" },
  ];

  it.each(purposes)("keeps it whatever it is to go for, expired or not: $kind", (purpose) => {
    for (const nowMs of [LATER_MS, EXPIRED_MS]) {
      const shown = decide(purpose, { nowMs, secret: { mayBeCredential: true, role: "created-here" } });
      const known = decide(purpose, { nowMs, isCredential: true });
      expect([shown, known]).toMatchObject([{ reason: "OwnCredential" }, { reason: "OwnCredential" }]);
      expect(shown.message).toContain(IDS[1]);
      const advice = purpose.kind === "by-hand" ? "Sign in with another one" : "mongodbatlas:clientSecret";
      expect(shown.message).toContain(advice);
    }
  });

  it("believes a value that tells that it is not before a mask that cannot tell", () => {
    const verdict = decide({ kind: "resource-deleted" }, { secret: { mayBeCredential: true }, isCredential: false });
    expect(verdict.action).toBe("delete");
  });
});

describe("decideRemoval, for a slot", () => {
  const cases: readonly (Case & { readonly policy?: Partial<SlotPolicy> })[] = [
    { name: "expired for ten minutes", nowMs: EXPIRED_MS, action: "delete", reason: "Expired" },
    { name: "expired a millisecond less", nowMs: EXPIRED_MS - 1, action: "keep", reason: "Leftover" },
    { name: "expired by our clock alone", nowMs: EXPIRED_MS, hasTime: false, action: "keep", reason: "Leftover" },
    {
      name: "expired by Atlas's clock, which is ahead",
      nowMs: EXPIRED_MS - MINUTE_MS,
      view: { serverAheadMs: MINUTE_MS },
      action: "delete",
      reason: "Expired",
    },
    {
      name: "expired, recorded as current",
      nowMs: EXPIRED_MS,
      secret: { role: "current" },
      action: "delete",
      reason: "Expired",
    },
    {
      name: "expired, where reclaimExpired is off",
      nowMs: EXPIRED_MS,
      policy: { reclaimExpired: false, mayRemove: [IDS[1]], exclusive: true },
      action: "keep",
      reason: "ReclaimOff",
    },
    { name: "named in mayRemove", policy: { mayRemove: [IDS[1]] }, action: "delete", reason: "NamedInMayRemove" },
    { name: "beside one named in mayRemove", policy: { mayRemove: [IDS[0]] }, action: "keep", reason: "Leftover" },
    ...(["current", "to-be-replaced", "previous", "pending", "pending-deletion", "created-here"] as const).map(
      (role): Case & { policy: Partial<SlotPolicy> } => ({
        name: `${role}, although mayRemove names it and the account is exclusive`,
        secret: { role },
        policy: { mayRemove: [IDS[1]], exclusive: true },
        action: "keep",
        reason: "Recorded",
      }),
    ),
    { name: "a leftover of an exclusive account", policy: { exclusive: true }, action: "delete", reason: "Leftover" },
    { name: "a leftover of another account", action: "keep", reason: "Leftover" },
    {
      name: "untracked on an exclusive account, without the evidence",
      secret: { lastUsedAtMs: LATER_MS },
      policy: { exclusive: true },
      action: "keep",
      reason: "Untracked",
    },
    {
      name: "newer than the recorded one, where a resource has not told",
      view: { isRecordComplete: false },
      policy: { exclusive: true },
      action: "keep",
      reason: "Untracked",
    },
    {
      name: "the previous one that may go",
      secret: { role: "previous" },
      policy: { retirable: { secretId: IDS[1], why: "its overlap is over" } },
      action: "delete",
      reason: "PreviousMayGo",
    },
    {
      name: "the previous one that may go from now on",
      secret: { role: "previous" },
      policy: { retirable: { secretId: IDS[1], why: "its overlap is over", fromMs: LATER_MS } },
      action: "delete",
      reason: "PreviousMayGo",
    },
    {
      name: "the previous one that may go a millisecond later",
      secret: { role: "previous" },
      policy: { retirable: { secretId: IDS[1], why: "its overlap is over", fromMs: LATER_MS + 1 } },
      action: "keep",
      reason: "Recorded",
    },
    {
      name: "the previous one that may go, when Atlas tells no time",
      secret: { role: "previous" },
      hasTime: false,
      policy: { retirable: { secretId: IDS[1], why: "its overlap is over" } },
      action: "keep",
      reason: "Recorded",
    },
  ];

  it.each(cases)("decides $action for one that is $name: $reason", ({ policy, action, reason, ...situation }) => {
    const verdict = decide({ kind: "slot", policy: toPolicy(policy) }, situation);
    expect(verdict).toMatchObject({ action, reason });
    expect(verdict.message).not.toBe("");
    if (action === "delete") expect(verdict.message).toContain(IDS[1]);
  });
});

describe("decideRemoval, for what a resource says of itself", () => {
  it.each([
    { name: "expired for ten minutes", nowMs: EXPIRED_MS, action: "delete", reason: "Expired" },
    { name: "expired a millisecond less", nowMs: EXPIRED_MS - 1, action: "keep", reason: "Recorded" },
    { name: "expired by our clock alone", nowMs: EXPIRED_MS, hasTime: false, action: "keep", reason: "Recorded" },
  ])("decides $action for a current one that is $name", ({ action, reason, name: _, ...situation }) => {
    const purpose = { kind: "expired-current" } as const;
    expect(decide(purpose, { ...situation, secret: { role: "current" } })).toMatchObject({ action, reason });
  });

  it("deletes a pending one that is of no use, and says why", () => {
    const verdict = decide({ kind: "unusable", why: "it is not valid." }, { secret: { role: "pending" } });
    expect(verdict).toEqual({
      action: "delete",
      reason: RemovalReason.Unusable,
      message: `pending secret ${IDS[1]} is deleted: it is not valid.`,
    });
  });

  it("deletes what the engine deletes, without a word", () => {
    const verdict = decide({ kind: "resource-deleted" }, { secret: { role: "current" } });
    expect(verdict).toEqual({ action: "delete", reason: RemovalReason.ResourceDeleted, message: "" });
  });

  it.each([
    { role: "created-here", action: "delete", reason: "CreatedForTrial" },
    { role: "current", action: "keep", reason: "Untracked" },
    { role: "untracked", action: "keep", reason: "Untracked" },
  ] as const)("decides $action for the end of a trial when it is $role", ({ role, action, reason }) => {
    expect(decide({ kind: "trial" }, { secret: { role } })).toMatchObject({ action, reason });
  });

  it.each([
    { kind: "retirement", currentId: IDS[0], quietHours: 0, says: "removed from the state" },
    { kind: "unusable", why: "", says: "not on the account any more" },
    { kind: "by-hand", records: [], stateCount: 1, unread: [], says: "nothing to delete" },
    { kind: "resource-deleted", says: "" },
    { kind: "expired-current", says: "" },
    { kind: "trial", says: "" },
  ] as const)("takes one that the account does not hold for gone: $kind", ({ says, ...purpose }) => {
    const verdict = decideRemoval({ secretId: IDS[2], purpose, view: toView([target]), nowMs: LATER_MS });
    expect(verdict).toMatchObject({ action: "gone", reason: RemovalReason.NotOnAccount });
    expect(verdict.message).toContain(says);
  });
});

describe("decideRemoval, after a lost response", () => {
  const lost = { before: [], hours: 720, serverTimes: { sentMs: BIRTH_MS, givenUpMs: BIRTH_MS + 2_000 } };

  it.each<Case & { readonly lost?: Partial<Extract<RemovalPurpose, { kind: "lost-response" }>> }>([
    { name: "evidently the lost one", action: "delete", reason: "LostResponse" },
    { name: "recorded", secret: { role: "current" }, action: "keep", reason: "Untracked" },
    { name: "created here", secret: { role: "created-here" }, action: "keep", reason: "Untracked" },
    { name: "there before", lost: { before: [target] }, action: "keep", reason: "Untracked" },
    { name: "used", secret: { lastUsedAtMs: LATER_MS }, action: "keep", reason: "Untracked" },
    { name: "new, when no time is known", lost: { serverTimes: undefined }, action: "keep", reason: "Untracked" },
  ])("decides $action for one that is $name", ({ action, reason, lost: changes, ...situation }) => {
    expect(decide({ kind: "lost-response", ...lost, ...changes }, situation)).toMatchObject({ action, reason });
  });

  it("keeps both of two new ones, and says why", () => {
    const view = toView([target, { ...target, id: IDS[2] }]);
    for (const secretId of [IDS[1], IDS[2]]) {
      const purpose = { kind: "lost-response", ...lost } as const;
      const verdict = decideRemoval({ secretId, purpose, view, nowMs: LATER_MS });
      expect(verdict.action).toBe("keep");
      expect(verdict.message).toContain(IDS[1]);
      expect(verdict.message).toContain(IDS[2]);
    }
  });

  it("deletes the lost one, and no other for it", () => {
    const purpose = { kind: "lost-response", ...lost } as const;
    const view = toView([current, target]);
    expect(decideRemoval({ secretId: IDS[1], purpose, view, nowMs: LATER_MS }).action).toBe("delete");
    const other = decideRemoval({ secretId: IDS[0], purpose, view, nowMs: LATER_MS });
    expect(other).toEqual({ action: "keep", reason: RemovalReason.Untracked, message: "" });
  });
});

describe("decideRemoval, by hand", () => {
  const OLD_ENOUGH_MS = target.createdAtMs + 10 * MINUTE_MS;
  const USED = { lastUsedAtMs: target.createdAtMs + 10 * MINUTE_MS + 1 };

  it.each<{ name: string; by: Partial<ByHand>; secret?: Partial<ViewedSecret>; isOffered: boolean }>([
    { name: "one that is used, which a person can know better", by: {}, secret: USED, isOffered: true },
    {
      name: "one that waits for its deletion, and is used",
      by: { records: [{ where: "stack a", role: "pending-deletion" }] },
      secret: USED,
      isOffered: true,
    },
    { name: "one in use by a stack", by: { records: [{ where: "stack a", role: "current" }] }, isOffered: false },
    {
      name: "one in use by a stack, and used",
      by: { records: [{ where: "stack a", role: "current" }] },
      secret: USED,
      isOffered: false,
    },
    {
      name: "one that an unread state may record, and is used",
      by: { unread: ["x."] },
      secret: USED,
      isOffered: false,
    },
  ])("offers to force only what a person can know: $name", ({ by, secret = {}, isOffered }) => {
    const purpose = { kind: "by-hand", records: [], stateCount: 1, unread: [], ...by } as const;
    const { message } = decide(purpose, { secret, nowMs: LATER_MS });
    expect(message.includes("--force")).toBe(isOffered);
  });

  it("names what could not be read as it is named, but for a full stop at its end", () => {
    const purpose = {
      kind: "by-hand",
      records: [],
      stateCount: 1,
      unread: ["a.json: broken.", "b.json: gone."],
    } as const;
    expect(decide(purpose, {}).message).toContain("could be read: a.json: broken. b.json: gone. What could not");
  });

  const cases: readonly (Case & { readonly by?: Partial<ByHand>; readonly objection?: string })[] = [
    { name: "old enough", nowMs: OLD_ENOUGH_MS, action: "delete", reason: "ByHand" },
    {
      name: "a millisecond younger",
      nowMs: OLD_ENOUGH_MS - 1,
      action: "keep",
      reason: "Objections",
      objection: "created in the last 10 minutes",
    },
    {
      name: "used within its verification",
      secret: { lastUsedAtMs: OLD_ENOUGH_MS },
      action: "delete",
      reason: "ByHand",
    },
    { name: "used later", secret: USED, action: "keep", reason: "Objections", objection: "has been used" },
    { name: "used later, and expired", secret: USED, nowMs: EXPIRED_MS, action: "delete", reason: "ByHand" },
    {
      name: "recorded",
      by: { records: [{ where: "stack a", role: "current" }] },
      action: "keep",
      reason: "Objections",
      objection: "stack a records it",
    },
    {
      name: "recorded twice",
      by: { records: ["a", "b"].map((where) => ({ where, role: "current" })) },
      action: "keep",
      reason: "Objections",
      objection: "a and b record it",
    },
    {
      name: "of which no state was read",
      by: { stateCount: 0 },
      action: "keep",
      reason: "Objections",
      objection: "no state was read",
    },
    {
      name: "of which a state was not read",
      by: { unread: ["x."] },
      action: "keep",
      reason: "Objections",
      objection: "not everything",
    },
    { name: "of an age that Atlas does not tell", hasTime: false, action: "keep", reason: "NoServerTime" },
    {
      name: "of an age that Atlas does not tell, although forced",
      hasTime: false,
      by: { forcedId: IDS[1] },
      action: "keep",
      reason: "NoServerTime",
    },
  ];

  it.each(cases)("decides $action for one that is $name", ({ by, action, reason, objection = "", ...situation }) => {
    const byHand = { records: [], stateCount: 1, unread: [], ...by };
    const verdict = decide({ kind: "by-hand", ...byHand }, situation);
    expect(verdict).toMatchObject({ action, reason });
    expect(verdict.message).toContain(objection);
  });

  it.each([
    { name: "that id is repeated", forcedId: IDS[1], action: "delete" },
    { name: "another id is given", forcedId: IDS[0], action: "keep" },
    { name: "none is given", forcedId: undefined, action: "keep" },
  ])("decides $action in spite of objections when $name, and says which", ({ forcedId, action }) => {
    const records = [{ where: "stack a", role: "current" }] as const;
    const byHand = { kind: "by-hand", records, stateCount: 1, unread: [], forcedId } as const;
    const verdict = decide(byHand, { secret: USED });
    expect(verdict.action).toBe(action);
    for (const text of [IDS[1], "stack a records it", "has been used"]) expect(verdict.message).toContain(text);
  });

  const current = { where: "stack a", role: "current" } as const;
  const replaced = { where: "stack a", role: "pending-deletion" } as const;
  it.each<{ name: string; by: Partial<ByHand>; secret?: object; offers: boolean; helps: string }>([
    { name: "is used and recorded nowhere", by: {}, secret: USED, offers: true, helps: "Find out who uses it." },
    { name: "waits for its deletion", by: { records: [replaced] }, offers: true, helps: "'pulumi up' of that stack" },
    { name: "is current in a state", by: { records: [current] }, offers: false, helps: "It is in use there" },
    { name: "is current in one of two", by: { records: [replaced, current] }, offers: false, helps: "in use there" },
    { name: "may be in a state that was not read", by: { unread: ["x."] }, offers: false, helps: "may record it" },
    { name: "may be in any state", by: { stateCount: 0 }, offers: false, helps: "Name the states" },
  ])("offers --force for one that $name: $offers", ({ by, secret = {}, offers, helps }) => {
    const byHand = { kind: "by-hand", records: [], stateCount: 1, unread: [], ...by } as const;
    const { message } = decide(byHand, { secret });
    expect(message.includes(`If you know that nothing uses it, add --force ${IDS[1]}.`)).toBe(offers);
    expect(message).toContain(helps);
    expect(message).not.toContain("..");
  });

  it("says from when on a young one can go, and offers nothing until then", () => {
    const byHand = { kind: "by-hand", records: [], stateCount: 1, unread: [] } as const;
    const { message } = decide(byHand, { nowMs: OLD_ENOUGH_MS - 1 });
    expect(message).toContain(`Run this again after ${new Date(OLD_ENOUGH_MS).toISOString().replace(".000", "")}.`);
    expect(message).not.toContain("--force");
  });
});
