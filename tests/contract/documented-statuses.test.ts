/**
 * Each call that the provider has, at both levels, through each status that its description names: with the client's own
 * request, answered by the server itself where it can, else with an injected error of the described form.
 */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, type Level } from "pulumi-atlas-secrets-simulator";
import type { AtlasClient } from "../../provider/src/atlas/client.js";
import { createAtlasClient } from "../../provider/src/atlas/session.js";
import { createTransport } from "../../provider/src/atlas/transport.js";
import type { AccountRef } from "../../provider/src/atlas/types.js";
import { Sensitive } from "../../provider/src/sensitive.js";
import type { Credential } from "../../provider/src/settings.js";
import { listClientIds } from "../helpers/client-ids.js";
import { type CheckedSimulator, startCheckedSimulator } from "./checked-simulator.js";
import { listCalls } from "./contract.js";

/** The client's method for each call, by its end after the owner. */
const METHODS = {
  "GET /serviceAccounts": { operation: "listAccounts", send: (client, { account }) => listClientIds(client, account) },
  "GET /serviceAccounts/{clientId}": {
    operation: "getAccount",
    send: (client, { account }) => client.fetchAccount(account),
  },
  "POST /serviceAccounts/{clientId}/secrets": {
    operation: "createSecret",
    send: (client, { account, hours }) => client.createSecret(account, hours),
  },
  "DELETE /serviceAccounts/{clientId}/secrets/{id}": {
    operation: "deleteSecret",
    send: (client, { account, secretId }) => client.deleteSecret(account, secretId),
  },
} as const satisfies Record<string, Method>;

interface Method {
  readonly operation: "listAccounts" | "getAccount" | "createSecret" | "deleteSecret";
  readonly send: (client: AtlasClient, subject: Subject) => Promise<unknown>;
}

interface Subject {
  readonly account: AccountRef;
  readonly hours: number;
  readonly secretId: string;
}

/** Calls of the description that the provider does not have. */
const UNUSED = [
  "POST /serviceAccounts",
  "DELETE /serviceAccounts/{clientId}",
  "PATCH /serviceAccounts/{clientId}",
  "POST /serviceAccounts/{clientId}:invite",
  "GET /serviceAccounts/{clientId}/groups",
];

const OWNERS: Readonly<Record<string, Level>> = { groups: "project", orgs: "organization" };

const CASES = listCalls().flatMap(({ call, statuses }) => {
  const [, verb = "", owners = "", rest = ""] = /^(\S+) \/api\/atlas\/v2\/(\w+)\/\{id\}(.*)$/.exec(call) ?? [];
  const name = `${verb} ${rest}`;
  const level = OWNERS[owners];
  const method: Method | undefined = METHODS[name as keyof typeof METHODS];
  return level ? statuses.map((status) => ({ call, name, level, method, status })) : [];
});

const USED = CASES.flatMap(({ method, ...one }) => (method ? [{ ...one, method }] : []));

let atlas: CheckedSimulator;
let subject: Subject;

const ADMIN: Credential = {
  kind: "service-account",
  clientId: DEMO_ADMIN_CLIENT_ID,
  clientSecret: new Sensitive(DEMO_ADMIN_SECRET),
};

/** A client whose waits take no time. */
function connect(credential: Credential): AtlasClient {
  let nowMs = Date.now();
  const sleep = async (ms: number) => {
    nowMs += ms;
  };
  const settings = { baseUrl: atlas.url, credential };
  return createAtlasClient({ settings, clock: { now: () => nowMs, sleep }, transport: createTransport({ env: {} }) });
}

/** Lets the next request be answered with an error of the described form. */
async function inject(status: number, { operation }: Method): Promise<AtlasClient> {
  const body = { error: status, errorCode: "FAKE_CODE", reason: "Fake", detail: "A fake reason.", parameters: [] };
  await atlas.addFault({ kind: "status", status, body, match: { operation }, times: "always" });
  return connect(ADMIN);
}

/** What makes the server answer with a status; it gives the client to ask with. */
const CAUSES: Readonly<Record<number, (level: Level, method: Method) => Promise<AtlasClient>>> = {
  200: async () => connect(ADMIN),
  201: async () => connect(ADMIN),
  204: async () => connect(ADMIN),
  400: async () => {
    subject = { ...subject, hours: 7 };
    return connect(ADMIN);
  },
  401: async () => connect({ kind: "access-token", token: new Sensitive("FAKE.no-such-token") }),
  403: async () => {
    await atlas.setSwitches({ missingRole: 403 });
    const { publicKey, privateKey } = await atlas.addApiKey({ ownerId: "e".repeat(24) });
    return connect({ kind: "api-key", publicKey, privateKey: new Sensitive(privateKey) });
  },
  404: async (_level, { operation }) => {
    const missing =
      operation === "listAccounts" ? { ownerId: "f".repeat(24) } : { clientId: `mdb_sa_id_${"f".repeat(24)}` };
    subject = { ...subject, account: { ...subject.account, ...missing } };
    return connect(ADMIN);
  },
  429: async () => {
    await atlas.setSwitches({ rateLimits: { capacity: 0, refill: 0, seconds: 60 } });
    return connect(ADMIN);
  },
  500: async (_level, method) => inject(500, method),
};

beforeAll(async () => {
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null, rateLimits: false } });
});
afterEach(async () => {
  await atlas.clearFaults();
  await atlas.setSwitches({ rateLimits: false, missingRole: 401 });
});
// Rejects when anything was not as described.
afterAll(() => atlas.close());

describe("the description", () => {
  it("has no call besides those of the provider and those that are listed here as unused", () => {
    const names = new Set(CASES.filter(({ method }) => !method).map(({ name }) => name));
    expect([...names].sort()).toEqual([...UNUSED].sort());
    expect(new Set(USED.map(({ call }) => call)).size).toBe(2 * Object.keys(METHODS).length);
  });
});

describe("the provider's client", () => {
  it.each(USED)(
    "asks as described and is answered $status as described: $call",
    async ({ call, level, method, status }) => {
      const { clientId, ownerId, secret } = await atlas.addAccount({ level, initialSecret: true });
      subject = { account: { level, ownerId, clientId }, hours: 8, secretId: secret?.id ?? "" };
      const client = await CAUSES[status]?.(level, method);
      if (!client) throw new Error(`nothing makes the server answer ${status}`);
      const work = method.send(client, subject);
      if (status < 300) await work;
      else await expect(work).rejects.toMatchObject({ status });
      const answered = [...atlas.contract.seen.keys()].filter((key) => key === `${call} ${status}`);
      expect(answered).toHaveLength(1);
      expect(atlas.contract.problems).toEqual([]);
      expect(atlas.contract.exempt.size).toBe(0);
    },
  );

  it("has seen every documented status of every call that it has", () => {
    const seen = new Set(atlas.contract.seen.keys());
    expect(USED.filter(({ call, status }) => !seen.has(`${call} ${status}`))).toEqual([]);
  });
});
