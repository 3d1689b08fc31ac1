/** What is decided about an account that left its set: its secrets stay for the overlap, and then as long as somebody uses them. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { listTurnsMs, type StatedResource, toDueMs } from "../../../provider/src/rotation/assess.js";
import { Reason, RemovalReason } from "../../../provider/src/rotation/reasons.js";
import { decideRemoval } from "../../../provider/src/rotation/removal.js";
import { toRetirement } from "../../../provider/src/rotation/retirement.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import { type RecordedRotation, Unknown } from "../../../provider/src/rotation/secret.js";
import { BIRTH_MS, DESIRED_ROTATION, IDS, OVERLAPPING, toView, toViewed, withoutTime } from "../fixtures/values.js";

const { previous: _, ...WITH_CURRENT } = OVERLAPPING;
const LEFT: RecordedRotation = { ...WITH_CURRENT, removedAtMs: BIRTH_MS };
const OVER_MS = BIRTH_MS + 24 * HOUR_MS;
const current = toViewed({ role: "current" });

describe("decideRotation, for an account that left its set", () => {
  const decide = (nowMs: number, desired = {}, record = LEFT) =>
    decideRotation(record, { ...DESIRED_ROTATION, ...desired }, nowMs);

  it("keeps its secrets until the overlap is over, and not a millisecond longer", () => {
    expect(decide(OVER_MS - 1)).toMatchObject({
      action: "keep",
      reason: Reason.AccountRemoved,
      message: expect.stringContaining(`stay until ${new Date(OVER_MS).toISOString().slice(0, 19)}Z, and then`),
    });
    expect(decide(OVER_MS)).toMatchObject({
      action: "retire",
      reason: Reason.OverlapOver,
      properties: ["retireAfter"],
      message: expect.stringContaining("deleted once nobody uses them"),
    });
  });

  it("counts the overlap that is wanted, unless the state says when it is over", () => {
    expect(decide(BIRTH_MS + HOUR_MS, { overlapHours: 1 }).action).toBe("retire");
    const stated = { ...LEFT, statedRetireAfterMs: BIRTH_MS + 2 * HOUR_MS };
    expect(decide(BIRTH_MS + HOUR_MS, { overlapHours: 1 }, stated).action).toBe("keep");
    expect(decide(BIRTH_MS + 2 * HOUR_MS, { overlapHours: 1 }, stated).action).toBe("retire");
  });

  it("keeps them while the overlap is not known, and names no time", () => {
    const { action, message } = decide(BIRTH_MS + 1000 * HOUR_MS, { overlapHours: Unknown });
    expect([action, message]).toEqual(["keep", expect.stringContaining("its secrets stay, and then")]);
  });

  it("makes no secret, however late it is", () => {
    for (const late of [719, 721, 10_000]) expect(decide(BIRTH_MS + late * HOUR_MS).action).toBe("retire");
  });
});

describe("the times at which something changes for an account that left its set", () => {
  it("are the end of its overlap and the end of its secret, and no rotation is due", () => {
    const stated: StatedResource = { kind: "rotating", record: LEFT, desired: DESIRED_ROTATION };
    expect(toDueMs(stated)).toBeUndefined();
    expect(listTurnsMs(stated)).toContain(OVER_MS);
    const { current: _current, ...gone } = LEFT;
    expect(listTurnsMs({ ...stated, record: gone })).toContain(OVER_MS);
    expect(listTurnsMs(stated).every(Number.isFinite)).toBe(true);
  });
});

describe("decideRemoval, for the secret of an account that left its set", () => {
  function decide(nowMs: number, lastUsedAtMs?: number, hasTime = true, desired = {}) {
    const purpose = toRetirement(LEFT, { ...DESIRED_ROTATION, ...desired });
    const held = lastUsedAtMs === undefined ? current : { ...current, lastUsedAtMs };
    const view = toView([held]);
    return decideRemoval({ secretId: current.id, purpose, view: hasTime ? view : withoutTime(view), nowMs });
  }

  it("needs no successor, and says nothing of a previous one", () => {
    expect(toRetirement(LEFT, DESIRED_ROTATION)).not.toHaveProperty("currentId");
    expect(toRetirement(OVERLAPPING, DESIRED_ROTATION)).toMatchObject({ currentId: IDS[0] });
    const { action, message } = decide(OVER_MS);
    expect(action).toBe("delete");
    expect(message).toContain("its overlap is over, and nobody has used it for 24 h");
    expect(message).not.toContain("previous");
  });

  it("keeps it for the overlap, without Atlas's time, and while somebody uses it", () => {
    expect(decide(OVER_MS - 1)).toMatchObject({ action: "keep", reason: RemovalReason.OverlapRunning });
    expect(decide(OVER_MS, undefined, false)).toMatchObject({ action: "keep", reason: RemovalReason.NoServerTime });
    const used = decide(OVER_MS, OVER_MS - HOUR_MS);
    expect(used).toMatchObject({ action: "keep", reason: RemovalReason.InUse });
    expect(used.message).toContain("the account left the set, but something still signs in with it");
    expect(decide(OVER_MS, OVER_MS - 24 * HOUR_MS).action).toBe("delete");
  });

  it("does not ask for a quiet time where there is no overlap", () => {
    const { action, message } = decide(BIRTH_MS, BIRTH_MS, true, { overlapHours: 0 });
    expect([action, message]).toEqual(["delete", expect.stringMatching(/is deleted: its overlap is over\.$/)]);
  });
});
