/** The transport on its own against small servers: limits, time-outs, connections, proxies. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { createTransport } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(onRequest: RequestListener): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const server = createServer(onRequest).on("connection", () => {
    connections += 1;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections };
}

describe("createTransport", () => {
  it("reuses one connection for requests one after the other", async () => {
    const { url, connections } = await listen((_request, response) => response.end("{}"));
    const send = createTransport();
    for (let round = 0; round < 5; round++) expect(await send({ method: "GET", url })).toMatchObject({ status: 200 });
    expect(connections()).toBe(1);
  });

  it("gives up after its time-out, in doubt", async () => {
    const { url } = await listen(() => {});
    const outcome = await createTransport({ timeoutMs: 50 })({ method: "POST", url, body: "{}" });
    expect(outcome).toEqual({ kind: "no-answer", cause: "timeout", mayHaveBeenApplied: true });
  });

  it("gives up after the time of the request where that has one of its own", async () => {
    const { url } = await listen(() => {});
    const outcome = await createTransport()({ method: "POST", url, body: "{}", timeoutMs: 50 });
    expect(outcome).toEqual({ kind: "no-answer", cause: "timeout", mayHaveBeenApplied: true });
  });

  it("gives up after its time-out also when the answer drips", async () => {
    const { url } = await listen((_request, response) => {
      const drip = setInterval(() => response.write(" "), 10);
      response.once("close", () => clearInterval(drip));
    });
    const outcome = await createTransport({ timeoutMs: 100 })({ method: "GET", url });
    expect(outcome).toMatchObject({ kind: "no-answer" });
  });

  it("takes an answer of ten megabytes, and a larger one for none", async () => {
    const size = { bytes: 10 * 1024 * 1024 };
    const { url } = await listen((_request, response) => response.end(Buffer.alloc(size.bytes, "a")));
    const send = createTransport();
    expect(await send({ method: "GET", url })).toMatchObject({ kind: "answer", status: 200 });
    size.bytes += 1;
    expect(await send({ method: "GET", url })).toMatchObject({ kind: "no-answer", mayHaveBeenApplied: true });
  });

  it.each([
    { encoding: "gzip", compress: gzipSync },
    { encoding: "deflate", compress: deflateSync },
    { encoding: "br", compress: brotliCompressSync },
  ])("measures an answer in $encoding by what it becomes", async ({ encoding, compress }) => {
    const answers = [10 * 1024 * 1024, 10 * 1024 * 1024 + 1].map((bytes) => compress(Buffer.alloc(bytes, "a")));
    const { url } = await listen((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(answers.shift());
    });
    const send = createTransport();
    expect(answers.every(({ length }) => length < 100_000)).toBe(true);
    const answer = await send({ method: "GET", url });
    expect(answer).toMatchObject({ kind: "answer", body: expect.stringMatching(/^a/) });
    expect(await send({ method: "GET", url })).toMatchObject({ kind: "no-answer", mayHaveBeenApplied: true });
  });

  it("inflates no more of an answer than it takes", async () => {
    // 4 GiB, which this process could not hold.
    const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const { url } = await listen((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(Buffer.concat(Array(64).fill(member)));
    });
    expect(await createTransport()({ method: "GET", url })).toMatchObject({
      kind: "no-answer",
      cause: "ERR_BAD_RESPONSE",
    });
  });

  it("knows that a refused connection carried nothing", async () => {
    const { url } = await listen(() => {});
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const outcome = await createTransport()({ method: "POST", url, body: "{}" });
    expect(outcome).toEqual({ kind: "no-answer", cause: "ECONNREFUSED", mayHaveBeenApplied: false });
  });

  it("sends requests to this machine past any proxy", async () => {
    const proxied: string[] = [];
    const proxy = await listen((request, response) => {
      proxied.push(request.url ?? "");
      response.end("{}");
    });
    const { url } = await listen((_request, response) => response.end("direct"));
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, http_proxy: proxy.url, https_proxy: proxy.url };
    expect(await createTransport({ env })({ method: "GET", url })).toMatchObject({ body: "direct" });
    expect(proxied).toEqual([]);
  });

  it("takes nothing from the environment but the proxy variables", async () => {
    const read: (string | symbol)[] = [];
    const note = <T>(name: string | symbol, value: T): T => {
      read.push(name);
      return value;
    };
    const values: Record<string, string> = { ALL_PROXY: "http://127.0.0.1:9", SOME_CREDENTIAL: "FAKE" };
    const env = new Proxy(values, { get: (all, name) => note(name, Reflect.get(all, name)) });
    const outcome = await createTransport({ env })({ method: "GET", url: "https://atlas.invalid/" });
    expect(outcome).toMatchObject({ cause: "ECONNREFUSED" });
    expect(new Set(read)).toEqual(
      new Set(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]),
    );
  });

  it("asks a proxy for a tunnel to another host, and shows it no authorization", async () => {
    const seen: { target: string | undefined; headers: unknown }[] = [];
    const { url } = await listen(() => {});
    servers[0]?.on("connect", (request, socket) => {
      seen.push({ target: request.url, headers: request.headers });
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    const authorization = new Sensitive("Bearer FAKE-bearer-canary-9f31c2d07b6e4a58");
    const send = createTransport({ env: { HTTPS_PROXY: url } });
    const outcome = await send({ method: "POST", url: "https://atlas.invalid/api", body: "{}", authorization });
    expect(outcome).toEqual({ kind: "no-answer", cause: "proxy-answered-502", mayHaveBeenApplied: false });
    expect(seen.map(({ target }) => target)).toEqual(["atlas.invalid:443"]);
    expect(JSON.stringify(seen)).not.toContain("canary");
  });

  it("follows no redirect", async () => {
    const { url } = await listen((_request, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    expect(await createTransport()({ method: "GET", url })).toMatchObject({ kind: "answer", status: 302 });
  });

  it("sends headers and body as given, and gives header names in lower case", async () => {
    const { url } = await listen((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        response.setHeader("X-Seen", String(request.headers.accept));
        response.end(`${request.method} ${body} ${request.headers.authorization} ${request.headers["user-agent"]}`);
      });
    });
    const headers = {
      Accept: "application/fake+json",
      "Content-Type": "application/fake+json",
      "User-Agent": "fake/1",
    };
    const outcome = await createTransport()({
      method: "POST",
      url,
      headers,
      body: '{"a":1}',
      authorization: new Sensitive("Bearer FAKE"),
    });
    expect(outcome).toMatchObject({
      body: 'POST {"a":1} Bearer FAKE fake/1',
      headers: { "x-seen": "application/fake+json" },
    });
  });
});
