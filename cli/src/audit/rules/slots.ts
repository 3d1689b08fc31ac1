/** Faults of whatever holds the slots of an account: too many, expired, unused, living too long. */
import { listRecorded } from "pulumi-atlas-secrets/records";
import {
  describeSecret,
  type HeldSecret,
  isExpired,
  isRemoved,
  isUnusedSinceVerification,
  SLOTS_PER_ACCOUNT,
} from "pulumi-atlas-secrets/rotation";
import { toDuration, toIsoTime } from "../../wording.js";
import { findMainStatement, type Holder } from "../accounts.js";
import type { SeenResource } from "../seen.js";
import { type AccountRule, offerRemoval, toFault, toHolderFault } from "./situation.js";

const HOUR_MS = 3_600_000;

/** Lifetimes are told in whole seconds, and a creation may take one. */
const LIFETIME_MARGIN_MS = 60_000;

export const findCrowding: AccountRule = (account) => {
  const { resources } = account;
  // Those of an account that left its set stay for their overlap: what is due of them is found as that.
  const holders = account.holders.filter(
    ({ statements }) => !statements.some(({ resource }) => isRemoved(resource.seen)),
  );
  const waiting = holders.filter(({ statements }) => findMainStatement(statements)?.role === "pending-deletion");
  const faults = waiting.map((holder) => {
    const what = `${describeHolder(holder)} was replaced, and holds its slot until it is deleted.`;
    return toHolderFault("pending-deletion", account, holder, what);
  });
  const isCrowded = holders.length - waiting.length >= SLOTS_PER_ACCOUNT;
  if (!isCrowded || resources.some((resource) => isOverlapOf(resource, holders))) return faults;
  const what = `both slots are taken: ${holders.map(describeHolder).join("; ")}.`;
  return [...faults, toFault("both-slots-taken", account, resources, what)];
};

/** What holds a slot: the secret, what it is to whom, and its last use. */
function describeHolder({ secretId, listed, statements }: Holder): string {
  const roles = statements.map(({ role, resource }) => `${role} by ${resource.location} of ${resource.source}`);
  const who = roles.length > 0 ? [...new Set(roles)].join(" and ") : "recorded by none of the sources";
  return `secret ${listed ? describeSecret(listed) : secretId}, ${who}`;
}

export const findRecordedTwice: AccountRule = (account) =>
  [...account.statements].flatMap(([secretId, statements]) => {
    const resources = statements.filter(({ role }) => role === "current").map(({ resource }) => resource);
    // Outputs do not name their stack, so that they may be those of the same resource.
    const urns = new Set(resources.flatMap(({ location }) => (location.startsWith("urn:") ? [location] : [])));
    if (urns.size < 2) return [];
    const what = `secret ${secretId} is recorded as current by ${[...urns].join(" and by ")}.`;
    return [toFault("recorded-twice", account, resources, what, secretId)];
  });

/** Whether one rotating resource holds them all: a rotation as it should be. */
function isOverlapOf(resource: SeenResource, holders: readonly Holder[]): boolean {
  const own = listRecorded(resource.reading).map(({ secretId }) => secretId);
  const isRotating = resource.reading.kind === "rotating" && !resource.isPendingDeletion;
  return isRotating && holders.every(({ secretId }) => own.includes(secretId));
}

export const findExpiredHolders: AccountRule = (account, situation) =>
  account.holders
    .filter(({ statements }) => !statements.some(({ role }) => role === "current"))
    .flatMap((holder) => {
      const { secretId, expiresAtMs, statements } = holder;
      if (expiresAtMs === undefined || !isExpired({ expiresAtMs }, situation.nowMs)) return [];
      const what = `secret ${secretId} expired at ${toIsoTime(expiresAtMs)} and still holds its slot.`;
      const fault = toHolderFault("expired-not-deleted", account, holder, what);
      return [{ ...fault, ...(statements.length === 0 && { advice: offerRemoval(account, secretId, situation) }) }];
    });

/** Only Atlas's list tells of a use: a record holds the last use as of its last refresh. */
export const findUnused: AccountRule = (account, { nowMs, limits }) =>
  account.holders.flatMap((holder) => {
    const { listed, statements, secretId } = holder;
    if (!listed || isExpired(listed, nowMs) || !isUnusedSinceVerification(listed)) return [];
    if (statements.some(({ role }) => role === "previous")) return [];
    const ageMs = nowMs - listed.createdAtMs;
    if (ageMs < limits.unusedAfterHours * HOUR_MS) return [];
    const what = `secret ${secretId}, created ${toDuration(ageMs)} ago, has not been used since its verification.`;
    return [toHolderFault("never-used", account, holder, what)];
  });

export const findLongLives: AccountRule = (account, { limits }) =>
  account.holders.flatMap((holder) => {
    const lifetimeMs = toLifetimeMs(holder);
    if (lifetimeMs === undefined || lifetimeMs <= limits.maxLifetimeHours * HOUR_MS + LIFETIME_MARGIN_MS) return [];
    const hours = Math.round(lifetimeMs / HOUR_MS);
    const what = `secret ${holder.secretId} has a lifetime of ${hours} h; the limit is ${limits.maxLifetimeHours} h.`;
    return [toHolderFault("lifetime-too-long", account, holder, what)];
  });

/** The longest lifetime that anybody states, since a later creation shortens it. */
export function toLifetimeMs({ listed, statements }: Holder): number | undefined {
  const stated: Partial<HeldSecret>[] = [listed ?? {}, ...statements.map(({ secret = {} }) => secret)];
  const lifetimesMs = stated.flatMap(({ createdAtMs, expiresAtMs }) =>
    createdAtMs === undefined || expiresAtMs === undefined ? [] : [expiresAtMs - createdAtMs],
  );
  return lifetimesMs.length > 0 ? Math.max(...lifetimesMs) : undefined;
}
