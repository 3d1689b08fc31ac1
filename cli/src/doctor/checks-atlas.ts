/** The checks of what Atlas answered: plain facts in, a line out. */
import {
  type AccountView,
  decideSlot,
  SLOTS_PER_ACCOUNT,
  type SlotPolicy,
  toDueMs,
  toRetireAfterMs,
} from "pulumi-atlas-secrets/rotation";
import { toAccounts, toAccountView } from "../audit/accounts.js";
import type { ListedAccount, RecordedResource } from "../audit/inventory.js";
import { describeAccount, toCount, toDuration } from "../wording.js";
import type { Check } from "./check.js";
import type { AccountFacts, AtlasFacts, CredentialKind, Failure, OwnerFacts } from "./facts.js";
import type { Seen } from "./watch.js";

/** A larger difference makes what is due, and what a report shows, wrong by minutes. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;

/** Failures to connect that stay as they are. */
const LASTING =
  /^(ENOTFOUND|unsafe-url|unusable-proxy|proxy-answered-4|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_INVALID_|EPROTO)/;

const IP_REFUSED = "IP_ADDRESS_NOT_ON_ACCESS_LIST";
const OWNER_ROLES = { project: ["GROUP_OWNER", "ORG_OWNER"], organization: ["ORG_OWNER"] } as const;
const ROLE_NAMES = { project: "Project Owner", organization: "Organization Owner" } as const;

const NAME_SOMETHING = "Name the stack (--stack), the project (--project) or the account (--account).";

/** Whether there is an Atlas where the base URL leads. */
export function decideReach({ seen }: AtlasFacts, baseUrl: string): Check {
  const name = "base-url";
  if (seen.length === 0)
    return { name, status: "unknown", found: `nothing was sent to ${baseUrl}.`, advice: NAME_SOMETHING };
  const answers = seen.filter(({ status }) => status !== undefined);
  if (answers.length === 0) {
    const cause = seen.at(-1)?.noAnswer ?? "unknown";
    const status = LASTING.test(cause) ? "failed" : "unknown";
    const advice = "Check the base URL, the network and the proxy variables.";
    return { name, status, found: `no answer from ${baseUrl} (${cause}).`, advice };
  }
  if (answers.some((answer) => answer.isAtlas && !isServerError(answer))) {
    return { name, status: "ok", found: `${baseUrl} answers.` };
  }
  const last = answers.at(-1)?.status;
  if (answers.some(isServerError)) {
    const advice = "Run it again later; if it persists, see https://status.mongodb.com.";
    return { name, status: "unknown", found: `${baseUrl} answers ${last}.`, advice };
  }
  const advice = "Check the base URL, and whether a proxy changes answers; redirects are not followed.";
  return { name, status: "failed", found: `${baseUrl} answers ${last} with what is not Atlas's API.`, advice };
}

function isServerError({ status = 0 }: Seen): boolean {
  return status >= 500;
}

/** Whether the credential gives a token. */
export function decideToken(facts: AtlasFacts, kind: CredentialKind): Check {
  const name = "token";
  if (kind !== "service-account") {
    return { name, status: "ok", found: "none has to be minted for this kind of credential." };
  }
  const mints = facts.seen.filter(({ call }) => call === "mint");
  if (mints.some(({ status, deviations }) => status === 200 && deviations.length === 0)) {
    return { name, status: "ok", found: "a token was minted." };
  }
  const failure = facts.mintFailure ?? facts.owners.find((owner) => owner.failure)?.failure;
  if (!failure) return { name, status: "unknown", found: "none was minted.", advice: NAME_SOMETHING };
  return { name, status: isDefinite(failure) ? "failed" : "unknown", found: failure.message };
}

/** Whether asking again can give another answer only once something was changed. */
function isDefinite({ code, status }: Failure): boolean {
  return code === "authentication" || code === "rejected" || (status !== undefined && status >= 200 && status < 400);
}

/** Whether the credential may do what a run does, for each owner. */
export function decideRoles({ owners }: AtlasFacts): Check[] {
  if (owners.length === 0) {
    const found = "no project or organization was asked for.";
    return [{ name: "roles", status: "unknown", found, advice: NAME_SOMETHING }];
  }
  return owners.map(decideRole);
}

function decideRole({ level, ownerId, failure, ownRoles: roles }: OwnerFacts): Check {
  const name = "roles";
  const where = `${level} ${ownerId}`;
  const advice = `Give the credential the role ${ROLE_NAMES[level]} there.`;
  if (failure?.errorCode === IP_REFUSED) {
    return { name, status: "unknown", found: `Atlas refused the request before checking roles for ${where}.` };
  }
  if (failure?.call === "mint")
    return { name, status: "unknown", found: `${where} was not asked for: there is no token.` };
  if (failure) return { name, status: isDefinite(failure) ? "failed" : "unknown", found: failure.message };
  if (!roles) {
    const found = `it may read ${where}; whether it may create and delete, Atlas does not show.`;
    return {
      name,
      status: "warning",
      found,
      advice: `Make sure of the role ${ROLE_NAMES[level]}, or use --write-check.`,
    };
  }
  const owning = roles.find((role) => OWNER_ROLES[level].some((known) => known === role));
  if (owning) return { name, status: "ok", found: `it has the role ${owning} in ${where}.` };
  const found = `it may read ${where}, and its roles there (${roles.join(", ") || "none"}) do not let it create and delete.`;
  return { name, status: "failed", found, advice };
}

/** Whether requests from here are let in. */
export function decideIpAccess({ owners }: AtlasFacts): Check {
  const name = "ip-access-list";
  if (owners.some(({ failure }) => failure?.errorCode === IP_REFUSED)) {
    const found = "this machine's address is not on the credential's IP access list.";
    return { name, status: "failed", found, advice: "Add the address that Atlas sees to that list." };
  }
  const isLetIn = owners.some(({ failure }) => !failure);
  if (isLetIn) return { name, status: "ok", found: "requests from here are let in." };
  const advice = owners.length === 0 ? { advice: NAME_SOMETHING } : {};
  return { name, status: "unknown", found: "no request got far enough to tell.", ...advice };
}

/** Whether the next creation on an account finds a slot: what the creation itself would decide, for each resource that makes one. */
export function decideSlots({ resources, held, serverTimeMs, ...key }: AccountFacts): Check {
  const name = "slots";
  const who = describeAccount(key);
  if (held === null) {
    const advice = "Check the ids, and assign the account.";
    return { name, status: "failed", found: `${who} is not listed there.`, advice };
  }
  if (!held || serverTimeMs === undefined) return { name, status: "unknown", found: `${who} could not be read.` };
  const view = toViewOf({ ...key, secrets: held }, resources, serverTimeMs);
  const creations = resources.flatMap((resource) => toCreation(resource, serverTimeMs) ?? []);
  const verdicts = (creations.length > 0 ? creations : [{ policy: DEFAULTS, atMs: serverTimeMs }]).map(
    ({ policy, atMs }) => decideSlot(view, policy, atMs),
  );
  const taken = `${who}: ${held.length} of ${toCount(SLOTS_PER_ACCOUNT, "slot")} taken`;
  const refused = verdicts.find(({ action }) => action === "refuse");
  if (refused && "message" in refused) {
    return { name, status: resources.length > 0 ? "warning" : "failed", found: `${who}: ${refused.message}` };
  }
  const freed = verdicts.flatMap((verdict) => ("message" in verdict ? [verdict.message] : []));
  const how = freed.length === 0 ? "" : `, and the next creation finds one: ${freed[0]}`;
  return { name, status: "ok", found: `${taken}${how || "."}` };
}

function toViewOf(listed: ListedAccount, resources: readonly RecordedResource[], nowMs: number): AccountView {
  const [account] = toAccounts({ resources, accounts: [listed], sources: [] }, nowMs);
  const nothing = { secrets: [], serverAheadMs: 0, isRecordComplete: false };
  return { ...(account ? toAccountView(account) : nothing), account: listed };
}

/** What a resource with the defaults allows. */
const DEFAULTS: SlotPolicy = { reclaimExpired: true, mayRemove: [], exclusive: false, hours: 0 };

/** When a recorded resource makes its next secret, and what may go for it: a rotating one waits for the end of its overlap. */
function toCreation({ reading, isPendingDeletion }: RecordedResource, nowMs: number) {
  if (reading.kind === "manual" || isPendingDeletion) return undefined;
  const { reclaimExpired, mayRemove, exclusive } = reading.desired;
  // What a state without inputs does not tell counts as not allowed.
  const policy: SlotPolicy = {
    reclaimExpired: reclaimExpired === true,
    mayRemove: typeof mayRemove === "symbol" ? [] : mayRemove,
    exclusive: exclusive === true,
    hours: reading.record.secretExpiresAfterHours,
  };
  const dueMs = Math.max(nowMs, toDueMs(reading) ?? nowMs);
  if (reading.kind === "plain") return { policy, atMs: dueMs };
  const { record, desired } = reading;
  // A pending one is promoted first, and leaves the current one as the previous.
  const leaving = record.previous ?? (record.pending && record.current);
  if (!leaving) return { policy, atMs: dueMs };
  const retirable = { secretId: leaving.secretId, why: "it is the previous one, and its overlap is over by then" };
  return { policy: { ...policy, retirable }, atMs: Math.max(dueMs, toRetireAfterMs(record, desired) ?? dueMs) };
}

/** How far this machine's clock is from Atlas's. */
export function decideClock({ seen }: AtlasFacts): Check {
  const name = "clock";
  const aheadMs = seen.findLast(({ machineAheadMs }) => machineAheadMs !== undefined)?.machineAheadMs;
  if (aheadMs === undefined) return { name, status: "unknown", found: "no answer told the time." };
  if (Math.abs(aheadMs) <= MAX_CLOCK_DIFFERENCE_MS) {
    return { name, status: "ok", found: "this machine's clock agrees with Atlas's to a minute." };
  }
  const found = `this machine's clock is ${toDuration(aheadMs)} ${aheadMs > 0 ? "ahead of" : "behind"} Atlas's.`;
  return { name, status: "warning", found, advice: "Set it: rotations are early or late by as much." };
}
