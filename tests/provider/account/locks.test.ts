import { AccountLocks } from "../../../provider/src/account/locks.js";
import { CLIENT_ID, OTHER_CLIENT_ID } from "../fixtures/values.js";

/** Work that tells when it starts and ends, and ends when it is released. */
function createWork(events: string[], name: string) {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run = async () => {
    events.push(`${name} starts`);
    await released;
    events.push(`${name} ends`);
    return name;
  };
  return { run, release };
}

describe("AccountLocks", () => {
  it("runs work on one account in the order in which it came, one at a time", async () => {
    const locks = new AccountLocks();
    const events: string[] = [];
    const works = ["a", "b", "c"].map((name) => createWork(events, name));
    const results = works.map(({ run }) => locks.runExclusive(CLIENT_ID, run));
    for (const { release } of works.toReversed()) release();
    expect(await Promise.all(results)).toEqual(["a", "b", "c"]);
    expect(events).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  });

  it("lets work on other accounts run meanwhile", async () => {
    const locks = new AccountLocks();
    const events: string[] = [];
    const [blocked, free] = [createWork(events, "blocked"), createWork(events, "free")];
    const waiting = locks.runExclusive(CLIENT_ID, blocked.run);
    free.release();
    await expect(locks.runExclusive(OTHER_CLIENT_ID, free.run)).resolves.toBe("free");
    blocked.release();
    await expect(waiting).resolves.toBe("blocked");
  });

  it("passes a failure on and lets the next work run", async () => {
    const locks = new AccountLocks();
    const failure = new Error("failed");
    await expect(locks.runExclusive(CLIENT_ID, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(locks.runExclusive(CLIENT_ID, async () => "next")).resolves.toBe("next");
  });
});
