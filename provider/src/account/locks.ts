/** One operation at a time on a service account, within this process. */
import { Mutex } from "async-mutex";

/** Serialises work by account, first come first served. */
export class AccountLocks {
  readonly #locks = new Map<string, Mutex>();

  /** Runs `work` when every earlier work on the same client id is over, and resolves or rejects as it does. */
  async runExclusive<T>(clientId: string, work: () => Promise<T>): Promise<T> {
    let lock = this.#locks.get(clientId);
    if (!lock) {
      lock = new Mutex();
      this.#locks.set(clientId, lock);
    }
    return lock.runExclusive(work);
  }
}
