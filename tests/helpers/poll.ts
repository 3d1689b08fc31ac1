/** Waits for something to become true. */
import { setTimeout as sleep } from "node:timers/promises";

/** So much later than anything takes that a longer wait would only hide what went wrong. */
const LIMIT_MS = 90_000;

/** Resolves with the first result of `find` that is not `undefined`; rejects when there is none for a minute and a half. */
export async function untilFound<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const begunMs = Date.now(); Date.now() - begunMs < LIMIT_MS; ) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(10);
  }
  throw new Error(`waited in vain for ${find.toString()}`);
}
