/** Where records and Atlas do not agree: missing, unassigned, not managed, shortened. */
import { describeSecret, toCurrentIssue } from "pulumi-atlas-secrets/rotation";
import { toIsoTime } from "../../wording.js";
import { isUnassigned } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import { ATLAS, listRecordSources, type Reading } from "../inventory.js";
import { type AccountRule, sayOf, toEvidence } from "./situation.js";

export const findMissing: AccountRule = (account) =>
  account.resources
    .filter(({ isPendingDeletion }) => !isPendingDeletion)
    .flatMap((resource) =>
      resource.missing.map((secretId): FoundFault => {
        const what = secretId === "" ? "its current secret" : `secret ${secretId}`;
        const message = sayOf(account, `${what}, which ${resource.source} records, is missing on Atlas.`);
        const fault = { code: "missing-on-atlas", account: account.key, message } as const;
        return { ...fault, ...(secretId !== "" && { secretId }), ...toEvidence(account, resource) };
      }),
    );

export const findUnassigned: AccountRule = (account, { inventory }) =>
  account.resources
    .filter(({ isPendingDeletion }) => !isPendingDeletion)
    .flatMap((resource) => {
      const { source, reading } = resource;
      const { level, ownerId, clientId } = reading.account;
      const isListed = inventory.listedOwners.some((owner) => owner.level === level && owner.ownerId === ownerId);
      if (!(isListed ? isUnassigned(reading, inventory) : isRecordedAsUnassigned(reading))) return [];
      const key = { level, ownerId, clientId };
      const what = `${source} records it, and the list of its ${level} does not hold it.`;
      const fault = { code: "account-unassigned", account: key, message: sayOf({ key }, what) } as const;
      return [{ ...fault, ...toEvidence({ isListed }, resource) }];
    });

function isRecordedAsUnassigned(reading: Reading): boolean {
  if (reading.kind === "plain") return reading.record.status === "account-unassigned";
  return reading.kind === "rotating" && reading.record.isUnassigned;
}

export const findUnmanaged: AccountRule = (account, { inventory }) => {
  // Without any record there is nothing to compare with.
  const names = listRecordSources(inventory).map(({ name }) => name);
  if (names.length === 0) return [];
  return account.holders.flatMap(({ secretId, listed, statements }): FoundFault[] => {
    if (!listed || statements.length > 0) return [];
    const message = sayOf(account, `secret ${describeSecret(listed)} is recorded by none of the sources.`);
    return [{ code: "unmanaged", account: account.key, secretId, message, sources: [...names, ATLAS] }];
  });
};

export const findShortened: AccountRule = (account) =>
  account.resources.flatMap((resource): FoundFault[] => {
    const { reading, seen, isPendingDeletion, source } = resource;
    const [current, fromMs, toMs] = [
      toCurrentIssue(reading),
      toCurrentIssue(reading)?.expiresAtMs,
      toCurrentIssue(seen)?.expiresAtMs,
    ];
    if (!current || isPendingDeletion || fromMs === undefined || toMs === undefined || toMs >= fromMs) return [];
    const { secretId } = current;
    const what = `secret ${secretId} expires at ${toIsoTime(toMs)} on Atlas, and at ${toIsoTime(fromMs)} by ${source}.`;
    const fault = { code: "expiry-shortened", account: account.key, secretId } as const;
    return [{ ...fault, message: sayOf(account, what), ...toEvidence(account, resource) }];
  });
