/** What runs left unfinished, and the credential that they need. */
import { toCount, toDuration, toIsoTime } from "../../wording.js";
import { toClientKey } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import { ATLAS } from "../inventory.js";
import { type AccountRule, type Situation, sayOf } from "./situation.js";

const HOUR_MS = 3_600_000;

/** One finding for each state that says so. */
export function findPendingOperations({ inventory }: Situation): FoundFault[] {
  return inventory.pendingOperations.map(({ source, operations }) => ({
    code: "pending-operations",
    message: `${source} has ${toCount(operations.length, "pending operation")}, of a run that is under way or was interrupted: ${operations.join("; ")}.`,
    sources: [source],
  }));
}

export const findEndingCredential: AccountRule = (account, { inventory, nowMs, limits }) => {
  const own = inventory.credentials.filter((used) => toClientKey(used) === toClientKey(account.key));
  const candidateIds = new Set(own.flatMap((credential) => credential.candidateIds));
  const candidates = account.holders.flatMap(({ listed }) => (listed && candidateIds.has(listed.id) ? [listed] : []));
  const [first] = candidates.toSorted((a, b) => a.expiresAtMs - b.expiresAtMs || (a.id < b.id ? -1 : 1));
  if (!first || first.expiresAtMs - nowMs > limits.credentialHours * HOUR_MS) return [];
  const leftMs = first.expiresAtMs - nowMs;
  const may = candidates.length > 1 ? "may be" : "is";
  const end = `${leftMs > 0 ? "expires" : "expired"} at ${toIsoTime(first.expiresAtMs)} (${leftMs > 0 ? `in ${toDuration(leftMs)}` : `${toDuration(leftMs)} ago`})`;
  const message = sayOf(
    account,
    `secret ${first.id}, which ${may} the credential that this audit signs in with, ${end}.`,
  );
  return [{ code: "credential-near-end", account: account.key, secretId: first.id, message, sources: [ATLAS] }];
};
