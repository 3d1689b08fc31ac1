/** Certificates: to a server that cannot prove who it is, nothing is sent, whatever the environment says. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { findCanaries } from "../../helpers/canaries.js";
import { type Certificate, createAuthority, createCertificate, trustAuthority } from "../../helpers/certificates.js";
import { CALLS, sendCall, VALUES } from "./all-calls.js";
import { closeServers, listenAsProxy, listenTls, openTunnel } from "./servers.js";

let authority: Certificate;
let distrust: () => void;

beforeAll(async () => {
  authority = await createAuthority();
  distrust = trustAuthority(authority);
});
afterAll(() => distrust());
afterEach(closeServers);

/** Asks for a signature first, as the API does; what it says then does not matter here. */
const answer: RequestListener = (request, response) => {
  request.resume();
  if (request.headers.authorization) return void response.writeHead(404).end("{}");
  response.writeHead(401, { "www-authenticate": 'Digest realm="fake", nonce="fake", algorithm=MD5, qop="auth"' }).end();
};

const UNTRUSTED: readonly { name: string; code: string; create: () => Promise<Certificate> }[] = [
  { name: "signed by itself", code: "DEPTH_ZERO_SELF_SIGNED_CERT", create: () => createCertificate() },
  {
    name: "signed by an authority that nobody trusts",
    code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    create: async () => createCertificate({ authority: await createAuthority() }),
  },
  { name: "expired", code: "CERT_HAS_EXPIRED", create: () => createCertificate({ authority, isExpired: true }) },
  {
    name: "for another host",
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    create: () => createCertificate({ authority, hosts: ["elsewhere.example"] }),
  },
];

describe.each(UNTRUSTED)("a server with a certificate $name", ({ code, create }) => {
  let certificate: Certificate;

  beforeAll(async () => {
    certificate = await create();
  });

  it.each(CALLS)("gets no byte of $name", async (call) => {
    const server = await listenTls(certificate, answer);
    const shown = inspect(await sendCall(call, server.url), { depth: 10, showHidden: true });
    expect(shown).toContain(code);
    expect(findCanaries(shown, VALUES)).toEqual([]);
    // Not even a second try: it stays as it is.
    expect(server.connections()).toBe(1);
    expect(server.received()).toBe("");
  });

  it("gets no byte also when NODE_TLS_REJECT_UNAUTHORIZED=0 is set after the start", async () => {
    const server = await listenTls(certificate, answer);
    const proxy = await listenAsProxy((client) => void openTunnel(client, server.port));
    const script = join(__dirname, "send-unchecked.cjs");
    const { stdout } = await promisify(execFile)(process.execPath, [script, server.url], {
      env: { PATH: process.env.PATH ?? "", HTTPS_PROXY: String(proxy.env.HTTPS_PROXY) },
    });
    // Without trust in the authority, each of the certificates is bad for more than one reason.
    expect(stdout.trim().split("\n")).toEqual(Array(2).fill(expect.stringMatching(/CERT|UNABLE_TO_VERIFY/)));
    expect(server.connections()).toBe(2);
    expect(server.received()).toBe("");
  });

  it("gets no byte through a proxy", async () => {
    const server = await listenTls(certificate, answer);
    const proxy = await listenAsProxy((client) => void openTunnel(client, server.port));
    for (const call of CALLS) {
      const shown = inspect(await sendCall(call, "https://atlas.example", { env: proxy.env }), { depth: 10 });
      expect(shown).toMatch(/CERT|UNABLE_TO_VERIFY/);
    }
    expect(server.connections()).toBe(CALLS.length);
    expect(server.received()).toBe("");
  });
});

describe("a server with a certificate of an authority that this process trusts", () => {
  it.each(CALLS)("gets $name", async (call) => {
    const server = await listenTls(await createCertificate({ authority }), answer);
    await sendCall(call, server.url);
    expect(server.received()).toMatch(call.evidence);
  });

  it("gets them all through a proxy, which sees nothing but where they go", async () => {
    const server = await listenTls(await createCertificate({ authority, hosts: ["atlas.example"] }), answer);
    const proxy = await listenAsProxy((client) => void openTunnel(client, server.port));
    for (const call of CALLS) await sendCall(call, "https://atlas.example", { env: proxy.env });
    for (const { evidence } of CALLS) expect(server.received()).toMatch(evidence);
    const heads = proxy.received().match(/CONNECT [\s\S]*?\r\n\r\n/g) ?? [];
    expect(heads).toHaveLength(CALLS.length);
    for (const head of heads) {
      const [line, ...headers] = head.trim().split("\r\n");
      expect(line).toBe("CONNECT atlas.example:443 HTTP/1.1");
      expect(headers.map((header) => header.replace(/:.*/, "").toLowerCase()).sort()).toEqual([
        "host",
        "proxy-connection",
      ]);
    }
    expect(findCanaries(proxy.received(), VALUES)).toEqual([]);
    expect(proxy.received()).not.toMatch(/Bearer|Basic|Digest|secretExpiresAfterHours/i);
  });
});

describe("NODE_EXTRA_CA_CERTS, which Node reads at its start", () => {
  const SCRIPT = join(__dirname, "read-account.cjs");
  let folder: string;
  let bundle: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "atlas-secrets-authority-"));
    bundle = join(folder, "authority.pem");
    writeFileSync(bundle, authority.cert);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function readInProcess(env: Record<string, string>): Promise<{ said: string; received: string }> {
    const certificate = await createCertificate({ authority });
    const server = await listenTls(certificate, (request, response) => {
      const clientId = String(request.url).split("/").at(-1);
      response.end(JSON.stringify({ clientId, secrets: [] }));
    });
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT], {
      env: {
        PATH: process.env.PATH ?? "",
        MONGODB_ATLAS_BASE_URL: server.url,
        MONGODB_ATLAS_ACCESS_TOKEN: VALUES.bearer,
        ...env,
      },
    });
    return { said: stdout.trim(), received: server.received() };
  }

  it("makes a private authority trusted", async () => {
    const { said, received } = await readInProcess({ NODE_EXTRA_CA_CERTS: bundle });
    expect(said).toBe("read");
    expect(received).toContain(`Bearer ${VALUES.bearer}`);
  });

  it.each([
    { name: "is not set", env: () => ({}), said: /\(SELF_SIGNED_CERT_IN_CHAIN\).*NODE_EXTRA_CA_CERTS/ },
    {
      name: "is not set, and others are that Node does not read",
      env: () => ({ SSL_CERT_FILE: bundle, SSL_CERT_DIR: folder }),
      said: /\(SELF_SIGNED_CERT_IN_CHAIN\).*NODE_EXTRA_CA_CERTS \(Node does not read SSL_CERT_FILE or SSL_CERT_DIR\)/,
    },
    {
      name: "is not set, and certificates are not to be checked",
      env: () => ({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
      said: /NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off.*NODE_EXTRA_CA_CERTS/,
    },
  ])("leaves it untrusted when it $name", async ({ env, said }) => {
    const outcome = await readInProcess(env());
    expect(outcome.said).toMatch(said);
    expect(outcome.received).toBe("");
  });
});
