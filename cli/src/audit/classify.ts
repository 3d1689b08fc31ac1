/**
 * Says what is wrong with what was gathered. Plain data, limits and a time in, findings out; verdicts about rotation and
 * retirement are those of `pulumi-atlas-secrets/rotation`.
 */
import { type Account, toAccounts } from "./accounts.js";
import { CODES, FINDING_CODES, type FindingCode, toRank } from "./codes.js";
import type { Finding, FoundFault } from "./finding.js";
import type { Inventory } from "./inventory.js";
import { findMissing, findShortened, findUnassigned, findUnmanaged } from "./rules/atlas.js";
import { findDue } from "./rules/due.js";
import { findEndingCredential, findPendingOperations } from "./rules/runs.js";
import { type AccountRule, type AuditLimits, DEFAULT_LIMITS, toListingKey } from "./rules/situation.js";
import { findCrowding, findExpiredHolders, findLongLives, findRecordedTwice, findUnused } from "./rules/slots.js";

const ACCOUNT_RULES: readonly AccountRule[] = [
  findDue,
  findCrowding,
  findRecordedTwice,
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
export function classify(
  inventory: Inventory,
  nowMs: number,
  limits: AuditLimits = DEFAULT_LIMITS,
  accounts: readonly Account[] = toAccounts(inventory, nowMs),
): Finding[] {
  const owners = inventory.listedOwners.map((owner) => toListingKey(owner));
  const listed = inventory.accounts.map((account) => toListingKey(account, account.clientId));
  const situation = { inventory, nowMs, limits, listings: new Set([...owners, ...listed]) };
  const ofAccounts = accounts.flatMap((account) =>
    withoutLesser(ACCOUNT_RULES.flatMap((rule) => rule(account, situation))),
  );
  const merged = new Map<string, Finding>();
  for (const fault of [...ofAccounts, ...findPendingOperations(situation)]) {
    const key = toIdentity(fault);
    merged.set(key, merge(merged.get(key), fault));
  }
  return [...merged.entries()].sort(compareEntries).map(([, finding]) => finding);
}

/** What says of a secret that it is overdue: the worst is enough. */
const OVERDUE: readonly FindingCode[] = ["current-expired", "no-successor", "inside-window", "run-pending"];

function withoutLesser(faults: readonly FoundFault[]): readonly FoundFault[] {
  const rankOf = ({ code }: FoundFault) => OVERDUE.indexOf(code);
  const worst = new Map<string | undefined, number>();
  for (const fault of faults) {
    if (rankOf(fault) < 0) continue;
    worst.set(fault.secretId, Math.min(rankOf(fault), worst.get(fault.secretId) ?? rankOf(fault)));
  }
  return faults.filter((fault) => rankOf(fault) < 0 || rankOf(fault) === worst.get(fault.secretId));
}

/** What makes two faults one finding. */
function toIdentity({ code, account, secretId = "", sources }: FoundFault): string {
  const order = String(FINDING_CODES.indexOf(code)).padStart(2, "0");
  const subject = account ? `${account.clientId} ${account.ownerId}` : sources[0];
  return [toRank(CODES[code].severity), order, subject, secretId].join(" ");
}

function merge(
  known: Finding | undefined,
  { code, message, account, secretId, sources, locations = [], advice = CODES[code].advice }: FoundFault,
): Finding {
  const { severity } = CODES[code];
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
