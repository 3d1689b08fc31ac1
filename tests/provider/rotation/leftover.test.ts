/** What counts as left by a killed run: all of the evidence, with one piece broken at a time. */
import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import type { AccountView, ViewedSecret } from "../../../provider/src/rotation/account-view.js";
import { isLeftover } from "../../../provider/src/rotation/leftover.js";
import { SERVER_TIME_MARGIN_MS } from "../../../provider/src/rotation/lost-secret.js";
import { Branches } from "../../helpers/branches.js";
import { BIRTH_MS, IDS, toView, toViewed } from "../fixtures/values.js";

const LEFT_AT_MS = BIRTH_MS + 1_000;
const LIVES_MS = 720 * HOUR_MS;
const current = toViewed({ role: "current" });
const left = toViewed({ id: IDS[1], createdAtMs: LEFT_AT_MS, expiresAtMs: LEFT_AT_MS + LIVES_MS });

interface Case {
  readonly name: string;
  readonly secret?: Partial<ViewedSecret>;
  readonly others?: readonly ViewedSecret[];
  readonly view?: Partial<AccountView>;
  readonly hours?: number;
  readonly expected: boolean;
}

const cases: readonly Case[] = [
  { name: "newer than the recorded one, of our lifetime, never used", expected: true },
  { name: "on an account of which a resource has not told", view: { isRecordComplete: false }, expected: false },
  { name: "on an account where nothing is recorded", others: [], expected: false },
  { name: "beside untracked ones only", others: [{ ...current, role: "untracked" }], expected: false },
  ...(["current", "to-be-replaced", "previous", "pending", "pending-deletion", "created-here"] as const).flatMap(
    (role): Case[] => [
      { name: `that is itself ${role}`, secret: { role }, expected: false },
      // What came after a secret of this very run is somebody's who is at it now.
      { name: `beside one that is ${role}`, others: [{ ...current, role }], expected: role !== "created-here" },
    ],
  ),
  { name: "as old as the recorded one", others: [{ ...current, createdAtMs: LEFT_AT_MS }], expected: false },
  { name: "a millisecond newer than that", others: [{ ...current, createdAtMs: LEFT_AT_MS - 1 }], expected: true },
  {
    name: "newer than one recorded, older than another",
    others: [current, { ...current, id: IDS[2], createdAtMs: LEFT_AT_MS + 1 }],
    expected: false,
  },
  { name: "of a lifetime two seconds shorter", secret: toExpiry(LIVES_MS - SERVER_TIME_MARGIN_MS), expected: true },
  { name: "of a shorter one", secret: toExpiry(LIVES_MS - SERVER_TIME_MARGIN_MS - 1), expected: false },
  { name: "of a lifetime two seconds longer", secret: toExpiry(LIVES_MS + SERVER_TIME_MARGIN_MS), expected: true },
  { name: "of a longer one", secret: toExpiry(LIVES_MS + SERVER_TIME_MARGIN_MS + 1), expected: false },
  { name: "of our lifetime when that is eight hours", secret: toExpiry(8 * HOUR_MS), hours: 8, expected: true },
  { name: "of another one than the eight hours of our runs", hours: 8, expected: false },
  { name: "shortened by another creation", secret: toExpiry(168 * HOUR_MS), expected: false },
  { name: "used as it was created, as a verification does", secret: { lastUsedAtMs: LEFT_AT_MS }, expected: true },
  { name: "used ten minutes later", secret: { lastUsedAtMs: LEFT_AT_MS + 10 * MINUTE_MS }, expected: true },
  { name: "used after that", secret: { lastUsedAtMs: LEFT_AT_MS + 10 * MINUTE_MS + 1 }, expected: false },
];

function toExpiry(livesMs: number): Partial<ViewedSecret> {
  return { expiresAtMs: LEFT_AT_MS + livesMs };
}

describe("isLeftover", () => {
  it.each(cases)(
    "is $expected for a secret $name",
    ({ secret: changes, others = [current], view, hours = 720, expected }) => {
      const secret = { ...left, ...changes };
      expect(isLeftover(secret, toView([...others, secret], view), hours)).toBe(expected);
    },
  );

  it("answers for any numbers, and never yes for what was used after its verification", () => {
    const times = fc.oneof(fc.integer(), fc.double(), fc.integer({ min: -LIVES_MS, max: LIVES_MS }));
    const branches = new Branches();
    fc.assert(
      fc.property(times, times, times, times, (createdAtMs, expiresAtMs, lastUsedAtMs, hours) => {
        const secret = toViewed({ id: IDS[1], createdAtMs, expiresAtMs, lastUsedAtMs });
        const verdict = isLeftover(secret, toView([current, secret]), hours);
        expect(typeof verdict).toBe("boolean");
        if (branches.takes("a use", lastUsedAtMs - createdAtMs > 10 * MINUTE_MS)) expect(verdict).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    branches.assertAllTaken();
  });
});
