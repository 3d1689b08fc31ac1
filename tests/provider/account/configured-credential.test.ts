import {
  assertNotConfigured,
  type DeletionTarget,
  mayBeConfigured,
  toDeletionTarget,
} from "../../../provider/src/account/configured-credential.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, OTHER_SECRET_VALUE, SECRET_VALUE, toHeld } from "../fixtures/values.js";

const CONFIGURED = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
const TARGET: DeletionTarget = { clientId: CLIENT_ID, secretId: IDS[0] };

const cases: { name: string; target: Partial<DeletionTarget>; expected: boolean }[] = [
  { name: "has the same value", target: { value: new Sensitive(SECRET_VALUE) }, expected: true },
  { name: "has another value", target: { value: new Sensitive(OTHER_SECRET_VALUE) }, expected: false },
  {
    name: "has the same value behind another mask",
    target: { value: new Sensitive(SECRET_VALUE), maskedSecretValue: "mdb_sa_sk_...qrst" },
    expected: true,
  },
  {
    name: "has another value behind the same mask",
    target: { value: new Sensitive(OTHER_SECRET_VALUE), maskedSecretValue: "mdb_sa_sk_...wxyz" },
    expected: false,
  },
  { name: "shows the same last characters", target: { maskedSecretValue: "mdb_sa_sk_...wxyz" }, expected: true },
  { name: "shows other last characters", target: { maskedSecretValue: "mdb_sa_sk_...qrst" }, expected: false },
  { name: "shows three characters only", target: { maskedSecretValue: "xyz" }, expected: true },
  { name: "shows three other characters, too few to tell", target: { maskedSecretValue: "abc" }, expected: true },
  { name: "shows nothing", target: {}, expected: true },
  {
    name: "belongs to another account",
    target: { clientId: OTHER_CLIENT_ID, value: new Sensitive(SECRET_VALUE) },
    expected: false,
  },
];

describe("mayBeConfigured", () => {
  it.each(cases)("is $expected when the target $name", ({ target, expected }) => {
    expect(mayBeConfigured({ ...TARGET, ...target }, CONFIGURED)).toBe(expected);
  });

  it("is false when the provider uses no service account", () => {
    expect(mayBeConfigured(TARGET, undefined)).toBe(false);
  });
});

describe("assertNotConfigured", () => {
  it.each(cases)("throws $expected when the target $name", ({ target, expected }) => {
    const work = () => assertNotConfigured({ ...TARGET, ...target }, CONFIGURED);
    if (expected) expect(work).toThrow(expect.objectContaining({ code: "configured-credential" }));
    else expect(work).not.toThrow();
  });

  it("names the secret, the account and what to do, and no value", () => {
    const work = () => assertNotConfigured(TARGET, CONFIGURED);
    for (const text of [IDS[0], CLIENT_ID, "mongodbatlas:clientSecret", "MONGODB_ATLAS_CLIENT_SECRET"])
      expect(work).toThrow(text);
    expect(work).not.toThrow(SECRET_VALUE);
  });
});

describe("toDeletionTarget", () => {
  it("takes the id and the mask that Atlas lists", () => {
    const held = toHeld({ maskedSecretValue: "mdb_sa_sk_...wxyz" });
    expect(toDeletionTarget(CLIENT_ID, held)).toEqual({ ...TARGET, maskedSecretValue: "mdb_sa_sk_...wxyz" });
  });
});
