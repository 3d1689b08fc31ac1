/** What every rule says of itself: the pack's contract with its users. */
import { FINDING_CODES } from "../../../cli/src/audit/codes.js";
import type { ResourceRule, StackRule } from "../../../policy/src/rule.js";
import { createRules } from "../../../policy/src/rules/index.js";
import { createMessages, judge, judgeStack, PLAIN, ROTATING, toInputs } from "../fixtures.js";

const rules = createRules({ messages: createMessages(), now: () => 0, env: {} });

const kindOf = (rule: ResourceRule | StackRule) =>
  ["validateResource", "remediateResource", "validateStack"].filter((name) => name in rule);

describe("the rules", () => {
  it("have these names and levels, and judge resources, the stack or both", () => {
    expect(rules.map((rule) => [rule.name, rule.enforcementLevel, ...kindOf(rule)])).toEqual([
      ["lifetime-too-long", "mandatory", "validateResource", "remediateResource"],
      ["rotation-window-too-short", "mandatory", "validateResource", "remediateResource"],
      ["no-rotation-by-time", "advisory", "validateResource"],
      ["account-crowded", "mandatory", "validateStack"],
      ["account-shared", "advisory", "validateStack"],
      ["deletes-before-replacement", "advisory", "validateStack"],
      ["verification-off", "advisory", "validateResource"],
      ["account-not-allowed", "mandatory", "validateResource"],
      ["credential-in-plaintext", "mandatory", "validateResource"],
      ["base-url-not-atlas", "mandatory", "validateResource"],
      ["secret-in-plaintext", "mandatory", "validateResource", "validateStack"],
      ["current-expired", "advisory", "validateStack"],
      ["inside-window", "advisory", "validateStack"],
      ["overlap-over", "advisory", "validateStack"],
    ]);
  });

  it("have the audit's names where the fault is the audit's", () => {
    const shared = rules.map(({ name }) => name).filter((name) => FINDING_CODES.some((code) => code === name));
    expect(shared).toEqual(["lifetime-too-long", "current-expired", "inside-window", "overlap-over"]);
  });

  it.each(rules)("$name says in sentences what must hold and what to do, and how grave a violation is", (rule) => {
    expect(rule.description).toMatch(/^[A-Z].*\.$/);
    expect(rule.remediationSteps).toMatch(/^[A-Z].*\.$/);
    expect(["low", "medium", "high", "critical"]).toContain(rule.severity);
  });

  it("have defaults for every number they let a user set, and none for lists that are off until given", () => {
    const defaults = rules.flatMap(({ name, configSchema }) =>
      Object.entries(configSchema.properties).map(([key, schema]) => [name, key, schema.default]),
    );
    expect(defaults).toEqual([
      ["lifetime-too-long", "maxHours", 720],
      ["rotation-window-too-short", "minWindowHours", 48],
      ["account-not-allowed", "allowedProjects", undefined],
      ["account-not-allowed", "allowedOrgs", undefined],
      ["account-not-allowed", "allowedClientIds", undefined],
      ["base-url-not-atlas", "allowedBaseUrls", []],
    ]);
  });
});

describe("a violation that the pack reports", () => {
  it("says what to do, for both kinds of rules", async () => {
    const find = (name: string) => rules.find((rule) => rule.name === name) as ResourceRule & StackRule;
    const lifetime = find("lifetime-too-long");
    const props = toInputs(PLAIN, { secretExpiresAfterHours: 721 });
    expect(await judge(lifetime, { type: PLAIN, props })).toEqual([
      `secretExpiresAfterHours is 721, the maximum is 720. ${lifetime.remediationSteps}`,
    ]);
    const crowded = find("account-crowded");
    const two = ["a", "b"].map((name) => ({ type: ROTATING, name, props: toInputs(ROTATING) }));
    const violations = await judgeStack(crowded, two);
    expect(violations.map(({ name, message }) => [name, message.endsWith(crowded.remediationSteps)])).toEqual([
      ["a", true],
      ["b", true],
    ]);
  });
});
