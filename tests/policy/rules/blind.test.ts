/** The rules that rest on how the SDK decodes calls: where nothing is told, they say so instead of passing everything. */
import { createCredentialInPlaintext } from "../../../policy/src/rules/credential-in-plaintext.js";
import { createSecretInPlaintext } from "../../../policy/src/rules/secret-in-plaintext.js";
import { createMessages, judge, judgeStack, PLAIN, toInputs } from "../fixtures.js";

const blind = createMessages({ isSeeing: false });
const PROVIDER = { type: "pulumi:providers:pulumi-nodejs", props: {} };
const SAYS = [expect.stringContaining("This rule sees nothing")];

describe("a rule that is told nothing by the engine", () => {
  it("says so of the credential, at each provider, and passes what has no credential", async () => {
    expect(await judge(createCredentialInPlaintext(blind), PROVIDER)).toEqual(SAYS);
    expect(await judge(createCredentialInPlaintext(blind), { type: PLAIN, props: toInputs(PLAIN) })).toEqual([]);
  });

  it("says so of values in plaintext, once for the stack", async () => {
    const resources = ["a", "b"].map((name) => ({ type: PLAIN, name, props: toInputs(PLAIN) }));
    const found = await judgeStack(createSecretInPlaintext(blind), resources);
    expect(found.map(({ message }) => message)).toEqual(SAYS);
  });

  it("says nothing of it where it is told", async () => {
    expect(await judgeStack(createSecretInPlaintext(createMessages()), [])).toEqual([]);
    expect(await judge(createCredentialInPlaintext(createMessages()), PROVIDER)).toEqual([]);
  });
});
