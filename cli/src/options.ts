/**
 * The options of the command line, each defined once: the same flags, words and parsing wherever a command has it. Those with a
 * variable can also be set by it, and in the file of `--config`.
 */
import { InvalidArgumentError, Option } from "commander";
import type { Selection } from "./audit/gather.js";
import type { Owner } from "./audit/inventory.js";
import { CliFailure } from "./failure.js";
import type { CredentialPrefixes } from "./sources/credentials.js";

const option = (flags: string, description: string) => new Option(flags, description);

/** An option that a variable sets too: `ATLAS_SECRETS_MAX_LIFETIME` for `--max-lifetime`. */
function settable(flags: string, description: string): Option {
  const made = option(flags, description).argParser(String);
  return made.env(`ATLAS_SECRETS_${made.name().toUpperCase().replaceAll("-", "_")}`);
}

/** A limit in hours. */
export function createLimit(flags: string, description: string, hours: number): Option {
  return settable(`${flags} <hours>`, description).argParser(parseHours).default(hours);
}

/** What may follow a command that reads states. */
export const FILES = [
  "[files...]",
  "what 'pulumi stack export' or 'pulumi stack output --json' wrote; - for standard input",
] as const;

/** Those that several commands have, or that a person would look for under another command's name. */
export const OPTIONS = {
  stack: option("-s, --stack <name>", "read the state of this stack from the backend; repeatable").argParser(collect),
  allStacks: option("--all-stacks", "read the state of every stack of the backend"),
  live: option("--live", "ask Atlas what it holds (GET only, and one token)"),
  project: option("--project <id>", "ask Atlas for this project too; repeatable").argParser(
    createParseOwner("project"),
  ),
  organization: option(
    "--organization <id>",
    "ask Atlas for this organization too; an address that begins with this id is an organization's; repeatable",
  ).argParser(createParseOwner("organization")),
  credential: option(
    "--credential <id=prefix>",
    "sign in for this project or organization with PREFIX_CLIENT_ID and PREFIX_CLIENT_SECRET; repeatable",
  ).argParser(parseCredential),
  unmanaged: option("--unmanaged", "with --live: report unmanaged secrets of accounts that no source records, too"),
  allowEmpty: option(
    "--allow-empty",
    "accept a file with neither a state nor an audit record as one that records nothing",
  ),
  output: option("-o, --output <file>", "write there, whole or not at all; - for standard output"),
  json: option("--json", "short for --format json").implies({ format: "json" }),
  yes: option("-y, --yes", "do not ask"),
  cwd: option("-C, --cwd <folder>", "run as if started in this folder"),
  config: settable("--config <file>", "JSON with settings for this command, by long option name"),
  incomplete: settable("--incomplete <how>", "exit code when not everything could be read: fail with 2, or only warn")
    .choices(["fail", "warn"])
    .default("fail"),
  ignore: settable("--ignore <file>", "JSON list of accepted findings, each with a reason and an end date"),
  failOn: settable("--fail-on <severity>", "exit 1 if there is a finding of this severity or higher")
    .choices(["error", "warning", "info", "never"])
    .default("error"),
} as const;

/** `--format` with the formats of a command, the first by default. */
export function createFormat(formats: readonly string[]): Option {
  return option("-f, --format <format>", "format of the report").choices(formats).default(formats[0]);
}

/** The options that name sources. */
export const SOURCE_OPTIONS: readonly Option[] = [
  OPTIONS.stack,
  OPTIONS.allStacks,
  OPTIONS.live,
  OPTIONS.project,
  OPTIONS.organization,
  OPTIONS.credential,
  OPTIONS.unmanaged,
  OPTIONS.allowEmpty,
];

/** What the parser makes of them. */
export interface SourceOptions {
  readonly stack?: readonly string[];
  readonly allStacks?: true;
  readonly live?: true;
  readonly project?: readonly Owner[];
  readonly organization?: readonly Owner[];
  readonly credential?: CredentialPrefixes;
  readonly unmanaged?: true;
  readonly allowEmpty?: true;
}

/**
 * Puts together what was asked for.
 *
 * @param purpose follows 'nothing to': `plan`
 * @throws CliFailure when it makes no sense, whatever there is to read
 */
export function toSelection(files: readonly string[], options: SourceOptions, purpose: string): Selection {
  const { stack: stacks = [], allStacks: hasAllStacks = false, live: isLive = false } = options;
  const { project = [], organization = [], credential: credentials = new Map() } = options;
  const { unmanaged: hasUnmanaged = false, allowEmpty = false } = options;
  const owners = [...project, ...organization];
  if (!isLive && (owners.length > 0 || credentials.size > 0 || hasUnmanaged)) {
    throw new CliFailure(
      "--project, --organization, --credential and --unmanaged say what to ask Atlas for: add --live.",
    );
  }
  if (files.length === 0 && stacks.length === 0 && !hasAllStacks && owners.length === 0) {
    throw new CliFailure(
      `Nothing to ${purpose}: name files, --stack or --all-stacks, or --live with --project or --organization.`,
    );
  }
  return { files, stacks, hasAllStacks, isLive, owners, credentials, hasUnmanaged, mayBeEmpty: allowEmpty };
}

/**
 * The stack of a command that is about one.
 *
 * @throws CliFailure when there are several
 */
export function toOneStack({ stack = [] }: Pick<SourceOptions, "stack">): string | undefined {
  if (stack.length > 1) throw new CliFailure("This command takes one stack: run it once for each.");
  return stack[0];
}

/** Parses a number of hours. */
export function parseHours(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("Write a whole number of hours.");
  return Number(text);
}

/** Adds a value to those that were given before. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Parses `ID=PREFIX`, or `ID,ID=PREFIX`, and adds it to those that were given before. */
function parseCredential(text: string, before: CredentialPrefixes = new Map()): CredentialPrefixes {
  const [, ids, prefix] = /^([a-f0-9]{24}(?:,[a-f0-9]{24})*)=([A-Z][A-Z0-9_]*)$/.exec(text) ?? [];
  if (ids === undefined || prefix === undefined) {
    throw new InvalidArgumentError(
      "Write ID=PREFIX: an id of 24 digits of a-f0-9, and how the variables' names begin.",
    );
  }
  return new Map([...before, ...ids.split(",").map((id) => [id, prefix] as const)]);
}

/** Parses the id of an owner, and adds it to those that were given before. */
function createParseOwner(level: Owner["level"]) {
  return (text: string, before: readonly Owner[] = []): readonly Owner[] => {
    if (!/^[a-f0-9]{24}$/.test(text)) throw new InvalidArgumentError("An id is 24 characters of a-f and 0-9.");
    return [...before, { level, ownerId: text }];
  };
}
