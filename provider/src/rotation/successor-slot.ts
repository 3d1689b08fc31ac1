/**
 * Tells right after a creation whether the next rotation will find its slot held: a secret of somebody else can live for longer
 * than the new one goes without a successor. Plain data in, a sentence out; it decides no deletion.
 */
import { toIsoTime } from "../clock.js";
import { OTHERS_LIVE_AT_MOST_MS } from "./orphan.js";
import { decideSlot, describeSecret, type HeldSecret, type SlotPolicy } from "./slot.js";

/** What is known right after a creation. Times are Atlas's, in milliseconds since the epoch. */
export interface CreatedSituation {
  readonly created: HeldSecret;
  /** What the account holds besides. */
  readonly others: readonly HeldSecret[];
  /** `recordedIds` holds the created one too. */
  readonly policy: SlotPolicy;
  /** From when on a run makes the successor. */
  readonly rotateAfterMs: number;
}

/** Says which secret will hold the slot that the successor needs, and what to do in time; `undefined` when none will. */
export function describeBlockedSuccessor(situation: CreatedSituation): string | undefined {
  const { created, others, policy, rotateAfterMs } = situation;
  const cutMs = created.createdAtMs + OTHERS_LIVE_AT_MOST_MS;
  const cut = others.map((secret) => ({ ...secret, expiresAtMs: Math.min(secret.expiresAtMs, cutMs) }));
  // The stack's own secrets are removed by rotation, retirement or the end of the run.
  const foreign = cut.find(({ id }) => !policy.recordedIds.has(id));
  if (!foreign || decideSlot([...cut, created], policy, rotateAfterMs).action !== "refuse") return undefined;
  return (
    `secret ${describeSecret(foreign)}, which this stack does not record, holds the slot that the successor of ` +
    `${created.id} needs from ${toIsoTime(rotateAfterMs)} on, and ${created.id} expires at ${toIsoTime(created.expiresAtMs)}. ` +
    "Name it in mayRemove if it may go, or delete it before that: otherwise 'pulumi up' will stop with 'both slots are taken'."
  );
}
