/** The options that name sources, from text to data, for all commands that read them. */
import { type Command, InvalidArgumentError } from "commander";
import type { Selection } from "../audit/gather.js";
import type { Owner } from "../audit/inventory.js";
import { CliFailure } from "../failure.js";
import type { CredentialPrefixes } from "./credentials.js";

/** What the parser makes of them. */
export interface SourceOptions {
  readonly stack?: readonly string[];
  readonly allStacks?: true;
  readonly live?: true;
  readonly project?: readonly Owner[];
  readonly org?: readonly Owner[];
  readonly credential?: CredentialPrefixes;
  readonly unmanaged?: true;
  readonly allowEmpty?: true;
}

/** Adds them to a command. */
export function addSourceOptions(command: Command): Command {
  return command
    .argument("[files...]", "what 'pulumi stack export' or 'pulumi stack output --json' wrote; - for standard input")
    .option("--stack <name>", "read the state of this stack from the backend; repeatable", collect)
    .option("--all-stacks", "read the state of every stack of the backend")
    .option("--live", "ask Atlas what it holds (GET only, and one token)")
    .option("--project <id>", "with --live: list this project too; repeatable", createParseOwner("project"))
    .option("--org <id>", "with --live: list this organization too; repeatable", createParseOwner("organization"))
    .option(
      "--credential <id=prefix>",
      "with --live: sign in for this project or organization with PREFIX_CLIENT_ID and PREFIX_CLIENT_SECRET; repeatable",
      parseCredential,
    )
    .option("--unmanaged", "with --live: report unmanaged secrets of accounts that no source records, too")
    .option("--allow-empty", "take a file without a state and without an audit record for one that records nothing");
}

/**
 * Puts together what was asked for.
 *
 * @param purpose follows 'nothing to': `plan`
 * @throws CliFailure when it makes no sense, whatever there is to read
 */
export function toSelection(files: readonly string[], options: SourceOptions, purpose: string): Selection {
  const { stack: stacks = [], allStacks: hasAllStacks = false, live: isLive = false, project = [], org = [] } = options;
  const { credential: credentials = new Map(), unmanaged: hasUnmanaged = false, allowEmpty = false } = options;
  const owners = [...project, ...org];
  if (!isLive && owners.length > 0)
    throw new CliFailure("--project and --org need --live: they name what to ask Atlas for.");
  if (!isLive && (credentials.size > 0 || hasUnmanaged))
    throw new CliFailure("--credential and --unmanaged need --live.");
  if (files.length === 0 && stacks.length === 0 && !hasAllStacks && owners.length === 0) {
    throw new CliFailure(
      `Nothing to ${purpose}: name files, --stack or --all-stacks, or --live with --project or --org.`,
    );
  }
  const more = { credentials, hasUnmanaged, mayBeEmpty: allowEmpty };
  return { files, stacks, hasAllStacks, isLive, owners, ...more };
}

/** Parses `ID=PREFIX`, or `ID,ID=PREFIX`, and adds it to those that were given before. */
export function parseCredential(text: string, before: CredentialPrefixes = new Map()): CredentialPrefixes {
  const [, ids, prefix] = /^([a-f0-9]{24}(?:,[a-f0-9]{24})*)=([A-Z][A-Z0-9_]*)$/.exec(text) ?? [];
  if (ids === undefined || prefix === undefined) {
    throw new InvalidArgumentError(
      "Write ID=PREFIX: an id of 24 digits of a-f0-9, and how the variables' names begin.",
    );
  }
  return new Map([...before, ...ids.split(",").map((id) => [id, prefix] as const)]);
}

/** Adds a value to those that were given before. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Parses the id of an owner, and adds it to those that were given before. */
export function createParseOwner(level: Owner["level"]) {
  return (text: string, before: readonly Owner[] = []): readonly Owner[] => {
    if (!/^[a-f0-9]{24}$/.test(text)) throw new InvalidArgumentError("An id has 24 digits of a-f0-9.");
    return [...before, { level, ownerId: text }];
  };
}
