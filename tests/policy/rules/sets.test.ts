/** What the rules say of a set: of each of its accounts what they say of a resource of its own, and the same only once. */
import { accountCrowded } from "../../../policy/src/rules/account-crowded.js";
import { accountNotAllowed } from "../../../policy/src/rules/account-not-allowed.js";
import { lifetimeTooLong } from "../../../policy/src/rules/lifetime-too-long.js";
import { rotationWindowTooShort } from "../../../policy/src/rules/rotation-window-too-short.js";
import { createSecretInPlaintext } from "../../../policy/src/rules/secret-in-plaintext.js";
import { createOverdueRules } from "../../../policy/src/rules/secret-overdue.js";
import { verificationOff } from "../../../policy/src/rules/verification-off.js";
import {
  CLIENT_ID,
  createMessages,
  judge,
  judgeStack,
  marked,
  OTHER_CLIENT_ID,
  OWNER_ID,
  PLAIN,
  type Props,
  ROTATING,
  toInputs,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
} from "../fixtures.js";

const SET = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet";

/** A set with two accounts, of which the second can have inputs of its own. */
function toSet(changes: Props = {}, own: Props = {}): Props {
  const accounts = {
    billing: { projectId: OWNER_ID, clientId: CLIENT_ID },
    search: { projectId: OWNER_ID, clientId: OTHER_CLIENT_ID, ...own },
  };
  return { accounts, secretExpiresAfterHours: 720, ...changes };
}

describe.each([
  { rule: lifetimeTooLong, fault: { secretExpiresAfterHours: 721 }, says: "secretExpiresAfterHours is 721" },
  { rule: rotationWindowTooShort, fault: { rotateBeforeExpiryHours: 5 }, says: "rotateBeforeExpiryHours is 5" },
  { rule: verificationOff, fault: { verify: false }, says: "verify is false" },
])("$rule.name of a set", ({ rule, fault, says }) => {
  it("says nothing where nothing is wrong", async () => {
    expect(await judge(rule, { type: SET, props: toSet() })).toEqual([]);
  });

  it("says once what holds for all accounts", async () => {
    const messages = await judge(rule, { type: SET, props: toSet(fault) });
    expect(messages).toEqual([expect.stringContaining(says)]);
  });

  it("finds what one account has of its own", async () => {
    const messages = await judge(rule, { type: SET, props: toSet({}, fault) });
    expect(messages).toEqual([expect.stringContaining(says)]);
  });

  it("says nothing of what a preview does not know", async () => {
    const unknown = Object.fromEntries(Object.keys(fault).map((name) => [name, UNKNOWN_NUMBER]));
    expect(await judge(rule, { type: SET, props: toSet({}, unknown) })).toEqual([]);
    expect(await judge(rule, { type: SET, props: toSet({ accounts: UNKNOWN_TEXT }) })).toEqual([]);
    expect(await judge(rule, { type: SET, props: toSet({ accounts: { later: UNKNOWN_TEXT } }) })).toEqual([]);
  });
});

describe("account-not-allowed of a set", () => {
  it("names each account that is not in the list", async () => {
    const config = { allowedClientIds: [CLIENT_ID] };
    expect(await judge(accountNotAllowed, { type: SET, props: toSet() }, config)).toEqual([
      `Service account ${OTHER_CLIENT_ID} is not in allowedClientIds.`,
    ]);
  });
});

describe("account-crowded with a set", () => {
  it("counts both slots of each of its accounts", async () => {
    const set = { type: SET, name: "fleet", props: toSet() };
    const other = (type: string) => ({ type, name: "other", props: toInputs(type, { clientId: OTHER_CLIENT_ID }) });
    expect(await judgeStack(accountCrowded, [set])).toEqual([]);
    for (const type of [PLAIN, ROTATING]) {
      const found = await judgeStack(accountCrowded, [set, other(type)]);
      expect(found.map(({ name }) => name)).toEqual(["fleet", "other"]);
    }
  });
});

describe("a value of a set in plaintext", () => {
  const VALUE = "a-value-of-some-other-form-0001";

  it.each(["secrets", "confidential"])("is found elsewhere by the output %s", async (output) => {
    const deep = output === "secrets" ? { billing: VALUE } : { "owner/client": { pendingSecret: VALUE } };
    const messages = createMessages({
      outputs: [
        { type: SET, name: "fleet", props: { [output]: marked(deep) } },
        { type: "test:index:Consumer", name: "consumer", props: { copied: VALUE } },
      ],
    });
    const found = await judgeStack(createSecretInPlaintext(messages), [
      { type: SET, name: "fleet", props: toSet() },
      { type: "test:index:Consumer", name: "consumer", props: {} },
    ]);
    expect(found.map(({ name }) => name)).toEqual(["consumer"]);
  });
});

describe("what is overdue in a set", () => {
  it("is found account by account", async () => {
    const record = { projectId: OWNER_ID, status: "active", generation: 1, createdAt: "2026-03-01T08:00:00Z" };
    const records = {
      billing: { ...record, clientId: CLIENT_ID, secretId: "a".repeat(24), expiresAt: "2026-03-31T08:00:00Z" },
      search: { ...record, clientId: OTHER_CLIENT_ID, secretId: "b".repeat(24), expiresAt: "2026-05-31T08:00:00Z" },
    };
    const now = Date.parse("2026-04-02T08:00:00Z");
    const [expired] = createOverdueRules(() => now);
    if (!expired) throw new Error("there is no rule");
    const found = await judgeStack(expired, [{ type: SET, name: "fleet", props: toSet({ records, secrets: {} }) }]);
    expect(found).toEqual([{ name: "fleet", message: expect.stringMatching(/^Secret a{24} expired at 2026-03-31/) }]);
  });
});
