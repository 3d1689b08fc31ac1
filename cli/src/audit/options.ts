/** The options of `audit`, from text to data: what is wrong with one is said in one sentence, before anything is read. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { CliFailure } from "../failure.js";
import { FORMATS, type Format } from "../render/index.js";
import { addSourceOptions, type SourceOptions, toSelection } from "../sources/source-options.js";
import { SEVERITIES, type Severity } from "./codes.js";
import type { Selection } from "./gather.js";
import { type AuditLimits, DEFAULT_LIMITS } from "./rules/situation.js";

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** When to judge, as a user writes it: a time, or a length of time from now on. */
export type AskedTime = { readonly atMs: number } | { readonly inMs: number };

/** From which severity on the exit code says that there are findings. */
export type FailOn = Severity | "never";

/** One audit as a user asked for it. */
export interface AuditRequest {
  readonly selection: Selection;
  readonly limits: AuditLimits;
  /** Absent for now. */
  readonly at?: AskedTime;
  readonly format: Format;
  /** Path of a file; absent for the standard output. */
  readonly output?: string;
  readonly failOn: FailOn;
  /** Seconds between two looks; absent for a single one. */
  readonly watchSeconds?: number;
}

/** What the parser makes of the options. */
interface ParsedOptions extends SourceOptions {
  readonly at?: AskedTime;
  readonly format: Format;
  readonly output?: string;
  readonly failOn: FailOn;
  readonly maxLifetime: number;
  readonly grace: number;
  readonly unusedAfter: number;
  readonly credentialEnd: number;
  readonly watch?: true;
  readonly interval: number;
}

/** Adds the options of `audit` to a command. */
export function addAuditOptions(command: Command): Command {
  const limit = (flags: string, description: string, hours: number) =>
    command.option(flags, description, parseHours, hours);
  addSourceOptions(command)
    .option("--at <time>", "judge as of this time: ISO 8601, a day, +30d or +12h", parseAt)
    .addOption(new Option("--format <format>", "how to show the report").choices(FORMATS).default("table"))
    .option("--output <file>", "write the report there instead of to standard output")
    .addOption(
      new Option("--fail-on <severity>", "exit 1 if there is a finding of this severity or higher")
        .choices([...SEVERITIES, "never"])
        .default("error"),
    );
  limit("--max-lifetime <hours>", "report secrets whose lifetime exceeds this", DEFAULT_LIMITS.maxLifetimeHours);
  limit("--grace <hours>", "how long an overdue secret may go without a successor", DEFAULT_LIMITS.graceHours);
  limit("--unused-after <hours>", "age of a secret that should have been used", DEFAULT_LIMITS.unusedAfterHours);
  limit(
    "--credential-end <hours>",
    "report the audit's own credential this long before it expires",
    DEFAULT_LIMITS.credentialHours,
  );
  return command
    .option("--watch", "show it again and again, on a terminal, until Ctrl-C")
    .option("--interval <seconds>", "with --watch: pause between two looks", parseSeconds, 60);
}

/**
 * Puts together what was asked for.
 *
 * @throws CliFailure when it makes no sense, whatever there is to read
 */
export function toAuditRequest(files: readonly string[], options: ParsedOptions, isTerminal: boolean): AuditRequest {
  const { watch, output, at } = options;
  const selection = toSelection(files, options, "audit");
  if (watch && (!isTerminal || output !== undefined))
    throw new CliFailure("--watch needs a terminal, and no --output.");
  if (watch && files.includes("-"))
    throw new CliFailure("--watch cannot read the standard input again and again: name a file.");
  return {
    selection,
    limits: {
      maxLifetimeHours: options.maxLifetime,
      graceHours: options.grace,
      unusedAfterHours: options.unusedAfter,
      credentialHours: options.credentialEnd,
    },
    format: options.format,
    failOn: options.failOn,
    ...(at && { at }),
    ...(output !== undefined && { output }),
    ...(watch && { watchSeconds: options.interval }),
  };
}

/** Parses `--at`: ISO 8601 with its zone, a day (UTC), or `+30d`, `+12h`. */
export function parseAt(text: string): AskedTime {
  const [, count, unit = ""] = /^\+(\d{1,5})([hd])$/.exec(text) ?? [];
  if (count !== undefined) return { inMs: Number(count) * Number(UNITS_MS[unit]) };
  const atMs = parseIsoTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (atMs === undefined) throw new InvalidArgumentError("Write 2026-12-24T08:00:00Z, 2026-12-24, +30d or +12h.");
  return { atMs };
}

/** Parses a number of hours. */
export function parseHours(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("Write a whole number of hours.");
  return Number(text);
}

/** Parses a number of seconds. */
export function parseSeconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("Write a whole number of seconds, at least 1.");
  return Number(text);
}
