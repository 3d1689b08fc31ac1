/**
 * Gathers from every source that was named, and puts what they say together: states first, Atlas's lists after them, so that what a
 * run records meanwhile is not missed. What cannot be read of a file, a stack, the backend or Atlas is an unread source.
 */
import { createHash } from "node:crypto";
import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";
import type { Progress } from "../progress.js";
import { fetchListing, type Listing } from "../sources/atlas.js";
import { openBackend } from "../sources/backend.js";
import { type CredentialPrefixes, type OpenCredentials, openCredentials } from "../sources/credentials.js";
import { type FileOptions, type Gathered, parseSource, toGathered } from "../sources/files.js";
import { fetchDated, STANDARD_INPUT } from "../sources/read-text.js";
import { parseStackExport } from "../sources/stack-export.js";
import { toCount } from "../wording.js";
import { compare, toClientKey } from "./accounts.js";
import { classify } from "./classify.js";
import type { FindingCode } from "./codes.js";
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

/** What was read, and the time that it is judged by: Atlas's, by which secrets expire, where it told one; else this machine's. */
export interface GatheredInventory {
  readonly inventory: Inventory;
  readonly nowMs: number;
  readonly nowFrom: "atlas" | "machine";
}

/**
 * Reads what can be read. A stack that a run changes between its state and Atlas's lists is read once more, with them.
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
  // Known before anything is read: a long wait for an answer that cannot come helps nobody.
  const credentials = openCredentials(selection.credentials, environment, command);
  for (const owner of selection.isLive ? selection.owners : []) credentials.find(owner);
  const files = await fetchFiles(selection.files, environment, selection);
  const attempt = async (owners: readonly Owner[]) => {
    const stacks = await fetchStacks(selection, environment, progress);
    const asked = { ...selection, owners: [...selection.owners, ...owners] };
    const gathered = await putTogether(files, stacks, asked, credentials.find, environment, progress);
    return { gathered, changed: selection.isLive ? await findChanged(stacks, gathered) : [] };
  };
  try {
    const first = await attempt([]);
    if (first.changed.length === 0) return first.gathered;
    // What a destroyed stack recorded is still asked for.
    const { gathered, changed } = await attempt(first.gathered.inventory.listedOwners);
    const unread = changed.map((source) => ({ source, message: CHANGING }));
    const inventory = { ...gathered.inventory, unreadSources: [...gathered.inventory.unreadSources, ...unread] };
    return { ...gathered, inventory };
  } finally {
    await credentials.close();
  }
}

const CHANGING =
  "a run changed it while Atlas was asked, so that what is found of it may be over: ask again once the run has ended.";

/** What a run between a state and Atlas's lists looks like. */
const CONTRADICTIONS: readonly FindingCode[] = [
  "missing-on-atlas",
  "account-unassigned",
  "unmanaged",
  "both-slots-taken",
  "expiry-shortened",
];

/** Of the stacks that Atlas's lists seem to contradict those that are not any more what was read. */
async function findChanged(
  { changeChecks }: FetchedStacks,
  { inventory, nowMs }: GatheredInventory,
): Promise<string[]> {
  if (changeChecks.size === 0) return [];
  const faults = classify(inventory, nowMs).filter(({ code }) => CONTRADICTIONS.includes(code));
  const doubtful = new Set(faults.flatMap(({ account }) => (account ? toClientKey(account) : [])));
  const names = inventory.resources.flatMap(({ source, reading }) =>
    doubtful.has(toClientKey(reading.account)) ? source : [],
  );
  const changed: string[] = [];
  for (const name of new Set(names)) if (await changeChecks.get(name)?.()) changed.push(name);
  return changed;
}

function toDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function putTogether(
  files: Fetched,
  stacks: Fetched,
  { isLive, hasAllStacks, hasUnmanaged, owners: named }: Selection,
  findAccess: OpenCredentials["find"],
  environment: Environment,
  progress: Progress,
): Promise<GatheredInventory> {
  const recorded = [...files.gathered, ...stacks.gathered];
  const resources = recorded.flatMap((one) => one.resources);
  const owners = toOwners([...named, ...resources.map(({ reading }) => reading.account)]);
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
    listing = await fetchListing(findAccess, owners, note);
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
  const nowFrom = serverTimeMs === undefined ? "machine" : "atlas";
  return { inventory, nowMs: serverTimeMs ?? environment.now(), nowFrom };
}

function toAtlasSource(asOfMs: number | undefined): Source {
  return { name: ATLAS, kind: "atlas", ...(asOfMs !== undefined && { asOfMs }) };
}

/** What was read, and what could not be. */
interface Fetched {
  readonly gathered: readonly Gathered[];
  readonly unread: readonly UnreadSource[];
}

interface FetchedStacks extends Fetched {
  /** By the name of the source: reads the stack again, and tells whether it is not what was read. */
  readonly changeChecks: ReadonlyMap<string, () => Promise<boolean>>;
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
): Promise<FetchedStacks> {
  const gathered = new Map<string, Gathered>();
  const changeChecks = new Map<string, () => Promise<boolean>>();
  const { unread, attempt } = createAttempts();
  if (stacks.length === 0 && !hasAllStacks) return { gathered: [], unread, changeChecks };
  const backend = await attempt("backend", () => openBackend(environment));
  if (!backend) return { gathered: [], unread, changeChecks };
  const listed = hasAllStacks ? await attempt("backend", backend.listStacks) : [];
  const names = [...new Set([...stacks, ...(listed ?? [])])];
  for (const [index, stack] of names.entries()) {
    progress.say(`Stack ${index + 1} of ${names.length}: ${stack}`);
    await attempt(`stack ${stack}`, async () => {
      const asOfMs = environment.now();
      const [full, text] = [await backend.fetchFullName(stack), await backend.exportStack(stack)];
      const name = `stack ${full}`;
      if (gathered.has(name)) return;
      gathered.set(name, toGathered(parseStackExport(text, name), { name, kind: "stack", asOfMs }));
      const digest = toDigest(text);
      // One that cannot be read any more has changed as well: a run may have removed it.
      changeChecks.set(name, async () => toDigest(await backend.exportStack(stack).catch(() => "")) !== digest);
    });
  }
  return { gathered: [...gathered.values()], unread, changeChecks };
}

/** Each owner once, in an order that does not depend on that of the sources. */
function toOwners(all: readonly Owner[]): Owner[] {
  const byId = new Map(all.map(({ level, ownerId }) => [`${level} ${ownerId}`, { level, ownerId }]));
  return [...byId.entries()].sort(([a], [b]) => compare(a, b)).map(([, owner]) => owner);
}
