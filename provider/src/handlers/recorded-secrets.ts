/**
 * What this process has learnt of the stack's record: the engine tells a provider about one resource at a time, and a
 * secret that another resource of the stack records must never be removed to make room.
 */

interface KnownRecord {
  /** How many existing resources the engine checked on this account. */
  checked: number;
  /** Ids that the state holds. */
  readonly told: Set<string>;
  /** Ids that this process created. */
  readonly created: Set<string>;
}

/** Ids of recorded secrets by service account. */
export class RecordedSecrets {
  readonly #accounts = new Map<string, KnownRecord>();

  /** A check of an existing resource was seen: its secret's id will follow. */
  noteChecked(clientId: string): void {
    this.#get(clientId).checked += 1;
  }

  /** The state records this secret. */
  noteTold(clientId: string, secretId: string): void {
    if (secretId !== "") this.#get(clientId).told.add(secretId);
  }

  /** This process created the secret; the state will record it. */
  noteCreated(clientId: string, secretId: string): void {
    this.#get(clientId).created.add(secretId);
  }

  /** Ids of the account that are recorded as far as is known. */
  idsOf(clientId: string): ReadonlySet<string> {
    const { told, created } = this.#get(clientId);
    return new Set([...told, ...created]);
  }

  /** Whether every resource that was checked has told its secret's id. A deleted one stays told: it was checked as well. */
  isComplete(clientId: string): boolean {
    const { checked, told } = this.#get(clientId);
    return told.size >= checked;
  }

  #get(clientId: string): KnownRecord {
    let known = this.#accounts.get(clientId);
    if (!known) {
      known = { checked: 0, told: new Set(), created: new Set() };
      this.#accounts.set(clientId, known);
    }
    return known;
  }
}
