/** The longest lifetime: both sides of the limit on every type, what a preview does not know, and the remediation. */
import { lifetimeTooLong } from "../../../policy/src/rules/lifetime-too-long.js";
import {
  ALL_TYPES,
  judge,
  MANUAL,
  PLAIN,
  type Props,
  ROTATING,
  toArgs,
  toInputs,
  UNKNOWN_NUMBER,
} from "../fixtures.js";

function judgeHours(type: string, hours: unknown, config?: Props) {
  return judge(lifetimeTooLong, { type, props: toInputs(type, { secretExpiresAfterHours: hours }) }, config);
}

describe.each(ALL_TYPES)("lifetime-too-long on %s", (type) => {
  it("accepts the maximum and refuses an hour more", async () => {
    expect(await judgeHours(type, 720)).toEqual([]);
    expect(await judgeHours(type, 721)).toEqual(["secretExpiresAfterHours is 721, the maximum is 720."]);
  });

  it("takes the maximum from its configuration", async () => {
    expect(await judgeHours(type, 168, { maxHours: 168 })).toEqual([]);
    expect(await judgeHours(type, 169, { maxHours: 168 })).toEqual([
      "secretExpiresAfterHours is 169, the maximum is 168.",
    ]);
  });
});

describe("lifetime-too-long", () => {
  it.each([
    { name: "a number that a preview does not know", hours: UNKNOWN_NUMBER },
    { name: "no number", hours: undefined },
    { name: "a text, which the provider refuses", hours: "8760" },
  ])("says nothing about $name", async ({ hours }) => {
    expect(await judgeHours(PLAIN, hours)).toEqual([]);
  });

  it("says nothing about a resource of another type", async () => {
    expect(await judgeHours("random:index/randomPassword:RandomPassword", 8760)).toEqual([]);
  });
});

describe("its remediation", () => {
  const remediate = (type: string, changes: Props, config?: Props) => {
    const props = toInputs(type, changes);
    const result = lifetimeTooLong.remediateResource?.(toArgs({ type, props }, config));
    return { props, isApplied: result !== undefined };
  };

  it("shortens the lifetime and keeps a default window the default", () => {
    const { props, isApplied } = remediate(PLAIN, { secretExpiresAfterHours: 8760, rotateBeforeExpiryHours: 2920 });
    expect(isApplied).toBe(true);
    expect(props).toEqual(toInputs(PLAIN, { secretExpiresAfterHours: 720, rotateBeforeExpiryHours: 240 }));
  });

  it.each([
    { name: "half of the lifetime", given: 1000, scaled: 360 },
    { name: "all but an hour of it", given: 1999, scaled: 719 },
    { name: "none", given: 0, scaled: 0 },
  ])("scales a window of $name with the lifetime", ({ given, scaled }) => {
    const { props } = remediate(PLAIN, { secretExpiresAfterHours: 2000, rotateBeforeExpiryHours: given });
    expect(props).toMatchObject({ secretExpiresAfterHours: 720, rotateBeforeExpiryHours: scaled });
  });

  it("cuts an overlap that the shorter lifetime has no room for", () => {
    const given = { secretExpiresAfterHours: 2000, rotateBeforeExpiryHours: 1800, overlapHours: 168 };
    expect(remediate(ROTATING, given).props).toMatchObject({ rotateBeforeExpiryHours: 648, overlapHours: 72 });
  });

  it("never rewrites a secret of @pulumi/mongodbatlas, which a changed lifetime replaces without an overlap", () => {
    const changes = { secretExpiresAfterHours: 8760 };
    expect(remediate(MANUAL, changes)).toEqual({ props: toInputs(MANUAL, changes), isApplied: false });
  });

  it.each([
    { name: "a lifetime at the maximum", changes: { secretExpiresAfterHours: 720 } },
    { name: "a lifetime that a preview does not know", changes: { secretExpiresAfterHours: UNKNOWN_NUMBER } },
  ])("leaves $name alone", ({ changes }) => {
    expect(remediate(PLAIN, changes)).toEqual({ props: toInputs(PLAIN, changes), isApplied: false });
  });

  it("leaves nothing for the rule to refuse", async () => {
    const { props } = remediate(ROTATING, { secretExpiresAfterHours: 8760, rotateBeforeExpiryHours: 2920 });
    expect(await judge(lifetimeTooLong, { type: ROTATING, props })).toEqual([]);
  });
});
