/**
 * Gathers from every source that was named, and puts what they say together: states first, Atlas's lists after them, so that what a
 * run records meanwhile is not missed. What cannot be read of a file, a stack, the backend or Atlas is an unread source.
 */

import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";
import type { Progress } from "../progress.js";
import { fetchListing, type Listing } from "../sources/atlas.js";
import { openBackend } from "../sources/backend.js";
import { type CredentialPrefixes, openCredentials } from "../sources/credentials.js";
import { type FileOptions, type Gathered, parseSource, toGathered } from "../sources/files.js";
import { fetchDated, STANDARD_INPUT } from "../sources/read-text.js";
import { parseStackExport } from "../sources/stack-export.js";
import { toCount } from "../wording.js";
import { compare } from "./accounts.js";
import { ATLAS, type Inventory, type Owner, type Source, type UnreadSource } from "./inventory.js";

/** What to read. */
export interface Selection extends FileOptions {
  /** Paths; `-` is the standard input. */
  readonly files: readonly string[];
  readonly stacks: readonly string[];
  readonly hasAllStacks: boolean;
  readonly isLive: boolean;
  /** Owners to list on Atlas besides those that the records name. */
  readonly owners: readonly Owner[];
  /** Owners with another credential than that of the environment. */
  readonly credentials: CredentialPrefixes;
  /** Whether secrets of accounts that no source records are found too. */
  readonly hasUnmanaged: boolean;
}

/** What was read, with Atlas's time if it was asked and told. */
export interface GatheredInventory {
  readonly inventory: Inventory;
  readonly serverTimeMs?: number;
}

/**
 * Reads what can be read.
 *
 * @param command as a user types it, for messages
 * @throws CliFailure when nothing can be read of all that was named
 */
export async function gather(
  selection: Selection,
  environment: Environment,
  progress: Progress,
  command = "atlas-secrets audit",
): Promise<GatheredInventory> {
  const { isLive, hasAllStacks, hasUnmanaged } = selection;
  // Known before anything is read: a long wait for an answer that cannot come helps nobody.
  const credentials = openCredentials(selection.credentials, environment, command);
  for (const owner of isLive ? selection.owners : []) credentials.find(owner);
  const files = await fetchFiles(selection.files, environment, selection);
  const stacks = await fetchStacks(selection, environment, progress);
  const recorded = [...files.gathered, ...stacks.gathered];
  const resources = recorded.flatMap((one) => one.resources);
  const owners = toOwners([...selection.owners, ...resources.map(({ reading }) => reading.account)]);
  let listing: Listing = { listedOwners: [], accounts: [], credentials: [], unreadSources: [] };
  if (isLive) {
    if (owners.length === 0 && files.unread.length + stacks.unread.length === 0) {
      throw new CliFailure(
        "Nothing to ask Atlas for: no source names a project or organization; name one with --project or --organization.",
      );
    }
    const note = (done: number) =>
      progress.say(
        `Atlas: ${done} of ${toCount(owners.length, "project or organization", "projects and organizations")} read`,
      );
    listing = await fetchListing(credentials.find, owners, note).finally(credentials.close);
  }
  const { serverTimeMs, unreadSources: unlisted, ...listed } = listing;
  const unreadSources = [
    ...files.unread,
    ...stacks.unread,
    ...recorded.flatMap((one) => one.unreadSources),
    ...unlisted,
  ];
  const [first] = unreadSources;
  if (first && recorded.length === 0 && listed.listedOwners.length === 0) throw new CliFailure(first.message);
  // Records are dated by this machine's clock, secrets by Atlas's.
  const aheadMs = serverTimeMs === undefined ? 0 : serverTimeMs - environment.now();
  const sources = recorded.map(({ source: { asOfMs, ...source } }) => {
    return { ...source, ...(asOfMs !== undefined && { asOfMs: asOfMs + aheadMs }) };
  });
  const inventory = {
    sources: listed.listedOwners.length > 0 ? [...sources, toAtlasSource(serverTimeMs)] : sources,
    resources,
    pendingOperations: recorded.flatMap((one) => one.pendingOperations),
    unreadSources,
    hasAllStacks,
    hasUnmanaged: hasAllStacks || hasUnmanaged,
    ...listed,
  };
  return { inventory, ...(serverTimeMs !== undefined && { serverTimeMs }) };
}

function toAtlasSource(asOfMs: number | undefined): Source {
  return { name: ATLAS, kind: "atlas", ...(asOfMs !== undefined && { asOfMs }) };
}

/** What was read, and what could not be. */
interface Fetched {
  readonly gathered: readonly Gathered[];
  readonly unread: readonly UnreadSource[];
}

/** Reads the files that a user names; `-` is the standard input. */
export async function fetchFiles(
  files: readonly string[],
  environment: Environment,
  options: FileOptions,
): Promise<Fetched> {
  const gathered: Gathered[] = [];
  const { unread, attempt } = createAttempts();
  // One after another: of a large state only what is needed stays in memory.
  for (const file of files) {
    const name = file === "-" ? STANDARD_INPUT : file;
    await attempt(name, async () => {
      const { text, asOfMs } = await fetchDated(file, environment);
      const { source, ...rest } = parseSource(text, name, options);
      gathered.push({ ...rest, source: { ...source, asOfMs } });
    });
  }
  return { gathered, unread };
}

/** A failure ends one read, and not the report. */
function createAttempts() {
  const unread: UnreadSource[] = [];
  const attempt = async <T>(source: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      unread.push({ source, message: error.message });
      return undefined;
    }
  };
  return { unread, attempt };
}

async function fetchStacks(
  { stacks, hasAllStacks }: Pick<Selection, "stacks" | "hasAllStacks">,
  environment: Environment,
  progress: Progress,
): Promise<Fetched> {
  const gathered = new Map<string, Gathered>();
  const { unread, attempt } = createAttempts();
  if (stacks.length === 0 && !hasAllStacks) return { gathered: [], unread };
  const backend = await attempt("backend", () => openBackend(environment));
  const listed = backend && hasAllStacks ? await attempt("backend", backend.listStacks) : [];
  const names = backend ? [...new Set([...stacks, ...(listed ?? [])])] : [];
  for (const [index, stack] of names.entries()) {
    progress.say(`Stack ${index + 1} of ${names.length}: ${stack}`);
    await attempt(`stack ${stack}`, async () => {
      const asOfMs = environment.now();
      const [full, text] = [await backend?.fetchFullName(stack), await backend?.exportStack(stack)];
      const name = `stack ${full}`;
      if (text !== undefined && !gathered.has(name))
        gathered.set(name, toGathered(parseStackExport(text, name), { name, kind: "stack", asOfMs }));
    });
  }
  return { gathered: [...gathered.values()], unread };
}

/** Each owner once, in an order that does not depend on that of the sources. */
function toOwners(all: readonly Owner[]): Owner[] {
  const byId = new Map(all.map(({ level, ownerId }) => [`${level} ${ownerId}`, { level, ownerId }]));
  return [...byId.entries()].sort(([a], [b]) => compare(a, b)).map(([, owner]) => owner);
}
