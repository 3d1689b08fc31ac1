/** Faults of whatever holds the slots of an account: too many, expired, unused, living too long. */
import { listRecorded } from "pulumi-atlas-secrets/records";
import { isExpired, isUnusedSinceVerification, SLOTS_PER_ACCOUNT } from "pulumi-atlas-secrets/rotation";
import { toDuration, toIsoTime } from "../../wording.js";
import { type Account, type Holder, type StatedTimes, toStatedTimes } from "../accounts.js";
import type { FoundFault } from "../finding.js";
import type { SeenResource } from "../seen.js";
import { type AccountRule, sayOf, toEvidence, toHolderEvidence } from "./situation.js";

const HOUR_MS = 3_600_000;

/** Lifetimes are told in whole seconds, and a creation may take one. */
const LIFETIME_MARGIN_MS = 60_000;

export const findCrowding: AccountRule = (account) => {
  const { holders, resources, key } = account;
  if (holders.length < SLOTS_PER_ACCOUNT || resources.some((resource) => isOverlapOf(resource, holders))) return [];
  const ids = holders.map(({ secretId }) => secretId);
  const message = sayOf(account, `both slots are taken, by ${ids.join(" and ")}.`);
  return [{ code: "both-slots-taken", account: key, message, ...toEvidence(account, ...resources) }];
};

/** Whether one rotating resource holds them all: a rotation as it should be. */
function isOverlapOf(resource: SeenResource, holders: readonly Holder[]): boolean {
  const own = listRecorded(resource.reading).map(({ secretId }) => secretId);
  const isRotating = resource.reading.kind === "rotating" && !resource.isPendingDeletion;
  return isRotating && holders.every(({ secretId }) => own.includes(secretId));
}

export const findExpiredHolders: AccountRule = (account, { nowMs }) =>
  account.holders
    .filter(({ statements }) => !statements.some(({ role }) => role === "current"))
    .flatMap((holder) => {
      const { secretId, expiresAtMs } = holder;
      if (expiresAtMs === undefined || !isExpired({ expiresAtMs }, nowMs)) return [];
      const what = `secret ${secretId} expired at ${toIsoTime(expiresAtMs)} and still holds its slot.`;
      return [toFault("expired-not-deleted", account, holder, what)];
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
    return [toFault("never-used", account, holder, what)];
  });

export const findLongLives: AccountRule = (account, { limits }) =>
  account.holders.flatMap((holder) => {
    const lifetimeMs = toLifetimeMs(holder);
    if (lifetimeMs === undefined || lifetimeMs <= limits.maxLifetimeHours * HOUR_MS + LIFETIME_MARGIN_MS) return [];
    const hours = Math.round(lifetimeMs / HOUR_MS);
    const what = `secret ${holder.secretId} lives ${hours} h, and the limit is ${limits.maxLifetimeHours} h.`;
    return [toFault("lifetime-too-long", account, holder, what)];
  });

/** The longest lifetime that anybody states, since a later creation shortens it. */
export function toLifetimeMs({ listed, statements }: Holder): number | undefined {
  const stated = [listed ?? {}, ...statements.map(toStatedTimes)].flatMap(
    ({ createdAtMs, expiresAtMs }: StatedTimes) => {
      return createdAtMs === undefined || expiresAtMs === undefined ? [] : [expiresAtMs - createdAtMs];
    },
  );
  return stated.length > 0 ? Math.max(...stated) : undefined;
}

function toFault(code: FoundFault["code"], account: Account, holder: Holder, what: string): FoundFault {
  const { secretId } = holder;
  return { code, account: account.key, secretId, message: sayOf(account, what), ...toHolderEvidence(account, holder) };
}
