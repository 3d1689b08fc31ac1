/** The options of `audit`, from text to data: what is wrong with one is said in one sentence, before anything is read. */
import { InvalidArgumentError } from "commander";
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import type { Environment } from "../environment.js";
import type { IncompleteOptions } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { createLimit, type SourceOptions } from "../options.js";
import type { Format } from "../render/index.js";
import type { Severity } from "./codes.js";
import { type AuditLimits, DEFAULT_LIMITS } from "./rules/situation.js";

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** When to judge, as a user writes it: a time, or a length of time from now on. */
export type AskedTime = { readonly atMs: number } | { readonly inMs: number };

/** From which severity on the exit code says that there are findings. */
export type FailOn = Severity | "never";

/** What the parser makes of the options of `audit`. */
export interface AuditOptions extends SourceOptions, IncompleteOptions {
  readonly at?: AskedTime;
  readonly format: Format;
  readonly output?: string;
  readonly failOn: FailOn;
  /** Path of the file with accepted findings. */
  readonly ignore?: string;
  readonly maxLifetime: number;
  readonly grace: number;
  readonly unusedAfter: number;
  readonly credentialEnd: number;
  readonly watch?: true;
  /** Seconds. */
  readonly interval?: number;
}

/** The limits, which a variable or a file can set too. */
export const LIMIT_OPTIONS = [
  createLimit("--max-lifetime", "report secrets whose lifetime exceeds this", DEFAULT_LIMITS.maxLifetimeHours),
  createLimit("--grace", "how long an overdue secret may go without a successor", DEFAULT_LIMITS.graceHours),
  createLimit("--unused-after", "report secrets older than this that were never used", DEFAULT_LIMITS.unusedAfterHours),
  createLimit(
    "--credential-end",
    "report the audit's own credential this long before it expires",
    DEFAULT_LIMITS.credentialHours,
  ),
];

/** The limits of one audit. */
export function toLimits({ maxLifetime, grace, unusedAfter, credentialEnd }: AuditOptions): AuditLimits {
  return {
    maxLifetimeHours: maxLifetime,
    graceHours: grace,
    unusedAfterHours: unusedAfter,
    credentialHours: credentialEnd,
  };
}

/**
 * Refuses what cannot be shown again and again, before anything is read.
 *
 * @throws CliFailure
 */
export function assertWatchable(
  files: readonly string[],
  { watch, output, interval }: AuditOptions,
  { stdout }: Pick<Environment, "stdout">,
): void {
  if (!watch && interval !== undefined) throw new CliFailure("--interval needs --watch.");
  if (watch && (!stdout.isTTY || output !== undefined))
    throw new CliFailure("--watch needs a terminal, and no --output.");
  if (watch && files.includes("-"))
    throw new CliFailure("--watch cannot read the standard input again and again: name a file.");
}

/** Parses `--at`: ISO 8601 with its zone, a day (UTC), or `+30d`, `+12h`. */
export function parseAt(text: string): AskedTime {
  const [, count, unit = ""] = /^\+(\d{1,5})([hd])$/.exec(text) ?? [];
  if (count !== undefined) return { inMs: Number(count) * Number(UNITS_MS[unit]) };
  const atMs = parseIsoTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (atMs === undefined) throw new InvalidArgumentError("Write 2026-12-24T08:00:00Z, 2026-12-24, +30d or +12h.");
  return { atMs };
}

/** Parses a number of seconds. */
export function parseSeconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("Write a whole number of seconds, at least 1.");
  return Number(text);
}
