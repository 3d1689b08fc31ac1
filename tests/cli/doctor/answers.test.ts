/** What `doctor` keeps of answers and settings: names and shapes, compared with the public description, and no value. */

import { type Call, compareWithContract } from "../../../cli/src/doctor/contract.js";
import { findSettings, parseStackConfig } from "../../../cli/src/doctor/settings.js";
import { isAtLeast, parseVersion } from "../../../cli/src/doctor/versions.js";
import { createWatch } from "../../../cli/src/doctor/watch.js";
import type { Answer, NoAnswer } from "../../../provider/src/atlas/transport.js";
import { findCanaries } from "../../helpers/canaries.js";
import { CANARIES } from "../sources/states.js";
import { BASE_URL, CLIENT_ID, FIRST_ID, NOW_MS, PROJECT_ID } from "./facts.js";

const SECRET = {
  id: FIRST_ID,
  createdAt: "2026-06-15T12:00:00Z",
  expiresAt: "2026-06-15T20:00:00Z",
  lastUsedAt: null,
  maskedSecretValue: "mdb_sa_sk_...wxyz",
};
const CREATED = { ...SECRET, secret: CANARIES.secret };
const ACCOUNT = { clientId: CLIENT_ID, name: "n", roles: ["GROUP_OWNER"], secrets: [SECRET] };
const PAGE = { links: [], results: [ACCOUNT], totalCount: 1 };
const ERROR = { error: 404, errorCode: "RESOURCE_NOT_FOUND", reason: "Not Found", detail: "d", parameters: [] };
const TOKEN = { access_token: CANARIES.output, expires_in: 3600, token_type: "Bearer" };

describe("compareWithContract", () => {
  it.each<[string, Call, number, unknown, string[]]>([
    ["a creation as described", "createSecret", 201, CREATED, []],
    [
      "one without lastUsedAt and mask",
      "createSecret",
      201,
      { ...CREATED, lastUsedAt: undefined, maskedSecretValue: undefined },
      [],
    ],
    ["one with another status", "createSecret", 200, CREATED, ["the status is 200 and not 201"]],
    ["one without an id", "createSecret", 201, { ...CREATED, id: undefined }, ["id is missing"]],
    [
      "one with a wrong time",
      "createSecret",
      201,
      { ...CREATED, expiresAt: CANARIES.secret },
      ["expiresAt is not of the described shape"],
    ],
    ["an account as described", "getAccount", 200, ACCOUNT, []],
    [
      "an account with a secret without a time",
      "getAccount",
      200,
      { ...ACCOUNT, secrets: [{ ...SECRET, createdAt: undefined }] },
      ["secrets.0.createdAt is missing"],
    ],
    ["a page as described", "listAccounts", 200, PAGE, []],
    ["a page without results", "listAccounts", 200, { links: [] }, ["results is missing"]],
    ["an error as described", "deleteSecret", 404, ERROR, []],
    ["an error without its code", "deleteSecret", 401, { error: 401 }, ["errorCode is missing"]],
    ["a token as described", "mint", 200, TOKEN, []],
    ["a refused mint as described", "mint", 401, { error: "invalid_client" }, []],
    ["a refused mint without its error", "mint", 401, {}, ["error is missing"]],
    ["a list for a body", "getAccount", 200, [], ["the body is not a JSON object"]],
  ])("says of %s how it differs", (_, call, status, body, deviations) => {
    expect(compareWithContract(call, status, JSON.stringify(body))).toEqual({ deviations, unknownFields: [] });
  });

  it.each([
    ["nothing after a DELETE", "", []],
    ["something after a DELETE", "{}", ["there is a body"]],
  ])("says of %s how it differs", (_, body, deviations) => {
    expect(compareWithContract("deleteSecret", 204, body).deviations).toEqual(deviations);
  });

  it("names unknown fields at every level, but none that could be a value", () => {
    const secrets = [{ ...SECRET, inSecret: 1 }];
    const body = { results: [{ ...ACCOUNT, inAccount: 1, secrets }], inPage: 1, [CANARIES.secret]: 1, "a b": 1 };
    expect(compareWithContract("listAccounts", 200, JSON.stringify(body)).unknownFields).toEqual([
      "inPage",
      "inAccount",
      "inSecret",
    ]);
  });
});

describe("the watch", () => {
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => {
    return { kind: "answer", status, headers, body: JSON.stringify(body), serverTimeMs: NOW_MS };
  };
  const PATH = `${BASE_URL}/api/atlas/v2/groups/${PROJECT_ID}/serviceAccounts`;

  async function seenOf(method: "GET" | "POST" | "DELETE", url: string, outcome: Answer | NoAnswer) {
    const watch = createWatch({ transport: async () => outcome, now: () => NOW_MS + 5_000, clientIds: [CLIENT_ID] });
    expect(await watch.transport({ method, url })).toBe(outcome);
    return watch.seen;
  }

  it("keeps no value of an answer, whatever field it stands in", async () => {
    const everywhere = {
      ...CREATED,
      errorCode: CANARIES.secret,
      error: CANARIES.pendingSecret,
      roles: [CANARIES.output],
      clientId: CLIENT_ID,
      [CANARIES.misplaced]: CANARIES.misplaced,
    };
    for (const [method, url] of [
      ["POST", `${PATH}/${CLIENT_ID}/secrets`],
      ["POST", `${BASE_URL}/api/oauth/token`],
      ["GET", PATH],
      ["GET", `${PATH}/${CLIENT_ID}`],
    ] as const) {
      const seen = await seenOf(method, url, answer(201, everywhere, { "x-secret": CANARIES.secret }));
      expect(findCanaries(JSON.stringify(seen), CANARIES)).toEqual([]);
    }
  });

  it("keeps what a check needs", async () => {
    const [seen] = await seenOf("GET", `${PATH}?itemsPerPage=500`, answer(200, PAGE, { "ratelimit-limit": "5" }));
    expect(seen).toEqual({
      call: "listAccounts",
      status: 200,
      isAtlas: true,
      machineAheadMs: 5_000,
      limitHeaders: ["ratelimit-limit"],
      secrets: [],
      deviations: [],
      unknownFields: [],
      listHoldsSecrets: true,
      ownRoles: ["GROUP_OWNER"],
    });
    const [none] = await seenOf("DELETE", `${PATH}/${CLIENT_ID}/secrets/${FIRST_ID}`, {
      kind: "no-answer",
      cause: "ECONNRESET",
      mayHaveBeenApplied: true,
    });
    expect(none).toMatchObject({ call: "deleteSecret", noAnswer: "ECONNRESET", isAtlas: false });
  });
});

describe("the settings of doctor", () => {
  const ENV = { MONGODB_ATLAS_CLIENT_ID: CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: CANARIES.secret };
  const config = (entries: Record<string, [string, boolean]>) => {
    const json = Object.entries(entries).map(([name, [value, secret]]) => [`mongodbatlas:${name}`, { value, secret }]);
    return parseStackConfig(JSON.stringify(Object.fromEntries(json)), "dev");
  };
  const factsOf = (env: Record<string, string>, entries: Record<string, [string, boolean]> = {}) =>
    findSettings(env, config(entries), "dev").facts;

  it("are those of the environment where the configuration has no credential, base URL or not", () => {
    expect(factsOf(ENV, { baseUrl: ["https://example.com/x/", false] })).toMatchObject({
      kind: "service-account",
      credentialFrom: ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"],
      baseUrl: "https://example.com/x",
      baseUrlFrom: "mongodbatlas:baseUrl",
      inPlaintext: [],
    });
  });

  it.each<[string, Record<string, string>, Record<string, [string, boolean]>, unknown]>([
    [
      "the configuration before the environment",
      ENV,
      { accessToken: ["t", true] },
      { kind: "access-token", credentialFrom: ["mongodbatlas:accessToken"] },
    ],
    [
      "an API key by its other names",
      { MONGODB_ATLAS_PUBLIC_KEY: "p", MONGODB_ATLAS_PRIVATE_KEY: "q" },
      {},
      { kind: "api-key", credentialFrom: ["MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_KEY"] },
    ],
    [
      "the government's base URL",
      ENV,
      { isMongodbgovCloud: ["true", false] },
      { baseUrl: "https://cloud.mongodbgov.com", baseUrlFrom: "mongodbatlas:isMongodbgovCloud" },
    ],
    [
      "the base URL of the environment",
      { ...ENV, MONGODB_ATLAS_BASE_URL: "https://example.com" },
      {},
      { baseUrlFrom: "MONGODB_ATLAS_BASE_URL" },
    ],
    [
      "the stack's cloud before the base URL of the environment",
      { ...ENV, MONGODB_ATLAS_BASE_URL: "https://example.com" },
      { isMongodbgovCloud: ["false", false] },
      { baseUrl: BASE_URL, baseUrlFrom: "mongodbatlas:isMongodbgovCloud" },
    ],
    ["no base URL", ENV, {}, { baseUrl: BASE_URL, baseUrlFrom: "the default" }],
    [
      "what is stored in plaintext",
      {},
      { clientId: [CLIENT_ID, false], clientSecret: ["s", false] },
      { inPlaintext: ["mongodbatlas:clientSecret"] },
    ],
    [
      "half of a credential",
      ENV,
      { clientId: [CLIENT_ID, false] },
      { isUsable: false, problems: ["mongodbatlas:clientId is set without mongodbatlas:clientSecret."] },
    ],
  ])("name %s", (_, env, entries, facts) => {
    expect(factsOf(env, entries)).toMatchObject(facts as object);
  });

  it("hold no value, and nothing of another namespace", () => {
    const text = JSON.stringify({ "shop:x": { value: CANARIES.output, secret: true }, "mongodbatlas:y": "text" });
    expect(parseStackConfig(text, "dev").size).toBe(0);
    expect(findCanaries(JSON.stringify(factsOf(ENV)), CANARIES)).toEqual([]);
    expect(() => parseStackConfig("[]", "dev")).toThrow("it is not what 'pulumi config --json' writes");
  });
});

describe("versions", () => {
  it.each([
    ["the same", "3.249.0", true],
    ["a later patch", "3.249.1", true],
    ["an earlier minor with a later patch", "3.248.9", false],
    ["a later major", "4.0.0", true],
    ["more digits", "3.1000.0", true],
    ["no version", "latest", false],
  ])("are compared by number: %s", (_, version, is) => {
    expect(isAtLeast(version, "3.249.0")).toBe(is);
  });

  it("are found in what programs print", () => {
    expect(["v24.21.0\n", "v3.259.0-alpha.1+x\n", "Welcome 1.2"].map(parseVersion)).toEqual([
      "24.21.0",
      "3.259.0-alpha.1+x",
      undefined,
    ]);
  });
});
