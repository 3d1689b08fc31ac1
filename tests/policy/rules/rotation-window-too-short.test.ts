/** The shortest rotation window: both sides of the limit, short lifetimes, windows switched off, and the remediation. */
import { rotationWindowTooShort } from "../../../policy/src/rules/rotation-window-too-short.js";
import {
  judge,
  MANUAL_TYPES,
  OUR_TYPES,
  PLAIN,
  type Props,
  ROTATING,
  toArgs,
  toInputs,
  UNKNOWN_NUMBER,
} from "../fixtures.js";

function judgeWindow(changes: Props, config?: Props, type: string = PLAIN) {
  return judge(rotationWindowTooShort, { type, props: toInputs(type, changes) }, config);
}

describe.each(OUR_TYPES)("rotation-window-too-short on %s", (type) => {
  it("accepts 48 h and refuses 47 h", async () => {
    expect(await judgeWindow({ rotateBeforeExpiryHours: 48 }, {}, type)).toEqual([]);
    expect(await judgeWindow({ rotateBeforeExpiryHours: 47 }, {}, type)).toEqual([
      "rotateBeforeExpiryHours is 47; it must be at least 48 for this lifetime.",
    ]);
  });

  it("refuses a window that is switched off", async () => {
    expect(await judgeWindow({ rotateBeforeExpiryHours: 0 }, {}, type)).toEqual([
      "rotateBeforeExpiryHours is 0, so that it is rotated only once it has expired; it must be at least 48 for this lifetime.",
    ]);
  });
});

describe("rotation-window-too-short", () => {
  it.each([
    { name: "the shortest lifetime", lifetime: 8, shortest: 2 },
    { name: "a lifetime whose third is just less than the minimum", lifetime: 143, shortest: 47 },
    { name: "a lifetime whose third is the minimum", lifetime: 144, shortest: 48 },
  ])("accepts $shortest h and refuses an hour less for $name", async ({ lifetime, shortest }) => {
    const judgeHours = (hours: number) =>
      judgeWindow({ secretExpiresAfterHours: lifetime, rotateBeforeExpiryHours: hours });
    expect(await judgeHours(shortest)).toEqual([]);
    expect(await judgeHours(shortest - 1)).toHaveLength(1);
  });

  it("takes the minimum from its configuration", async () => {
    expect(await judgeWindow({ rotateBeforeExpiryHours: 24 }, { minWindowHours: 24 })).toEqual([]);
    expect(await judgeWindow({ rotateBeforeExpiryHours: 23 }, { minWindowHours: 24 })).toHaveLength(1);
  });

  it("accepts inputs without a window, which have the default of a third of the lifetime", async () => {
    expect(await judgeWindow({ rotateBeforeExpiryHours: undefined })).toEqual([]);
  });

  it.each([
    { name: "the window", changes: { rotateBeforeExpiryHours: UNKNOWN_NUMBER } },
    { name: "the lifetime", changes: { secretExpiresAfterHours: UNKNOWN_NUMBER, rotateBeforeExpiryHours: 0 } },
  ])("says nothing when a preview does not know $name", async ({ changes }) => {
    expect(await judgeWindow(changes)).toEqual([]);
  });

  it.each(MANUAL_TYPES)("says nothing about %s, which has no window", async (type) => {
    expect(await judgeWindow({}, {}, type)).toEqual([]);
  });
});

describe("its remediation", () => {
  const remediate = (type: string, changes: Props) => {
    const props = toInputs(type, changes);
    const result = rotationWindowTooShort.remediateResource?.(toArgs({ type, props }));
    return { props, isApplied: result !== undefined };
  };

  it.each([
    { name: "a window that is off", changes: { rotateBeforeExpiryHours: 0 }, window: 48 },
    { name: "a short one", changes: { rotateBeforeExpiryHours: 47 }, window: 48 },
    { name: "one of a short life", changes: { secretExpiresAfterHours: 9, rotateBeforeExpiryHours: 1 }, window: 3 },
  ])("sets $name to the shortest that is accepted", ({ changes, window }) => {
    expect(remediate(PLAIN, changes)).toEqual({
      props: toInputs(PLAIN, { ...changes, rotateBeforeExpiryHours: window }),
      isApplied: true,
    });
  });

  it("cuts an overlap that the longer window has no room for", () => {
    const given = { secretExpiresAfterHours: 60, rotateBeforeExpiryHours: 1, overlapHours: 50 };
    expect(remediate(ROTATING, given).props).toMatchObject({ rotateBeforeExpiryHours: 20, overlapHours: 40 });
  });

  it.each([
    { name: "a window that is long enough", changes: { rotateBeforeExpiryHours: 48 } },
    { name: "one that a preview does not know", changes: { rotateBeforeExpiryHours: UNKNOWN_NUMBER } },
  ])("leaves $name alone", ({ changes }) => {
    expect(remediate(PLAIN, changes)).toEqual({ props: toInputs(PLAIN, changes), isApplied: false });
  });
});
