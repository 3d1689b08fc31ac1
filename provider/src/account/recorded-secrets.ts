/**
 * What this process has learnt of the stack's record: the engine tells a provider about one resource at a time, and a
 * secret that another resource of the stack records must never be removed to make room.
 */

import type { HeldSecret } from "../rotation/slot.js";

interface KnownRecord {
  /** How many existing resources the engine checked on this account. */
  checked: number;
  /** Ids that the state holds, one for each resource that has told. */
  readonly told: Set<string>;
  /** Ids that the state holds besides. */
  readonly others: Set<string>;
  /** Secrets that this process created and did not delete. */
  readonly created: Map<string, HeldSecret>;
  /** Ids that this process deleted, or found missing. */
  readonly deleted: Set<string>;
}

/** Ids of recorded secrets by service account. */
export class RecordedSecrets {
  readonly #accounts = new Map<string, KnownRecord>();

  /** A check of an existing resource was seen: its secret's id will follow. */
  noteChecked(clientId: string): void {
    this.#get(clientId).checked += 1;
  }

  /** A resource of the state records this secret, and perhaps others of the same account. */
  noteTold(clientId: string, secretId: string, others: readonly string[] = []): void {
    const known = this.#get(clientId);
    if (secretId !== "") known.told.add(secretId);
    for (const id of others) known.others.add(id);
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

  /** What this process deleted from the account; Atlas may still show it. */
  deletedOn(clientId: string): ReadonlySet<string> {
    return this.#get(clientId).deleted;
  }

  /** What this process created on the account and did not delete; Atlas may not show it yet. */
  createdOn(clientId: string): readonly HeldSecret[] {
    return [...this.#get(clientId).created.values()];
  }

  /** Ids of the account that are recorded as far as is known. */
  idsOf(clientId: string): ReadonlySet<string> {
    const { told, others, created } = this.#get(clientId);
    return new Set([...told, ...others, ...created.keys()]);
  }

  /** Whether every resource that was checked has told its secrets' ids. A deleted one stays told: it was checked as well. */
  isComplete(clientId: string): boolean {
    const { checked, told } = this.#get(clientId);
    return told.size >= checked;
  }

  #get(clientId: string): KnownRecord {
    let known = this.#accounts.get(clientId);
    if (!known) {
      known = { checked: 0, told: new Set(), others: new Set(), created: new Map(), deleted: new Set() };
      this.#accounts.set(clientId, known);
    }
    return known;
  }
}
