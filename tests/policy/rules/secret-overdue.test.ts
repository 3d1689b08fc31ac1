/** What a recorded state shows to be overdue, on every type; the limits themselves belong to `assess`. */
import { createOverdueRules } from "../../../policy/src/rules/secret-overdue.js";
import {
  ALL_TYPES,
  judgeStack,
  MANUAL_TYPES,
  OUR_TYPES,
  type Props,
  ROTATING,
  SECRET_VALUE,
  toInputs,
  UNKNOWN_TEXT,
} from "../fixtures.js";

const HOUR_MS = 3_600_000;
const BIRTH_MS = Date.parse("2026-03-01T08:00:00Z");
const SECRET_ID = "aaaaaaaaaaaaaaaaaaaaaaa1";
const PREVIOUS_ID = "aaaaaaaaaaaaaaaaaaaaaaa2";
const TIMES = { expiresAt: "2026-03-31T08:00:00Z", rotateAfter: "2026-03-21T08:00:00Z" };

async function judgeAt(hours: number, type: string, changes: Props = {}): Promise<string[]> {
  const props = { ...toInputs(type), secretId: SECRET_ID, ...TIMES, ...changes };
  const rules = createOverdueRules(() => BIRTH_MS + hours * HOUR_MS);
  const found = await Promise.all(
    rules.map(async (rule) =>
      (await judgeStack(rule, [{ type, props }])).map(({ message }) => `${rule.name}: ${message}`),
    ),
  );
  return found.flat();
}

describe.each(ALL_TYPES)("what is overdue on %s", (type) => {
  it("says nothing before the window", async () => {
    expect(await judgeAt(479.9, type)).toEqual([]);
  });

  it("warns inside the window", async () => {
    const [message, ...others] = await judgeAt(480, type);
    expect(others).toEqual([]);
    expect(message).toContain(
      `inside-window: Secret ${SECRET_ID} expires at 2026-03-31T08:00:00Z and has been inside its rotation window since 2026-03-21T08:00:00Z: it `,
    );
  });

  it("warns after the expiry", async () => {
    const [message, ...others] = await judgeAt(720, type);
    expect(others).toEqual([]);
    expect(message).toContain(`current-expired: Secret ${SECRET_ID} expired at 2026-03-31T08:00:00Z: it `);
  });
});

describe("what is overdue", () => {
  it.each(OUR_TYPES)("takes the window of %s as 'pulumi up' does", async (type) => {
    expect(await judgeAt(100, type, { rotateBeforeExpiryHours: 620 })).toHaveLength(1);
    expect(await judgeAt(100, type, { rotateBeforeExpiryHours: 619 })).toEqual([]);
    expect(await judgeAt(600, type, { expiresAt: UNKNOWN_TEXT })).toEqual([]);
  });

  it.each(MANUAL_TYPES)("takes a third of the lifetime for %s, which records no window", async (type) => {
    const expiresAt = "2026-03-08T08:00:00Z";
    const changes = { secretExpiresAfterHours: 24, expiresAt, rotateAfter: undefined };
    expect(await judgeAt(159.9, type, changes)).toEqual([]);
    expect(await judgeAt(160, type, changes)).toHaveLength(1);
    expect(await judgeAt(160, type, { ...changes, secretExpiresAfterHours: 1e300 })).toEqual([]);
  });

  it("warns about a previous secret from retireAfter on", async () => {
    const changes = { previousSecretId: PREVIOUS_ID, overlapHours: 24, promotedAt: "2026-03-01T08:00:00Z" };
    expect(await judgeAt(23.9, ROTATING, changes)).toEqual([]);
    expect(await judgeAt(24, ROTATING, changes)).toEqual([
      `overlap-over: The overlap of previous secret ${PREVIOUS_ID} has been over since 2026-03-02T08:00:00Z: it is deleted once nobody uses it.`,
    ]);
    expect(await judgeAt(24, ROTATING, { ...changes, previousSecretId: undefined })).toEqual([]);
  });

  it.each([
    { name: "no times", changes: { expiresAt: undefined, rotateAfter: undefined } },
    { name: "times that a preview does not know", changes: { expiresAt: UNKNOWN_TEXT, rotateAfter: UNKNOWN_TEXT } },
    { name: "what is no time", changes: { expiresAt: SECRET_VALUE, rotateAfter: 5 } },
  ])("says nothing about a record with $name", async ({ changes }) => {
    expect(await judgeAt(9999, ROTATING, changes)).toEqual([]);
  });

  it("says nothing of a record whose id is none, and repeats it nowhere", async () => {
    expect(await judgeAt(720, ROTATING, { secretId: SECRET_VALUE })).toEqual([]);
  });
});
