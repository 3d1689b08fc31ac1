/**
 * No message of any rule holds a secret's value, wherever the value stands and whatever else the inputs are; and no input makes a
 * rule throw, whose stack the engine would print.
 */
import fc from "fast-check";
import { createRules } from "../../../policy/src/rules/index.js";
import { findCanaries } from "../../helpers/canaries.js";
import {
  ALL_TYPES,
  createMessages,
  type Judged,
  judge,
  judgeStack,
  marked,
  type Props,
  SECRET_VALUE,
  toArgs,
  toInputs,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
} from "../fixtures.js";

const CANARIES = {
  secret: SECRET_VALUE,
  otherForm: "FAKE0Zk3xQ9vT2mLp8Rw5Yc1NbH7sDf4GjA",
  trigger: "FAKE1qW8eR2tY6uI4oP0aS9dF3gH7jK5lZ",
};

const canary = fc.constantFrom(...Object.values(CANARIES));
const text = fc.oneof(
  canary,
  canary.map((value) => `before ${value} after`),
  canary.map((value) => encodeURIComponent(value)),
  canary.map((value) => `https://user:${value}@atlas.example/`),
  fc.constantFrom(UNKNOWN_TEXT, UNKNOWN_NUMBER, "2026-01-01T00:00:00Z", ""),
);
const scalar = fc.oneof(text, fc.constantFrom(0, -1, 1, 47, 720, 1e300, Number.NaN, true, false, null));
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom("env", "a b"), canary), tie("any"), { maxKeys: 3 }),
    tie("any").map(marked),
  ),
})).any;

/** Every property that a rule reads, and some that none does. */
const NAMES = [
  ...["projectId", "orgId", "clientId", "secretExpiresAfterHours", "rotateBeforeExpiryHours", "overlapHours", "verify"],
  ...["triggers", "secretId", "secret", "pendingSecret", "previousSecretId", "expiresAt", "rotateAfter", "retireAfter"],
  ...["mongodbatlas:clientSecret", "mongodbatlas:baseUrl", "clientSecret", "privateKey", "accessToken", "baseUrl"],
  ...["other", CANARIES.secret, CANARIES.trigger],
];
const changes = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 8 });
const type = fc.constantFrom(
  ...ALL_TYPES,
  "pulumi:providers:pulumi-nodejs",
  "pulumi:providers:mongodbatlas",
  "pulumi:pulumi:Stack",
  "test:index:Consumer",
);
const resource = fc.record({
  type,
  changes,
  outputs: changes,
  name: fc.oneof(fc.constantFrom("main", "default"), canary),
  deleteBeforeReplace: fc.boolean(),
});
const config = fc.constantFrom<Props>(
  {},
  { allowedProjects: [], allowedClientIds: [], allowedOrgs: [] },
  { maxHours: 8, minWindowHours: 8760, allowedBaseUrls: ["https://gateway.example"] },
);

describe("every rule on any input", () => {
  it("throws nothing and repeats no value", async () => {
    let reported = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(resource, { minLength: 1, maxLength: 4 }), config, async (resources, settings) => {
        const judged: Judged[] = resources.map(({ type, name, changes, deleteBeforeReplace }, place) => ({
          type,
          name,
          props: { ...toInputs(type), ...changes },
          opts: { deleteBeforeReplace },
          dependsOn: place > 0 ? [resources[0]?.name ?? ""] : [],
        }));
        const messages = createMessages({
          inputs: judged,
          outputs: resources.map(({ type, name, outputs }) => ({
            type,
            name,
            props: { ...toInputs(type), ...outputs },
          })),
          config: {
            values: new Map([["mongodbatlas:clientSecret", SECRET_VALUE]]),
            secretKeys: new Set(),
          },
        });
        const env = { MONGODB_ATLAS_BASE_URL: `https://${CANARIES.otherForm}.example` };
        const said: string[] = [];
        for (const rule of createRules({ messages, now: () => Date.parse("2026-06-01T00:00:00Z"), env })) {
          if ("validateResource" in rule) for (const one of judged) said.push(...(await judge(rule, one, settings)));
          if ("validateStack" in rule) said.push(...(await judgeStack(rule, judged)).map(({ message }) => message));
          const remediate = "remediateResource" in rule ? rule.remediateResource : undefined;
          for (const one of judged) await remediate?.(toArgs(one, settings));
        }
        reported += said.length;
        expect(findCanaries(said.join("\n"), CANARIES)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    // The inputs do bring the rules to speak.
    expect(reported).toBeGreaterThan(400);
  });
});
