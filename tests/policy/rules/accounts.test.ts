/** What shares a service account: two slots, rotating resources that need both, and plain secrets that cut each other's life. */

import type { StackRule } from "../../../policy/src/rule.js";
import { accountCrowded } from "../../../policy/src/rules/account-crowded.js";
import { accountShared } from "../../../policy/src/rules/account-shared.js";
import {
  CLIENT_ID,
  judgeStack,
  MANUAL,
  ORG_MANUAL,
  ORG_PLAIN,
  ORG_ROTATING,
  OTHER_CLIENT_ID,
  PLAIN,
  ROTATING,
  toInputs,
  UNKNOWN_TEXT,
} from "../fixtures.js";

/** Which resources of a stack with these types, all on one account, the rule complains about. */
async function findNames(rule: StackRule, types: readonly string[], clientIds: readonly string[] = []) {
  const resources = types.map((type, place) => ({
    type,
    name: `secret-${place}`,
    props: toInputs(type, { clientId: clientIds[place] ?? CLIENT_ID }),
  }));
  return (await judgeStack(rule, resources)).map(({ name }) => name);
}

describe("account-crowded", () => {
  it.each([
    { name: "one plain secret", types: [PLAIN] },
    { name: "two plain secrets", types: [PLAIN, ORG_PLAIN] },
    { name: "two of @pulumi/mongodbatlas", types: [MANUAL, ORG_MANUAL] },
    { name: "one rotating resource", types: [ROTATING] },
    { name: "one rotating resource of an organization", types: [ORG_ROTATING] },
  ])("accepts $name", async ({ types }) => {
    expect(await findNames(accountCrowded, types)).toEqual([]);
  });

  it.each([
    { name: "three plain secrets", types: [PLAIN, PLAIN, ORG_PLAIN] },
    { name: "two rotating resources", types: [ROTATING, ORG_ROTATING] },
    { name: "a rotating resource and a plain secret", types: [ROTATING, PLAIN] },
    { name: "a rotating resource and one of @pulumi/mongodbatlas", types: [MANUAL, ROTATING] },
    { name: "three of @pulumi/mongodbatlas", types: [MANUAL, MANUAL, ORG_MANUAL] },
  ])("refuses $name, at each of them", async ({ types }) => {
    expect(await findNames(accountCrowded, types)).toEqual(types.map((_, place) => `secret-${place}`));
  });

  it("says how many slots are needed, and on which account", async () => {
    const props = toInputs(ROTATING);
    const [violation] = await judgeStack(accountCrowded, [
      { type: ROTATING, name: "a", props },
      { type: PLAIN, name: "b", props },
    ]);
    expect(violation?.message).toBe(
      `Service account ${CLIENT_ID} has 2 of these resources in this stack, which need 3 slots; it has 2, and a rotating resource needs both.`,
    );
  });

  it("judges each account by itself", async () => {
    const clientIds = [CLIENT_ID, OTHER_CLIENT_ID, CLIENT_ID];
    expect(await findNames(accountCrowded, [ROTATING, ROTATING, PLAIN], clientIds)).toEqual(["secret-0", "secret-2"]);
  });

  it("counts no account that a preview does not know", async () => {
    expect(await findNames(accountCrowded, [ROTATING, ROTATING], [UNKNOWN_TEXT, UNKNOWN_TEXT])).toEqual([]);
  });

  it("counts no other resource that has a client id", async () => {
    expect(await findNames(accountCrowded, [ROTATING, "test:index:Consumer"])).toEqual([]);
  });
});

describe("account-shared", () => {
  it.each([
    { name: "one plain secret", types: [PLAIN] },
    { name: "one rotating resource", types: [ROTATING] },
    { name: "what account-crowded refuses: three", types: [PLAIN, PLAIN, PLAIN] },
    { name: "what account-crowded refuses: two with a rotating one", types: [PLAIN, ROTATING] },
  ])("says nothing about $name", async ({ types }) => {
    expect(await findNames(accountShared, types)).toEqual([]);
  });

  it.each([
    { name: "two plain secrets", types: [PLAIN, PLAIN] },
    { name: "a plain one and one of @pulumi/mongodbatlas", types: [PLAIN, MANUAL] },
    { name: "two of an organization's account", types: [ORG_PLAIN, ORG_MANUAL] },
  ])("warns about $name, at both", async ({ types }) => {
    expect(await findNames(accountShared, types)).toEqual(["secret-0", "secret-1"]);
  });

  it("says nothing about two on two accounts", async () => {
    expect(await findNames(accountShared, [PLAIN, PLAIN], [CLIENT_ID, OTHER_CLIENT_ID])).toEqual([]);
  });
});
