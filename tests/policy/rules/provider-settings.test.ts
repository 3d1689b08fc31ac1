/** The provider's own settings: credentials in plaintext, and base URLs that lead elsewhere. */
import type { StackConfig } from "../../../policy/src/engine-messages.js";
import { createBaseUrlNotAtlas } from "../../../policy/src/rules/base-url-not-atlas.js";
import { createCredentialInPlaintext } from "../../../policy/src/rules/credential-in-plaintext.js";
import { createMessages, judge, marked, PLAIN, type Props, SECRET_VALUE, UNKNOWN_TEXT } from "../fixtures.js";

const OURS = "pulumi:providers:pulumi-nodejs";
const MONGODBATLAS = "pulumi:providers:mongodbatlas";

function toConfig(values: Readonly<Record<string, string>>, secretKeys: readonly string[] = []): StackConfig {
  return { values: new Map(Object.entries(values)), secretKeys: new Set(secretKeys) };
}

/** The rule sees `props` in plaintext; `inputs` is the same with the engine's marks. */
function judgeCredential(type: string, name: string, inputs: Props, config?: StackConfig) {
  const props = Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, (value as { value?: unknown } | null)?.value ?? value]),
  );
  const messages = createMessages({ inputs: [{ type, name, props: inputs }], ...(config && { config }) });
  return judge(createCredentialInPlaintext(messages), { type, name, props });
}

describe.each([
  { type: OURS, prefix: "mongodbatlas:" },
  { type: MONGODBATLAS, prefix: "" },
])("credential-in-plaintext on $type", ({ type, prefix }) => {
  it.each(["accessToken", "clientSecret", "privateKey"])(
    "refuses an explicit provider's %s in plaintext alone",
    async (key) => {
      expect(await judgeCredential(type, "other-org", { [prefix + key]: marked(SECRET_VALUE) })).toEqual([]);
      expect(await judgeCredential(type, "other-org", { [prefix + key]: SECRET_VALUE })).toEqual([
        `The input ${key} of this provider is not a secret, so it is stored in plaintext.`,
      ]);
    },
  );

  it.each([
    { name: "one that a preview does not know", value: UNKNOWN_TEXT },
    { name: "an empty one", value: "" },
    { name: "null", value: null },
  ])("says nothing about $name", async ({ value }) => {
    expect(await judgeCredential(type, "other-org", { [`${prefix}clientSecret`]: value })).toEqual([]);
  });

  it("refuses the stack configuration's credential in plaintext, once, at the provider made from it", async () => {
    const config = toConfig({ "mongodbatlas:clientSecret": SECRET_VALUE, "mongodbatlas:clientId": "public" });
    expect(await judgeCredential(type, "default_6_0_0", { [`${prefix}clientSecret`]: SECRET_VALUE }, config)).toEqual([
      "mongodbatlas:clientSecret is stored in plaintext in the stack configuration.",
    ]);
    // A provider's schema can mark an input that stands in plaintext in the stack's file.
    expect(
      await judgeCredential(type, "default", { [`${prefix}clientSecret`]: marked(SECRET_VALUE) }, config),
    ).toHaveLength(1);
    expect(await judgeCredential(type, "other-org", {}, config)).toEqual([]);
  });

  it("accepts the stack configuration's credential that is encrypted", async () => {
    const key = "mongodbatlas:clientSecret";
    const config = toConfig({ [key]: SECRET_VALUE }, [key]);
    expect(await judgeCredential(type, "default", { [`${prefix}clientSecret`]: marked(SECRET_VALUE) }, config)).toEqual(
      [],
    );
  });

  it("finds a credential in plaintext in a recorded state, for which no configuration is told", async () => {
    expect(await judgeCredential(type, "default", { [`${prefix}privateKey`]: "not-a-real-key" })).toHaveLength(1);
  });
});

describe("credential-in-plaintext", () => {
  it("says nothing about other providers and resources", async () => {
    const inputs = { clientSecret: SECRET_VALUE, "mongodbatlas:clientSecret": SECRET_VALUE };
    expect(await judgeCredential("pulumi:providers:azure", "default", inputs)).toEqual([]);
    expect(await judgeCredential(PLAIN, "main", inputs)).toEqual([]);
  });
});

describe.each([
  { type: OURS, prefix: "mongodbatlas:" },
  { type: MONGODBATLAS, prefix: "" },
])("base-url-not-atlas on $type", ({ type, prefix }) => {
  const judgeUrl = (baseUrl: unknown, allowedBaseUrls: readonly string[] = []) =>
    judge(
      createBaseUrlNotAtlas(createMessages(), {}),
      { type, props: { [`${prefix}baseUrl`]: baseUrl } },
      { allowedBaseUrls },
    );

  it.each([
    { name: "none", url: undefined },
    { name: "Atlas", url: "https://cloud.mongodb.com" },
    { name: "Atlas for governments", url: "https://cloud.mongodbgov.com/" },
    { name: "a server on this machine", url: "http://127.0.0.1:8080" },
    { name: "one that a preview does not know", url: UNKNOWN_TEXT },
    { name: "one of spaces, which counts as none", url: "  " },
  ])("accepts $name", async ({ url }) => {
    expect(await judgeUrl(url)).toEqual([]);
  });

  it.each([
    { name: "another server", url: "https://atlas.example" },
    { name: "Atlas without TLS", url: "http://cloud.mongodb.com" },
    { name: "what is no URL", url: `not a url ${SECRET_VALUE}` },
  ])("refuses $name, without repeating it", async ({ url }) => {
    expect(await judgeUrl(url)).toEqual([
      "baseUrl points neither to Atlas nor to this machine, and it is not in allowedBaseUrls.",
    ]);
  });

  it("accepts one of allowedBaseUrls and nothing like it", async () => {
    expect(await judgeUrl("https://gateway.example/atlas", ["https://gateway.example/atlas"])).toEqual([]);
    expect(await judgeUrl("https://gateway.example/other", ["https://gateway.example/atlas"])).toHaveLength(1);
  });
});

describe("base-url-not-atlas and the environment", () => {
  const env = { MONGODB_ATLAS_BASE_URL: "https://atlas.example" };
  const judgeEnv = (props: Props, config?: StackConfig) =>
    judge(createBaseUrlNotAtlas(createMessages(config && { config }), env), { type: OURS, props });

  it("refuses the variable where the configuration has no base URL", async () => {
    expect(await judgeEnv({}, toConfig({}))).toEqual([
      "MONGODB_ATLAS_BASE_URL points neither to Atlas nor to this machine, and it is not in allowedBaseUrls.",
    ]);
    expect(await judgeEnv({ "mongodbatlas:baseUrl": "https://cloud.mongodb.com" }, toConfig({}))).toEqual([]);
  });

  it("says nothing about the variable in an analysis of a state", async () => {
    expect(await judgeEnv({})).toEqual([]);
  });

  it("judges providers alone", async () => {
    const rule = createBaseUrlNotAtlas(createMessages({ config: toConfig({}) }), env);
    expect(await judge(rule, { type: PLAIN, props: { baseUrl: "https://atlas.example" } })).toEqual([]);
  });
});
