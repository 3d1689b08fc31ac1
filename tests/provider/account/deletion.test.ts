/** What happens to the recorded secrets of a resource that goes: one account at a time. */
import { deleteRecorded } from "../../../provider/src/account/deletion.js";
import { createFakeAtlas } from "../fixtures/fake-atlas.js";
import { ACCOUNT, CLIENT_ID, IDS, toHeld } from "../fixtures/values.js";
import { holdLock } from "./hold-lock.js";

describe("deleteRecorded", () => {
  it("waits for its turn on the account", async () => {
    const { process, operation, calls } = createFakeAtlas([toHeld()]);
    const release = holdLock(process.locks, CLIENT_ID);
    const deletion = deleteRecorded(process, operation, ACCOUNT, [{ secretId: IDS[0] }]);
    await new Promise(setImmediate);
    expect(calls).toEqual([]);
    release();
    await deletion;
    expect(calls).toEqual([`delete ${IDS[0]}`]);
  });
});
