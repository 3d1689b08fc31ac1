/** A secret that `@pulumi/mongodbatlas` looks after: its value in whatever form a state holds it, and when we would replace it. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { SIGNATURE_KEY } from "../../../provider/src/protocol.js";
import { toPeerRecord, toPlaintext } from "../../../provider/src/records/peer-record.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { BIRTH_MS, IDS, SECRET_VALUE } from "../fixtures/values.js";

const MARK = { [SIGNATURE_KEY]: "1b47061264138c4ac30d75fd1eb44270" };
const STATE = {
  secretId: IDS[0],
  createdAt: "2026-03-01T08:00:00Z",
  expiresAt: "2026-03-31T08:00:00Z",
};
const EXPIRES_AT_MS = BIRTH_MS + 720 * HOUR_MS;

it("says when our default window would replace it, by the hours that its inputs or outputs state", () => {
  const rotateAfter = (hours: unknown, changes: object = {}) =>
    toPeerRecord({ ...STATE, ...changes }, { secretExpiresAfterHours: hours }).statedRotateAfterMs;
  expect(rotateAfter(720)).toBe(EXPIRES_AT_MS - 240 * HOUR_MS);
  expect(rotateAfter(0)).toBe(EXPIRES_AT_MS);
  expect(rotateAfter(8_760)).toBe(EXPIRES_AT_MS - 2_920 * HOUR_MS);
  for (const unusual of [-1, 8_761, "720", undefined]) expect(rotateAfter(unusual)).toBeUndefined();
  expect(rotateAfter(720, { expiresAt: undefined })).toBeUndefined();
  const stated = { ...STATE, secretExpiresAfterHours: 48 };
  expect(toPeerRecord(stated, {})).toMatchObject({
    secretExpiresAfterHours: 48,
    issuedForHours: 48,
    grantedHours: 48,
    issuedForTriggers: {},
    statedRotateAfterMs: EXPIRES_AT_MS - 16 * HOUR_MS,
  });
  expect(toPeerRecord(stated, { secretExpiresAfterHours: 720 }).secretExpiresAfterHours).toBe(720);
  const without = toPeerRecord(STATE, {});
  expect(without).not.toHaveProperty("secretExpiresAfterHours");
  expect(without.issuedForHours).toBeNaN();
});

it.each([
  { name: "in clear", secret: SECRET_VALUE, value: SECRET_VALUE },
  { name: "marked, in plaintext", secret: { ...MARK, plaintext: JSON.stringify(SECRET_VALUE) }, value: SECRET_VALUE },
  { name: "encrypted", secret: { ...MARK, ciphertext: "v1:x:y" }, ciphertext: "v1:x:y" },
  { name: "a ciphertext that is no text", secret: { ...MARK, ciphertext: 5 } },
  { name: "hidden by the CLI", secret: "[secret]" },
  { name: "marked and hidden", secret: { ...MARK, plaintext: JSON.stringify("[secret]") } },
  { name: "no mark", secret: { ciphertext: "v1:x:y", plaintext: JSON.stringify(SECRET_VALUE) } },
  { name: "nothing", secret: null },
])("holds a value as far as the state shows it: $name", ({ secret, value, ciphertext }) => {
  const record = toPeerRecord({ ...STATE, secret }, {});
  expect(record.value && Sensitive.reveal(record.value)).toBe(value);
  expect(record.ciphertext).toBe(ciphertext);
});

it.each([
  { name: "JSON", given: { ...MARK, plaintext: '{"a":1}' }, plain: { a: 1 } },
  { name: "half of it", given: { ...MARK, plaintext: '{"a":' }, plain: undefined },
  { name: "no text", given: { ...MARK, plaintext: 5 }, plain: undefined },
  { name: "no mark", given: { plaintext: "1" }, plain: undefined },
  { name: "a text", given: "x", plain: undefined },
  { name: "null", given: null, plain: undefined },
])("reads the plaintext of a mark: $name", ({ given, plain }) => {
  expect(toPlaintext(given)).toEqual(plain);
});
