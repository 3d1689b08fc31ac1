/**
 * What this process has learned of the stack's record, and what it did: the engine tells a provider about one resource at a time,
 * and a secret that another resource of the stack records must never be removed to make room.
 */
import type { HeldSecret } from "../atlas/types.js";
import { toComparableClientId } from "../ids.js";
import type { SecretRole } from "../rotation/account-view.js";

/** A secret that a state records, and as what. */
export interface ToldSecret {
  readonly secretId: string;
  readonly role: Exclude<SecretRole, "to-be-replaced" | "created-here" | "untracked">;
}

interface KnownAccount {
  /** How many existing resources the engine checked on this account. */
  checked: number;
  /** Ids by which resources are told apart: one for each that has told. */
  readonly tellers: Set<string>;
  readonly roles: Map<string, Exclude<ToldSecret["role"], "pending-deletion">>;
  /** Ids of which a diff said that they are replaced. */
  readonly replaced: Set<string>;
  /** Ids, on whatever account, that a secret of this account is to replace. */
  readonly movedHere: Set<string>;
  /** What each secret that this process could not verify supersedes. */
  readonly unverified: Map<string, readonly string[]>;
  readonly created: Map<string, HeldSecret>;
  /** Those of them that Atlas has listed. */
  readonly listed: Set<string>;
  readonly deleted: Set<string>;
}

/** What is known of secrets, by service account. */
export class KnownSecrets {
  readonly #accounts = new Map<string, KnownAccount>();
  /** Ids that a record calls replaced, on whatever account: its own, or the one that the resource had before. */
  readonly #superseded = new Set<string>();

  /** A check of an existing resource was seen: what it records will follow. */
  noteChecked(clientId: string): void {
    this.#get(clientId).checked += 1;
  }

  /**
   * A resource of the state records these secrets.
   *
   * @param ownId the one that no other resource has
   */
  noteRecord(clientId: string, ownId: string, secrets: readonly ToldSecret[]): void {
    const { tellers, roles } = this.#get(clientId);
    if (ownId !== "") tellers.add(ownId);
    for (const { secretId, role } of secrets) {
      if (role === "pending-deletion") this.#superseded.add(secretId);
      else roles.set(secretId, role);
    }
  }

  /** A diff said that the resource with this secret is replaced: the secret stays until its successor is there. */
  noteReplaced(clientId: string, secretId: string): void {
    this.#get(clientId).replaced.add(secretId);
  }

  /** A diff said that the secret is replaced by one of this account, whatever account it is on itself. */
  noteMoved(successorClientId: string, secretId: string): void {
    this.#get(successorClientId).movedHere.add(secretId);
  }

  /** Secrets that one of this account is to replace, by `noteMoved`. */
  movedTo(clientId: string): readonly string[] {
    return [...this.#get(clientId).movedHere];
  }

  /** Whether this run verified the secret, which supersedes these. */
  noteVerification(clientId: string, secretId: string, isVerified: boolean, superseded: readonly string[] = []): void {
    const { unverified } = this.#get(clientId);
    if (isVerified) unverified.delete(secretId);
    else unverified.set(secretId, superseded);
  }

  /** The secret, of whatever account, that is to supersede this one and that this run could not verify. */
  findUnverifiedSuccessor(secretId: string): string | undefined {
    const all = [...this.#accounts.values()].flatMap(({ unverified }) => [...unverified]);
    return all.find(([, superseded]) => superseded.includes(secretId))?.[0];
  }

  /** This process created the secret; the state will record it. */
  noteCreated(clientId: string, secret: HeldSecret): void {
    this.#get(clientId).created.set(secret.id, secret);
  }

  /** This process deleted the secret, or found it missing. */
  noteDeleted(clientId: string, secretId: string): void {
    const { created, deleted } = this.#get(clientId);
    created.delete(secretId);
    deleted.add(secretId);
  }

  /** Atlas lists these: from now on one that it does not list is gone. */
  noteListed(clientId: string, secretIds: Iterable<string>): void {
    const { listed } = this.#get(clientId);
    for (const id of secretIds) listed.add(id);
  }

  /** What this process created on the account and did not delete, and Atlas has never shown: it may not show it yet. */
  createdOn(clientId: string): readonly HeldSecret[] {
    const { created, listed } = this.#get(clientId);
    return [...created.values()].filter(({ id }) => !listed.has(id));
  }

  /** Whether this process deleted the secret; Atlas may still show it. */
  isDeleted(clientId: string, secretId: string): boolean {
    return this.#get(clientId).deleted.has(secretId);
  }

  /** What the secret is to the stack. */
  roleOf(clientId: string, secretId: string): SecretRole {
    const { roles, replaced, created } = this.#get(clientId);
    if (replaced.has(secretId)) return "to-be-replaced";
    // What waits for its deletion by one resource's word can be another's own.
    const role = roles.get(secretId) ?? (this.#superseded.has(secretId) ? "pending-deletion" : undefined);
    return role ?? (created.has(secretId) ? "created-here" : "untracked");
  }

  /** Whether every resource that was checked has told what it records. A deleted one stays told: it was checked as well. */
  isComplete(clientId: string): boolean {
    const { checked, tellers } = this.#get(clientId);
    return tellers.size >= checked;
  }

  #get(clientId: string): KnownAccount {
    const key = toComparableClientId(clientId);
    let known = this.#accounts.get(key);
    if (!known) {
      known = {
        checked: 0,
        tellers: new Set(),
        roles: new Map(),
        replaced: new Set(),
        movedHere: new Set(),
        unverified: new Map(),
        created: new Map(),
        listed: new Set(),
        deleted: new Set(),
      };
      this.#accounts.set(key, known);
    }
    return known;
  }
}
