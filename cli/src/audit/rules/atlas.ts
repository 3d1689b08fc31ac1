/** Where records and Atlas do not agree: missing, unassigned, not managed, shortened. */
import { describeSecret, isRemoved, toCurrentIssue } from "pulumi-atlas-secrets/rotation";
import { toIsoTime } from "../../wording.js";
import { type Account, canBeLater } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import { listRecordSources, type Reading } from "../inventory.js";
import type { SeenResource } from "../seen.js";
import { type AccountRule, offerRemoval, toFault, toHolderFault, toListingKey } from "./situation.js";

/** The resources of an account that still are what they record. */
export function listKept({ resources }: Account): readonly SeenResource[] {
  return resources.filter(({ isPendingDeletion }) => !isPendingDeletion);
}

/** The same without those whose account left its set: what they record goes. */
function listLasting(account: Account): readonly SeenResource[] {
  return listKept(account).filter(({ seen }) => !isRemoved(seen));
}

export const findMissing: AccountRule = (account) =>
  listLasting(account).flatMap((resource) =>
    resource.missing.map((secretId) => {
      const message =
        secretId === ""
          ? `${resource.source} records no secret of it: the last run could not make one.`
          : `secret ${secretId}, which ${resource.source} records, is missing on Atlas.`;
      return toFault("missing-on-atlas", account, [resource], message, secretId);
    }),
  );

export const findUnassigned: AccountRule = (account, { listings }) =>
  listKept(account).flatMap((resource) => {
    const { source, reading } = resource;
    const { clientId, ...owner } = reading.account;
    const isListed = listings.has(toListingKey(owner));
    if (isListed ? listings.has(toListingKey(owner, clientId)) : !isRecordedAsUnassigned(reading)) return [];
    const what = `${source} records it, and the list of its ${owner.level} does not hold it.`;
    return [toFault("account-unassigned", { key: reading.account, isListed }, [resource], what)];
  });

function isRecordedAsUnassigned(reading: Reading): boolean {
  if (reading.kind === "plain") return reading.record.status === "account-unassigned";
  return reading.kind === "rotating" && reading.record.isUnassigned;
}

export const findUnmanaged: AccountRule = (account, situation) => {
  const { inventory, nowMs } = situation;
  const sources = listRecordSources(inventory);
  // Without any record there is nothing to compare with.
  if (sources.length === 0 || (account.resources.length === 0 && !inventory.hasUnmanaged)) return [];
  const asOfMs = sources.reduce((earliest, source) => Math.min(earliest, source.asOfMs ?? nowMs), nowMs);
  return account.holders.flatMap((holder): FoundFault[] => {
    const { secretId, listed, statements } = holder;
    if (!listed || statements.length > 0 || canBeLater(listed, asOfMs)) return [];
    const what = `secret ${describeSecret(listed)} is recorded by none of the sources.`;
    const fault = toHolderFault("unmanaged", account, holder, what);
    return [{ ...fault, advice: offerRemoval(account, secretId, situation) }];
  });
};

export const findShortened: AccountRule = (account) =>
  listLasting(account).flatMap((resource) => {
    const { reading, seen, source } = resource;
    const [current, fromMs, toMs] = [
      toCurrentIssue(reading),
      toCurrentIssue(reading)?.expiresAtMs,
      toCurrentIssue(seen)?.expiresAtMs,
    ];
    if (!current || fromMs === undefined || toMs === undefined || toMs >= fromMs) return [];
    const { secretId } = current;
    const what = `secret ${secretId} expires at ${toIsoTime(toMs)} on Atlas, and at ${toIsoTime(fromMs)} by ${source}.`;
    return [toFault("expiry-shortened", account, [resource], what, secretId)];
  });
