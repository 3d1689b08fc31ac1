/** One operation at a time on a service account, within this process. */
import { Mutex } from "async-mutex";
import { toComparableClientId } from "../ids.js";

/** Serializes work by account, first come first served. */
export class AccountLocks {
  readonly #locks = new Map<string, Mutex>();

  /** Runs `work` when every earlier work on the same client id is over, and resolves or rejects as it does. */
  async runExclusive<T>(clientId: string, work: () => Promise<T>): Promise<T> {
    const key = toComparableClientId(clientId);
    let lock = this.#locks.get(key);
    if (!lock) {
      lock = new Mutex();
      this.#locks.set(key, lock);
    }
    return lock.runExclusive(work);
  }
}
