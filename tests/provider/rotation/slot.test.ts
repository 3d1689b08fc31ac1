/** Where a new secret goes: which holder makes room first, and what a refusal says. What may make room `removal.test.ts` tables. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import {
  type AccountView,
  describeSecret,
  toRemoveCommand,
  type ViewedSecret,
} from "../../../provider/src/rotation/account-view.js";
import { RemovalReason, SlotReason } from "../../../provider/src/rotation/reasons.js";
import type { SlotPolicy } from "../../../provider/src/rotation/removal.js";
import { decideSlot } from "../../../provider/src/rotation/slot.js";
import { ACCOUNT, BIRTH_MS, IDS, toPolicy, toView, toViewed, withoutTime } from "../fixtures/values.js";

const first = toViewed({ lastUsedAtMs: BIRTH_MS + HOUR_MS });
const second = toViewed({ id: IDS[1], lastUsedAtMs: BIRTH_MS + HOUR_MS });
const current = { ...first, role: "current" } as const;
const leftover = toViewed({ id: IDS[1], createdAtMs: BIRTH_MS + 1_000, expiresAtMs: BIRTH_MS + 1_000 + 720 * HOUR_MS });
const expired = { ...second, expiresAtMs: BIRTH_MS - 10 * MINUTE_MS };

interface Situation {
  readonly held?: readonly ViewedSecret[];
  readonly nowMs?: number;
  readonly view?: Partial<AccountView>;
}

function decide(policy: Partial<SlotPolicy>, { held = [first, second], nowMs = BIRTH_MS, view }: Situation = {}) {
  return decideSlot(toView(held, view), toPolicy(policy), nowMs);
}

function refuse(held: readonly ViewedSecret[], policy: Partial<SlotPolicy> = {}, nowMs = BIRTH_MS): string {
  const verdict = decide(policy, { held, nowMs });
  expect(verdict).toMatchObject({ action: "refuse", reason: SlotReason.AccountFull });
  return "message" in verdict ? verdict.message : "";
}

describe("decideSlot", () => {
  it.each([
    { name: "no secret", held: [] },
    { name: "one secret", held: [first] },
    { name: "one secret that expired long ago", held: [toViewed({ expiresAtMs: 0 })] },
  ])("uses the free slot of an account with $name, and deletes nothing", ({ held }) => {
    const policy = { mayRemove: [IDS[0]], exclusive: true };
    expect(decide(policy, { held })).toEqual({ action: "use-free", reason: SlotReason.SlotFree });
  });

  it.each([
    { name: "an expired one", policy: {}, held: [first, expired], reason: RemovalReason.Expired },
    { name: "one that mayRemove names", policy: { mayRemove: [IDS[1]] }, reason: RemovalReason.NamedInMayRemove },
    {
      name: "a leftover of an exclusive account",
      policy: { exclusive: true },
      held: [current, leftover],
      reason: RemovalReason.Leftover,
    },
    {
      name: "the previous one that may go",
      policy: { retirable: { secretId: IDS[1], why: "its overlap is over" } },
      held: [current, { ...second, role: "previous" as const }],
      reason: RemovalReason.PreviousMayGo,
    },
  ])("takes the slot of $name, and says so", ({ policy, held = [first, second], reason }) => {
    const verdict = decide(policy, { held });
    expect(verdict).toMatchObject({ action: "delete-first", reason, secret: { id: IDS[1] } });
    expect(verdict).toHaveProperty("message", expect.stringContaining(`secret ${IDS[1]}`));
  });

  it.each([
    {
      name: "an expired one to the previous one",
      held: [first, expired],
      policy: { retirable: { secretId: IDS[0], why: "" } },
    },
    { name: "an expired one to one of mayRemove", held: [first, expired], policy: { mayRemove: [IDS[0]] } },
    {
      name: "the previous one to one of mayRemove",
      held: [first, second],
      policy: { mayRemove: [IDS[0]], retirable: { secretId: IDS[1], why: "" } },
    },
  ])("prefers $name", ({ held, policy }) => {
    expect(decide(policy, { held })).toMatchObject({ action: "delete-first", secret: { id: IDS[1] } });
    expect(decide(policy, { held: [...held].reverse() })).toMatchObject({ secret: { id: IDS[1] } });
  });

  it("prefers one of mayRemove to a leftover", () => {
    const held = [{ ...current, id: IDS[2] }, leftover, { ...leftover, id: IDS[0] }];
    const verdict = decide({ exclusive: true, mayRemove: [IDS[0]] }, { held });
    expect(verdict).toMatchObject({ reason: RemovalReason.NamedInMayRemove, secret: { id: IDS[0] } });
  });

  it("takes nothing for expired without Atlas's time", () => {
    const view = withoutTime(toView([first, expired]));
    expect(decideSlot(view, toPolicy(), BIRTH_MS + HOUR_MS).action).toBe("refuse");
  });
});

describe("decideSlot, when it refuses", () => {
  const remove = `'${toRemoveCommand(ACCOUNT, IDS[1])}'`;

  it("names both holders, with their times and what each is", () => {
    const message = refuse([current, { ...second, role: "previous" }]);
    expect(message).toContain(`${describeSecret(first)} is recorded as current`);
    expect(message).toContain(`${describeSecret(second)} is recorded as previous.`);
    expect(message).toContain(`no longer declares and nothing uses); after its overlap 'pulumi up' deletes ${IDS[1]}.`);
  });

  it("says of an untracked one that this stack can still record it, and offers to look before deleting", () => {
    const message = refuse([current, second]);
    for (const text of [
      "is untracked: nothing that the engine told this run of records it",
      "an untracked secret can still be this stack's own: carry a renamed resource or another class over with aliases",
      "change triggers in place of --replace or taint",
      `${remove} reads every state, and deletes it only if none records it and nobody uses it`,
    ]) {
      expect(message).toContain(text);
    }
    for (const way of ["exclusive", "set reclaimExpired"]) expect(message).not.toContain(way);
  });

  it("offers for a leftover no more than for an untracked one, since another stack's newest secret can look the same", () => {
    const message = refuse([current, leftover]);
    expect(message).toContain("looks like what a killed run left");
    expect(message).toContain(`${remove} reads every state, and deletes it only if none records it`);
    expect(message).not.toContain("exclusive");
  });

  it("offers reclaimExpired for an expired one where that is off", () => {
    expect(refuse([current, expired], { reclaimExpired: false })).toContain("set reclaimExpired: true");
  });

  it("offers for one that waits for its deletion to let its consumers succeed, never a setting", () => {
    const waiting = { ...second, role: "pending-deletion" } as const;
    const message = refuse([{ ...current, role: "pending-deletion" }, waiting], {
      mayRemove: [IDS[0], IDS[1]],
      exclusive: true,
    });
    for (const text of [
      "was replaced, waits for its deletion, and may be in use until then",
      "undo the change",
      "in which everything that depends on it succeeds",
      `when you know that nothing uses it, ${remove.slice(0, -1)} --force ${IDS[1]}'`,
    ]) {
      expect(message).toContain(text);
    }
    for (const text of ["mayRemove", "exclusive", "killed run", "nobody knows"]) expect(message).not.toContain(text);
  });

  it.each([
    { name: "untracked", role: "untracked" as const },
    { name: "waiting for its deletion", role: "pending-deletion" as const },
  ])("offers nothing for what may be the credential, $name, but to change that", ({ role }) => {
    const message = refuse([current, { ...second, role, mayBeCredential: true }]);
    expect(message).toContain("mongodbatlas:clientSecret");
    for (const text of ["atlas-secrets remove", "--force", "wait until"]) expect(message).not.toContain(text);
  });

  it.each([
    {
      name: "the untracked one that expires first",
      held: [first, { ...second, expiresAtMs: BIRTH_MS + HOUR_MS }],
      until: "2026-03-01T09:10:00Z",
    },
    {
      name: "a recorded one that has expired less than ten minutes ago",
      held: [first, { ...second, role: "current" as const, expiresAtMs: BIRTH_MS }],
      until: "2026-03-01T08:10:00Z",
    },
    {
      name: "no recorded one, whose consumers would fail",
      held: [current, { ...second, role: "previous" as const }],
      until: undefined,
    },
  ])("offers to wait for $name", ({ held, until }) => {
    const message = refuse(held);
    expect(message.includes("wait until")).toBe(until !== undefined);
    if (until !== undefined)
      expect(message).toContain(`wait until ${until}, when ${IDS[1]} has been expired for 10 minutes`);
  });

  it("offers to wait for a recorded one that is over by Atlas's clock, whatever this machine's says", () => {
    const over = { ...current, expiresAtMs: BIRTH_MS + HOUR_MS };
    const other = { ...second, role: "current" } as const;
    const say = (serverAheadMs: number) => {
      const verdict = decide({}, { held: [over, other], view: { serverAheadMs } });
      return "message" in verdict ? verdict.message : "";
    };
    expect(say(HOUR_MS)).toContain(`when ${over.id} has been expired`);
    for (const aheadMs of [HOUR_MS - 1, 0, -HOUR_MS]) expect(say(aheadMs)).not.toContain("wait until");
    const late = { ...over, expiresAtMs: BIRTH_MS - 1 };
    const verdict = decideSlot(withoutTime(toView([late, other])), toPolicy(), BIRTH_MS);
    expect(verdict).toHaveProperty("message", expect.stringContaining(`when ${late.id} has been expired`));
  });

  it.each([
    { roles: ["current", "current"], isOffered: true },
    { roles: ["current", "to-be-replaced"], isOffered: true },
    { roles: ["to-be-replaced", "to-be-replaced"], isOffered: true },
    { roles: ["current", "previous"], isOffered: false },
    { roles: ["untracked", "current"], isOffered: false },
  ] as const)("offers to go one by one where both are current, and nowhere else: $roles", ({ roles, isOffered }) => {
    const [one, other] = roles;
    const message = refuse([
      { ...first, role: one },
      { ...second, role: other },
    ]);
    expect(message.includes("'pulumi up --target', one resource after the other")).toBe(isOffered);
    if (isOffered) expect(message).toContain(" Ways out: (1) ");
  });

  it("offers nothing where both may be the credential, and says of each that it may be", () => {
    const message = refuse([
      { ...first, mayBeCredential: true },
      { ...second, mayBeCredential: true },
    ]);
    expect(message).not.toContain("Ways out");
    const previous = refuse([
      { ...first, mayBeCredential: true },
      { ...second, role: "previous", mayBeCredential: true },
    ]);
    expect(previous).not.toContain("Ways out");
    expect(message).toContain(
      `${describeSecret(first)}: secret ${first.id} is, or cannot be told from, the credential`,
    );
  });

  it("does not offer to wait where reclaimExpired is off", () => {
    expect(refuse([current, second], { reclaimExpired: false })).not.toContain("wait until");
  });
});
