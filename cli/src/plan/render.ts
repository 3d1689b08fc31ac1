/** The calendar as text, in each format. Nothing is printed here. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { toAccounts } from "../audit/accounts.js";
import type { Inventory } from "../audit/inventory.js";
import { toTitle } from "../audit/names.js";
import { toReportedSecrets } from "../audit/report.js";
import { toCsv } from "../render/csv.js";
import { toJson } from "../render/json.js";
import type { RenderOptions } from "../render/renderer.js";
import { toUnreadText } from "../render/table.js";
import { createColors, toRows, wrap } from "../render/text.js";
import { toCount, toVisibleTexts } from "../wording.js";
import type { Calendar, PlannedEvent } from "./calendar.js";
import { toIcs } from "./ics.js";
import { toCalendarPage } from "./page.js";

/** A calendar, and the inventory that it is made of. */
export interface Plan {
  readonly calendar: Calendar;
  readonly inventory: Inventory;
}

/** Renders a plan, with a line break at its end. */
export type RenderPlan = (plan: Plan, options: RenderOptions) => string | Promise<string>;

const EVENT_COLUMNS = ["From", "What", "Name", "Account", "Secret", "Role", "Why"];
const RUN_COLUMNS = ["Day", "Run 'pulumi up' of", "For"];
const CONFLICT_COLUMNS = ["Day", "Account with conflicting changes", "Secrets"];

const renderTable: RenderPlan = (plan, options) => {
  const calendar = toVisibleTexts(plan.calendar);
  const colors = createColors(options.hasColors);
  const { events, runs, conflicts, unreadSources } = calendar;
  const { width } = options;
  const eventRows = events.map((event) => {
    const when = event.isOverdue ? colors.yellow("due now") : event.at;
    const title = toTitle(event, {}) || "no name is known";
    return [when, event.what, title, event.clientId, event.secretId, event.role, event.message];
  });
  const runRows = runs.map(({ day, stack, secretIds }) => [day, stack, secretIds.join(", ")]);
  const conflictRows = conflicts.map(({ day, clientId, secretIds }) => [day, clientId, secretIds.join(", ")]);
  const parts = [
    toHead(calendar, options),
    ...unreadSources.map((unread) => toUnreadText(unread, options, colors)),
    toRows(EVENT_COLUMNS, eventRows, width),
    toRows(RUN_COLUMNS, runRows, width),
    toRows(CONFLICT_COLUMNS, conflictRows, width),
    (unreadSources.length > 0 ? colors.red : String)(wrap(toSummary(calendar), width, "")),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
};

function toHead({ now, nowFrom, until, sources }: Calendar, { width }: RenderOptions): string {
  const by = { atlas: "Atlas's clock", machine: "this machine's clock" }[nowFrom];
  return wrap(`From ${now} (${by}) to ${until}, from ${sources.map(({ name }) => name).join(", ")}`, width, "");
}

function toSummary({ events, runs, conflicts, unreadSources }: Calendar): string {
  const counts = [
    toCount(events.length, "event"),
    `${toCount(runs.length, "run")} needed`,
    toCount(conflicts.length, "account with conflicting changes", "accounts with conflicting changes"),
  ];
  const line = `${counts.join(", ")}. Secrets created by these runs are not included.`;
  return unreadSources.length > 0 ? `${line} Not everything could be read, so this is not all.` : line;
}

const CSV_COLUMNS = {
  day: ({ day }) => day,
  at: ({ at }) => at,
  isOverdue: ({ isOverdue }) => isOverdue,
  what: ({ what }) => what,
  reason: ({ reason }) => reason,
  stacks: ({ stacks }) => stacks.join("; "),
  resources: ({ resources }) => resources.join("; "),
  accountName: ({ accountName }) => accountName,
  level: ({ level }) => level,
  ownerId: ({ ownerId }) => ownerId,
  clientId: ({ clientId }) => clientId,
  secretId: ({ secretId }) => secretId,
  role: ({ role }) => role,
  needsRun: ({ needsRun }) => needsRun,
  isConflict: ({ isConflict }) => isConflict,
} as const satisfies Readonly<Record<string, (event: PlannedEvent) => unknown>>;

/** Every format with its renderer. */
export const PLAN_RENDERERS = {
  table: renderTable,
  json: ({ calendar }) => toJson(calendar),
  csv: ({ calendar }) => toCsv(CSV_COLUMNS, calendar.events),
  html: ({ calendar, inventory }) => {
    const accounts = toAccounts(inventory, Number(parseIsoTime(calendar.now)));
    return toCalendarPage(calendar, toReportedSecrets(accounts, []));
  },
  ics: ({ calendar }) => toIcs(calendar),
} as const satisfies Readonly<Record<string, RenderPlan>>;

/** Name of a format. */
export type PlanFormat = keyof typeof PLAN_RENDERERS;
