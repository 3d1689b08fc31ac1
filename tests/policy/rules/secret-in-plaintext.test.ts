/** Values in plaintext: in inputs by their form, and at the end in inputs and outputs by the values that the stack knows. */
import { createSecretInPlaintext } from "../../../policy/src/rules/secret-in-plaintext.js";
import {
  ALL_TYPES,
  createMessages,
  judge,
  judgeStack,
  marked,
  PLAIN,
  type Props,
  ROTATING,
  SECRET_VALUE,
  toInputs,
  UNKNOWN_TEXT,
} from "../fixtures.js";

const CONSUMER = "test:index:Consumer";
const STACK = "pulumi:pulumi:Stack";
/** Of no known form, so that only knowing it finds it. */
const OTHER_FORM = "FAKE-value-of-another-form-0001";

/** What is said of a consumer before the engine touches it. */
function judgeInputs(props: Props, type = CONSUMER) {
  return judge(createSecretInPlaintext(createMessages({ inputs: [{ type, props }] })), { type, props: {} });
}

/** What is said at the end of a stack with a secret of the given outputs and one other resource. */
async function judgeEnd(
  other: { readonly type?: string; readonly inputs?: Props; readonly outputs?: Props },
  outputs: Props = { secret: marked(OTHER_FORM) },
  secretType: string = PLAIN,
) {
  const { type = CONSUMER } = other;
  const messages = createMessages({
    inputs: [{ type, name: "other", props: other.inputs ?? {} }],
    outputs: [
      { type: secretType, props: { ...toInputs(secretType), ...outputs } },
      { type, name: "other", props: other.outputs ?? {} },
    ],
  });
  const judged = [
    { type: secretType, props: {} },
    { type, name: "other", props: {} },
  ];
  return (await judgeStack(createSecretInPlaintext(messages), judged)).map(
    ({ message, name }) => `${name}: ${message}`,
  );
}

const told = (what: string) => [`The ${what} holds the value of a secret in plaintext.`];

describe("secret-in-plaintext before the engine touches a resource", () => {
  it.each([
    { name: "the whole of an input", props: { secret: SECRET_VALUE }, path: "secret" },
    { name: "a part of one", props: { url: `mongodb+srv://u:${SECRET_VALUE}@x` }, path: "url" },
    { name: "one in a list in a map", props: { env: { all: ["a", SECRET_VALUE] } }, path: "env.all[1]" },
    { name: "the text of an asset", props: { file: { text: SECRET_VALUE } }, path: "file.text" },
  ])("refuses a value as $name", async ({ props, path }) => {
    expect(await judgeInputs(props)).toEqual(told(`input ${path}`));
  });

  it("refuses a value as the name of an input, and leaves the name out", async () => {
    expect(await judgeInputs({ map: { [SECRET_VALUE]: 1 } })).toEqual(told("input map.(a name that is not shown)"));
  });

  it.each(["n".repeat(60), "prod-eu-west-1-billing-service-account-2024", "route53RecordForTheBillingService"])(
    "shows a name of up to 60 characters in words: %s",
    async (name) => {
      expect(await judgeInputs({ [name]: SECRET_VALUE })).toEqual(told(`input ${name}`));
    },
  );

  it.each(["n".repeat(61), "Zk3xQ9vT2mLp8Rw5Yc1NbH7sDf4GjA", "3f2b1c4d-0a1b-22f2-3a33-123456789012"])(
    "does not show what may be data: %s",
    async (name) => {
      expect(await judgeInputs({ [name]: SECRET_VALUE })).toEqual(told("input (a name that is not shown)"));
    },
  );

  it.each([
    { name: "an encrypted input", props: { secret: marked(SECRET_VALUE) } },
    { name: "an input inside an encrypted map", props: { env: marked({ secret: SECRET_VALUE }) } },
    { name: "one that a preview does not know", props: { secret: UNKNOWN_TEXT } },
    { name: "the mask that Atlas shows", props: { shown: "mdb_sa_sk_...wxyz" } },
    { name: "the beginning of a secret alone", props: { prefix: "mdb_sa_sk_REPLACE_ME" } },
  ])("accepts $name", async ({ props }) => {
    expect(await judgeInputs(props)).toEqual([]);
  });

  it("says nothing about a resource of which the engine told nothing", async () => {
    expect(
      await judge(createSecretInPlaintext(createMessages()), { type: CONSUMER, props: { secret: SECRET_VALUE } }),
    ).toEqual([]);
  });

  it("leaves providers to the credential's rule", async () => {
    expect(await judgeInputs({ clientSecret: SECRET_VALUE }, "pulumi:providers:mongodbatlas")).toEqual([]);
  });
});

describe("secret-in-plaintext at the end", () => {
  it("refuses a stack output in plaintext and accepts an encrypted one", async () => {
    expect(await judgeEnd({ type: STACK, outputs: { shown: OTHER_FORM } })).toEqual([
      "other: The stack output shown holds the value of a secret in plaintext.",
    ]);
    expect(await judgeEnd({ type: STACK, outputs: { shown: marked(OTHER_FORM) } })).toEqual([]);
  });

  it.each(ALL_TYPES)("knows the value of %s, encrypted or not", async (type) => {
    const other = { type: STACK, outputs: { shown: [OTHER_FORM] } };
    const [violation] = await judgeEnd(other, { secret: marked(OTHER_FORM) }, type);
    expect(violation).toBe("other: The stack output shown[0] holds the value of a secret in plaintext.");
    expect(await judgeEnd(other, { secret: OTHER_FORM }, type)).toContain(violation);
  });

  it("knows the value of a secret that waits for its verification", async () => {
    const outputs = { secret: marked("FAKE-some-other-value-0002"), pendingSecret: marked(OTHER_FORM) };
    expect(await judgeEnd({ type: STACK, outputs: { shown: OTHER_FORM } }, outputs, ROTATING)).toHaveLength(1);
  });

  it("refuses the value as an input that its resource does not repeat", async () => {
    expect(await judgeEnd({ inputs: { password: OTHER_FORM }, outputs: { isSignedIn: true } })).toEqual([
      "other: The input password holds the value of a secret in plaintext.",
    ]);
  });

  it("reports what stands in an input and an output once, and not again what it reported before", async () => {
    expect(await judgeEnd({ inputs: { password: OTHER_FORM }, outputs: { password: OTHER_FORM } })).toHaveLength(1);
    expect(await judgeEnd({ inputs: { password: SECRET_VALUE }, outputs: { password: SECRET_VALUE } })).toEqual([]);
  });

  it("refuses a secret of the known form that no resource of the stack has", async () => {
    expect(await judgeEnd({ type: STACK, outputs: { shown: SECRET_VALUE } })).toHaveLength(1);
  });

  it("leaves a known value out of the path that it reports", async () => {
    const [violation] = await judgeEnd({ type: STACK, outputs: { [OTHER_FORM]: { [`x${OTHER_FORM}`]: OTHER_FORM } } });
    expect(violation).toContain("stack output (a name that is not shown)");
  });

  it("compares with no value that could not be decrypted", async () => {
    const outputs = { secret: marked("[secret]") };
    expect(await judgeEnd({ type: STACK, outputs: { shown: "[secret]" } }, outputs)).toEqual([]);
  });
});
