/** `atlas-secrets show`: all that is known of one secret or account, by any of its names or ids. It writes nothing but that. */
import { gather } from "../audit/gather.js";
import { type AuditReport, type ReportedSecret, toReport } from "../audit/report.js";
import { DEFAULT_LIMITS } from "../audit/rules/situation.js";
import type { CommandDefinition } from "../command.js";
import { decideReportCode, type IncompleteOptions } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { createFormat, FILES, OPTIONS, SOURCE_OPTIONS, type SourceOptions, toSelection } from "../options.js";
import { type PlannedEvent, toCalendar } from "../plan/calendar.js";
import { withProgress } from "../progress.js";
import { toJson } from "../render/json.js";
import type { RenderOptions } from "../render/renderer.js";
import { toFinding, toSecretRows } from "../render/table.js";
import { createColors, toRows } from "../render/text.js";
import { toVisibleTexts } from "../wording.js";
import { writeReport } from "../write-report.js";

/** So far the next things are looked for. */
const DAYS = 3660;

interface ShowOptions extends SourceOptions, IncompleteOptions {
  readonly format: "table" | "json";
  readonly output?: string;
}

/** What is known of what was asked for. */
interface Shown extends Pick<AuditReport, "now" | "nowFrom" | "secrets" | "findings" | "unreadSources"> {
  readonly formatVersion: 1;
  /** What comes next, by time. */
  readonly events: readonly PlannedEvent[];
}

export const showCommand: CommandDefinition = {
  name: "show",
  description:
    "Show all that is known of one secret or account: roles, times, where it is recorded, what the next run does.",
  operands: [["<NAME|CLIENT|SECRET>", "name of a resource or account, client id, or id of a secret"], FILES],
  options: [...SOURCE_OPTIONS, createFormat(["table", "json"]), OPTIONS.json, OPTIONS.output, OPTIONS.incomplete],
  examples: [
    "atlas-secrets show backend --stack organization/shop/prod --live",
    "pulumi stack export | atlas-secrets show mdb_sa_id_64a1f0c2e4b0a1b2c3d4e5f7 - --json",
  ],
  exitCodes: "0 shown, 2 not found, or not everything could be read (see --incomplete)",
  async run([wanted = "", ...files], options: ShowOptions, environment) {
    const selection = toSelection(files, options, "show");
    const { inventory, ...time } = await withProgress(environment, (progress) =>
      gather(selection, environment, progress, "atlas-secrets show"),
    );
    const report = toReport(inventory, { ...time, limits: DEFAULT_LIMITS });
    const secrets = report.secrets.filter((secret) => isNamed(secret, wanted));
    if (secrets.length === 0) {
      throw new CliFailure(
        `None of the sources has a secret, account or resource ${wanted}: of ${report.secrets.length} secrets.`,
      );
    }
    const isOf = (clientId = "", secretId?: string) =>
      secrets.some((one) => one.clientId === clientId && (secretId === undefined || one.secretId === secretId));
    const events = toCalendar(inventory, { ...time, days: DAYS }).events;
    const shown: Shown = {
      formatVersion: 1,
      now: report.now,
      nowFrom: time.nowFrom,
      secrets,
      findings: report.findings.filter(({ account, secretId }) => isOf(account?.clientId, secretId)),
      events: events.filter(({ clientId, secretId }) => isOf(clientId, secretId)),
      unreadSources: report.unreadSources,
    };
    await writeReport(
      (place) => (options.format === "json" ? toJson(shown) : renderShown(shown, place)),
      options.output,
      environment,
    );
    return decideReportCode(false, shown.unreadSources, options);
  },
};

function isNamed({ secretId, clientId, accountName, resources }: ReportedSecret, wanted: string): boolean {
  return [secretId, clientId, accountName, ...resources].includes(wanted);
}

function renderShown(given: Shown, options: RenderOptions): string {
  const shown = toVisibleTexts(given);
  const colors = createColors(options.hasColors);
  const { width } = options;
  const records = shown.secrets.flatMap(({ secretId, statements }) =>
    statements.map(({ source, location = "", role = "", status = "", createdAt = "", expiresAt = "" }) => {
      return [secretId, source, location, role, status, createdAt, expiresAt];
    }),
  );
  const parts = [
    toSecretRows(shown.secrets, shown, { ...options, width: 0 }, colors),
    toRows(["Secret", "Said by", "At", "Role", "Status", "Created", "Expires"], records, width),
    toRows(
      ["Next", "What", "Secret", "Why"],
      shown.events.map(({ at, what, secretId, message, isOverdue }) => [
        isOverdue ? "due now" : at,
        what,
        secretId,
        message,
      ]),
      width,
    ),
    ...shown.findings.map((finding) => toFinding(finding, options, colors)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
