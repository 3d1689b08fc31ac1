/** Stands for another operation on an account that is still under way. */
import type { AccountLocks } from "../../../provider/src/account/locks.js";

/** Takes the account's lock; the result gives it back. */
export function holdLock(locks: AccountLocks, clientId: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  void locks.runExclusive(clientId, () => held);
  return () => release();
}
