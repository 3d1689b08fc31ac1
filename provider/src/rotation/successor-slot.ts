/**
 * Tells right after a creation whether the next rotation will find its slot held: a secret of somebody else can live for longer
 * than the new one goes without a successor. Plain data in, a sentence out; it decides no deletion.
 */
import { toIsoTime } from "../clock.js";
import { type AccountView, describeSecret, offerRemoval, type ViewedSecret } from "./account-view.js";
import type { SlotPolicy } from "./removal.js";
import { decideSlot } from "./slot.js";
import { toShortenedExpiryMs } from "./window.js";

/** What is known right after a creation. Times are Atlas's, in milliseconds since the epoch. */
export interface CreatedSituation {
  readonly created: ViewedSecret;
  /** What the account held before it. */
  readonly before: AccountView;
  readonly policy: SlotPolicy;
  /** From when on a run makes the successor. */
  readonly rotateAfterMs: number;
}

/** Says which secret will hold the slot that the successor needs, and what to do in time; `undefined` when none will. */
export function describeBlockedSuccessor(situation: CreatedSituation): string | undefined {
  const { created, before, policy, rotateAfterMs } = situation;
  const { createdAtMs } = created;
  const others = before.secrets.map((secret) => ({
    ...secret,
    expiresAtMs: toShortenedExpiryMs(secret.expiresAtMs, createdAtMs),
  }));
  // The stack's own secrets are removed by rotation, retirement or the end of the run.
  const untracked = others.find(({ role }) => role === "untracked");
  // At the time of the successor, by Atlas's clock.
  const view = { ...before, secrets: [...others, created], serverAheadMs: 0 };
  if (!untracked || decideSlot(view, policy, rotateAfterMs).action !== "refuse") return undefined;
  return (
    `secret ${describeSecret(untracked)}, of which the engine told this run nothing, holds the slot that the successor of ` +
    `${created.id} needs from ${toIsoTime(rotateAfterMs)} on, and ${created.id} expires at ${toIsoTime(created.expiresAtMs)}. ` +
    `As long as it does, 'pulumi up' will stop with 'both slots are taken'.${offerRemoval(before.account, untracked)}`
  );
}
