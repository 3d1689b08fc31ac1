/** Proxies over real connections: each form of the variables leads there, and what cannot be used leads nowhere. */
import { inspect } from "node:util";
import { createTransport } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { type Certificate, createAuthority, createCertificate, trustAuthority } from "../../helpers/certificates.js";
import { CALLS, type Call, sendCall } from "./all-calls.js";
import {
  closeServers,
  listenAsProxy,
  listenAsTlsProxy,
  listenRaw,
  listenTls,
  openTunnel,
  type WebServer,
} from "./servers.js";

const BEARER = "FAKE-bearer-canary-9f31c2d07b6e4a58";
const AUTHORIZATION = new Sensitive(`Bearer ${BEARER}`);

const READING = CALLS[0] as Call;

let authority: Certificate;
let distrust: () => void;
let atlas: WebServer;

beforeAll(async () => {
  authority = await createAuthority();
  distrust = trustAuthority(authority);
});
beforeEach(async () => {
  const certificate = await createCertificate({ authority, hosts: ["atlas.example", "0.0.0.0"] });
  atlas = await listenTls(certificate, (_request, response) => response.end("{}"));
});
afterEach(closeServers);
afterAll(() => distrust());

function send(env: Record<string, string>, url = "https://atlas.example/") {
  const request = { method: "POST", url, body: "{}", authorization: AUTHORIZATION } as const;
  return createTransport({ env, timeoutMs: 5_000 })(request);
}

describe("a proxy", () => {
  it.each<{ name: string; toEnv: (port: number) => Record<string, string> }>([
    { name: "as a URL", toEnv: (port) => ({ HTTPS_PROXY: `http://127.0.0.1:${port}` }) },
    { name: "without a scheme", toEnv: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }) },
    { name: "by its name without a scheme", toEnv: (port) => ({ HTTPS_PROXY: `localhost:${port}` }) },
    { name: "with a scheme in upper case", toEnv: (port) => ({ HTTPS_PROXY: `HTTP://127.0.0.1:${port}/` }) },
    { name: "in lower case", toEnv: (port) => ({ https_proxy: `127.0.0.1:${port}` }) },
    {
      name: "in lower case before the one in upper case",
      toEnv: (port) => ({ https_proxy: `127.0.0.1:${port}`, HTTPS_PROXY: "127.0.0.1:9" }),
    },
    {
      name: "in space, beside an empty variable",
      toEnv: (port) => ({ https_proxy: "", HTTPS_PROXY: ` 127.0.0.1:${port} ` }),
    },
    { name: "of all protocols", toEnv: (port) => ({ ALL_PROXY: `127.0.0.1:${port}` }) },
    {
      name: "of https before that of all protocols",
      toEnv: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}`, all_proxy: "socks5://127.0.0.1:9" }),
    },
  ])("$name is asked for the tunnel", async ({ toEnv }) => {
    const proxy = await listenAsProxy((client) => void openTunnel(client, atlas.port));
    expect(await send(toEnv(proxy.port))).toMatchObject({ kind: "answer", status: 200 });
    expect(proxy.received()).toMatch(/^CONNECT atlas\.example:443 /);
    expect(atlas.received()).toContain(BEARER);
  });

  it("that speaks TLS is asked behind a handshake with it", async () => {
    const certificate = await createCertificate({ authority });
    const proxy = await listenAsTlsProxy(certificate, (client) => void openTunnel(client, atlas.port));
    expect(await send({ HTTPS_PROXY: `https://localhost:${proxy.port}` })).toMatchObject({ status: 200 });
    expect(proxy.received()).toMatch(/^CONNECT atlas\.example:443 /);
    expect(atlas.received()).toContain(BEARER);
  });

  it("that speaks TLS with a certificate of its own making is told nothing, its password neither", async () => {
    const proxy = await listenAsTlsProxy(await createCertificate(), (client) => void openTunnel(client, atlas.port));
    const outcome = await send({ HTTPS_PROXY: `https://someone:FAKE@localhost:${proxy.port}` });
    expect(outcome).toMatchObject({ cause: "DEPTH_ZERO_SELF_SIGNED_CERT", mayHaveBeenApplied: false });
    expect(proxy.connections()).toBe(1);
    expect(proxy.received()).toBe("");
  });

  it("gets the user name and password of its URL, decoded, and the server does not", async () => {
    const proxy = await listenAsProxy((client) => void openTunnel(client, atlas.port));
    await send({ HTTPS_PROXY: `someone:p%40ss@127.0.0.1:${proxy.port}` });
    const pair = Buffer.from("someone:p@ss").toString("base64");
    expect(proxy.received()).toContain(`proxy-authorization: Basic ${pair}`);
    expect(atlas.received()).toContain(BEARER);
    expect(atlas.received()).not.toContain(pair);
  });

  it.each([
    { name: "asks for a password", says: "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", status: "407" },
    { name: "does not allow the host", says: "HTTP/1.1 403 Forbidden\r\n\r\n", status: "403" },
    { name: "hangs up", says: "", status: "nothing" },
    { name: "is no proxy", says: "220 mail.example ESMTP\r\n\r\n", status: "nothing" },
  ])("that $name is named with what it answered, and once is enough for a refusal", async ({ says, status }) => {
    const proxy = await listenAsProxy((client) => void client.end(says));
    const env = { HTTPS_PROXY: `someone:FAKE-password@127.0.0.1:${proxy.port}` };
    const shown = inspect(await sendCall(READING, "https://atlas.example", { env, timeoutMs: 5_000 }));
    expect(shown).toContain(
      `no answer from https://atlas.example (proxy-answered-${status}). Check the network, the proxy`,
    );
    expect(shown).not.toMatch(/ERR_|FAKE-password/);
    expect(proxy.connections()).toBe(status === "nothing" ? 4 : 1);
  });

  it("is left aside for a host that NO_PROXY lists, and for no other", async () => {
    const proxy = await listenAsProxy((client) => void openTunnel(client, atlas.port));
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const url = `https://0.0.0.0:${atlas.port}/`;
    expect(await send({ ...env, NO_PROXY: "example.com,0.0.0.0/8" }, url)).toMatchObject({ status: 200 });
    expect(proxy.connections()).toBe(0);
    expect(await send({ ...env, NO_PROXY: "example.com,10.0.0.0/8" }, url)).toMatchObject({ status: 200 });
    expect(proxy.connections()).toBe(1);
  });
});

describe("a proxy that cannot be used", () => {
  it.each<{ name: string; toProxy: (port: number) => string }>([
    { name: "of SOCKS", toProxy: (port) => `socks5://127.0.0.1:${port}` },
    { name: "of SOCKS in upper case", toProxy: (port) => `SOCKS5H://127.0.0.1:${port}` },
    { name: "of another scheme", toProxy: (port) => `ftp://127.0.0.1:${port}` },
    { name: "that is no URL", toProxy: (port) => `http://some one:${port}` },
    { name: "with a password that is not encoded", toProxy: (port) => `http://someone:100%@127.0.0.1:${port}` },
  ])("because it is one $name stops the request: nothing is sent past it", async ({ toProxy }) => {
    const proxy = await listenRaw();
    const url = `https://0.0.0.0:${atlas.port}/`;
    for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
      const outcome = await send({ [name]: toProxy(proxy.port) }, url);
      expect(outcome).toEqual({ kind: "no-answer", cause: "unusable-proxy", mayHaveBeenApplied: false });
    }
    expect(proxy.connections()).toBe(0);
    expect(atlas.connections()).toBe(0);
  });
});
