/** A fresh look at an account, with what Atlas may not show yet and the server's time. */
import type { Clock } from "../clock.js";
import type { HeldSecret } from "../rotation/slot.js";
import type { IssuanceRequest } from "./context.js";
import type { IssuanceWork } from "./progress.js";

/** What an account holds. */
export interface Look {
  readonly held: readonly HeldSecret[];
  /** The server's time less ours, in milliseconds; absent when the answer held none. */
  readonly serverAheadMs?: number;
}

/** Asks Atlas what the account holds now. What Atlas has said to have deleted may show for a moment, and is left out. */
export async function lookAtAccount(
  { account, toCreatedHere, toDeletedHere }: Pick<IssuanceRequest, "account" | "toCreatedHere" | "toDeletedHere">,
  { client, clock, progress }: Pick<IssuanceWork, "client" | "clock" | "progress">,
): Promise<Look> {
  const { value, serverTimeMs } = await client.fetchAccount(account);
  const listed = new Set(value.secrets.map(({ id }) => id));
  const all = [...value.secrets, ...toCreatedHere().filter(({ id }) => !listed.has(id))];
  const deletedHere = toDeletedHere?.();
  const held = all.filter(({ id }) => !progress.deleted.has(id) && !deletedHere?.has(id));
  return serverTimeMs === undefined ? { held } : { held, serverAheadMs: serverTimeMs - clock.now() };
}

/** The server's time now, as the look tells it. */
export function toServerNowMs({ serverAheadMs }: Look, clock: Clock): number | undefined {
  return serverAheadMs === undefined ? undefined : clock.now() + serverAheadMs;
}
