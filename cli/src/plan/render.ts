/** The calendar as text, in each format. Nothing is printed here. */
import { stringify } from "csv-stringify/sync";
import pico from "picocolors";
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { toAccounts } from "../audit/accounts.js";
import type { Inventory } from "../audit/inventory.js";
import { toReportedSecrets } from "../audit/report.js";
import type { RenderOptions } from "../render/renderer.js";
import { type Column, toTable } from "../render/table.js";
import { toCount } from "../wording.js";
import type { Calendar, PlannedEvent } from "./calendar.js";
import { toCalendarPage } from "./page.js";

/** A calendar, and the inventory that it is made of. */
export interface Plan {
  readonly calendar: Calendar;
  readonly inventory: Inventory;
}

/** Renders a plan, with a line break at its end. */
export type RenderPlan = (plan: Plan, options: RenderOptions) => string | Promise<string>;

type Colors = ReturnType<typeof pico.createColors>;

const EVENT_COLUMNS: readonly Column[] = [
  ["From", 20],
  ["What", 14],
  ["Account", 34],
  ["Secret", 24],
  ["Role", 16, 1],
  ["Stacks", 24, 2],
  ["Why", undefined],
];

const RUN_COLUMNS: readonly Column[] = [
  ["Day", 10],
  ["Run 'pulumi up' of", 40],
  ["For", undefined],
];

const CONFLICT_COLUMNS: readonly Column[] = [
  ["Day", 10],
  ["Account with conflicting changes", 34],
  ["Secrets", undefined],
];

const renderTable: RenderPlan = ({ calendar }, options) => {
  const colors = pico.createColors(options.hasColors);
  const { events, runs, conflicts, unreadSources } = calendar;
  const section = (columns: readonly Column[], rows: readonly string[][]) =>
    rows.length > 0 ? toTable(columns, rows, options, colors) : "";
  const parts = [
    toHead(calendar),
    ...unreadSources.map(({ source, message }) => colors.red(`Not read, ${source}: ${message}`)),
    section(
      EVENT_COLUMNS,
      events.map((event) => toEventRow(event, colors)),
    ),
    section(
      RUN_COLUMNS,
      runs.map(({ day, stack, secretIds }) => [day, stack, secretIds.join(", ")]),
    ),
    section(
      CONFLICT_COLUMNS,
      conflicts.map(({ day, clientId, secretIds }) => [day, clientId, secretIds.join(", ")]),
    ),
    toSummary(calendar, colors),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
};

function toHead({ now, nowFrom, until, sources }: Calendar): string {
  const by = { atlas: "Atlas's clock", machine: "this machine's clock" }[nowFrom];
  return `From ${now} (${by}) to ${until}, from ${sources.map(({ name }) => name).join(", ")}`;
}

function toEventRow(event: PlannedEvent, colors: Colors): string[] {
  const { at, what, clientId, secretId, role, stacks, message, isOverdue } = event;
  const when = isOverdue ? colors.yellow("due now") : at;
  return [when, what, clientId, secretId, role, stacks.join(", "), message];
}

function toSummary({ events, runs, conflicts, unreadSources }: Calendar, colors: Colors): string {
  const counts = [
    toCount(events.length, "event"),
    `${toCount(runs.length, "run")} needed`,
    toCount(conflicts.length, "account with conflicting changes", "accounts with conflicting changes"),
  ];
  const line = `${counts.join(", ")}. Secrets created by these runs are not included.`;
  return unreadSources.length > 0 ? colors.red(`${line} Not everything could be read, so this is not all.`) : line;
}

const CSV_COLUMNS = {
  day: ({ day }) => day,
  at: ({ at }) => at,
  isOverdue: ({ isOverdue }) => isOverdue,
  what: ({ what }) => what,
  reason: ({ reason }) => reason,
  level: ({ level }) => level,
  ownerId: ({ ownerId }) => ownerId,
  clientId: ({ clientId }) => clientId,
  secretId: ({ secretId }) => secretId,
  role: ({ role }) => role,
  needsRun: ({ needsRun }) => needsRun,
  isConflict: ({ isConflict }) => isConflict,
  stacks: ({ stacks }) => stacks.join("; "),
} as const satisfies Readonly<Record<string, (event: PlannedEvent) => unknown>>;

const renderCsv: RenderPlan = ({ calendar: { events } }) => {
  const rows = events.map((event) => Object.values(CSV_COLUMNS).map((toCell) => String(toCell(event))));
  return stringify(rows, { header: true, columns: Object.keys(CSV_COLUMNS), escape_formulas: true });
};

/** Every format with its renderer. */
export const PLAN_RENDERERS = {
  table: renderTable,
  json: ({ calendar }) => `${JSON.stringify(calendar, null, 2)}\n`,
  csv: renderCsv,
  html: ({ calendar, inventory }) => {
    const accounts = toAccounts(inventory, Number(parseIsoTime(calendar.now)));
    return toCalendarPage(calendar, toReportedSecrets(accounts, []));
  },
} as const satisfies Readonly<Record<string, RenderPlan>>;

/** Name of a format. */
export type PlanFormat = keyof typeof PLAN_RENDERERS;
