/** Makes room on an account for one more secret: looks, lets `decideSlot` choose, removes what may go, looks again. */
import { describeAccount } from "../atlas/account-ref.js";
import type { AccountRef } from "../atlas/types.js";
import { AccountFullError, explain } from "../errors.js";
import type { AccountView } from "../rotation/account-view.js";
import type { SlotPolicy } from "../rotation/removal.js";
import { decideSlot, SLOTS_PER_ACCOUNT } from "../rotation/slot.js";
import type { Operation } from "./operation.js";
import { removeSecret } from "./removal.js";
import { type AccountProcess, findSharedView, viewAccount } from "./view.js";

/**
 * Frees a slot if needed and allowed; resolves with the last view, which shows one.
 *
 * @throws AccountFullError when no slot is free and none may be freed
 * @throws AtlasError when a look or a DELETE fails
 */
export async function makeRoom(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
  policy: SlotPolicy,
): Promise<AccountView> {
  const shared = await findSharedView(process, operation, account);
  // Only a free slot is believed of what may be half a minute old.
  if (shared && decideSlot(shared, policy, process.clock.now()).action === "use-free") return shared;
  for (let deletions = 0; ; deletions++) {
    const view = await viewAccount(process, operation, account);
    const verdict = decideSlot(view, policy, process.clock.now());
    if (verdict.action === "use-free") return view;
    if (verdict.action === "refuse" || deletions === SLOTS_PER_ACCOUNT) {
      throw toFullError(view, verdict.action === "refuse" ? verdict.message : undefined);
    }
    const task = { account, secretId: verdict.secret.id, purpose: { kind: "slot", policy }, view } as const;
    await removeSecret(process, operation, task).catch((error: unknown) => {
      throw explain(error, "Its slot was needed for the new secret.");
    });
  }
}

/** The failure of an account without room; without a verdict's words somebody else took what was free. */
export function toFullError({ account, secrets }: AccountView, why?: string): AccountFullError {
  const holders = secrets.map(({ id }) => id);
  const race = `its slots fill up as fast as they are freed (now ${holders.join(" and ")}): somebody else creates secrets on it.`;
  return new AccountFullError(`Could not create a secret for ${describeAccount(account)}: ${why ?? race}`, holders);
}
