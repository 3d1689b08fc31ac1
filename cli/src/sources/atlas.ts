/**
 * Asks Atlas what it holds: paged lists of service accounts, with nothing but GET, the mint of the audit's own token and its revocation. An
 * account is asked for by itself only when a list does not show its secrets. An owner that cannot be read is an unread source.
 */
import type { AtlasClient } from "pulumi-atlas-secrets/internal/atlas";
import type { AccountRef, HeldSecret } from "pulumi-atlas-secrets/rotation";
import { ATLAS, type ListedAccount, type Owner, type UnreadSource, type UsedCredential } from "../audit/inventory.js";
import { toCount } from "../wording.js";
import { type AtlasAccess, hintCredential } from "./credentials.js";

/** Owners that are asked for at a time. */
const CONCURRENCY = 4;

/** What Atlas said. */
export interface Listing {
  readonly listedOwners: readonly Owner[];
  readonly accounts: readonly ListedAccount[];
  readonly unreadSources: readonly UnreadSource[];
  /** Atlas's time at its latest answer; absent when no answer held one. */
  readonly serverTimeMs?: number;
  /** The credentials that asked and are those of listed accounts. */
  readonly credentials: readonly UsedCredential[];
}

/**
 * Lists the accounts of every owner. A credential that is refused, or an Atlas that does not answer, is not asked again: with what
 * it was to read, that is one unread source.
 *
 * @param note is told how many owners are done
 * @throws what is no failure of Atlas
 */
export async function fetchListing(
  findAccess: (owner: Owner) => AtlasAccess,
  owners: readonly Owner[],
  note: (done: number) => void = () => {},
): Promise<Listing> {
  const results: OwnerListing[] = [];
  const ended = new Map<AtlasAccess, { message: string; skipped: number }>();
  const waiting = [...owners.entries()].reverse();
  let done = 0;
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [index, owner] = next;
      const access = findAccess(owner);
      const end = ended.get(access);
      if (end) end.skipped++;
      else results[index] = await fetchOwner(access, owner);
      const { failure } = results[index] ?? {};
      if (failure?.isOfCredential && !ended.has(access)) ended.set(access, { message: failure.message, skipped: 0 });
      note(++done);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const times = results.flatMap(({ serverTimeMs }) => serverTimeMs ?? []);
  const failed = results.flatMap(({ failure }) => (failure && !failure.isOfCredential ? [failure.message] : []));
  const skipped = [...ended.values()].map(({ message, skipped: count }) =>
    count === 0 ? message : `${message} ${toCount(count, "other was", "others were")} not asked either.`,
  );
  return {
    listedOwners: owners.filter((_, index) => results[index] && !results[index].failure),
    accounts: results.flatMap(({ accounts }) => accounts).map(withoutMasks),
    credentials: results.flatMap(({ credentials }) => credentials),
    unreadSources: [...skipped, ...failed].map((message) => ({ source: ATLAS, message })),
    ...(times.length > 0 && { serverTimeMs: Math.max(...times) }),
  };
}

/** A mask shows the end of a value: no report needs it. */
function withoutMasks({ secrets, ...account }: ListedAccount): ListedAccount {
  return { ...account, secrets: secrets.map(({ maskedSecretValue: _, ...secret }) => secret) };
}

interface OwnerListing {
  readonly accounts: readonly ListedAccount[];
  readonly credentials: readonly UsedCredential[];
  /** Why it could not be read. */
  readonly failure?: { readonly message: string; readonly isOfCredential: boolean };
  readonly serverTimeMs?: number;
}

async function fetchOwner(
  { client, findCandidates, prefix }: AtlasAccess,
  { level, ownerId }: Owner,
): Promise<OwnerListing> {
  try {
    const { value, serverTimeMs } = await client.fetchAccounts({ level, ownerId });
    const accounts: ListedAccount[] = [];
    for (const { clientId, name, secrets } of value) {
      const ref = { level, ownerId, clientId };
      const known = { ...ref, ...(name && { name }), ...(prefix !== undefined && { credentialPrefix: prefix }) };
      accounts.push({ ...known, secrets: await fetchSecrets(client, ref, secrets) });
    }
    const credentials = accounts.map((account) => {
      return { clientId: account.clientId, candidateIds: findCandidates(account, serverTimeMs) };
    });
    return {
      accounts,
      credentials: credentials.filter(({ candidateIds }) => candidateIds.length > 0),
      ...(serverTimeMs !== undefined && { serverTimeMs }),
    };
  } catch (error) {
    const { code, status } = error as { code?: unknown; status?: unknown };
    if (!(error instanceof Error) || typeof code !== "string") throw error;
    const isOfCredential = code === "authentication" || status === undefined;
    const message = `${error.message}${hintCredential(error, { ownerId })}`;
    return { accounts: [], credentials: [], failure: { message, isOfCredential } };
  }
}

async function fetchSecrets(
  client: AtlasClient,
  ref: AccountRef,
  shown: readonly HeldSecret[] | undefined,
): Promise<readonly HeldSecret[]> {
  return shown ?? (await client.fetchAccount(ref)).value.secrets;
}
