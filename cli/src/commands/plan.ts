/** `atlas-secrets plan`: what becomes due in the coming days, and which runs it needs. It writes nothing but its report. */
import { InvalidArgumentError, Option } from "commander";
import { gather } from "../audit/gather.js";
import type { RegisterCommand } from "../command.js";
import { ExitCode } from "../exit-codes.js";
import { toCalendar } from "../plan/calendar.js";
import { PLAN_RENDERERS, type Plan, type PlanFormat, type RenderPlan } from "../plan/render.js";
import { startProgress } from "../progress.js";
import { toRenderOptions } from "../render/render-options.js";
import { addSourceOptions, type SourceOptions, toSelection } from "../sources/source-options.js";
import { writeReport } from "../write-report.js";

const EXAMPLES = `
Examples:
  $ pulumi stack export | atlas-secrets plan -
  $ atlas-secrets plan --all-stacks --live --days 90
  $ atlas-secrets plan prod.json --format html --output calendar.html

Exit codes: 0 done, 2 incomplete: not everything could be read.
`;

const MAX_DAYS = 3660;

interface PlanOptions extends SourceOptions {
  readonly days: number;
  readonly format: PlanFormat;
  readonly output?: string;
}

export const registerPlan: RegisterCommand = (program, { environment, finish }) => {
  const command = program
    .command("plan")
    .description("Show what becomes due in the coming days, and which runs of which stack it needs. Changes nothing.")
    .addHelpText("after", EXAMPLES);
  addSourceOptions(command)
    .option("--days <count>", "how many days to look ahead", parseDays, 30)
    .addOption(new Option("--format <format>", "how to show it").choices(Object.keys(PLAN_RENDERERS)).default("table"))
    .option("--output <file>", "write it there instead of to standard output")
    .action(async (files: readonly string[], options: PlanOptions) => {
      const { days, format, output } = options;
      const selection = toSelection(files, options, "plan");
      const progress = await startProgress("Reading", environment);
      let plan: Plan;
      try {
        const { inventory, serverTimeMs } = await gather(selection, environment, progress, "atlas-secrets plan");
        const nowMs = serverTimeMs ?? environment.now();
        const nowFrom = serverTimeMs === undefined ? "machine" : "atlas";
        plan = { calendar: toCalendar(inventory, { days, nowMs, nowFrom }), inventory };
      } finally {
        progress.end();
      }
      const render: RenderPlan = PLAN_RENDERERS[format];
      if (output === undefined) environment.stdout.write(await render(plan, toRenderOptions(environment)));
      else await writeReport(output, await render(plan, { hasColors: false }), environment);
      finish(plan.calendar.unreadSources.length > 0 ? ExitCode.Incomplete : ExitCode.Clean);
    });
};

function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d{1,4}$/.test(text) || days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`Write a whole number of days, 1 to ${MAX_DAYS}.`);
  }
  return days;
}
