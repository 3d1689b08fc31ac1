/** The explicit provider: a whole credential of its own, encrypted; the base URL falls back to the stack's. */
import * as pulumi from "@pulumi/pulumi";
import { AtlasProvider, type AtlasProviderArgs } from "../../../provider/src/index.js";
import { toSecretOutput } from "../../../provider/src/protocol.js";
import { parseSettings } from "../../../provider/src/settings.js";
import { CLIENT_ID, SECRET_VALUE } from "../fixtures/values.js";

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (resource) => {
      registered.push(resource);
      return { id: "fake-id", state: resource.inputs };
    },
  });
});
afterAll(() => pulumi.runtime.setAllConfig({}));

const SERVICE_ACCOUNT = { clientId: CLIENT_ID, clientSecret: SECRET_VALUE };
const ENV = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token", MONGODB_ATLAS_BASE_URL: "https://env.example" };

/** The properties that the engine hands to `configure`, secrets in clear. */
async function register(args: AtlasProviderArgs): Promise<Record<string, unknown>> {
  const provider = new AtlasProvider("other", args);
  await new Promise((resolve) => void provider.urn.apply(resolve));
  const entries = Object.entries(registered[0]?.inputs as Record<string, unknown>);
  return Object.fromEntries(entries.map(([key, value]) => [key, toClear(value)]));
}

function toClear(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

/** The settings that the provider's process makes of the arguments. */
async function configure(args: AtlasProviderArgs, env: Record<string, string> = ENV) {
  const properties = await register(args);
  return parseSettings({ config: (name) => properties[`mongodbatlas:${name}`], env });
}

describe("AtlasProvider", () => {
  it.each<{ name: string; args: AtlasProviderArgs; kind: string }>([
    { name: "a service account", args: SERVICE_ACCOUNT, kind: "service-account" },
    { name: "an API key", args: { publicKey: "notreal1", privateKey: "not-a-real-key" }, kind: "api-key" },
    { name: "an access token", args: { accessToken: "not-a-real-token" }, kind: "access-token" },
    {
      name: "outputs",
      args: { clientId: CLIENT_ID, clientSecret: pulumi.secret(SECRET_VALUE) },
      kind: "service-account",
    },
  ])("signs in with the credential that it is given: $name", async ({ args, kind }) => {
    expect((await configure(args)).credential.kind).toBe(kind);
  });

  it("keeps its credential out of debug messages", async () => {
    const log = pulumi.log as { debug: (message: string) => Promise<void> };
    const { debug } = log;
    const seen: string[] = [];
    log.debug = async (message) => void seen.push(message);
    await register(SERVICE_ACCOUNT);
    await log.debug(`resp: ${Object.entries(toSecretOutput(SECRET_VALUE)).flat().join()}`);
    log.debug = debug;
    expect(seen.at(-1)).toBe(" [withheld: it holds a secret]");
    expect(seen.join()).not.toContain(SECRET_VALUE);
  });

  it("hands the confidential part over as a secret and the rest in clear", async () => {
    await register(SERVICE_ACCOUNT);
    const inputs = registered[0]?.inputs as Record<string, unknown>;
    expect(registered[0]?.type).toBe("pulumi:providers:pulumi-nodejs");
    expect(inputs["mongodbatlas:clientId"]).toBe(CLIENT_ID);
    expect(inputs["mongodbatlas:clientSecret"]).toMatchObject({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    });
  });

  it.each([
    { name: "nothing", args: {} },
    { name: "half of one", args: { clientId: CLIENT_ID } },
    { name: "the other half", args: { clientSecret: SECRET_VALUE } },
    { name: "halves of two", args: { clientId: CLIENT_ID, privateKey: SECRET_VALUE } },
    { name: "two", args: { ...SERVICE_ACCOUNT, accessToken: SECRET_VALUE } },
  ])("refuses $name in place of one whole credential, and shows no value", ({ args }) => {
    const create = () => new AtlasProvider("other", args as unknown as AtlasProviderArgs);
    expect(create).toThrow(pulumi.RunError);
    expect(create).toThrow("needs one whole credential");
    expect(create).not.toThrow(SECRET_VALUE);
    expect(registered).toEqual([]);
  });

  it.each<{ name: string; args: AtlasProviderArgs }>([
    { name: "an empty token", args: { accessToken: pulumi.output("") } },
    { name: "an empty secret", args: { clientId: CLIENT_ID, clientSecret: pulumi.secret("") } },
    { name: "an empty pair", args: { clientId: pulumi.output(""), clientSecret: pulumi.secret("") } },
  ])("never takes the environment's credential in place of $name", async ({ args }) => {
    await expect(configure(args)).rejects.toThrow(/is not configured/);
  });

  it.each<{ name: string; config: Record<string, string>; args?: Partial<AtlasProviderArgs>; url: string }>([
    {
      name: "its own",
      config: { baseUrl: "https://stack.example" },
      args: { baseUrl: "https://own.example" },
      url: "https://own.example",
    },
    { name: "the stack's", config: { baseUrl: "https://stack.example" }, url: "https://stack.example" },
    {
      name: "that of the stack's government cloud",
      config: { isMongodbgovCloud: "true" },
      url: "https://cloud.mongodbgov.com",
    },
    {
      name: "that of its own government cloud",
      config: { baseUrl: "https://stack.example" },
      args: { isMongodbgovCloud: true },
      url: "https://cloud.mongodbgov.com",
    },
    {
      name: "that of the commercial cloud, which it asks for in a stack of the government cloud,",
      config: { isMongodbgovCloud: "true" },
      args: { isMongodbgovCloud: false },
      url: "https://cloud.mongodb.com",
    },
    {
      name: "that of the commercial cloud, which it asks for as an output,",
      config: { baseUrl: "https://stack.example", isMongodbgovCloud: "true" },
      args: { isMongodbgovCloud: pulumi.output(false) },
      url: "https://cloud.mongodb.com",
    },
    {
      name: "that of the stack's commercial cloud",
      config: { isMongodbgovCloud: "false" },
      url: "https://cloud.mongodb.com",
    },
    { name: "the environment's", config: {}, url: "https://env.example" },
  ])("sends to $name base URL", async ({ config, args, url }) => {
    pulumi.runtime.setAllConfig(
      Object.fromEntries(Object.entries(config).map(([key, value]) => [`mongodbatlas:${key}`, value])),
    );
    expect((await configure({ ...SERVICE_ACCOUNT, ...args } as AtlasProviderArgs)).baseUrl).toBe(url);
  });

  it("does not use the stack's credential", async () => {
    pulumi.runtime.setAllConfig({ "mongodbatlas:accessToken": "not-real" }, ["mongodbatlas:accessToken"]);
    const { credential } = await configure(SERVICE_ACCOUNT);
    expect(credential.kind).toBe("service-account");
  });
});
