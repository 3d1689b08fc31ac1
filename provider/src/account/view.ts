/**
 * What does the account hold, and what is each secret to us? The one way to look at an account: Atlas's answer, with what this
 * process created or deleted a moment ago, the server's time, and what the stack records. A missing account is read right: Atlas
 * answers 404 for a secret, an account and a project alike, and nowhere says which status an unknown id gets.
 */
import { describeAccount } from "../atlas/account-ref.js";
import { isOwnerUnseen } from "../atlas/advice.js";
import type { AccountRef } from "../atlas/types.js";
import type { Clock } from "../clock.js";
import { RejectionError } from "../errors.js";
import { isSameClientId } from "../ids.js";
import type { AccountView } from "../rotation/account-view.js";
import type { KnownSecrets } from "./known-secrets.js";
import type { AccountLocks } from "./locks.js";
import type { Operation } from "./operation.js";
import { mayBeOwnCredential } from "./own-credential.js";
import type { AccountSnapshots, Shown } from "./snapshots.js";

/** What all operations of a process share. */
export interface AccountProcess {
  readonly clock: Clock;
  readonly locks: AccountLocks;
  readonly known: KnownSecrets;
  readonly snapshots: AccountSnapshots;
}

/**
 * Looks at an account.
 *
 * @throws AtlasError as the client does, also when the account seems unknown
 */
export async function viewAccount(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
): Promise<AccountView> {
  const { value, serverTimeMs } = await operation.client.fetchAccount(account);
  const time = serverTimeMs === undefined ? {} : { serverAheadMs: serverTimeMs - process.clock.now() };
  return toView(process, operation, account, { secrets: value.secrets, ...time });
}

/**
 * What a list of the owner's accounts showed at most 30 s ago, when this run touches several of them; `undefined` otherwise. For
 * looks that nothing is deleted on, and that follow no write.
 *
 * @param shownIds secrets that it has to show: that one is gone, only a look at the account itself tells
 */
export async function findSharedView(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
  shownIds: readonly string[] = [],
): Promise<AccountView | undefined> {
  const shown = await process.snapshots.find(operation.client, account);
  if (!shownIds.every((id) => shown?.secrets.some((secret) => secret.id === id))) return undefined;
  return shown && toView(process, operation, account, shown);
}

function toView(
  { known }: AccountProcess,
  { credential }: Operation,
  account: AccountRef,
  { secrets: held, ...time }: Shown,
): AccountView {
  const { clientId } = account;
  const listed = new Set(held.map(({ id }) => id));
  known.noteListed(clientId, listed);
  const all = [...held, ...known.createdOn(clientId)];
  const secrets = all
    .filter(({ id }) => !known.isDeleted(clientId, id))
    .map((secret) => ({
      ...secret,
      role: known.roleOf(clientId, secret.id),
      mayBeCredential: mayBeOwnCredential({ clientId, maskedSecretValue: secret.maskedSecretValue }, credential),
    }));
  return { account, secrets, isRecordComplete: known.isComplete(clientId), ...time };
}

/**
 * Looks at an account, and when it seems unknown, for it in its owner's list; `undefined` when the complete list lacks it: it
 * was unassigned or deleted.
 *
 * @param question what the view is to tell, for the message of a failure
 * @throws AtlasError when either look fails otherwise, or when the list holds an account that seems unknown
 */
export async function findAccount(
  process: AccountProcess,
  operation: Operation,
  account: AccountRef,
  question: string,
): Promise<AccountView | undefined> {
  try {
    return await viewAccount(process, operation, account);
  } catch (error) {
    if (!canMeanMissing(error)) throw error;
    const { value: listed } = await operation.client.fetchAccounts(account);
    if (!listed.some(({ clientId }) => isSameClientId(clientId, account.clientId))) return undefined;
    const { status } = error;
    const why = `Atlas lists ${describeAccount(account)} but answers ${status} for it.`;
    throw new RejectionError(`Could not tell whether ${question}: ${why} Try again later.`, { status });
  }
}

/**
 * Whether a refusal can mean that what it was about does not exist, so that a look is worth it. Never a 401 or a 403: those are
 * about who asks. Nor that of a whole project, whose list would be answered alike.
 */
export function canMeanMissing(error: unknown): error is RejectionError & { readonly status: number } {
  if (!(error instanceof RejectionError) || isOwnerUnseen(error)) return false;
  return error.status === 400 || error.status === 404 || error.status === 410;
}

/** Atlas's time now, as a view tells it. */
export function toServerNowMs({ serverAheadMs }: AccountView, clock: Clock): number | undefined {
  return serverAheadMs === undefined ? undefined : clock.now() + serverAheadMs;
}
