/** Whether the next rotation will find its slot held by somebody else's secret, as seen right after a creation. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import type { SlotPolicy } from "../../../provider/src/rotation/slot.js";
import { type CreatedSituation, describeBlockedSuccessor } from "../../../provider/src/rotation/successor-slot.js";
import { BIRTH_MS, IDS, toHeld, toPolicy } from "../fixtures/values.js";

const created = toHeld({ expiresAtMs: BIRTH_MS + 48 * HOUR_MS });
const initial = toHeld({ id: IDS[1], createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + 8760 * HOUR_MS });
const WEEK_LATER_MS = BIRTH_MS + 168 * HOUR_MS;

function describeIt(changes: Partial<CreatedSituation> = {}, policy: Partial<SlotPolicy> = {}): string | undefined {
  const recordedIds = new Set([created.id]);
  const situation = { created, others: [initial], rotateAfterMs: BIRTH_MS + 32 * HOUR_MS };
  return describeBlockedSuccessor({ ...situation, policy: toPolicy({ recordedIds, ...policy }), ...changes });
}

describe("describeBlockedSuccessor", () => {
  it("names the secret in the way with its cut expiry, both times, and what to do", () => {
    expect(describeIt()).toBe(
      `secret ${initial.id} (created 2026-03-01T07:00:00Z, expires 2026-03-08T08:00:00Z, never used), which this stack does not ` +
        `record, holds the slot that the successor of ${created.id} needs from 2026-03-02T16:00:00Z on, and ${created.id} expires ` +
        "at 2026-03-03T08:00:00Z. Name it in mayRemove if it may go, or delete it before that: otherwise 'pulumi up' will stop " +
        "with 'both slots are taken'.",
    );
  });

  it.each([
    { name: "a millisecond before it has been expired for ten minutes", ms: -1, isBlocked: true },
    { name: "when it has been expired for ten minutes", ms: 0, isBlocked: false },
  ])("tells of one whose slot is needed $name: $isBlocked", ({ ms, isBlocked }) => {
    const rotateAfterMs = WEEK_LATER_MS + 10 * MINUTE_MS + ms;
    expect(describeIt({ created: toHeld(), rotateAfterMs }) !== undefined).toBe(isBlocked);
  });

  it("tells of an expired one that may not be removed", () => {
    const rotateAfterMs = BIRTH_MS + 480 * HOUR_MS;
    expect(describeIt({ created: toHeld(), rotateAfterMs }, { reclaimExpired: false })).toContain(initial.id);
  });

  it.each<{ name: string; changes?: Partial<CreatedSituation>; policy?: Partial<SlotPolicy> }>([
    { name: "nothing else is on the account", changes: { others: [] } },
    { name: "the other one is the stack's own", policy: { recordedIds: new Set([created.id, initial.id]) } },
    { name: "mayRemove names it", policy: { mayRemove: [initial.id] } },
    {
      name: "the account is exclusive and it is newer than what is recorded",
      changes: { others: [{ ...initial, createdAtMs: BIRTH_MS + 1000 }] },
      policy: { exclusive: true },
    },
  ])("says nothing when $name", ({ changes, policy }) => {
    expect(describeIt(changes, policy)).toBeUndefined();
  });
});
