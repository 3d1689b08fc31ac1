import {
  type CredentialTarget,
  isOwnCredential,
  mayBeOwnCredential,
} from "../../../provider/src/account/own-credential.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { CLIENT_ID, OTHER_CLIENT_ID, OTHER_SECRET_VALUE, SECRET_VALUE } from "../fixtures/values.js";

const OWN = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
const TARGET: CredentialTarget = { clientId: CLIENT_ID };
const SAME = new Sensitive(SECRET_VALUE);
const OTHER = new Sensitive(OTHER_SECRET_VALUE);

interface Case {
  readonly name: string;
  readonly target: Partial<CredentialTarget>;
  /** Without a look at the mask; `undefined` when only that can tell. */
  readonly isOwn: boolean | undefined;
  readonly mayBe: boolean;
}

const cases: readonly Case[] = [
  { name: "has the same value", target: { value: SAME }, isOwn: true, mayBe: true },
  { name: "has another value", target: { value: OTHER }, isOwn: false, mayBe: false },
  {
    name: "has the same value behind another mask",
    target: { value: SAME, maskedSecretValue: "mdb_sa_sk_...qrst" },
    isOwn: true,
    mayBe: true,
  },
  {
    name: "has another value behind the same mask",
    target: { value: OTHER, maskedSecretValue: "mdb_sa_sk_...wxyz" },
    isOwn: false,
    mayBe: false,
  },
  {
    name: "belongs to another account",
    target: { clientId: OTHER_CLIENT_ID, value: SAME },
    isOwn: false,
    mayBe: false,
  },
];

/** What a mask alone tells: only four characters behind dots or stars can say that it is another one. */
const masks: readonly { name: string; mask: string | undefined; mayBe: boolean }[] = [
  { name: "the same last four characters", mask: "mdb_sa_sk_...wxyz", mayBe: true },
  { name: "other last four characters", mask: "mdb_sa_sk_...qrst", mayBe: false },
  { name: "other last four characters behind stars", mask: "mdb_sa_sk_****qrst", mayBe: false },
  { name: "the same last four characters behind stars", mask: "mdb_sa_sk_****wxyz", mayBe: true },
  { name: "five characters of another end", mask: "mdb_sa_sk_...pqrst", mayBe: false },
  { name: "three other characters, too few to tell", mask: "mdb_sa_sk_...rst", mayBe: true },
  { name: "no end, as the contract's example", mask: "mdb_sa_sk_...", mayBe: true },
  { name: "stars and no end", mask: "mdb_sa_sk_****", mayBe: true },
  { name: "another end behind one dot, which hides nothing", mask: "mdb_sa_sk_.qrst", mayBe: true },
  { name: "another end and a sign that no value holds", mask: "mdb_sa_sk_...qrst=", mayBe: true },
  { name: "no dots and no stars", mask: "mdb_sa_sk_qrst", mayBe: true },
  { name: "nothing", mask: "", mayBe: true },
  { name: "no mask at all", mask: undefined, mayBe: true },
];

describe("isOwnCredential", () => {
  it.each(cases)("is $isOwn when the target $name", ({ target, isOwn }) => {
    expect(isOwnCredential({ ...TARGET, ...target }, OWN)).toBe(isOwn);
  });

  it("cannot tell without a value, whatever the mask", () => {
    for (const { mask } of masks) {
      expect(isOwnCredential({ ...TARGET, maskedSecretValue: mask }, OWN)).toBeUndefined();
    }
  });

  it("takes hex digits of either case for the same account", () => {
    const upper = CLIENT_ID.replace(/[a-f\d]{24}$/, (digits) => digits.toUpperCase());
    expect(upper).not.toBe(CLIENT_ID);
    expect(isOwnCredential({ clientId: upper, value: SAME }, OWN)).toBe(true);
  });
});

describe("mayBeOwnCredential", () => {
  it.each(cases)("is $mayBe when the target $name", ({ target, mayBe }) => {
    expect(mayBeOwnCredential({ ...TARGET, ...target }, OWN)).toBe(mayBe);
  });

  it.each(masks)("is $mayBe for a target of which Atlas shows $name", ({ mask, mayBe }) => {
    expect(mayBeOwnCredential({ ...TARGET, maskedSecretValue: mask }, OWN)).toBe(mayBe);
  });

  it("is false when the provider uses no service account", () => {
    expect(mayBeOwnCredential(TARGET, undefined)).toBe(false);
    expect(isOwnCredential(TARGET, undefined)).toBe(false);
  });
});
