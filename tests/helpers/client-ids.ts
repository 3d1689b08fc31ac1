/** What an owner's list names. */
import type { AtlasClient } from "../../provider/src/atlas/client.js";
import type { AccountRef } from "../../provider/src/atlas/types.js";
import { toComparableClientId } from "../../provider/src/ids.js";

/** The client ids of all service accounts of an owner, in their comparable form. */
export async function listClientIds(
  client: Pick<AtlasClient, "fetchAccounts">,
  owner: Pick<AccountRef, "level" | "ownerId">,
): Promise<Set<string>> {
  const { value } = await client.fetchAccounts(owner);
  return new Set(value.map(({ clientId }) => toComparableClientId(clientId)));
}
