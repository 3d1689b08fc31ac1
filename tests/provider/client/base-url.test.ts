/** The base URL: everything goes there and below its path, and to no URL that others could read. */
import { inspect } from "node:util";
import { type AtlasClient, createAtlasClient, type Transport } from "../../../provider/src/atlas/index.js";
import { createTransport } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { listClientIds } from "../../helpers/client-ids.js";
import { CLIENT_ID, createFakeClock, IDS, PROJECT_ID } from "../fixtures/values.js";
import { CALLS, sendCall } from "./all-calls.js";
import { closeServers, listenHttp, listenRaw } from "./servers.js";

afterEach(closeServers);

const TOKEN = "FAKE-bearer-canary-9f31c2d07b6e4a58";

const BASE_URLS = ["https://cloud.mongodb.com", "http://127.0.0.1:1", "https://[::1]:8443/some/prefix"];

/** A client whose requests go nowhere; `urls` lists them. */
function createSpiedClient(baseUrl: string) {
  const urls: string[] = [];
  const transport: Transport = async ({ url }) => {
    urls.push(url);
    return { kind: "answer", status: 404, headers: {}, body: "{}" };
  };
  const credential = { kind: "access-token", token: new Sensitive(TOKEN) } as const;
  return {
    urls,
    client: createAtlasClient({ settings: { baseUrl, credential }, transport, clock: createFakeClock() }),
  };
}

describe.each(BASE_URLS)("a client of %s", (baseUrl) => {
  it("sends every call there", async () => {
    const { client, urls } = createSpiedClient(baseUrl);
    for (const { send } of CALLS) await send(client).catch(() => {});
    expect(urls.length).toBeGreaterThanOrEqual(CALLS.length);
    for (const url of urls) {
      expect(url.startsWith(`${baseUrl}/api/`)).toBe(true);
      expect(new URL(url).href.startsWith(`${new URL(baseUrl).href.replace(/\/$/, "")}/api/`)).toBe(true);
    }
  });
});

describe("a hostile id", () => {
  const IDS_TO_TRY = [
    "",
    ".",
    "..",
    "../..",
    "%2e%2e",
    "a/b",
    "a\\b",
    "?x",
    "#x",
    "//elsewhere.example",
    "@elsewhere",
    "a\r\nb",
  ];

  const TAKES_ID: Record<string, (client: AtlasClient, id: string) => Promise<unknown>> = {
    "the project of a look": (client, id) =>
      client.fetchAccount({ level: "project", ownerId: id, clientId: CLIENT_ID }),
    "the account of a look": (client, id) =>
      client.fetchAccount({ level: "project", ownerId: PROJECT_ID, clientId: id }),
    "the owner of a list": (client, id) => listClientIds(client, { level: "organization", ownerId: id }),
    "the account of a creation": (client, id) =>
      client.createSecret({ level: "project", ownerId: PROJECT_ID, clientId: id }, 8),
    "the account of a deletion": (client, id) =>
      client.deleteSecret({ level: "project", ownerId: PROJECT_ID, clientId: id }, IDS[0]),
    "the secret of a deletion": (client, id) =>
      client.deleteSecret({ level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID }, id),
  };

  it.each(Object.keys(TAKES_ID))("as %s sends nothing", async (place) => {
    const { client, urls } = createSpiedClient("https://cloud.mongodb.com");
    for (const id of IDS_TO_TRY) {
      await expect(TAKES_ID[place]?.(client, id)).rejects.toMatchObject({ code: "rejected", status: undefined });
    }
    expect(urls).toEqual([]);
  });
});

describe("a URL that others could read", () => {
  it.each([
    { name: "plain http", toUrl: (port: number) => `http://[::ffff:127.0.0.1]:${port}` },
    { name: "plain http to all addresses", toUrl: (port: number) => `http://0.0.0.0:${port}` },
    { name: "a user name", toUrl: (port: number) => `http://user@127.0.0.1:${port}` },
    { name: "a password", toUrl: (port: number) => `http://:password@127.0.0.1:${port}` },
    { name: "another scheme", toUrl: (port: number) => `ftp://127.0.0.1:${port}` },
    { name: "no scheme", toUrl: (port: number) => `127.0.0.1:${port}` },
    { name: "nothing", toUrl: () => "" },
  ])("because of $name gets no connection", async ({ toUrl }) => {
    const server = await listenRaw();
    const url = toUrl(server.port);
    const outcome = await createTransport({ timeoutMs: 2_000 })({
      method: "POST",
      url,
      authorization: new Sensitive(`Bearer ${TOKEN}`),
    });
    expect(outcome).toEqual({ kind: "no-answer", cause: "unsafe-url", mayHaveBeenApplied: false });
    expect(server.connections()).toBe(0);
  });

  it("is said to be one, once", async () => {
    for (const call of CALLS) {
      const shown = inspect(await sendCall(call, "http://atlas.example", { timeoutMs: 2_000 }));
      expect(shown).toContain("baseUrl is neither https nor a server on this machine, or it holds a user name");
    }
  });
});

describe("a base URL of another web server", () => {
  it.each([200, 400, 401, 403, 404, 405])(
    "is what to check when it answers %i with a page, not credential, role or ids",
    async (status) => {
      const server = await listenHttp((_request, response) => response.writeHead(status).end("<html>A page</html>"));
      for (const call of CALLS.filter(({ evidence }) => !String(evidence).includes("Digest"))) {
        const outcome = (await sendCall(call, `${server.url}/some/path`)) as Error & { error?: Error };
        const { message } = outcome.error ?? outcome;
        const saying = `${server.url} answered ${status} with a body that is not what its API describes. Check baseUrl, and`;
        expect(message).toContain(saying);
        expect(message).not.toMatch(/credential|role|projectId|access list/);
      }
    },
  );
});

describe("this machine", () => {
  it.each(["127.0.0.1", "localhost"])("as %s is asked past every proxy", async (host) => {
    const proxy = await listenRaw((socket) => void socket.once("data", () => socket.destroy()));
    const server = await listenHttp((_request, response) => response.end("direct"));
    const url = `http://127.0.0.1:${proxy.port}`;
    const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    const env = { ...Object.fromEntries(names.map((name) => [name, url])), NODE_USE_ENV_PROXY: "1" };
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      const outcome = await createTransport({ env })({ method: "GET", url: server.url.replace("127.0.0.1", host) });
      expect(outcome).toMatchObject({ body: "direct" });
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before);
    }
    expect(proxy.connections()).toBe(0);
  });
});
