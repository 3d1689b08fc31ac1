/**
 * The credentials that a command signs in with: that of the environment, and one for each owner that a user gives another one.
 * Settings come from the environment alone: a command knows no stack configuration.
 */
import { isSameClientId, mayBeOwnCredential } from "pulumi-atlas-secrets/internal/account";
import { type AtlasClient, createAtlasClient, type Transport } from "pulumi-atlas-secrets/internal/atlas";
import { parseSettings, type Settings } from "pulumi-atlas-secrets/internal/settings";
import type { AccountRef, AddressedAccount } from "pulumi-atlas-secrets/rotation";
import type { ListedAccount, Owner } from "../audit/inventory.js";
import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";

/** Ids of projects or organizations, with the prefix of the variables that hold their credential: `SHOP` for `SHOP_CLIENT_ID`. */
export type CredentialPrefixes = ReadonlyMap<string, string>;

/** An account with the prefix of its credential, where it has another one: commands that name it say so. */
export function toAddressed<T extends AccountRef>(account: T, prefixes: CredentialPrefixes): T & AddressedAccount {
  const credentialPrefix = prefixes.get(account.ownerId);
  return { ...account, ...(credentialPrefix !== undefined && { credentialPrefix }) };
}

/** The sentence, to follow a failure, that says how another credential is given; empty where that cannot help. */
export function hintCredential(error: unknown, { ownerId }: Pick<Owner, "ownerId">): string {
  const { status } = error as { status?: unknown };
  const canBeOther = status === 401 || status === 403 || status === 404;
  return canBeOther ? ` If another credential is needed for it: --credential ${ownerId}=PREFIX.` : "";
}

/** Tells which secret of a listed account is the one that this command signs in with. */
export type FindCandidates = (account: ListedAccount, serverTimeMs: number | undefined) => readonly string[];

/** Asks Atlas with one credential. */
export interface AtlasAccess {
  /** Of the variables that hold the credential, where it is not the usual one. */
  readonly prefix?: string;
  readonly settings: Settings;
  readonly client: AtlasClient;
  readonly findCandidates: FindCandidates;
}

const PREFIX = "MONGODB_ATLAS";

/** Names of variables that can hold a credential, without their prefix. */
const CREDENTIAL_VARIABLES = /^(ACCESS_TOKEN|CLIENT_ID|CLIENT_SECRET|(PUBLIC|PRIVATE)(_API)?_KEY)$/;

/**
 * The environment in which a credential is the one of the command; without a base URL of its own, that of the others counts.
 *
 * @throws CliFailure when no variable holds a part of a credential
 */
export function toCredentialEnv({ env }: Pick<Environment, "env">, prefix = PREFIX): Environment["env"] {
  const named = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(`${prefix}_`) ? [[name.slice(prefix.length + 1), value] as const] : [],
  );
  if (!named.some(([name, value]) => CREDENTIAL_VARIABLES.test(name) && value?.trim())) {
    throw new CliFailure(
      `No credential for Atlas: set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET (or an access token, or an API key) in the environment.`,
    );
  }
  if (prefix === PREFIX) return env;
  const rest = Object.entries(env).filter(([name]) => !name.startsWith(`${PREFIX}_`) || name === `${PREFIX}_BASE_URL`);
  return Object.fromEntries([...rest, ...named.map(([name, value]) => [`${PREFIX}_${name}`, value] as const)]);
}

/**
 * Reads the settings of one credential.
 *
 * @throws CliFailure when there is no credential
 * @throws SettingsError with every problem found
 */
export function parseEnvironment(environment: Pick<Environment, "env">, prefix = PREFIX): Settings {
  const env = toCredentialEnv(environment, prefix);
  try {
    return parseSettings({ config: () => undefined, env });
  } catch (error) {
    // Of another prefix the names in it are not those that are set.
    if (prefix === PREFIX || !(error instanceof Error)) throw error;
    throw new CliFailure(error.message.replaceAll(`${PREFIX}_`, `${prefix}_`));
  }
}

/** The credentials of one command. */
export interface OpenCredentials {
  /** Client ids of those that are service accounts and open. */
  clientIds(): string[];
  /** @throws CliFailure, SettingsError when the one of the environment is needed and cannot be used */
  find(owner: Owner): AtlasAccess;
  /** Gives every token back that was minted. */
  close(): Promise<void>;
}

/**
 * Opens each credential once; sends nothing. The one of the environment is read only when an owner needs it.
 *
 * @param command as a user types it, for messages: `atlas-secrets audit`
 * @param own settings in place of those of the environment, and a transport in place of the usual one
 * @throws CliFailure, SettingsError when one that is named cannot be used
 */
export function openCredentials(
  prefixes: CredentialPrefixes,
  environment: Pick<Environment, "env" | "now" | "sleep">,
  command: string,
  { settings: own, transport }: { readonly settings?: Settings; readonly transport?: Transport } = {},
): OpenCredentials {
  const opened = new Map<string, AtlasAccess>();
  const open = (prefix: string): AtlasAccess => {
    const known = opened.get(prefix);
    if (known) return known;
    const settings = prefix === PREFIX && own ? own : parseEnvironment(environment, prefix);
    const { now, sleep } = environment;
    const client = createAtlasClient({ settings, command, clock: { now, sleep }, ...(transport && { transport }) });
    const findCandidates = createFindCandidates(settings);
    const access = { settings, client, findCandidates, ...(prefix !== PREFIX && { prefix }) };
    opened.set(prefix, access);
    return access;
  };
  for (const prefix of prefixes.values()) open(prefix);
  return {
    clientIds: () =>
      [...opened.values()].flatMap(({ settings: { credential } }) =>
        credential.kind === "service-account" ? [credential.clientId] : [],
      ),
    find: ({ ownerId }) => open(prefixes.get(ownerId) ?? PREFIX),
    close: async () => {
      await Promise.all([...opened.values()].map(({ client }) => client.revokeToken()));
    },
  };
}

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
