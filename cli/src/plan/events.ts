/**
 * What becomes due on one account, by the verdicts of `pulumi-atlas-secrets/rotation` at the recorded times. A verdict is
 * asked for at each time at which it can change, and none is made here.
 */
import { type AssessedSecret, assess, OverdueReason, Reason } from "pulumi-atlas-secrets/rotation";
import type { AccountView, Role } from "../audit/accounts.js";
import type { AccountKey, SecretRecord, Source } from "../audit/inventory.js";
import { toCurrentTimes } from "../audit/rules/current.js";
import { findHolder } from "../audit/rules/situation.js";
import { toIsoTime } from "../wording.js";

/** What is to be done, or what happens by itself: `expires`. */
export type Due = "rotate" | "rotate-by-hand" | "retire" | "verify" | "issue" | "delete" | "expires";

/** Why a replaced resource that waits for its deletion is on the calendar. */
export const WAITS_FOR_DELETION = "WaitsForDeletion";

/** One thing that becomes due. */
export interface AccountEvent extends AccountKey {
  readonly atMs: number;
  readonly isOverdue: boolean;
  readonly what: Due;
  readonly reason: OverdueReason | Reason | typeof WAITS_FOR_DELETION;
  readonly secretId: string;
  readonly role: Role | "untracked";
  /** Whether `pulumi up` of the stacks does it. */
  readonly needsRun: boolean;
  /** Stacks that record the secret, or the sources that do where they name no stack. */
  readonly stacks: readonly string[];
  readonly message: string;
}

/** The days to look at, and what the sources are. */
export interface Horizon {
  readonly nowMs: number;
  readonly untilMs: number;
  readonly kindOf: ReadonlyMap<string, Source["kind"]>;
}

/** Lists the events of an account; one of which several records tell is there once. */
export function toAccountEvents(account: AccountView, horizon: Horizon): AccountEvent[] {
  const events = [
    ...account.records.flatMap((record) => toRecordEvents(record, account, horizon)),
    ...account.holders.flatMap(({ secretId, statements, expiresAtMs }) =>
      statements.length > 0 ? [] : toExpiry({ secretId, expiresAtMs, role: "untracked" }, account.key, [], horizon),
    ),
  ];
  const merged = new Map<string, AccountEvent>();
  for (const event of events) {
    const key = `${event.secretId} ${event.what}`;
    const known = merged.get(key);
    merged.set(key, known ? merge(known, event) : event);
  }
  return [...merged.values()];
}

/** Outputs and a state of the same stack tell the same; the state names the stack. */
function merge(a: AccountEvent, b: AccountEvent): AccountEvent {
  const [first, other] = a.atMs <= b.atMs ? [a, b] : [b, a];
  const needsRun = first.needsRun || other.needsRun;
  return { ...first, needsRun, stacks: [...new Set([...a.stacks, ...b.stacks])].sort() };
}

function toRecordEvents(record: SecretRecord, account: AccountView, horizon: Horizon): AccountEvent[] {
  const { current, pending, previous, isPendingDeletion } = record;
  const stacks = [toStack(record, horizon)];
  const at = { ...account.key, stacks };
  const isHeld = (secretId: string) => !account.isListed || findHolder(account, secretId) !== undefined;
  const expiryOf = (secretId: string, statedMs: number | undefined) =>
    findHolder(account, secretId)?.listed?.expiresAtMs ?? statedMs;
  if (isPendingDeletion) {
    if (!current || !isHeld(current.secretId)) return [];
    const message = `secret ${current.secretId} is of a replaced resource and waits for its deletion.`;
    const deletion = { ...at, secretId: current.secretId, role: "pending-deletion", what: "delete", message } as const;
    return [now({ ...deletion, reason: WAITS_FOR_DELETION, needsRun: true }, horizon)];
  }
  const events = toStatusEvents(record, at, horizon);
  if (current && isHeld(current.secretId)) events.push(...toCurrentEvents(record, account, stacks, horizon));
  if (pending && isHeld(pending.secretId)) {
    const expiresAtMs = expiryOf(pending.secretId, pending.expiresAtMs);
    events.push(...toExpiry({ ...pending, expiresAtMs, role: "pending" }, account.key, stacks, horizon));
  }
  if (previous && isHeld(previous.secretId)) {
    const { secretId } = previous;
    const expiresAtMs = expiryOf(secretId, previous.expiresAtMs);
    events.push(...toExpiry({ secretId, expiresAtMs, role: "previous" }, account.key, stacks, horizon));
    const assessed = { secretId: current?.secretId ?? "", previous: { secretId, retireAfterMs: record.retireAfterMs } };
    for (const found of assessAt(assessed, [record.retireAfterMs], horizon)) {
      events.push({ ...at, ...found, role: "previous", what: "retire", needsRun: true });
    }
  }
  return events;
}

/** What a run does whenever it comes, because of how the last one ended. */
function toStatusEvents(
  { status, current, pending, isRotating }: SecretRecord,
  at: AccountKey & { readonly stacks: readonly string[] },
  horizon: Horizon,
): AccountEvent[] {
  const waiting = pending ?? (status === "pending-verification" && !isRotating ? current : undefined);
  if (waiting && status !== "rejected") {
    const { secretId } = waiting;
    const message = `secret ${secretId} is not proven to work yet: a run verifies it again.`;
    const role = pending ? "pending" : "current";
    const event = { ...at, secretId, role, what: "verify", reason: Reason.VerificationPending, message } as const;
    return [now({ ...event, needsRun: true }, horizon)];
  }
  if (!current || (status !== "rejected" && status !== "current-missing")) return [];
  const { secretId } = current;
  const [reason, why] =
    status === "rejected"
      ? [Reason.SecretRejected, "is not valid by Atlas's word"]
      : [Reason.CurrentMissing, "is not on the account any more"];
  const message = `secret ${secretId} ${why}: a run makes another one.`;
  return [now({ ...at, secretId, role: "current", what: "issue", reason, message, needsRun: true }, horizon)];
}

function toCurrentEvents(
  record: SecretRecord,
  account: AccountView,
  stacks: readonly string[],
  horizon: Horizon,
): AccountEvent[] {
  const secretId = record.current?.secretId ?? "";
  const { expiresAtMs, rotateAfterMs } = toCurrentTimes(record, account);
  const isByHand = record.kind === "mongodbatlas";
  const found = assessAt({ secretId, expiresAtMs, rotateAfterMs }, [rotateAfterMs, expiresAtMs], horizon);
  const base = { ...account.key, stacks, secretId, role: "current" } as const;
  const rotation = { what: isByHand ? "rotate-by-hand" : "rotate", needsRun: !isByHand } as const;
  return found.flatMap((one): AccountEvent[] => {
    if (one.reason !== OverdueReason.Expired) return [{ ...base, ...one, ...rotation }];
    const expiry: AccountEvent = { ...base, ...one, what: "expires", needsRun: false };
    // A window of 0 h has no time before the expiry, which is then what a run acts on.
    return found.length > 1 ? [expiry] : [{ ...base, ...one, ...rotation }, expiry];
  });
}

function toExpiry(
  { secretId, expiresAtMs, role }: { secretId: string; expiresAtMs?: number | undefined; role: AccountEvent["role"] },
  key: AccountKey,
  stacks: readonly string[],
  horizon: Horizon,
): AccountEvent[] {
  return assessAt({ secretId, expiresAtMs }, [expiresAtMs], horizon).map((found) => {
    return { ...key, ...found, stacks, role, what: "expires", needsRun: false };
  });
}

type Verdict = Pick<AccountEvent, "atMs" | "isOverdue" | "reason" | "secretId" | "message">;

/** The verdicts at the given times; one that is over counts now. Each reason once, at its first time. */
function assessAt(
  secret: AssessedSecret,
  times: readonly (number | undefined)[],
  { nowMs, untilMs }: Horizon,
): Verdict[] {
  const due = times.filter((ms) => ms !== undefined && ms <= untilMs).sort((a = 0, b = 0) => a - b);
  const found = new Map<string, Verdict>();
  for (const atMs of due) {
    if (atMs === undefined) continue;
    const isOverdue = atMs <= nowMs;
    for (const { reason, secretId, message } of assess(secret, Math.max(atMs, nowMs))) {
      const told = isOverdue ? message : toComing(reason, secretId, secret, atMs);
      if (!found.has(reason)) found.set(reason, { atMs, isOverdue, reason, secretId, message: told });
    }
  }
  return [...found.values()];
}

/** A verdict tells what is over; this tells the same of what is to come. */
function toComing(reason: OverdueReason, secretId: string, { expiresAtMs }: AssessedSecret, atMs: number): string {
  const at = toIsoTime(atMs);
  switch (reason) {
    case OverdueReason.Expired:
      return `secret ${secretId} expires at ${at}.`;
    case OverdueReason.InsideRotationWindow: {
      const expiry = expiresAtMs === undefined ? "" : `, and expires at ${toIsoTime(expiresAtMs)}`;
      return `secret ${secretId} is inside its rotation window from ${at} on${expiry}.`;
    }
    case OverdueReason.OverlapOver:
      return `the previous secret ${secretId} is to be retired from ${at} on.`;
  }
}

function now(event: Omit<AccountEvent, "atMs" | "isOverdue">, { nowMs }: Horizon): AccountEvent {
  return { ...event, atMs: nowMs, isOverdue: true };
}

/** The stack of a record, as its urn tells it where the source is not itself a stack: `urn:pulumi:STACK::PROJECT::...`. */
function toStack({ source, place }: SecretRecord, { kindOf }: Horizon): string {
  if (kindOf.get(source) === "stack") return source.replace(/^stack /, "");
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(place) ?? [];
  return stack && project ? `${project}/${stack}` : source;
}
