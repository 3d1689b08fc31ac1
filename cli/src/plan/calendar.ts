/**
 * The calendar: what the recorded secrets need in the coming days, when, and of which stack. Verdicts are those of
 * `pulumi-atlas-secrets/rotation` at the times that are recorded; what the runs of the calendar will make is not in it. Its shape
 * is published as `pulumi-atlas-secrets-cli/plan-calendar.schema.json`.
 */
import type { AccountRef } from "pulumi-atlas-secrets/rotation";
import { compare, groupBy, toAccounts } from "../audit/accounts.js";
import type { Inventory, UnreadSource } from "../audit/inventory.js";
import { listUnread, type ReportedSource, toReportedSources } from "../audit/report.js";
import { toIsoTime } from "../wording.js";
import { type AccountEvent, toAccountEvents } from "./events.js";

const DAY_MS = 86_400_000;

/** One thing that becomes due. Times are ISO 8601, UTC. */
export interface PlannedEvent extends Omit<AccountEvent, "atMs" | "isOverdue" | "locations"> {
  readonly day: string;
  /** From when on. */
  readonly at: string;
  /** Whether that time was over when the calendar was made; it stands at the first day then. */
  readonly isOverdue: boolean;
  /** Whether another resource has something to do on the same account on the same day. */
  readonly isConflict: boolean;
}

/** A day on which `pulumi up` of a stack has something to do. */
export interface PlannedRun {
  readonly day: string;
  readonly stack: string;
  /** Ids of the secrets that it is for. */
  readonly secretIds: readonly string[];
}

/** A day on which two resources of one account have something to do. */
export interface Conflict extends AccountRef {
  readonly day: string;
  readonly secretIds: readonly string[];
}

/** The whole of it. */
export interface Calendar {
  readonly formatVersion: 1;
  readonly now: string;
  readonly nowFrom: "atlas" | "machine";
  readonly until: string;
  readonly sources: readonly ReportedSource[];
  /** What could not be read; the calendar is complete when there is nothing. */
  readonly unreadSources: readonly UnreadSource[];
  /** By time. */
  readonly events: readonly PlannedEvent[];
  /** By day, then by stack. */
  readonly runs: readonly PlannedRun[];
  readonly conflicts: readonly Conflict[];
}

/** From when on, and for how long. */
export interface CalendarOptions {
  readonly nowMs: number;
  readonly nowFrom: Calendar["nowFrom"];
  readonly days: number;
}

/** Makes the calendar of an inventory. */
export function toCalendar(inventory: Inventory, { nowMs, nowFrom, days }: CalendarOptions): Calendar {
  const untilMs = nowMs + days * DAY_MS;
  const accounts = toAccounts(inventory, nowMs);
  const found = accounts
    .flatMap((account) => toAccountEvents(account, { nowMs, untilMs }))
    .sort((a, b) => a.atMs - b.atMs || compare(a.clientId, b.clientId) || compare(a.secretId, b.secretId));
  const conflicts = toConflicts(found, nowMs);
  const conflicting = new Set(conflicts.map(({ clientId, day }) => `${day} ${clientId}`));
  const isConflict = (event: AccountEvent) =>
    isAction(event) && conflicting.has(`${toDay(event, nowMs)} ${event.clientId}`);
  return {
    formatVersion: 1,
    now: toIsoTime(nowMs),
    nowFrom,
    until: toIsoTime(untilMs),
    sources: toReportedSources(inventory),
    unreadSources: listUnread(inventory, accounts),
    events: found.map((event) => {
      const { atMs, locations: _, ...rest } = event;
      return { day: toDay(event, nowMs), at: toIsoTime(atMs), ...rest, isConflict: isConflict(event) };
    }),
    runs: toRuns(found, nowMs),
    conflicts,
  };
}

function toRuns(events: readonly AccountEvent[], nowMs: number): PlannedRun[] {
  const runs = new Map<string, { day: string; stack: string; secretIds: string[] }>();
  for (const event of events) {
    if (!event.needsRun) continue;
    for (const stack of event.stacks) {
      const day = toDay(event, nowMs);
      const run = runs.get(`${day} ${stack}`) ?? { day, stack, secretIds: [] };
      runs.set(`${day} ${stack}`, run);
      if (!run.secretIds.includes(event.secretId)) run.secretIds.push(event.secretId);
    }
  }
  return [...runs.values()].sort((a, b) => compare(a.day, b.day) || compare(a.stack, b.stack));
}

function toConflicts(events: readonly AccountEvent[], nowMs: number): Conflict[] {
  const groups = groupBy(events.filter(isAction), (event) => `${toDay(event, nowMs)} ${event.clientId}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const isOfAnother = (a: AccountEvent, b: AccountEvent) => !a.locations.some((one) => b.locations.includes(one));
    if (!first || !group.some((a) => group.some((b) => isOfAnother(a, b)))) return [];
    const { level, ownerId, clientId } = first;
    const secretIds = [...new Set(group.map(({ secretId }) => secretId))].sort();
    return [{ day: toDay(first, nowMs), level, ownerId, clientId, secretIds }];
  });
}

/** Whether somebody has to do something; that a secret ends needs nothing by itself. */
export function isAction({ what }: Pick<AccountEvent, "what">): boolean {
  return what !== "expires";
}

/** The day, UTC; what is overdue stands at the first one. */
function toDay({ atMs }: AccountEvent, nowMs: number): string {
  return toIsoTime(Math.max(atMs, nowMs)).slice(0, 10);
}
