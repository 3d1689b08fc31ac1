/** Gathers from every source that was named, and puts what they say together. */

import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";
import type { Progress } from "../progress.js";
import { createClient, createFindCandidates, fetchListing, type Listing, parseEnvironment } from "../sources/atlas.js";
import { openBackend } from "../sources/backend.js";
import { type Gathered, parseSource, toGathered } from "../sources/files.js";
import { parseJson } from "../sources/json.js";
import { fetchText, STANDARD_INPUT } from "../sources/read-text.js";
import { dropSecrets } from "../sources/secret-marks.js";
import { toStackExport } from "../sources/stack-export.js";
import { toCount } from "../wording.js";
import { compare } from "./accounts.js";
import { ATLAS, type Inventory, type Owner } from "./inventory.js";

/** What to read. */
export interface Selection {
  /** Paths; `-` is the standard input. */
  readonly files: readonly string[];
  readonly stacks: readonly string[];
  readonly hasAllStacks: boolean;
  readonly isLive: boolean;
  /** Owners to list on Atlas besides those that the records name. */
  readonly owners: readonly Owner[];
}

/** What was read, with Atlas's time if it was asked and told. */
export interface GatheredInventory {
  readonly inventory: Inventory;
  readonly serverTimeMs?: number;
}

/**
 * Reads all of it, or rejects.
 *
 * @param command as a user types it, for messages
 * @throws CliFailure, AtlasError
 */
export async function gather(
  selection: Selection,
  environment: Environment,
  progress: Progress,
  command = "atlas-secrets audit",
): Promise<GatheredInventory> {
  // Known before anything is read: a long wait for an answer that cannot come helps nobody.
  const settings = selection.isLive ? parseEnvironment(environment) : undefined;
  const recorded = [
    ...(await fetchFiles(selection.files, environment)),
    ...(await fetchStacks(selection, environment, progress)),
  ];
  const resources = recorded.flatMap((one) => one.resources);
  const owners = toOwners([...selection.owners, ...resources.map(({ reading }) => reading.account)]);
  let listing: Listing = { listedOwners: [], accounts: [], unreadSources: [] };
  if (settings) {
    if (owners.length === 0) {
      throw new CliFailure(
        "Nothing to ask Atlas for: no source names a project or organization; name one with --project or --org.",
      );
    }
    const client = createClient(settings, command, environment);
    const note = (done: number) =>
      progress.say(
        `Atlas: ${done} of ${toCount(owners.length, "project or organization", "projects and organizations")} read`,
      );
    listing = await fetchListing(client, owners, createFindCandidates(settings), note).finally(() =>
      client.revokeToken(),
    );
  }
  const { serverTimeMs, unreadSources, ...listed } = listing;
  const atlas = settings ? [{ name: ATLAS, kind: "atlas" as const }] : [];
  const inventory = {
    sources: [...recorded.map(({ source }) => source), ...atlas],
    resources,
    pendingOperations: recorded.flatMap((one) => one.pendingOperations),
    unreadSources: [...recorded.flatMap((one) => one.unreadSources), ...unreadSources],
    ...listed,
  };
  return { inventory, ...(serverTimeMs !== undefined && { serverTimeMs }) };
}

/**
 * Reads the files that a user names; `-` is the standard input.
 *
 * @throws CliFailure when one cannot be read
 */
export async function fetchFiles(files: readonly string[], environment: Environment): Promise<Gathered[]> {
  const gathered: Gathered[] = [];
  // One after another: of a large state only what is needed stays in memory.
  for (const file of files) {
    const name = file === "-" ? STANDARD_INPUT : file;
    gathered.push(parseSource(await fetchText(file, environment), name));
  }
  return gathered;
}

async function fetchStacks(
  { stacks, hasAllStacks }: Selection,
  environment: Environment,
  progress: Progress,
): Promise<Gathered[]> {
  if (stacks.length === 0 && !hasAllStacks) return [];
  const backend = await openBackend(environment);
  const names = [...new Set([...stacks, ...(hasAllStacks ? await backend.listStacks() : [])])];
  const gathered: Gathered[] = [];
  for (const [index, stack] of names.entries()) {
    progress.say(`Stack ${index + 1} of ${names.length}: ${stack}`);
    const name = `stack ${stack}`;
    const state = toStackExport(dropSecrets(parseJson(await backend.exportStack(stack), name)), name);
    gathered.push(toGathered(state, { name, kind: "stack" }));
  }
  return gathered;
}

/** Each owner once, in an order that does not depend on that of the sources. */
function toOwners(all: readonly Owner[]): Owner[] {
  const byId = new Map(all.map(({ level, ownerId }) => [`${level} ${ownerId}`, { level, ownerId }]));
  return [...byId.entries()].sort(([a], [b]) => compare(a, b)).map(([, owner]) => owner);
}
