/** Redirects: whoever an answer points to gets no connection, not even one without a credential. */
import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import { findCanaries } from "../../helpers/canaries.js";
import { createAuthority, createCertificate, trustAuthority } from "../../helpers/certificates.js";
import { CALLS, sendCall, VALUES } from "./all-calls.js";
import { closeServers, type Listener, listenHttp, listenRaw, listenTls, type WebServer } from "./servers.js";

const authority = createAuthority();
let distrust: () => void;
let elsewhere: Listener;

beforeAll(async () => {
  distrust = trustAuthority(await authority);
});
afterAll(() => distrust());
beforeEach(async () => {
  elsewhere = await listenRaw((socket) => void socket.once("data", () => socket.destroy()));
});
afterEach(closeServers);

/** Challenges a request that is not signed; sends any other one to `location`. */
function redirect(status: number, location: string): RequestListener {
  return (request, response) => {
    request.resume();
    if (request.headers.authorization) return void response.writeHead(status, { location }).end(location);
    const challenge = 'Digest realm="fake", nonce="fake", algorithm=MD5, qop="auth"';
    response.writeHead(401, { "www-authenticate": challenge }).end();
  };
}

/** Where an answer can point to, and from where. */
const WAYS: readonly { name: string; listen: (status: number) => Promise<WebServer> }[] = [
  {
    name: "to another server",
    listen: (status) => listenHttp(redirect(status, `http://127.0.0.1:${elsewhere.port}/api/oauth/token`)),
  },
  {
    name: "to another server without naming the scheme",
    listen: (status) => listenHttp(redirect(status, `//127.0.0.1:${elsewhere.port}/x`)),
  },
  {
    name: "to another name of this machine",
    listen: (status) => listenHttp(redirect(status, `http://localhost:${elsewhere.port}/x`)),
  },
  {
    name: "from https to http",
    listen: async (status) => {
      const certificate = await createCertificate({ authority: await authority });
      return listenTls(certificate, redirect(status, `http://127.0.0.1:${elsewhere.port}/x`));
    },
  },
  {
    name: "to https on another server",
    listen: (status) => listenHttp(redirect(status, `https://127.0.0.1:${elsewhere.port}/x`)),
  },
  { name: "to another path of the same server", listen: (status) => listenHttp(redirect(status, "/elsewhere")) },
];

describe.each([301, 302, 303, 307, 308])("a redirect with %i", (status) => {
  it.each(WAYS)("$name is followed by no call, and no byte goes there", async ({ listen }) => {
    const server = await listen(status);
    for (const call of CALLS) {
      const shown = inspect(await sendCall(call, server.url), { depth: 10, showHidden: true });
      expect(shown).toContain(`Atlas answered ${status}`);
      expect(shown).toContain("Redirects are not followed: check baseUrl.");
      expect(findCanaries(shown, VALUES)).toEqual([]);
      // It did reach the server that answers so.
      expect(server.received()).toMatch(call.evidence);
    }
    expect(elsewhere.connections()).toBe(0);
    expect(elsewhere.received()).toBe("");
    expect(server.received()).not.toMatch(/ \/elsewhere/);
  });
});

describe("the listener that counts", () => {
  it("does see what a client sends there that follows", async () => {
    const target = await listenRaw((socket) => void socket.once("data", () => socket.end("HTTP/1.1 204 No\r\n\r\n")));
    const server = await listenHttp(redirect(307, `http://127.0.0.1:${target.port}/x`));
    await fetch(server.url, { method: "POST", headers: { authorization: "Bearer FAKE" }, body: VALUES.created });
    expect(target.connections()).toBe(1);
    expect(target.received()).toContain(VALUES.created);
  });
});
