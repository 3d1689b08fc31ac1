/** Options and inputs that take a safety off: deletion first, verification off; and types that cannot rotate by time. */
import { planAdoption } from "../../../cli/src/adoption/plan.js";
import { toSteps } from "../../../cli/src/adoption/steps.js";
import { deletesBeforeReplacement } from "../../../policy/src/rules/deletes-before-replacement.js";
import { noRotationByTime } from "../../../policy/src/rules/no-rotation-by-time.js";
import { verificationOff } from "../../../policy/src/rules/verification-off.js";
import {
  ALL_TYPES,
  CLIENT_ID,
  type Judged,
  judge,
  judgeStack,
  MANUAL_TYPES,
  OUR_TYPES,
  OWNER_ID,
  PLAIN,
  toInputs,
  UNKNOWN_TEXT,
} from "../fixtures.js";

describe("deletes-before-replacement", () => {
  const secret = (type: string, deleteBeforeReplace?: boolean): Judged => ({
    type,
    props: toInputs(type),
    opts: deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace },
  });
  const consumer = (name = "consumer"): Judged => ({
    type: "test:index:Consumer",
    name,
    props: {},
    dependsOn: ["main"],
  });

  it.each(ALL_TYPES)("warns about %s with the option and a consumer, at the secret", async (type) => {
    expect(await judgeStack(deletesBeforeReplacement, [secret(type, true), consumer()])).toEqual([
      {
        name: "main",
        message:
          "deleteBeforeReplace is set, and 1 other resource depends on this secret: they are locked out while it is replaced.",
      },
    ]);
  });

  it("counts the consumers", async () => {
    const [violation] = await judgeStack(deletesBeforeReplacement, [secret(PLAIN, true), consumer("a"), consumer("b")]);
    expect(violation?.message).toContain("2 other resources depend on");
  });

  it.each([
    { name: "without the option", resources: [secret(PLAIN), consumer()] },
    { name: "with the option off", resources: [secret(PLAIN, false), consumer()] },
    { name: "without a consumer", resources: [secret(PLAIN, true), { ...consumer(), dependsOn: [] }] },
    {
      name: "whose consumer has the option",
      resources: [secret(PLAIN), { ...consumer(), opts: { deleteBeforeReplace: true } }],
    },
  ])("says nothing about a secret $name", async ({ resources }) => {
    expect(await judgeStack(deletesBeforeReplacement, resources)).toEqual([]);
  });
});

describe("verification-off", () => {
  it.each(OUR_TYPES)("warns about %s with verify false alone", async (type) => {
    const judgeVerify = (verify: unknown) => judge(verificationOff, { type, props: toInputs(type, { verify }) });
    expect(await judgeVerify(false)).toEqual([
      "verify is false: a new secret replaces the old one without being verified.",
    ]);
    expect(await judgeVerify(true)).toEqual([]);
    expect(await judgeVerify(undefined)).toEqual([]);
    expect(await judgeVerify(UNKNOWN_TEXT)).toEqual([]);
  });

  it("says nothing about another type with such an input", async () => {
    expect(await judge(verificationOff, { type: "test:index:Consumer", props: { verify: false } })).toEqual([]);
  });
});

describe("no-rotation-by-time", () => {
  it.each(MANUAL_TYPES)("warns about %s, with the way to ours", async (type) => {
    const [message] = await judge(noRotationByTime, { type, props: toInputs(type) });
    expect(message).toContain("not rotated on schedule");
  });

  it("names the command that moves a secret, and its steps in the order in which the command prints them", () => {
    const origin = {
      kind: "mongodbatlas",
      urn: "",
      className: "ProjectServiceAccountSecret",
      isRetained: false,
    } as const;
    const found = {
      ...({
        name: "main",
        origin,
        what: "main",
        level: "project",
        ownerId: OWNER_ID,
        clientId: CLIENT_ID,
        secretId: OWNER_ID,
      } as const),
      ...{ value: { ciphertext: "" }, createdAtMs: 0, expiresAtMs: 720 * 3_600_000, secretExpiresAfterHours: 720 },
    };
    const printed = toSteps(
      planAdoption([found], [found], { isRotating: false, isDueAllowed: false, sources: "" }, 1),
      {},
    );
    const steps = /retainOnDelete.*pulumi up.*pulumi import.*Swap the class.*pulumi up/is;
    expect(printed).toMatch(steps);
    expect(noRotationByTime.remediationSteps).toMatch(steps);
    expect(noRotationByTime.remediationSteps).toContain("'atlas-secrets adopt'");
  });

  it.each([...OUR_TYPES, "mongodbatlas:index/project:Project"])("says nothing about %s", async (type) => {
    expect(await judge(noRotationByTime, { type, props: toInputs(type) })).toEqual([]);
  });
});
