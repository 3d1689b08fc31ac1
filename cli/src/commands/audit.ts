/** `atlas-secrets audit`: what is overdue, missing or too much, from states, outputs and Atlas. It writes nothing but its report. */
import { toRank } from "../audit/codes.js";
import { gather } from "../audit/gather.js";
import { type AskedTime, type AuditRequest, addAuditOptions, type FailOn, toAuditRequest } from "../audit/options.js";
import { type AuditReport, type ReportOptions, toReport } from "../audit/report.js";
import type { RegisterCommand } from "../command.js";
import type { Environment } from "../environment.js";
import { ExitCode } from "../exit-codes.js";
import { toToldFailure } from "../failure.js";
import { startProgress } from "../progress.js";
import { RENDERERS } from "../render/index.js";
import { toRenderOptions } from "../render/render-options.js";
import { writeReport } from "../write-report.js";

const EXAMPLES = `
Examples:
  $ pulumi stack export | atlas-secrets audit -
  $ atlas-secrets audit prod.json outputs.json --live
  $ atlas-secrets audit --all-stacks --live --format sarif --output audit.sarif
  $ atlas-secrets audit --stack organization/shop/prod --at +30d --fail-on warning

Exit codes: 0 OK, 1 findings (see --fail-on), 2 incomplete: not everything could be read.
`;

/** Clears the terminal and goes to its first line. */
const CLEAR = "\u001b[2J\u001b[3J\u001b[H";

export const registerAudit: RegisterCommand = (program, { environment, finish }) => {
  const command = program
    .command("audit")
    .description("Report expired, overdue, missing and unmanaged secrets. Read-only.")
    .addHelpText("after", EXAMPLES);
  addAuditOptions(command).action(async (files, options) => {
    const request = toAuditRequest(files, options, environment.stdout.isTTY === true);
    finish(await (request.watchSeconds === undefined ? audit(request, environment) : watch(request, environment)));
  });
};

async function audit(
  { format, output, failOn, ...request }: AuditRequest,
  environment: Environment,
): Promise<ExitCode> {
  const report = await fetchReport(request, environment);
  if (output === undefined) environment.stdout.write(await RENDERERS[format](report, toRenderOptions(environment)));
  else await writeReport(output, await RENDERERS[format](report, { hasColors: false }), environment);
  return toExitCode(report, failOn);
}

/** Shows one report after another in its place, until the process is ended. Once it has worked, a failure passes. */
async function watch(request: AuditRequest, environment: Environment): Promise<ExitCode> {
  const { stdout, sleep } = environment;
  const { format, watchSeconds = 0 } = request;
  const show = async () => RENDERERS[format](await fetchReport(request, environment), toRenderOptions(environment));
  let shown = await show();
  for (;;) {
    stdout.write(`${CLEAR}${shown}\nAgain in ${watchSeconds} s; Ctrl-C ends it.\n`);
    await sleep(watchSeconds * 1000);
    shown = await show().catch((error: unknown) => `${toToldFailure(error).message}\n`);
  }
}

async function fetchReport(
  { selection, limits, at }: Pick<AuditRequest, "selection" | "limits" | "at">,
  environment: Environment,
): Promise<AuditReport> {
  const progress = await startProgress("Reading", environment);
  try {
    const { inventory, serverTimeMs } = await gather(selection, environment, progress);
    return toReport(inventory, { limits, ...toJudgedTime(at, serverTimeMs, environment.now()) });
  } finally {
    progress.end();
  }
}

/** What is asked for; else Atlas's time, by which secrets expire; else this machine's. */
function toJudgedTime(
  at: AskedTime | undefined,
  serverTimeMs: number | undefined,
  machineMs: number,
): Pick<ReportOptions, "nowMs" | "nowFrom"> {
  const presentMs = serverTimeMs ?? machineMs;
  if (at) return { nowMs: "atMs" in at ? at.atMs : presentMs + at.inMs, nowFrom: "option" };
  return { nowMs: presentMs, nowFrom: serverTimeMs === undefined ? "machine" : "atlas" };
}

function toExitCode({ findings, unreadSources }: AuditReport, failOn: FailOn): ExitCode {
  if (unreadSources.length > 0) return ExitCode.Incomplete;
  const isFailing = failOn !== "never" && findings.some(({ severity }) => toRank(severity) <= toRank(failOn));
  return isFailing ? ExitCode.Findings : ExitCode.Clean;
}
