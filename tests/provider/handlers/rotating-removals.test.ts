/** What a rotating resource removes from its account, and what it leaves because it may be the provider's own credential. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { ConfiguredCredentialError } from "../../../provider/src/errors.js";
import {
  removeExpiredCurrent,
  removePending,
  retirePrevious,
} from "../../../provider/src/handlers/rotating-removals.js";
import type { RotationRecord } from "../../../provider/src/records/rotation-record.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { holdLock } from "../account/hold-lock.js";
import { createFakeAtlas } from "../fixtures/fake-atlas.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  DESIRED_ROTATION,
  IDS,
  OTHER_SECRET_VALUE,
  OVERLAPPING,
  SECRET_VALUE,
  toHeld,
} from "../fixtures/values.js";

const RECORD: RotationRecord = { ...OVERLAPPING, generation: 2, isUnassigned: false };
const INPUTS = { ...DESIRED_ROTATION, overlapHours: 0, quietHours: 0, reclaimExpired: true } as Parameters<
  typeof retirePrevious
>[3];
const HELD = [toHeld(), toHeld({ id: IDS[1], lastUsedAtMs: BIRTH_MS })];
const EXPIRED_MS = BIRTH_MS - HOUR_MS;

/** The record whose current secret, of this value, has expired. */
function toExpired(value: string): RotationRecord {
  const { current } = RECORD;
  if (!current) throw new Error("the record has no current secret");
  return { ...RECORD, current: { ...current, value: new Sensitive(value), expiresAtMs: EXPIRED_MS } };
}

describe("retirePrevious", () => {
  it("waits for its turn on the account", async () => {
    const { process, operation, calls } = createFakeAtlas(HELD);
    const release = holdLock(process.locks, CLIENT_ID);
    const retirement = retirePrevious(process, operation, RECORD, INPUTS);
    await new Promise(setImmediate);
    expect(calls).toEqual([]);
    release();
    expect(await retirement).not.toHaveProperty("previous");
    expect(calls).toEqual(["look", `delete ${IDS[1]}`]);
  });
});

describe("removeExpiredCurrent", () => {
  it.each([
    { name: "leaves an expired current secret that is the credential", value: SECRET_VALUE, expected: [] },
    {
      name: "removes an expired current secret that is another one than the credential",
      value: OTHER_SECRET_VALUE,
      expected: ["look", `delete ${IDS[0]}`],
    },
  ])("$name", async ({ value, expected }) => {
    const held = [toHeld({ expiresAtMs: EXPIRED_MS }), HELD[1] ?? toHeld()];
    const { process, operation, calls } = createFakeAtlas(held, { credential: SECRET_VALUE });
    await removeExpiredCurrent(process, operation, toExpired(value), { reclaimExpired: true });
    expect(calls).toEqual(expected);
  });
});

describe("removePending", () => {
  it("refuses to delete a pending secret that is the credential", async () => {
    const { process, operation, calls } = createFakeAtlas([toHeld()], { credential: SECRET_VALUE });
    const pending = { ...toExpired(SECRET_VALUE).current, secretId: IDS[0] } as Parameters<typeof removePending>[3];
    await expect(removePending(process, operation, RECORD, pending, "it is invalid.")).rejects.toThrow(
      ConfiguredCredentialError,
    );
    expect(calls).not.toContain(`delete ${IDS[0]}`);
  });
});
