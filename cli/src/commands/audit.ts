/** `atlas-secrets audit`: what is overdue, missing or too much, from states, outputs and Atlas. It writes nothing but its report. */
import { Option } from "commander";
import { parseAccepted } from "../audit/accepted.js";
import { toRank } from "../audit/codes.js";
import { gather, type Selection } from "../audit/gather.js";
import {
  type AuditOptions,
  assertWatchable,
  type FailOn,
  LIMIT_OPTIONS,
  parseAt,
  parseSeconds,
  toLimits,
} from "../audit/options.js";
import { type AuditReport, toReport } from "../audit/report.js";
import type { CommandDefinition } from "../command.js";
import type { Environment } from "../environment.js";
import { decideReportCode, type ExitCode } from "../exit-codes.js";
import { toToldFailure } from "../failure.js";
import { createFormat, FILES, OPTIONS, SOURCE_OPTIONS, toSelection } from "../options.js";
import { withProgress } from "../progress.js";
import { FORMATS, RENDERERS } from "../render/index.js";
import { toRenderOptions } from "../render/render-options.js";
import { fetchText } from "../sources/read-text.js";
import { writeReport } from "../write-report.js";

/** Clears the terminal and goes to its first line. */
const CLEAR = "\u001b[2J\u001b[3J\u001b[H";

export const auditCommand: CommandDefinition = {
  name: "audit",
  description: "Report expired, overdue, missing and unmanaged secrets. Read-only.",
  operands: [FILES],
  options: [
    ...SOURCE_OPTIONS,
    new Option("--at <time>", "judge as of this time: ISO 8601, a day, +30d or +12h").argParser(parseAt),
    createFormat(FORMATS),
    OPTIONS.json,
    OPTIONS.output,
    OPTIONS.ignore,
    OPTIONS.failOn,
    OPTIONS.incomplete,
    ...LIMIT_OPTIONS,
    new Option("--watch", "show it again and again, on a terminal, until Ctrl-C"),
    new Option("--interval <seconds>", "with --watch: pause between two looks; default 60").argParser(parseSeconds),
  ],
  examples: [
    "pulumi stack export | atlas-secrets audit -",
    "atlas-secrets audit prod.json outputs.json --live",
    "atlas-secrets audit --all-stacks --live --format sarif --output audit.sarif",
    "atlas-secrets audit --stack organization/shop/prod --at +30d --fail-on warning",
  ],
  exitCodes: "0 OK, 1 findings (see --fail-on), 2 not everything could be read (see --incomplete)",
  async run(files, options: AuditOptions, environment) {
    assertWatchable(files, options, environment);
    const selection = toSelection(files, options, "audit");
    if (options.watch) return watch(selection, options, environment);
    const report = await fetchReport(selection, options, environment);
    await writeReport((shown) => RENDERERS[options.format](report, shown), options.output, environment);
    return decideReportCode(isFailing(report, options.failOn), report.unreadSources, options);
  },
};

/** Shows one report after another in its place, until the process is ended. Once it has worked, a failure passes. */
async function watch(selection: Selection, options: AuditOptions, environment: Environment): Promise<ExitCode> {
  const { stdout, sleep } = environment;
  const { format, interval = 60 } = options;
  const shown = toRenderOptions(environment);
  const show = async () => RENDERERS[format](await fetchReport(selection, options, environment), shown);
  let text = await show();
  for (;;) {
    stdout.write(`${CLEAR}${text}\nAgain in ${interval} s; Ctrl-C ends it.\n`);
    await sleep(interval * 1000);
    text = await show().catch((error: unknown) => `${toToldFailure(error).message}\n`);
  }
}

async function fetchReport(
  selection: Selection,
  { at, ignore, ...options }: AuditOptions,
  environment: Environment,
): Promise<AuditReport> {
  const accepted = ignore === undefined ? [] : parseAccepted(await fetchText(ignore, environment), ignore);
  const { inventory, ...time } = await withProgress(environment, (progress) =>
    gather(selection, environment, progress),
  );
  const asked = at && ({ nowMs: "atMs" in at ? at.atMs : time.nowMs + at.inMs, nowFrom: "option" } as const);
  return toReport(inventory, { limits: toLimits(options), accepted, ...time, ...asked });
}

function isFailing({ findings }: AuditReport, failOn: FailOn): boolean {
  return failOn !== "never" && findings.some((one) => !one.accepted && toRank(one.severity) <= toRank(failOn));
}
