/** What a server sees of the client's requests: who asks, over how many connections; and what Node shows of them. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAtlasClient } from "../../../provider/src/atlas/index.js";
import { createTransport } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { findCanaries } from "../../helpers/canaries.js";
import { createAuthority, createCertificate, trustAuthority } from "../../helpers/certificates.js";
import { CLIENT_ID, OTHER_CLIENT_ID, PROJECT_ID } from "../fixtures/values.js";
import { CALLS, sendCall, VALUES } from "./all-calls.js";
import { closeServers, listenAsProxy, listenHttp, listenTls, openTunnel, type WebServer } from "./servers.js";

afterEach(closeServers);

/** Answers every call of the client well enough to go on. */
const ANSWER = JSON.stringify({
  access_token: VALUES.bearer,
  expires_in: 3600,
  token_type: "Bearer",
  clientId: CLIENT_ID,
  secrets: [],
  results: [],
});

describe("each request", () => {
  it.each(CALLS)("names this package, its version and Node: $name", async (call) => {
    const agents: (string | undefined)[] = [];
    const server = await listenHttp((request, response) => {
      agents.push(request.headers["user-agent"]);
      response.end(ANSWER);
    });
    await sendCall(call, server.url);
    expect(agents.length).toBeGreaterThan(0);
    const { version } = require("pulumi-atlas-secrets/package.json") as { version: string };
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    for (const agent of agents) expect(agent).toBe(`pulumi-atlas-secrets/${version} node/${process.versions.node}`);
  });
});

describe("requests one after the other", () => {
  const SERVERS: Record<string, () => Promise<WebServer>> = {
    http: () => listenHttp((_request, response) => response.end(ANSWER)),
    https: async () => {
      const authority = await createAuthority();
      const distrust = trustAuthority(authority);
      afterEachOnce = distrust;
      return listenTls(await createCertificate({ authority }), (_request, response) => response.end(ANSWER));
    },
  };
  let afterEachOnce: () => void = () => {};

  afterEach(() => {
    afterEachOnce();
    afterEachOnce = () => {};
  });

  it.each(Object.keys(SERVERS))("share one connection of %s, the mint too", async (scheme) => {
    let requests = 0;
    const server = (await SERVERS[scheme]?.()) as WebServer;
    const send = createTransport({ env: {} });
    const client = createAtlasClient({
      settings: {
        baseUrl: server.url,
        credential: {
          kind: "service-account",
          clientId: OTHER_CLIENT_ID,
          clientSecret: new Sensitive(VALUES.admin),
        },
      },
      transport: (request) => {
        requests += 1;
        return send(request);
      },
    });
    const account = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID } as const;
    for (let round = 0; round < 50; round++) await client.fetchAccount(account);
    expect(requests).toBe(51);
    expect(server.connections()).toBe(1);
  });
});

describe("NODE_DEBUG, by which Node prints its own work", () => {
  const READ = join(__dirname, "read-account.cjs");
  /** Of somebody else: nothing here has a use for it. */
  const ENVIRONMENT = { SOME_OTHER_CREDENTIAL: "FAKE-environment-canary-7c1e5b9a30d4" };

  /** Of a proxy, as it is sent to it and as it is set. */
  const PROXY = { password: "FAKE-proxy-canary-2b8e4d61", pair: btoa("someone:FAKE-proxy-canary-2b8e4d61") };

  async function readDebugged(baseUrl: string, env: Readonly<Record<string, string>> = {}) {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [READ], {
      maxBuffer: 100 * 1024 * 1024,
      env: {
        PATH: process.env.PATH ?? "",
        NODE_DEBUG: "*",
        MONGODB_ATLAS_BASE_URL: baseUrl,
        MONGODB_ATLAS_CLIENT_ID: OTHER_CLIENT_ID,
        MONGODB_ATLAS_CLIENT_SECRET: VALUES.admin,
        ...ENVIRONMENT,
        ...env,
      },
    });
    // It does print the options of a request, which hold its headers: the user agent.
    const isSent = /pulumi-atlas-secrets\/\d/.test(stderr);
    return { stdout, isSent, shown: findCanaries(stdout + stderr, { ...VALUES, ...ENVIRONMENT, ...PROXY }) };
  }

  const answer: RequestListener = (request, response) => {
    const isMint = request.url === "/api/oauth/token";
    response.writeHead(isMint ? 200 : 404).end(isMint ? ANSWER : JSON.stringify({ detail: VALUES.created }));
  };

  it("shows no credential of a request over http, and nothing of the environment", async () => {
    const { stdout, isSent, shown } = await readDebugged((await listenHttp(answer)).url);
    expect(isSent).toBe(true);
    expect(stdout).toMatch(/Atlas answered 404/);
    expect(shown).toEqual([]);
  });

  it("shows none of a request over https", async () => {
    const { stdout, isSent, shown } = await readDebugged((await listenTls(await createCertificate(), answer)).url);
    expect(isSent).toBe(true);
    expect(stdout).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT/);
    expect(shown).toEqual([]);
  });

  it("shows none of a request to another machine through a proxy", async () => {
    const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-authority-"));
    try {
      const authority = await createAuthority();
      const bundle = join(folder, "authority.pem");
      writeFileSync(bundle, authority.cert);
      const server = await listenTls(await createCertificate({ authority, hosts: ["atlas.example"] }), answer);
      const proxy = await listenAsProxy((client) => void openTunnel(client, server.port));
      const env = { HTTPS_PROXY: String(proxy.env.HTTPS_PROXY), NODE_EXTRA_CA_CERTS: bundle };
      const { stdout, isSent, shown } = await readDebugged("https://atlas.example", env);
      expect(isSent).toBe(true);
      expect(stdout).toMatch(/Atlas answered 404/);
      expect(server.received()).toContain(`Bearer ${VALUES.bearer}`);
      expect(shown).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("shows no password of a proxy: nothing is sent through one that has any", async () => {
    const proxy = await listenAsProxy((client) => void client.end());
    const env = { HTTPS_PROXY: `http://someone:${PROXY.password}@127.0.0.1:${proxy.port}` };
    const { stdout, isSent, shown } = await readDebugged("https://atlas.example", env);
    expect(stdout).toContain("HTTPS_PROXY holds a credential, which NODE_DEBUG would print: unset NODE_DEBUG.");
    expect({ isSent, shown, connections: proxy.connections() }).toEqual({ isSent: false, shown: [], connections: 0 });
  });

  it("would show the environment if an agent had it, so that the search finds it", async () => {
    const script = `const https = require("node:https");
      https.get({ host: "127.0.0.1", port: 9, agent: new https.Agent({ proxyEnv: process.env }) }).on("error", () => {});`;
    const { stderr } = await promisify(execFile)(process.execPath, ["-e", script], {
      env: { NODE_DEBUG: "*", ...ENVIRONMENT },
    });
    expect(findCanaries(stderr, ENVIRONMENT)).toEqual(Object.keys(ENVIRONMENT));
  });
});
