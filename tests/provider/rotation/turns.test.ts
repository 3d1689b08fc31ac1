/** The times at which what is due can change: between two of them nothing does. */
import fc from "fast-check";
import { HOUR_MS } from "../../../provider/src/clock.js";
import {
  assess,
  decideNextUp,
  listTurnsMs,
  type StatedResource,
  toDueMs,
} from "../../../provider/src/rotation/assess.js";
import { BIRTH_MS, DESIRED, DESIRED_ROTATION, DUE_MS, IDS, OVERLAPPING, RECORDED } from "../fixtures/values.js";

const hours = (max: number) => fc.integer({ min: 0, max });
const time = fc.integer({ min: -200, max: 900 }).map((later) => BIRTH_MS + later * HOUR_MS);

const plain = fc
  .record({ expiresAtMs: time, window: hours(719), desiredWindow: hours(719) })
  .map(({ expiresAtMs, window, desiredWindow }): StatedResource => {
    const record = { ...RECORDED, createdAtMs: BIRTH_MS, expiresAtMs, rotateBeforeExpiryHours: window };
    return { kind: "plain", record, desired: { ...DESIRED, rotateBeforeExpiryHours: desiredWindow } };
  });

const rotating = fc
  .record({
    expiresAtMs: time,
    promotedAtMs: time,
    previousEndMs: time,
    usedMs: fc.option(time, { nil: undefined }),
    window: hours(719),
    overlap: hours(168),
    desiredOverlap: hours(168),
    quiet: hours(168),
  })
  .map(
    ({ expiresAtMs, promotedAtMs, previousEndMs, usedMs, window, overlap, desiredOverlap, quiet }): StatedResource => {
      const inputs = { ...DESIRED_ROTATION, rotateBeforeExpiryHours: window, overlapHours: overlap, quietHours: quiet };
      const used = usedMs === undefined ? {} : { lastUsedAtMs: usedMs };
      const { current } = OVERLAPPING;
      const record = {
        ...OVERLAPPING,
        ...inputs,
        ...(current && { current: { ...current, expiresAtMs } }),
        previous: { secretId: IDS[1], expiresAtMs: previousEndMs, ...used },
        promotedAtMs,
      };
      return { kind: "rotating", record, desired: { ...inputs, overlapHours: desiredOverlap } };
    },
  );

describe("listTurnsMs", () => {
  it("misses no time at which a verdict, or what is due, changes", () => {
    fc.assert(
      fc.property(fc.oneof(plain, rotating), time, (stated, ms) => {
        const last = listTurnsMs(stated).findLast((turn) => turn <= ms);
        const since = last ?? Number.MIN_SAFE_INTEGER;
        const [now, then] = [ms, since].map((at) => ({
          action: decideNextUp(stated, at)?.action,
          due: assess(stated, at).map(({ reason, secretId }) => `${reason} ${secretId}`),
        }));
        expect(now).toEqual(then);
      }),
      { numRuns: 3_000 },
    );
  });

  it("has the rotation point and the expiry of a plain secret", () => {
    const stated = { kind: "plain", record: RECORDED, desired: DESIRED } as const;
    expect(toDueMs(stated)).toBe(DUE_MS);
    expect(listTurnsMs(stated)).toEqual([DUE_MS, RECORDED.expiresAtMs]);
  });
});
