/** Whether the next rotation will find its slot held by an untracked secret, as seen right after a creation. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import type { ViewedSecret } from "../../../provider/src/rotation/account-view.js";
import { offerRemoval } from "../../../provider/src/rotation/account-view.js";
import type { SlotPolicy } from "../../../provider/src/rotation/removal.js";
import { type CreatedSituation, describeBlockedSuccessor } from "../../../provider/src/rotation/successor-slot.js";
import { ACCOUNT, BIRTH_MS, IDS, toPolicy, toView, toViewed, withoutTime } from "../fixtures/values.js";

const created = toViewed({ expiresAtMs: BIRTH_MS + 48 * HOUR_MS, role: "created-here" });
const initial = toViewed({ id: IDS[1], createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + 8760 * HOUR_MS });
const WEEK_LATER_MS = BIRTH_MS + 168 * HOUR_MS;

function describeIt(
  others: readonly ViewedSecret[] = [initial],
  changes: Partial<CreatedSituation> = {},
  policy: Partial<SlotPolicy> = {},
): string | undefined {
  const situation = { created, before: toView(others), rotateAfterMs: BIRTH_MS + 32 * HOUR_MS };
  return describeBlockedSuccessor({ ...situation, policy: toPolicy(policy), ...changes });
}

describe("describeBlockedSuccessor", () => {
  it("names the secret in the way with its shortened expiry, both times, and what to do", () => {
    expect(describeIt()).toBe(
      `secret ${initial.id} (created 2026-03-01T07:00:00Z, expires 2026-03-08T08:00:00Z, never used), of which the engine told ` +
        `this run nothing, holds the slot that the successor of ${created.id} needs from 2026-03-02T16:00:00Z on, and ${created.id} ` +
        "expires at 2026-03-03T08:00:00Z. As long as it does, 'pulumi up' will stop with 'both slots are taken'." +
        offerRemoval(ACCOUNT, initial),
    );
  });

  it.each([
    { name: "a millisecond before it has been expired for ten minutes", ms: -1, isBlocked: true },
    { name: "when it has been expired for ten minutes", ms: 0, isBlocked: false },
  ])("tells of one whose slot is needed $name: $isBlocked", ({ ms, isBlocked }) => {
    const rotateAfterMs = WEEK_LATER_MS + 10 * MINUTE_MS + ms;
    const long = toViewed({ role: "created-here" });
    expect(describeIt([initial], { created: long, rotateAfterMs }) !== undefined).toBe(isBlocked);
  });

  it("does not need Atlas's time: the times of the secrets are Atlas's", () => {
    expect(describeIt([initial], { before: withoutTime(toView([initial])) })).toContain(initial.id);
  });

  it("tells of an expired one that may not be removed", () => {
    const situation = { created: toViewed({ role: "created-here" }), rotateAfterMs: BIRTH_MS + 480 * HOUR_MS };
    expect(describeIt([initial], situation, { reclaimExpired: false })).toContain(initial.id);
  });

  it.each<{ name: string; others?: readonly ViewedSecret[]; policy?: Partial<SlotPolicy> }>([
    { name: "nothing else is on the account", others: [] },
    { name: "the other one is the stack's own", others: [{ ...initial, role: "current" }] },
    { name: "the other one waits for its deletion", others: [{ ...initial, role: "pending-deletion" }] },
    { name: "mayRemove names it", policy: { mayRemove: [initial.id] } },
  ])("says nothing when $name", ({ others, policy }) => {
    expect(describeIt(others, {}, policy)).toBeUndefined();
  });
});
