/**
 * What becomes due on one account: what `decideNextUp` of the provider says at each time at which it can change. No verdict is
 * made here.
 */
import {
  type AccountRef,
  assess,
  decideNextUp,
  type Finding,
  isRemoved,
  listTurnsMs,
  Reason,
  toCurrentIssue,
} from "pulumi-atlas-secrets/rotation";
import { type Account, findMainStatement, type Holder, type Role } from "../audit/accounts.js";
import type { Reading } from "../audit/inventory.js";
import { type Names, toNames, toStack } from "../audit/names.js";
import type { SeenResource } from "../audit/seen.js";
import { toIsoTime } from "../wording.js";

/** What is to be done, or what happens by itself: `expires`. */
export type Due = "rotate" | "rotate-by-hand" | "retire" | "verify" | "issue" | "update" | "delete" | "expires";

/** Why a replaced resource that waits for its deletion is on the calendar. */
export const PENDING_DELETION = "PendingDeletion";

/** One thing that becomes due. */
export interface AccountEvent extends AccountRef, Names {
  readonly atMs: number;
  readonly isOverdue: boolean;
  readonly what: Due;
  readonly reason: Reason | typeof PENDING_DELETION;
  readonly secretId: string;
  readonly role: Role | "untracked";
  /** Whether `pulumi up` of the stacks does it. */
  readonly needsRun: boolean;
  /** Of the resources that record it. */
  readonly locations: readonly string[];
  readonly message: string;
}

/** One before its names are known; its stacks are those that a run is needed of. */
type BareEvent = Omit<AccountEvent, "resources" | "accountName">;

/** The days to look at. */
export interface Horizon {
  readonly nowMs: number;
  readonly untilMs: number;
}

/** Lists the events of an account; one of which several records tell is there once. */
export function toAccountEvents(account: Account, horizon: Horizon): AccountEvent[] {
  const events = [
    ...account.resources.flatMap((resource) => toResourceEvents(resource, account, horizon)),
    ...account.holders.flatMap((holder) => toExpiry(holder, account, horizon)),
  ];
  const merged = new Map<string, BareEvent>();
  for (const event of events) {
    const key = `${event.secretId} ${event.what}`;
    const known = merged.get(key);
    merged.set(key, known ? merge(known, event) : event);
  }
  return [...merged.values()].map((event) => ({ ...toNames(account, event.secretId), ...event }));
}

/** Outputs and a state of the same stack tell the same; the state names the stack. */
function merge(a: BareEvent, b: BareEvent): BareEvent {
  const [first, other] = a.atMs <= b.atMs ? [a, b] : [b, a];
  const union = (name: "stacks" | "locations") => [...new Set([...a[name], ...b[name]])].sort();
  const needsRun = first.needsRun || other.needsRun;
  return { ...first, needsRun, stacks: union("stacks"), locations: union("locations") };
}

function toResourceEvents(resource: SeenResource, account: Account, horizon: Horizon): BareEvent[] {
  const common = { ...account.key, stacks: [toStack(resource)], locations: [resource.location] };
  if (!resource.isPendingDeletion) {
    return listDueEvents(resource, horizon).map((due) => ({ ...common, ...due, role: toRole(account, due.secretId) }));
  }
  const current = toCurrentIssue(resource.reading);
  if (!current || !account.holders.some(({ secretId }) => secretId === current.secretId)) return [];
  const { secretId } = current;
  const message = `secret ${secretId} is of a replaced resource and waits for its deletion.`;
  const deletion = { what: "delete", reason: PENDING_DELETION, needsRun: true, role: "pending-deletion" } as const;
  return [{ ...common, ...deletion, secretId, message, atMs: horizon.nowMs, isOverdue: true }];
}

type DueEvent = Pick<AccountEvent, "atMs" | "isOverdue" | "what" | "reason" | "secretId" | "needsRun" | "message">;

/** What is due now, since when, and what becomes due: each once, at its first time. */
function listDueEvents({ seen, missing }: SeenResource, { nowMs, untilMs }: Horizon): DueEvent[] {
  const turns = listTurnsMs(seen).filter((ms) => ms <= untilMs);
  const isDueAt = (due: DueFinding, ms: number) => listDue(seen, missing, ms).some(({ what }) => what === due.what);
  const found = new Map<string, DueEvent>();
  const add = ({ what, reason, secretId, message }: DueFinding, atMs: number) => {
    const key = `${what} ${secretId}`;
    if (found.has(key)) return;
    const needsRun = what !== "rotate-by-hand";
    found.set(key, { atMs, isOverdue: atMs <= nowMs, what, reason, secretId, needsRun, message });
  };
  for (const due of listDue(seen, missing, nowMs)) {
    const sinceMs = isOfTime(due) ? turns.find((ms) => ms < nowMs && isDueAt(due, ms)) : undefined;
    add(due, sinceMs ?? nowMs);
  }
  for (const ms of turns.filter((turn) => turn > nowMs)) {
    for (const due of listDue(seen, missing, ms)) add({ ...due, message: toComing(due, seen, ms) }, ms);
  }
  return [...found.values()];
}

type DueFinding = Finding & { readonly what: Due };

/** What the run at `ms` does, or a person has to; a rotation also retires the previous secret whose overlap is over. */
function listDue(stated: Reading, missing: readonly string[], ms: number): DueFinding[] {
  const verdict = decideNextUp(stated, ms);
  return assess(stated, ms).flatMap((finding) => {
    const { reason, secretId } = finding;
    const isOfRun =
      !verdict ||
      reason === verdict.reason ||
      (reason === Reason.OverlapOver && toWhat(verdict.reason) === "rotate" && verdict.action !== "keep");
    const what = verdict ? toWhat(reason) : "rotate-by-hand";
    // What is missing needs a refresh first, unless the verdict is about just that.
    const isGone = secretId === "" || (missing.includes(secretId) && what !== "issue");
    return isOfRun && what && !isGone ? [{ ...finding, what }] : [];
  });
}

/** What a run does for a reason; nothing when it waits, or only updates the record. */
function toWhat(reason: Reason): Due | undefined {
  switch (reason) {
    case Reason.UpToDate:
    case Reason.SettingsChanged:
    case Reason.PreviousHoldsSlot:
    case Reason.AccountRemoved:
      return undefined;
    case Reason.VerificationPending:
      return "verify";
    case Reason.SecretRejected:
    case Reason.CurrentMissing:
      return "issue";
    case Reason.OverlapOver:
      return "retire";
    case Reason.PromotionUnrecorded:
      return "update";
    default:
      return "rotate";
  }
}

function isOfTime({ reason }: Finding): boolean {
  return reason === Reason.Expired || reason === Reason.InsideRotationWindow || reason === Reason.OverlapOver;
}

/** A verdict tells what is over; this tells the same of what is to come. */
function toComing({ reason, secretId, message }: Finding, seen: Reading, ms: number): string {
  const [at, expiresAtMs] = [toIsoTime(ms), toCurrentIssue(seen)?.expiresAtMs];
  switch (reason) {
    case Reason.Expired:
      return toExpiryText(secretId, ms, false);
    case Reason.InsideRotationWindow: {
      const expiry = expiresAtMs === undefined ? "" : `, and expires at ${toIsoTime(expiresAtMs)}`;
      return `secret ${secretId} enters its rotation window at ${at}${expiry}.`;
    }
    case Reason.OverlapOver:
      return `the overlap of ${isRemoved(seen) ? "" : "previous "}secret ${secretId} ends at ${at}: after that, a run deletes it once nobody uses it.`;
    default:
      return message;
  }
}

function toExpiry(holder: Holder, { key }: Account, horizon: Horizon): BareEvent[] {
  const { secretId, statements, expiresAtMs } = holder;
  const main = findMainStatement(statements);
  if (expiresAtMs === undefined || expiresAtMs > horizon.untilMs || main?.role === "pending-deletion") return [];
  const isOverdue = expiresAtMs <= horizon.nowMs;
  const stacks = [...new Set(statements.map(({ resource }) => toStack(resource)))].sort();
  const event = { what: "expires", reason: Reason.Expired, needsRun: false, role: main?.role ?? "untracked" } as const;
  return [
    {
      ...key,
      ...event,
      secretId,
      stacks,
      locations: [],
      atMs: expiresAtMs,
      isOverdue,
      message: toExpiryText(secretId, expiresAtMs, isOverdue),
    },
  ];
}

function toExpiryText(secretId: string, ms: number, isOver: boolean): string {
  return `secret ${secretId} ${isOver ? "expired" : "expires"} at ${toIsoTime(ms)}.`;
}

function toRole({ statements }: Account, secretId: string): AccountEvent["role"] {
  return findMainStatement(statements.get(secretId) ?? [])?.role ?? "untracked";
}
