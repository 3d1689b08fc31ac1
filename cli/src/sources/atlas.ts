/**
 * Asks Atlas what it holds: paged lists of service accounts, with nothing but GET and the mint of the audit's own token. An
 * account is asked for by itself only when a list does not show its secrets.
 */
import { isSameClientId, mayBeOwnCredential } from "pulumi-atlas-secrets/internal/account";
import {
  type AccountRef,
  type AtlasAccount,
  type AtlasClient,
  createAtlasClient,
} from "pulumi-atlas-secrets/internal/atlas";
import { parseSettings, type Settings } from "pulumi-atlas-secrets/internal/settings";
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import { ATLAS, type ListedAccount, type Owner, type UnreadSource, type UsedCredential } from "../audit/inventory.js";
import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";

/** Owners that are asked for at a time. */
const CONCURRENCY = 4;

/** What Atlas said. */
export interface Listing {
  readonly listedOwners: readonly Owner[];
  readonly accounts: readonly ListedAccount[];
  readonly unreadSources: readonly UnreadSource[];
  /** Atlas's time at its latest answer; absent when no answer held one. */
  readonly serverTimeMs?: number;
  /** The credential that asked, when it is one of a listed account. */
  readonly credential?: UsedCredential;
}

/** Environment variables that can hold a credential. */
const CREDENTIAL_VARIABLES = /^MONGODB_ATLAS_(ACCESS_TOKEN|CLIENT_ID|CLIENT_SECRET|(PUBLIC|PRIVATE)(_API)?_KEY)$/;

/**
 * Reads the settings from the environment: a command knows no stack configuration.
 *
 * @throws CliFailure when there is no credential
 * @throws SettingsError with every problem found
 */
export function parseEnvironment({ env }: Pick<Environment, "env">): Settings {
  const hasCredential = Object.entries(env).some(([name, value]) => CREDENTIAL_VARIABLES.test(name) && value?.trim());
  if (!hasCredential) {
    throw new CliFailure(
      "No credential for Atlas: set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET (or an access token, or an API key) in the environment.",
    );
  }
  return parseSettings({ config: () => undefined, env });
}

/**
 * A client for this command, which its messages name.
 *
 * @param command as a user types it: `atlas-secrets audit`
 */
export function createClient(settings: Settings, command: string, { now, sleep }: Pick<Environment, "now" | "sleep">) {
  return createAtlasClient({ settings, command, clock: { now, sleep } });
}

/** Tells which secret of a listed account is the one that this command signs in with. */
export type FindCandidates = (account: ListedAccount, serverTimeMs: number | undefined) => readonly string[];

/**
 * Compares the masks of the account that the credential is of with its value. Where none fits, every secret that has not expired
 * can be it.
 */
export function createFindCandidates({ credential }: Settings): FindCandidates {
  return ({ clientId, secrets }, serverTimeMs = 0) => {
    if (credential.kind !== "service-account" || !isSameClientId(credential.clientId, clientId)) return [];
    const own = { clientId, secret: credential.clientSecret };
    const live = secrets.filter(({ expiresAtMs }) => expiresAtMs > serverTimeMs);
    const fitting = live.filter(({ maskedSecretValue }) => mayBeOwnCredential({ clientId, maskedSecretValue }, own));
    return (fitting.length > 0 ? fitting : live).map(({ id }) => id);
  };
}

/**
 * Lists the accounts of every owner. An owner that this credential may not see is an unread source, unless it sees none of them; anything
 * else that fails ends it.
 *
 * @param note is told how many owners are done
 * @throws AtlasError when Atlas does not answer as it should
 */
export async function fetchListing(
  client: AtlasClient,
  owners: readonly Owner[],
  findCandidates: FindCandidates,
  note: (done: number) => void = () => {},
): Promise<Listing> {
  const results: OwnerListing[] = [];
  const waiting = [...owners.entries()].reverse();
  let done = 0;
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [index, owner] = next;
      // Nobody waits for the rest once one has failed.
      results[index] = await fetchOwner(client, owner).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
      note(++done);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const failed = results.flatMap(({ failure }) => failure ?? []);
  if (failed[0] && failed.length === owners.length) throw failed[0];
  const times = results.flatMap(({ serverTimeMs }) => serverTimeMs ?? []);
  const credentials = results.flatMap(({ accounts, serverTimeMs }) =>
    accounts.map((account) => ({ clientId: account.clientId, candidateIds: findCandidates(account, serverTimeMs) })),
  );
  const credential = credentials.find(({ candidateIds }) => candidateIds.length > 0);
  return {
    listedOwners: owners.filter((_, index) => !results[index]?.failure),
    accounts: results.flatMap(({ accounts }) => accounts).map(withoutMasks),
    unreadSources: failed.map(({ message }) => ({ source: ATLAS, message })),
    ...(times.length > 0 && { serverTimeMs: Math.max(...times) }),
    ...(credential && { credential }),
  };
}

/** A mask shows the end of a value: no report needs it. */
function withoutMasks({ secrets, ...account }: ListedAccount): ListedAccount {
  return { ...account, secrets: secrets.map(({ maskedSecretValue: _, ...secret }) => secret) };
}

interface OwnerListing {
  readonly accounts: readonly ListedAccount[];
  /** Why this credential does not see it. */
  readonly failure?: Error;
  readonly serverTimeMs?: number;
}

async function fetchOwner(client: AtlasClient, { level, ownerId }: Owner): Promise<OwnerListing> {
  try {
    const { value, ...time } = await client.fetchAccounts({ level, ownerId });
    const accounts: ListedAccount[] = [];
    for (const account of value) {
      const ref = { level, ownerId, clientId: account.clientId };
      accounts.push({ ...ref, secrets: await fetchSecrets(client, ref, account) });
    }
    return { accounts, ...time };
  } catch (error) {
    const status = (error as { status?: unknown }).status;
    if (!(error instanceof Error) || (status !== 403 && status !== 404)) throw error;
    return { accounts: [], failure: error };
  }
}

async function fetchSecrets(
  client: AtlasClient,
  ref: AccountRef,
  { secrets }: AtlasAccount,
): Promise<readonly HeldSecret[]> {
  return secrets ?? (await client.fetchAccount(ref)).value.secrets;
}
