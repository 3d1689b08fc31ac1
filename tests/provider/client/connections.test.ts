/** The time until a connection stands: how long it may take, and that nothing was sent when it never did. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createTransport, type TransportOptions } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createAuthority, createCertificate, trustAuthority } from "../../helpers/certificates.js";
import { closeServers, ESTABLISHED, listenAsProxy, listenHttp, listenRaw, listenTls, openTunnel } from "./servers.js";

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await closeServers();
});

const SHORT_MS = 100;
const LONG_MS = 5_000;

/** Its connection is over long before the request is. */
const SHORT_CONNECT: TransportOptions = { connectTimeoutMs: SHORT_MS, timeoutMs: LONG_MS };
/** The request is over before the time for its connection is. */
const SHORT_REQUEST: TransportOptions = { connectTimeoutMs: LONG_MS, timeoutMs: SHORT_MS };

const BEARER = "FAKE-bearer-canary-9f31c2d07b6e4a58";

function post(url: string, options: TransportOptions) {
  const authorization = new Sensitive(`Bearer ${BEARER}`);
  return createTransport(options)({ method: "POST", url, body: '{"FAKE":"body-canary"}', authorization });
}

/** A port on which connections are neither accepted nor refused: its process is stopped and its queue full. */
async function listenWithoutAccepting(): Promise<number> {
  const program =
    "const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))";
  const child: ChildProcess = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  undo.push(() => child.kill("SIGKILL"));
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const port = Number(text.toString());
  child.kill("SIGSTOP");
  const queued: Socket[] = Array.from({ length: 16 }, () => connect({ port, host: "127.0.0.1" }).on("error", () => {}));
  undo.push(() => queued.forEach((socket) => void socket.destroy()));
  await once(queued[0] as Socket, "connect");
  return port;
}

/** Where a connection can stop; each gives the request's URL and the proxy variables. */
const PHASES: Record<string, () => Promise<{ url: string; env?: Record<string, string> }>> = {
  "TCP is not accepted": async () => ({ url: `http://127.0.0.1:${await listenWithoutAccepting()}/` }),
  "TLS is not answered": async () => ({ url: `https://127.0.0.1:${(await listenRaw()).port}/` }),
  "a proxy does not accept": async () => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${await listenWithoutAccepting()}` };
    return { url: "https://atlas.example/", env };
  },
  "a proxy does not answer CONNECT": async () => {
    const { env } = await listenAsProxy(() => {});
    return { url: "https://atlas.example/", env };
  },
  "TLS is not answered behind a proxy": async () => {
    const { env } = await listenAsProxy((socket) => void socket.write(ESTABLISHED));
    return { url: "https://atlas.example/", env };
  },
};

describe.each(Object.keys(PHASES))("a connection that does not come about because %s", (phase) => {
  it("is given up after its own time-out, as a request that was never sent", async () => {
    const { url, env = {} } = (await PHASES[phase]?.()) ?? { url: "" };
    const outcome = await post(url, { ...SHORT_CONNECT, env });
    expect(outcome).toEqual({ kind: "no-answer", cause: "connect-timeout", mayHaveBeenApplied: false });
  });

  it("counts as never sent also when the time for the whole request is over first", async () => {
    const { url, env = {} } = (await PHASES[phase]?.()) ?? { url: "" };
    const outcome = await post(url, { ...SHORT_REQUEST, env });
    expect(outcome).toEqual({ kind: "no-answer", cause: "timeout", mayHaveBeenApplied: false });
  });
});

describe("a connection that breaks off", () => {
  it("in the TLS handshake has carried nothing", async () => {
    const server = await listenRaw((socket) => void socket.once("data", () => socket.resetAndDestroy()));
    const outcome = await post(`https://127.0.0.1:${server.port}/`, {});
    expect(outcome).toEqual({ kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: false });
    expect(server.received()).not.toContain("canary");
  });

  it("in the TLS handshake behind a proxy has carried nothing", async () => {
    const proxy = await listenAsProxy((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
      socket.write(ESTABLISHED);
    });
    const outcome = await post("https://atlas.example/", { env: proxy.env });
    expect(outcome).toMatchObject({ kind: "no-answer", mayHaveBeenApplied: false });
    expect(proxy.received()).not.toContain("canary");
  });

  it("after it stood is in doubt", async () => {
    const server = await listenHttp((request) => request.socket.resetAndDestroy());
    const outcome = await post(server.url, {});
    expect(outcome).toEqual({ kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true });
  });
});

describe("a connection that stands", () => {
  it("may take longer to answer than to come about", async () => {
    const server = await listenHttp((_request, response) => void setTimeout(() => response.end("late"), 1_500));
    expect(await post(server.url, { connectTimeoutMs: 1_000 })).toMatchObject({ kind: "answer", body: "late" });
  });

  it.each(["the first request", "a later request"])("is in doubt when %s stays without an answer", async (which) => {
    let left = which === "the first request" ? 0 : 1;
    const server = await listenHttp((_request, response) => void (left-- > 0 && response.end("{}")));
    const send = createTransport({ timeoutMs: 1_000 });
    const request = { method: "POST", url: server.url, body: "{}" } as const;
    if (left > 0) expect(await send(request)).toMatchObject({ kind: "answer" });
    expect(await send(request)).toEqual({ kind: "no-answer", cause: "timeout", mayHaveBeenApplied: true });
    expect(server.connections()).toBe(1);
  });
});

describe("a request that was given up before its connection stood", () => {
  it("is not sent when the tunnel comes about later", async () => {
    const authority = await createAuthority();
    undo.push(trustAuthority(authority));
    const certificate = await createCertificate({ hosts: ["atlas.example"], authority });
    const server = await listenTls(certificate, (_request, response) => response.end("{}"));
    const sockets: Socket[] = [];
    const proxy = await listenAsProxy((socket) => void sockets.push(socket));
    const send = createTransport({ ...SHORT_REQUEST, env: proxy.env });
    const url = "https://atlas.example/";
    const given = await send({ method: "POST", url, body: "the one that was given up" });
    expect(given).toMatchObject({ cause: "timeout", mayHaveBeenApplied: false });

    const late = openTunnel(sockets[0] as Socket, server.port);
    // The handshake is over when the server has sent its session tickets.
    await once(late, "data");
    const later = createTransport({ env: proxy.env })({ method: "POST", url, body: "a later one" });
    while (sockets.length < 2) await new Promise((resolve) => setImmediate(resolve));
    openTunnel(sockets[1] as Socket, server.port);
    expect(await later).toMatchObject({ kind: "answer", body: "{}" });
    expect(server.connections()).toBe(2);
    expect(server.received()).toContain("a later one");
    expect(server.received()).not.toContain("given up");
  });

  it("leaves no connection to the proxy behind", async () => {
    const sockets: Socket[] = [];
    const proxy = await listenAsProxy((socket) => void sockets.push(socket));
    await post("https://atlas.example/", { ...SHORT_CONNECT, env: proxy.env });
    const [client] = sockets as [Socket];
    if (!client.destroyed) await once(client, "close");
    expect(client.destroyed).toBe(true);
  }, 10_000);
});
