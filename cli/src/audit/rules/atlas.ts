/** Where records and Atlas do not agree: missing, unassigned, recorded nowhere, cut. */
import { toIsoTime } from "../../wording.js";
import { type AccountView, isUnassigned } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import { ATLAS, listRecordSources, type SecretRecord } from "../inventory.js";
import { type AccountRule, findHolder, sayOf, toEvidence } from "./situation.js";

export const findMissing: AccountRule = (account) =>
  account.records
    .filter(({ isPendingDeletion }) => !isPendingDeletion)
    .flatMap((record) => [...findRecordedLoss(record, account), ...findUnlisted(record, account)]);

/** What the record itself says; Atlas's list knows better where it holds or lacks the recorded secret. */
function findRecordedLoss(record: SecretRecord, account: AccountView): FoundFault[] {
  const { current, status, source } = record;
  if (status !== "current-missing" || (account.isListed && current)) return [];
  const what = `${current ? `secret ${current.secretId}` : "its current secret"} is missing on Atlas, as ${source} records.`;
  const id = current ? { secretId: current.secretId } : {};
  return [
    {
      code: "missing-on-atlas",
      account: account.key,
      ...id,
      message: sayOf(account, what),
      ...toEvidence(account, record),
    },
  ];
}

function findUnlisted(record: SecretRecord, account: AccountView): FoundFault[] {
  const { current, pending, source } = record;
  if (!account.isListed) return [];
  return [current, pending].flatMap((secret): FoundFault[] => {
    if (!secret || findHolder(account, secret.secretId)) return [];
    const { secretId } = secret;
    const message = sayOf(account, `secret ${secretId}, which ${source} records, is missing on Atlas.`);
    return [{ code: "missing-on-atlas", account: account.key, secretId, message, ...toEvidence(account, record) }];
  });
}

export const findUnassigned: AccountRule = (account, { inventory }) =>
  account.records
    .filter(({ isPendingDeletion }) => !isPendingDeletion)
    .flatMap((record) => {
      const { level, ownerId, clientId, status, source } = record;
      const key = { level, ownerId, clientId };
      const isOwnerListed = inventory.listedOwners.some((owner) => owner.level === level && owner.ownerId === ownerId);
      const isGone = isOwnerListed ? isUnassigned(record, inventory) : status === "account-unassigned";
      if (!isGone) return [];
      const evidence = toEvidence({ ...account, isListed: isOwnerListed }, record);
      const what = `${source} records it, and the list of its ${level} does not hold it.`;
      return [{ code: "account-unassigned" as const, account: key, message: sayOf({ key }, what), ...evidence }];
    });

export const findUnmanaged: AccountRule = (account, { inventory }) => {
  // Without any record there is nothing to compare with.
  const names = listRecordSources(inventory).map(({ name }) => name);
  if (names.length === 0) return [];
  return account.holders.flatMap(({ secretId, listed, statements }) => {
    if (!listed || statements.length > 0) return [];
    const used = listed.lastUsedAtMs === undefined ? "never used" : `last used ${toIsoTime(listed.lastUsedAtMs)}`;
    const times = `created ${toIsoTime(listed.createdAtMs)}, expires ${toIsoTime(listed.expiresAtMs)}, ${used}`;
    const message = sayOf(account, `secret ${secretId} (${times}) is recorded by none of the sources.`);
    return [
      { code: "unmanaged" as const, account: account.key, secretId, message, sources: [...names, ATLAS] },
    ];
  });
};

export const findShortened: AccountRule = (account) =>
  account.records.flatMap((record) => {
    const { current, isPendingDeletion, source } = record;
    const listed = current && findHolder(account, current.secretId)?.listed;
    if (!listed || isPendingDeletion || current.expiresAtMs === undefined || current.expiresAtMs <= listed.expiresAtMs)
      return [];
    const what = `secret ${current.secretId} expires at ${toIsoTime(listed.expiresAtMs)} on Atlas, and at ${toIsoTime(current.expiresAtMs)} by ${source}.`;
    const fault = { code: "expiry-shortened", account: account.key, secretId: current.secretId } as const;
    return [{ ...fault, message: sayOf(account, what), ...toEvidence(account, record) }];
  });
