/** Asks Atlas for what the checks need: one token, and GET. */

import type { AtlasAccount, AtlasClient } from "pulumi-atlas-secrets/internal/atlas";
import type { Settings } from "pulumi-atlas-secrets/internal/settings";
import type { AccountRef, AddressedAccount } from "pulumi-atlas-secrets/rotation";
import { toClientKey } from "../audit/accounts.js";
import type { Owner } from "../audit/inventory.js";
import { toToldFailure } from "../failure.js";
import type { AccountFacts, AtlasFacts, Failure, OwnerFacts } from "./facts.js";
import type { Watch } from "./watch.js";

/** What to look at. */
export interface AskedAtlas {
  readonly owners: readonly Owner[];
  readonly accounts: readonly AskedAccount[];
}

type AskedAccount = AddressedAccount & Pick<AccountFacts, "resources">;

/** Lists every owner, or mints a token when there is none to list. What fails is a fact like others. */
export async function gatherAtlas(
  findClient: (owner?: Owner) => AtlasClient,
  watch: Watch,
  { credential }: Settings,
  { owners: asked, accounts: askedAccounts }: AskedAtlas,
): Promise<AtlasFacts> {
  const owners: OwnerFacts[] = [];
  const accounts: AccountFacts[] = [];
  for (const owner of asked) {
    const own = askedAccounts.filter((account) => isOf(account, owner));
    const before = watch.seen.length;
    const client = findClient(owner);
    try {
      const { value, ...time } = await client.fetchAccounts(owner);
      const ownRoles = watch.seen.slice(before).find((seen) => seen.ownRoles)?.ownRoles;
      owners.push({ ...owner, ...(ownRoles && { ownRoles }) });
      for (const account of own) accounts.push({ ...account, ...time, ...(await readHeld(client, account, value)) });
    } catch (error) {
      owners.push({ ...owner, failure: toFailure(error, watch) });
      accounts.push(...own.filter((account) => !accounts.some(({ clientId }) => clientId === account.clientId)));
    }
  }
  const mintFailure = asked.length === 0 ? await tryMint(findClient(), watch, credential) : undefined;
  return { seen: watch.seen, owners, accounts, ...(mintFailure && { mintFailure }) };
}

async function readHeld(
  client: AtlasClient,
  account: AskedAccount,
  listed: readonly AtlasAccount[],
): Promise<Pick<AccountFacts, "held">> {
  const found = listed.find((one) => toClientKey(one) === toClientKey(account));
  if (!found) return { held: null };
  return { held: found.secrets ?? (await client.fetchAccount(account)).value.secrets };
}

async function tryMint(
  client: AtlasClient,
  watch: Watch,
  credential: Settings["credential"],
): Promise<Failure | undefined> {
  if (credential.kind !== "service-account") return undefined;
  const { clientId, clientSecret: secret } = credential;
  try {
    const outcome = await client.verify({ clientId, secret });
    return outcome.kind === "minted" ? undefined : toFailure(outcome.error, watch);
  } catch (error) {
    return toFailure(error, watch);
  }
}

/** What a check may know of something that was thrown. */
export function toFailure(error: unknown, { seen }: Pick<Watch, "seen">): Failure {
  const { code, status } = error as { code?: unknown; status?: unknown };
  const { errorCode, call } = seen.at(-1) ?? {};
  return {
    message: toToldFailure(error).message,
    ...(typeof code === "string" && { code }),
    ...(typeof status === "number" && { status }),
    ...(errorCode !== undefined && { errorCode }),
    ...(call !== undefined && { call }),
  };
}

function isOf(account: AccountRef, { level, ownerId }: Owner): boolean {
  return account.level === level && account.ownerId === ownerId;
}
