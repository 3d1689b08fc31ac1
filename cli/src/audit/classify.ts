/**
 * Says what is wrong with what was gathered. Plain data, limits and a time in, findings out; verdicts about rotation and
 * retirement are those of `pulumi-atlas-secrets/rotation`.
 */
import { toAccounts } from "./accounts.js";
import { CODES, FINDING_CODES, toRank } from "./codes.js";
import type { Finding, FoundFault } from "./finding.js";
import type { Inventory } from "./inventory.js";
import { findMissing, findShortened, findUnassigned, findUnmanaged } from "./rules/atlas.js";
import { findDue } from "./rules/due.js";
import { findEndingCredential, findPendingOperations } from "./rules/runs.js";
import { type AccountRule, type AuditLimits, DEFAULT_LIMITS } from "./rules/situation.js";
import { findCrowding, findExpiredHolders, findLongLives, findUnused } from "./rules/slots.js";

const ACCOUNT_RULES: readonly AccountRule[] = [
  findDue,
  findCrowding,
  findExpiredHolders,
  findUnused,
  findLongLives,
  findMissing,
  findUnassigned,
  findUnmanaged,
  findShortened,
  findEndingCredential,
];

/**
 * Lists the findings at `nowMs`, the worst first. One fault of one secret is one finding, however many sources tell of it;
 * neither the order of sources nor that of pages makes a difference.
 */
export function classify(inventory: Inventory, nowMs: number, limits: AuditLimits = DEFAULT_LIMITS): Finding[] {
  const situation = { inventory, nowMs, limits };
  const ofAccounts = toAccounts(inventory, nowMs).flatMap((account) =>
    ACCOUNT_RULES.flatMap((rule) => rule(account, situation)),
  );
  const merged = new Map<string, Finding>();
  for (const fault of [...ofAccounts, ...findPendingOperations(situation)]) {
    const key = toIdentity(fault);
    merged.set(key, merge(merged.get(key), fault));
  }
  return [...merged.entries()].sort(compareEntries).map(([, finding]) => finding);
}

/** What makes two faults one finding. */
function toIdentity({ code, account, secretId = "", sources }: FoundFault): string {
  const order = String(FINDING_CODES.indexOf(code)).padStart(2, "0");
  const subject = account ? `${account.clientId} ${account.ownerId}` : sources[0];
  return [toRank(CODES[code].severity), order, subject, secretId].join(" ");
}

function merge(
  known: Finding | undefined,
  { code, message, account, secretId, sources, locations = [] }: FoundFault,
): Finding {
  const { severity, advice } = CODES[code];
  const first = known ?? { message, ...(account && { account }), ...(secretId !== undefined && { secretId }) };
  return {
    code,
    severity,
    advice,
    ...first,
    sources: toSortedSet([...(known?.sources ?? []), ...sources]),
    locations: toSortedSet([...(known?.locations ?? []), ...locations]),
  };
}

function toSortedSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function compareEntries([a]: readonly [string, Finding], [b]: readonly [string, Finding]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
