/**
 * What an account holds and what each secret is to us: the data that every decision about slots, removals and leftovers is made
 * from. `account/view` makes it; nothing here has an effect.
 */
import type { AccountRef, HeldSecret } from "../atlas/types.js";
import { toIsoTime } from "../clock.js";

/**
 * What a secret is to the stack, as far as the engine told. `current`, `previous`, `pending` and `pending-deletion` are recorded;
 * `to-be-replaced` is current, and this run replaces it. `created-here` was created by this process, so that it will be. `untracked` says only that nobody told: a renamed resource, one
 * with `--replace` or of another class, another stack, a tool or a person may hold it.
 */
export type SecretRole =
  | "current"
  | "to-be-replaced"
  | "previous"
  | "pending"
  | "pending-deletion"
  | "created-here"
  | "untracked";

/** A secret on the account. */
export interface ViewedSecret extends HeldSecret {
  readonly role: SecretRole;
  /** Whether it is, or cannot be told from, the credential that this process signs in with. */
  readonly mayBeCredential: boolean;
}

/** An account as a command names it again. */
export interface AddressedAccount extends AccountRef {
  /** Of the variables with its credential, where a command was given another one than the usual. */
  readonly credentialPrefix?: string;
}

/** What an account holds: Atlas's answer, with what this process created or deleted a moment ago. */
export interface AccountView {
  readonly account: AddressedAccount;
  readonly secrets: readonly ViewedSecret[];
  /** Atlas's time less ours, in milliseconds; absent when its answer held none. */
  readonly serverAheadMs?: number;
  /** Whether every resource that the engine named on this account has told what it records. */
  readonly isRecordComplete: boolean;
}

/** Whether the stack records the secret, or will. */
export function isRecorded({ role }: Pick<ViewedSecret, "role">): boolean {
  return role !== "untracked";
}

/** One of the secrets of a view. */
export function findSecret({ secrets }: AccountView, secretId: string | undefined): ViewedSecret | undefined {
  return secrets.find(({ id }) => id === secretId);
}

/** A use up to this long after its creation counts as the verification of a new secret. */
export const VERIFICATION_USE_MS = 10 * 60_000;

/** Whether nobody used the secret but for a verification right after its creation. */
export function isUnusedSinceVerification({ lastUsedAtMs, createdAtMs }: HeldSecret): boolean {
  return lastUsedAtMs === undefined || lastUsedAtMs - createdAtMs <= VERIFICATION_USE_MS;
}

/** One secret in words, for a person on call: id, created, expires, last used. */
export function describeSecret(secret: HeldSecret): string {
  const used = secret.lastUsedAtMs === undefined ? "never used" : `last used ${toIsoTime(secret.lastUsedAtMs)}`;
  return `${secret.id} (created ${toIsoTime(secret.createdAtMs)}, expires ${toIsoTime(secret.expiresAtMs)}, ${used})`;
}

/**
 * The command that looks at every state of the backend, and deletes a secret only if none records it and nobody uses it.
 *
 * @see cli/README.md
 */
export function toRemoveCommand(
  { level, ownerId, clientId, credentialPrefix }: AddressedAccount,
  secretId: string,
): string {
  const organization = level === "organization" ? ` --organization ${ownerId}` : "";
  const credential = credentialPrefix === undefined ? "" : ` --credential ${ownerId}=${credentialPrefix}`;
  return `atlas-secrets remove ${ownerId}/${clientId}/${secretId}${organization}${credential} --all-stacks`;
}

/** The sentence, to follow another one, that offers to delete an untracked secret; empty for what would be refused. */
export function offerRemoval(account: AddressedAccount, { id, mayBeCredential }: ViewedSecret): string {
  if (mayBeCredential) return "";
  return ` If no state records it and nobody uses it, '${toRemoveCommand(account, id)}' deletes it after looking.`;
}

/** For so long after its creation a secret may not be listed yet: how long that takes is not documented. */
const LISTED_AFTER_MS = 2 * 60_000;

/** Whether a secret that was created at this time can be missing from an answer and exist all the same. */
export function canBeUnlisted(createdAtMs: number | undefined, serverNowMs: number): boolean {
  return createdAtMs !== undefined && Math.abs(serverNowMs - createdAtMs) <= LISTED_AFTER_MS;
}
