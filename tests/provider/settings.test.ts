import fc from "fast-check";
import { SettingsError } from "../../provider/src/errors.js";
import { Sensitive } from "../../provider/src/sensitive.js";
import { parseSettings, type Settings, toDestination } from "../../provider/src/settings.js";
import { findCanaries } from "../helpers/canaries.js";
import { arbitraryText, CLIENT_ID, OTHER_CLIENT_ID, OTHER_SECRET_VALUE, SECRET_VALUE } from "./fixtures/values.js";

type Values = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string | undefined>>;

const ACCOUNT = { clientId: CLIENT_ID, clientSecret: SECRET_VALUE };
const ACCOUNT_ENV = { MONGODB_ATLAS_CLIENT_ID: OTHER_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: OTHER_SECRET_VALUE };

function parse(config: Values = {}, env: Env = {}): Settings {
  return parseSettings({ config: (name) => config[name], env });
}

/** The credential in clear, to compare it. */
function parseCredential(config: Values, env: Env = {}): Values {
  const { credential } = parse(config, env);
  return Object.fromEntries(
    Object.entries(credential).map(([name, value]) => [
      name,
      value instanceof Sensitive ? Sensitive.reveal(value) : value,
    ]),
  );
}

function findProblems(config: Values, env: Env = {}): readonly string[] {
  try {
    parse(config, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const TOKEN = "not-a-real-access-token";
const KEY = { publicKey: "notreal1", privateKey: "00000000-0000-0000-0000-000000000000" };
const isAccount = { kind: "service-account", ...ACCOUNT };
const isOtherAccount = { kind: "service-account", clientId: OTHER_CLIENT_ID, clientSecret: OTHER_SECRET_VALUE };
const isToken = { kind: "access-token", token: TOKEN };
const isKey = { kind: "api-key", ...KEY };

describe("parseSettings, credential", () => {
  it.each<{ name: string; config?: Values; env?: Env; expected: Values }>([
    { name: "a token in the configuration", config: { accessToken: TOKEN }, expected: isToken },
    { name: "a service account in the configuration", config: ACCOUNT, expected: isAccount },
    { name: "an API key in the configuration", config: KEY, expected: isKey },
    { name: "a token in the environment", env: { MONGODB_ATLAS_ACCESS_TOKEN: TOKEN }, expected: isToken },
    { name: "a service account in the environment", env: ACCOUNT_ENV, expected: isOtherAccount },
    {
      name: "an API key in the environment",
      env: { MONGODB_ATLAS_PUBLIC_API_KEY: KEY.publicKey, MONGODB_ATLAS_PRIVATE_API_KEY: KEY.privateKey },
      expected: isKey,
    },
    {
      name: "an API key by its other names",
      env: { MONGODB_ATLAS_PUBLIC_KEY: KEY.publicKey, MONGODB_ATLAS_PRIVATE_KEY: KEY.privateKey },
      expected: isKey,
    },
    {
      name: "an API key by one name of each",
      env: { MONGODB_ATLAS_PUBLIC_API_KEY: KEY.publicKey, MONGODB_ATLAS_PRIVATE_KEY: KEY.privateKey },
      expected: isKey,
    },
    {
      name: "the first of two names",
      env: {
        MONGODB_ATLAS_PUBLIC_API_KEY: KEY.publicKey,
        MONGODB_ATLAS_PRIVATE_API_KEY: KEY.privateKey,
        MONGODB_ATLAS_PUBLIC_KEY: "other",
        MONGODB_ATLAS_PRIVATE_KEY: "other",
      },
      expected: isKey,
    },
    { name: "the configuration before the environment", config: ACCOUNT, env: ACCOUNT_ENV, expected: isAccount },
    {
      name: "a weaker kind in the configuration before a stronger one in the environment",
      config: KEY,
      env: { MONGODB_ATLAS_ACCESS_TOKEN: TOKEN },
      expected: isKey,
    },
    { name: "a token before a service account", config: { ...ACCOUNT, accessToken: TOKEN }, expected: isToken },
    { name: "a service account before an API key", config: { ...KEY, ...ACCOUNT }, expected: isAccount },
    { name: "a value without the space around it", config: { accessToken: `  ${TOKEN}\n` }, expected: isToken },
    {
      name: "the environment when the configuration is blank",
      config: { clientId: " ", clientSecret: "" },
      env: ACCOUNT_ENV,
      expected: isOtherAccount,
    },
  ])("takes $name", ({ config = {}, env = {}, expected }) => {
    expect(parseCredential(config, env)).toEqual(expected);
  });

  it.each<{ name: string; config?: Values; env?: Env; problem: string }>([
    {
      name: "no secret",
      config: { clientId: CLIENT_ID },
      problem: "mongodbatlas:clientId is set without mongodbatlas:clientSecret.",
    },
    {
      name: "no id",
      config: { clientSecret: SECRET_VALUE },
      problem: "mongodbatlas:clientSecret is set without mongodbatlas:clientId.",
    },
    {
      name: "no private key",
      config: { publicKey: "x" },
      problem: "mongodbatlas:publicKey is set without mongodbatlas:privateKey.",
    },
    {
      name: "no secret in the environment",
      env: { MONGODB_ATLAS_CLIENT_ID: CLIENT_ID },
      problem: "MONGODB_ATLAS_CLIENT_ID is set without MONGODB_ATLAS_CLIENT_SECRET.",
    },
    {
      name: "no private key in the environment, by the name in use",
      env: { MONGODB_ATLAS_PUBLIC_KEY: "x" },
      problem: "MONGODB_ATLAS_PUBLIC_KEY is set without MONGODB_ATLAS_PRIVATE_API_KEY.",
    },
    {
      name: "no secret, though the environment has one",
      config: { clientId: CLIENT_ID },
      env: ACCOUNT_ENV,
      problem: "mongodbatlas:clientId is set without mongodbatlas:clientSecret.",
    },
    {
      name: "no secret beside a whole token",
      config: { accessToken: TOKEN, clientId: CLIENT_ID },
      problem: "mongodbatlas:clientId is set without mongodbatlas:clientSecret.",
    },
  ])("refuses a credential with $name, and completes it from nowhere", ({ config = {}, env = {}, problem }) => {
    expect(findProblems(config, env)).toEqual([problem]);
  });

  it("says what to set when there is no credential at all", () => {
    const [problem, ...others] = findProblems({});
    expect(problem).toContain("mongodbatlas:clientSecret");
    expect(problem).toContain("MONGODB_ATLAS_CLIENT_SECRET");
    expect(others).toEqual([]);
  });
});

describe("parseSettings, base URL", () => {
  it.each<{ name: string; config?: Values; env?: Env; expected: string }>([
    { name: "Atlas by default", expected: "https://cloud.mongodb.com" },
    {
      name: "the government's Atlas as a text",
      config: { isMongodbgovCloud: "true" },
      expected: "https://cloud.mongodbgov.com",
    },
    {
      name: "the government's Atlas as a boolean",
      config: { isMongodbgovCloud: true },
      expected: "https://cloud.mongodbgov.com",
    },
    { name: "Atlas when that is false", config: { isMongodbgovCloud: "false" }, expected: "https://cloud.mongodb.com" },
    {
      name: "a given URL before the government's",
      config: { baseUrl: "https://a.example", isMongodbgovCloud: true },
      expected: "https://a.example",
    },
    {
      name: "the environment's URL",
      env: { MONGODB_ATLAS_BASE_URL: "https://b.example" },
      expected: "https://b.example",
    },
    {
      name: "the configuration's URL before the environment's",
      config: { baseUrl: "https://a.example" },
      env: { MONGODB_ATLAS_BASE_URL: "https://b.example" },
      expected: "https://a.example",
    },
    {
      name: "the government's Atlas of the stack before the environment's URL",
      config: { isMongodbgovCloud: true },
      env: { MONGODB_ATLAS_BASE_URL: "https://b.example" },
      expected: "https://cloud.mongodbgov.com",
    },
    {
      name: "the commercial cloud, given as false, before the environment's URL",
      config: { isMongodbgovCloud: false },
      env: { MONGODB_ATLAS_BASE_URL: "https://b.example" },
      expected: "https://cloud.mongodb.com",
    },
    {
      name: "the environment's URL when the flag is blank",
      config: { isMongodbgovCloud: " " },
      env: { MONGODB_ATLAS_BASE_URL: "https://b.example" },
      expected: "https://b.example",
    },
    {
      name: "a URL without the slash at its end",
      config: { baseUrl: "https://a.example/" },
      expected: "https://a.example",
    },
    {
      name: "a path prefix without its last slashes",
      config: { baseUrl: "https://a.example/atlas//" },
      expected: "https://a.example/atlas",
    },
    { name: "a port", config: { baseUrl: "https://a.example:8443" }, expected: "https://a.example:8443" },
    {
      name: "the host and the scheme in any case, in space",
      config: { baseUrl: " HTTPS://Cloud.MongoDB.com/\n" },
      expected: "https://cloud.mongodb.com",
    },
    {
      name: "a URL of the API itself",
      config: { baseUrl: "https://cloud.mongodb.com/api/atlas/v2" },
      expected: "https://cloud.mongodb.com",
    },
    {
      name: "a URL of an older API itself, with a slash",
      config: { baseUrl: "https://cloud.mongodb.com/api/atlas/v1.0/" },
      expected: "https://cloud.mongodb.com",
    },
    {
      name: "a URL of the API below a prefix",
      config: { baseUrl: "https://a.example/gateway/api/atlas/v2/" },
      expected: "https://a.example/gateway",
    },
    {
      name: "a prefix that is named like a part of the API",
      config: { baseUrl: "https://a.example/api" },
      expected: "https://a.example/api",
    },
    { name: "http on localhost", config: { baseUrl: "http://localhost:8080" }, expected: "http://localhost:8080" },
    { name: "http on 127.0.0.1", config: { baseUrl: "http://127.0.0.1:8080" }, expected: "http://127.0.0.1:8080" },
    { name: "http on another loopback address", config: { baseUrl: "http://127.1.2.3" }, expected: "http://127.1.2.3" },
    { name: "http on ::1", config: { baseUrl: "http://[::1]:8080" }, expected: "http://[::1]:8080" },
  ])("takes $name", ({ config = {}, env = {}, expected }) => {
    expect(parse({ ...ACCOUNT, ...config }, env).baseUrl).toBe(expected);
  });

  it.each([
    { name: "plain http", baseUrl: "http://cloud.mongodb.com", rule: "must start with https://" },
    {
      name: "plain http on a name that begins like loopback",
      baseUrl: "http://127.0.0.1.example",
      rule: "must start with https://",
    },
    {
      name: "plain http on a name that ends like loopback",
      baseUrl: "http://x.localhost.example",
      rule: "must start with https://",
    },
    { name: "plain http on all addresses", baseUrl: "http://0.0.0.0", rule: "must start with https://" },
    { name: "another scheme", baseUrl: "ftp://localhost", rule: "must start with https://" },
    { name: "no scheme", baseUrl: "cloud.mongodb.com", rule: "is not a URL that starts with https://" },
    { name: "no scheme but a port", baseUrl: "cloud.mongodb.com:443", rule: "must start with https://" },
    { name: "a space", baseUrl: "https://cloud.mongodb .com", rule: "is not a URL" },
    {
      name: "a path at Atlas",
      baseUrl: "https://cloud.mongodb.com/v2/0123456789abcdef01234567",
      rule: "must be https://cloud.mongodb.com, without a path",
    },
    {
      name: "a part of the API's path at Atlas",
      baseUrl: "https://Cloud.mongodbgov.com/api/",
      rule: "must be https://cloud.mongodbgov.com, without a path",
    },
    { name: "a user name", baseUrl: "https://user@a.example", rule: "must not hold a user name" },
    { name: "a password", baseUrl: "https://:pass@a.example", rule: "must not hold a user name" },
    { name: "loopback as a user name", baseUrl: "http://localhost@a.example", rule: "must not hold a user name" },
    { name: "a query", baseUrl: "https://a.example/?x=1", rule: "must not hold a query" },
    { name: "a fragment", baseUrl: "https://a.example/#x", rule: "must not hold a query" },
  ])("refuses a URL with $name", ({ baseUrl, rule }) => {
    expect(findProblems({ ...ACCOUNT, baseUrl })).toEqual([expect.stringContaining(`mongodbatlas:baseUrl ${rule}`)]);
    const env = { MONGODB_ATLAS_BASE_URL: baseUrl };
    expect(findProblems(ACCOUNT, env)).toEqual([expect.stringContaining(`MONGODB_ATLAS_BASE_URL ${rule}`)]);
  });
});

describe("parseSettings, shapes", () => {
  const UUID = "00000000-0000-4000-8000-000000000000";

  it.each<{ name: string; config: Values; problems: readonly string[] }>([
    {
      name: "id and secret swapped",
      config: { clientId: SECRET_VALUE, clientSecret: CLIENT_ID },
      problems: [
        "mongodbatlas:clientId is a secret, not a client id: are id and secret swapped?",
        "mongodbatlas:clientSecret is a client id, not a secret: are id and secret swapped?",
      ],
    },
    {
      name: "the secret in both places",
      config: { clientId: SECRET_VALUE, clientSecret: SECRET_VALUE },
      problems: ["mongodbatlas:clientId is a secret, not a client id: are id and secret swapped?"],
    },
    {
      name: "the id of a project",
      config: { ...ACCOUNT, clientId: "0123456789abcdef01234567" },
      problems: ["mongodbatlas:clientId is not a client id (mdb_sa_id_ and 24 hexadecimal digits)."],
    },
    {
      name: "a client id that is a digit short",
      config: { ...ACCOUNT, clientId: CLIENT_ID.slice(0, -1) },
      problems: ["mongodbatlas:clientId is not a client id (mdb_sa_id_ and 24 hexadecimal digits)."],
    },
    {
      name: "a secret with a space",
      config: { ...ACCOUNT, clientSecret: "two words" },
      problems: ["mongodbatlas:clientSecret holds white space or a character that no credential has."],
    },
    {
      name: "half of a swapped pair",
      config: { clientId: SECRET_VALUE },
      problems: [
        "mongodbatlas:clientId is set without mongodbatlas:clientSecret.",
        "mongodbatlas:clientId is a secret, not a client id: are id and secret swapped?",
      ],
    },
    {
      name: "public and private key swapped",
      config: { publicKey: UUID, privateKey: "notreal1" },
      problems: ["mongodbatlas:publicKey is a private key, not a public key: are the two swapped?"],
    },
    {
      name: "a private key with a line break",
      config: { ...KEY, privateKey: "0000\n0000" },
      problems: ["mongodbatlas:privateKey holds white space or a character that no credential has."],
    },
    {
      name: "a token with its scheme",
      config: { accessToken: "Bearer x" },
      problems: ["mongodbatlas:accessToken holds white space or a character that no credential has."],
    },
    {
      name: "a secret for a token",
      config: { accessToken: SECRET_VALUE },
      problems: ["mongodbatlas:accessToken is the secret of a service account, not an access token."],
    },
    {
      name: "a client id for a token",
      config: { accessToken: CLIENT_ID },
      problems: ["mongodbatlas:accessToken is a client id, not an access token."],
    },
    {
      name: "a flag that is neither",
      config: { ...ACCOUNT, isMongodbgovCloud: "yes" },
      problems: ["mongodbatlas:isMongodbgovCloud must be true or false."],
    },
    {
      name: "an explicit provider's id, which no stack holds",
      config: { ...ACCOUNT, clientId: "x", explicit: "east" },
      problems: ["clientId of AtlasProvider east is not a client id (mdb_sa_id_ and 24 hexadecimal digits)."],
    },
    {
      name: "two credentials of an explicit provider",
      config: { ...ACCOUNT, accessToken: TOKEN, explicit: "east" },
      problems: [
        "AtlasProvider east needs one whole credential, and has more: accessToken of AtlasProvider east, clientId of AtlasProvider east, clientSecret of AtlasProvider east.",
      ],
    },
    {
      name: "a whole one and a part of another, of which it names what is set",
      config: { accessToken: TOKEN, clientId: CLIENT_ID, explicit: "east" },
      problems: [
        "clientId of AtlasProvider east is set without clientSecret of AtlasProvider east.",
        "AtlasProvider east needs one whole credential, and has more: accessToken of AtlasProvider east, clientId of AtlasProvider east.",
      ],
    },
  ])("refuses $name, all of it at once", ({ config, problems }) => {
    expect(findProblems(config)).toEqual(problems);
  });

  it("names the variables when the pair of the environment is swapped, and shows neither", () => {
    const env = { MONGODB_ATLAS_CLIENT_ID: SECRET_VALUE, MONGODB_ATLAS_CLIENT_SECRET: CLIENT_ID };
    const problems = findProblems({}, env);
    expect(problems).toEqual([
      "MONGODB_ATLAS_CLIENT_ID is a secret, not a client id: are id and secret swapped?",
      "MONGODB_ATLAS_CLIENT_SECRET is a client id, not a secret: are id and secret swapped?",
    ]);
    expect(findCanaries(problems.join(" "), { secret: SECRET_VALUE, id: CLIENT_ID })).toEqual([]);
  });

  it.each<{ name: string; config: Values }>([
    { name: "a client id in upper case", config: { ...ACCOUNT, clientId: "mdb_sa_id_0123456789ABCDEF01234567" } },
    { name: "a secret of a shape of its own", config: { ...ACCOUNT, clientSecret: "x" } },
    { name: "a public key of eight letters", config: { ...KEY, publicKey: "abcdefgh" } },
    { name: "a private key that is no UUID", config: { ...KEY, privateKey: "x" } },
  ])("takes $name", ({ config }) => {
    expect(findProblems(config)).toEqual([]);
  });

  it("tells which setting each value comes from", () => {
    const { baseUrlFrom, credentialFrom } = parseSettings({ config: () => undefined, env: ACCOUNT_ENV });
    expect(baseUrlFrom).toBe("the default");
    expect(credentialFrom).toEqual(Object.keys(ACCOUNT_ENV));
  });
});

describe("parseSettings, credentialSource", () => {
  const id = `client id ${CLIENT_ID}`;
  const from = "MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET";
  const KEY_ENV = { MONGODB_ATLAS_PUBLIC_KEY: KEY.publicKey, MONGODB_ATLAS_PRIVATE_API_KEY: KEY.privateKey };

  it.each<{ words: string; from: string; config?: Values; env?: Env }>([
    { words: `${id} of the stack configuration`, from: "stack", config: ACCOUNT, env: ACCOUNT_ENV },
    { words: "the access token of the stack configuration", from: "stack", config: { accessToken: TOKEN } },
    { words: `client id ${OTHER_CLIENT_ID} of ${from}`, from: "environment", env: ACCOUNT_ENV },
    {
      words: "the access token of MONGODB_ATLAS_ACCESS_TOKEN",
      from: "environment",
      env: { MONGODB_ATLAS_ACCESS_TOKEN: TOKEN },
    },
    {
      words: "the API key of MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_API_KEY",
      from: "environment",
      env: KEY_ENV,
    },
    { words: `${id} of AtlasProvider east`, from: "provider", config: { ...ACCOUNT, explicit: "east" } },
    { words: "the API key of AtlasProvider a b", from: "provider", config: { ...KEY, explicit: "a\u001b\nb" } },
    // As an AtlasProvider of an older version is recorded.
    { words: `${id} of an explicit AtlasProvider`, from: "provider", config: { ...ACCOUNT, explicit: "true" } },
  ])("says '$words'", ({ words, from, config = {}, env = {} }) => {
    const { credentialSource } = parseSettings({ config: (name) => config[name], env });
    expect(credentialSource).toEqual({ from, name: words });
    expect(findCanaries(credentialSource.name, { secret: SECRET_VALUE, token: TOKEN, key: KEY.privateKey })).toEqual(
      [],
    );
  });

  it("takes no credential of the environment for an explicit provider, whatever its name", () => {
    for (const explicit of ["east", "true", "false"]) {
      expect(findProblems({ explicit }, ACCOUNT_ENV)).toEqual([
        expect.stringMatching(/^the credential of .* is empty\.$/),
      ]);
    }
  });
});

describe("parseSettings, problems", () => {
  it.each([
    { name: "refuses 0", value: "0", count: 1 },
    { name: "accepts 1", value: "1", count: 0 },
    { name: "accepts an empty text", value: "", count: 0 },
  ])("$name in NODE_TLS_REJECT_UNAUTHORIZED", ({ value, count }) => {
    expect(findProblems(ACCOUNT, { NODE_TLS_REJECT_UNAUTHORIZED: value })).toHaveLength(count);
  });

  it("names all of them at once", () => {
    const config = { baseUrl: "http://a.example", clientId: CLIENT_ID, publicKey: "x" };
    const problems = findProblems(config, { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect(problems).toEqual([
      expect.stringContaining("mongodbatlas:baseUrl"),
      expect.stringContaining("mongodbatlas:clientSecret"),
      expect.stringContaining("mongodbatlas:privateKey"),
      expect.stringContaining("NODE_TLS_REJECT_UNAUTHORIZED"),
    ]);
    expect(() => parse(config)).toThrow("http:// only for a server on this machine");
  });

  it("never repeat a value, whatever is set where", () => {
    const value = arbitraryText(12, 40).map((text) => `~${text}`);
    const names = ["accessToken", "clientId", "clientSecret", "publicKey", "privateKey", "baseUrl"];
    const variables = ["ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "PUBLIC_KEY", "PRIVATE_API_KEY", "BASE_URL"];
    const some = (keys: readonly string[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] }) as fc.Arbitrary<
        Record<string, string>
      >;
    fc.assert(
      fc.property(some(names), some(variables.map((name) => `MONGODB_ATLAS_${name}`)), (config, env) => {
        const shown = findProblems(config, { ...env, NODE_TLS_REJECT_UNAUTHORIZED: "0" }).join(" ");
        for (const text of [...Object.values(config), ...Object.values(env)]) expect(shown).not.toContain(text);
      }),
    );
  });
});

describe("parseSettings, proxies", () => {
  const ENV = { HTTPS_PROXY: "socks5://someone:FAKE-password@proxy.example" };

  it("refuses one that cannot be used, for the host of the base URL", () => {
    const rest = "is a socks5:// proxy; only http:// and https:// can be used. Name one in https_proxy, or list";
    expect(findProblems(ACCOUNT, ENV)).toEqual([`HTTPS_PROXY ${rest} cloud.mongodb.com in NO_PROXY to use none.`]);
    const baseUrl = "https://atlas.example";
    expect(findProblems({ ...ACCOUNT, baseUrl }, ENV)).toEqual([expect.stringContaining("list atlas.example in")]);
  });

  it("has no objection where none is taken", () => {
    expect(findProblems(ACCOUNT, { ...ENV, NO_PROXY: ".mongodb.com" })).toEqual([]);
    expect(findProblems({ ...ACCOUNT, baseUrl: "http://localhost:8080" }, ENV)).toEqual([]);
  });
});

describe("toDestination", () => {
  it.each([
    { name: "the API's own path", url: "https://cloud.mongodb.com/api/atlas/v2/", destination: "atlas" },
    { name: "the same without a version", url: "https://cloud.mongodb.com/api/atlas", destination: "atlas" },
    { name: "another path of Atlas", url: "https://cloud.mongodb.com/v2", destination: "elsewhere" },
    { name: "the commercial cloud", url: "https://cloud.mongodb.com", destination: "atlas" },
    { name: "the government's, with a slash and spaces", url: " https://cloud.mongodbgov.com/ ", destination: "atlas" },
    { name: "capital letters and the usual port", url: "https://Cloud.MongoDB.com:443", destination: "atlas" },
    { name: "Atlas without TLS", url: "http://cloud.mongodb.com", destination: "elsewhere" },
    { name: "Atlas on another port", url: "https://cloud.mongodb.com:8443", destination: "elsewhere" },
    { name: "a host that ends like Atlas", url: "https://evil-cloud.mongodb.com", destination: "elsewhere" },
    { name: "a host that begins like Atlas", url: "https://cloud.mongodb.com.example", destination: "elsewhere" },
    { name: "Atlas as a user name", url: "https://cloud.mongodb.com@example.com", destination: "elsewhere" },
    { name: "a server on this machine", url: "http://127.0.0.1:8080", destination: "this-machine" },
    { name: "this machine by name, with TLS", url: "https://localhost", destination: "this-machine" },
    { name: "another server with TLS", url: "https://atlas.example", destination: "elsewhere" },
    { name: "no URL", url: "cloud.mongodb.com", destination: "elsewhere" },
    { name: "nothing", url: "", destination: "elsewhere" },
  ])("says $destination for $name", ({ url, destination }) => {
    expect(toDestination(url)).toBe(destination);
  });
});
