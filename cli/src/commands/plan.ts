/** `atlas-secrets plan`: what becomes due in the coming days, and which runs it needs. It writes nothing but its report. */
import { InvalidArgumentError, Option } from "commander";
import { gather } from "../audit/gather.js";
import type { CommandDefinition } from "../command.js";
import { decideReportCode, type IncompleteOptions } from "../exit-codes.js";
import { createFormat, FILES, OPTIONS, SOURCE_OPTIONS, type SourceOptions, toSelection } from "../options.js";
import { toCalendar } from "../plan/calendar.js";
import { PLAN_RENDERERS, type PlanFormat, type RenderPlan } from "../plan/render.js";
import { withProgress } from "../progress.js";
import { writeReport } from "../write-report.js";

const MAX_DAYS = 3660;

interface PlanOptions extends SourceOptions, IncompleteOptions {
  readonly days: number;
  readonly format: PlanFormat;
  readonly output?: string;
}

export const planCommand: CommandDefinition = {
  name: "plan",
  description: "Show what becomes due in the coming days, and which runs of which stack it needs. Changes nothing.",
  operands: [FILES],
  options: [
    ...SOURCE_OPTIONS,
    new Option("--days <count>", "how many days to look ahead").argParser(parseDays).default(30),
    createFormat(Object.keys(PLAN_RENDERERS)),
    OPTIONS.json,
    OPTIONS.output,
    OPTIONS.incomplete,
  ],
  examples: [
    "pulumi stack export | atlas-secrets plan -",
    "atlas-secrets plan --all-stacks --live --days 90",
    "atlas-secrets plan prod.json --format html --output calendar.html",
    "atlas-secrets plan --all-stacks --format ics --output rotations.ics",
  ],
  exitCodes: "0 done, 2 not everything could be read (see --incomplete)",
  async run(files, options: PlanOptions, environment) {
    const { days, format, output } = options;
    const selection = toSelection(files, options, "plan");
    const { inventory, ...time } = await withProgress(environment, (progress) =>
      gather(selection, environment, progress, "atlas-secrets plan"),
    );
    const calendar = toCalendar(inventory, { days, ...time });
    const render: RenderPlan = PLAN_RENDERERS[format];
    await writeReport((shown) => render({ calendar, inventory }, shown), output, environment);
    return decideReportCode(false, calendar.unreadSources, options);
  },
};

function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d{1,4}$/.test(text) || days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`Write a whole number of days, 1 to ${MAX_DAYS}.`);
  }
  return days;
}
