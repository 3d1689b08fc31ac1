/** What one provider process keeps between the calls of the engine, and that it sends nothing once the engine is gone. */
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { type ProcessOptions, ProviderProcess } from "../../../provider/src/account/process.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createScriptedTransport, HEALTHY, REQUESTS, toAnswer } from "../fixtures/scripted-transport.js";
import { CLIENT_ID, createFakeClock, OTHER_CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const ACCOUNT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID } as const;
const ENV = { MONGODB_ATLAS_CLIENT_ID: OTHER_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: SECRET_VALUE };
const TOKEN_ENV = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token" };

function createProcess(options: ProcessOptions = {}) {
  const { transport, sent } = createScriptedTransport(HEALTHY);
  const clock = createFakeClock();
  return { provider: new ProviderProcess({ clock, env: ENV, transport, ...options }), sent, clock };
}

describe("ProviderProcess.begin", () => {
  it("sends nothing", () => {
    const { provider, sent } = createProcess();
    provider.begin();
    expect(sent).toEqual([]);
  });

  it("lets all calls share one token", async () => {
    const { provider, sent } = createProcess();
    await provider.begin().client.fetchAccount(ACCOUNT);
    await provider.begin().client.fetchAccount(ACCOUNT);
    expect(sent).toEqual([REQUESTS.mint, REQUESTS.look, REQUESTS.look]);
  });

  it("gives each call a time of its own, which its client uses", async () => {
    const { provider, clock } = createProcess();
    const [first, second] = [provider.begin(), provider.begin()];
    await first.client.fetchAccount(ACCOUNT);
    clock.advance(300_000);
    expect(await first.time.pause(1, "backoff")).toBe(false);
    expect(await second.time.pause(1, "backoff")).toBe(true);
  });

  it("keeps its client and its token when it is configured again, as the host does for each handler", async () => {
    const { provider, sent } = createProcess();
    await provider.begin().client.fetchAccount(ACCOUNT);
    provider.configure({ config: { get: () => undefined } });
    await provider.begin().client.fetchAccount(ACCOUNT);
    expect(sent.filter((request) => request === REQUESTS.mint)).toHaveLength(1);
  });

  it.each([
    { name: "a service account's", env: ENV, credential: { clientId: OTHER_CLIENT_ID } },
    { name: "none of an access token", env: TOKEN_ENV, credential: undefined },
  ])("gives the credential to spare: $name", ({ env, credential }) => {
    const { provider } = createProcess({ env });
    const { credential: own } = provider.begin();
    expect(own && { clientId: own.clientId }).toEqual(credential);
  });

  it("lets no message hold a recorded value that Atlas repeats", async () => {
    const value = "a fake value without the shape of a secret";
    const refusal = toAnswer(400, { errorCode: "FAKE_CODE", detail: `Not this: ${value}.` });
    const { transport } = createScriptedTransport({ ...HEALTHY, [REQUESTS.look]: refusal });
    const { provider } = createProcess({ transport });
    const look = async (values?: readonly (Sensitive | undefined)[]) =>
      provider.begin(values).client.fetchAccount(ACCOUNT);
    await expect(look()).rejects.toThrow(`Not this: ${value}`);
    await expect(look([undefined, new Sensitive(value)])).rejects.toThrow("FAKE_CODE: Not this: [redacted]");
  });

  it.each([
    { name: "pulumi up, unless told otherwise", options: {}, command: "pulumi up" },
    { name: "the command that it was told", options: { command: "fake-command" }, command: "fake-command" },
  ])("lets messages tell to run again $name", async ({ options, command }) => {
    const { transport } = createScriptedTransport({ ...HEALTHY, [REQUESTS.look]: toAnswer(400) });
    const { provider } = createProcess({ transport, ...options });
    await expect(provider.begin().client.fetchAccount(ACCOUNT)).rejects.toThrow(`run '${command}' again`);
  });

  it("warns of a clock that is not Atlas's, since rotations are decided by it", async () => {
    const lines: string[] = [];
    const { provider, clock } = createProcess({ report: (line) => void lines.push(line) });
    clock.advance(HOUR_MS);
    await provider.begin().client.fetchAccount(ACCOUNT);
    expect(lines).toEqual([
      expect.stringContaining("clock says 2026-03-01T09:00:00Z, Atlas says 2026-03-01T08:00:00Z"),
    ]);
  });

  it("goes through the proxy that its environment names", async () => {
    const tunnels: (string | undefined)[] = [];
    const proxy = createHttpServer().on("connect", ({ url }, socket) => {
      tunnels.push(url);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    const { port } = proxy.address() as AddressInfo;
    const env = {
      ...TOKEN_ENV,
      MONGODB_ATLAS_BASE_URL: "https://atlas.invalid",
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    };
    const provider = new ProviderProcess({ clock: createFakeClock(), env });
    await expect(provider.begin().client.fetchAccount(ACCOUNT)).rejects.toMatchObject({
      noAnswer: "proxy-answered-403",
    });
    await new Promise((resolve) => proxy.close(resolve));
    expect(tunnels).toEqual(["atlas.invalid:443"]);
  });

  it("throws all problems of the settings, and works once they are solved", () => {
    const { provider } = createProcess({ env: {} });
    expect(() => provider.begin()).toThrow(expect.objectContaining({ code: "settings" }));
    provider.configure({
      config: { get: (key) => (key === "mongodbatlas:accessToken" ? "not-a-real-token" : undefined) },
    });
    expect(provider.begin().client).toBeDefined();
  });
});

describe("ProviderProcess, for the engine", () => {
  const { argv } = process;

  afterEach(() => {
    process.argv = argv;
  });

  it("sends nothing once the engine does not listen any more, not even a mint", async () => {
    const alive = [true, true, false];
    const { provider, sent } = createProcess({ isEngineAlive: async () => alive.shift() ?? false });
    await provider.begin().client.fetchAccount(ACCOUNT);
    const work = provider.begin().client.createSecret(ACCOUNT, 8);
    await expect(work).rejects.toMatchObject({
      code: "connection",
      noAnswer: "engine-gone",
      mayHaveBeenApplied: false,
    });
    expect(sent).toEqual([REQUESTS.mint, REQUESTS.look]);
  });

  it("does not wait for an engine that is gone", async () => {
    const { provider, clock, sent } = createProcess({ isEngineAlive: async () => false });
    await expect(provider.begin().client.fetchAccount(ACCOUNT)).rejects.toThrow("the Pulumi engine");
    expect({ slept: clock.slept, sent }).toEqual({ slept: [], sent: [] });
  });

  it("asks at the address that the host was started with", async () => {
    const engine = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
    const bound = engine.address();
    const port = typeof bound === "object" && bound ? bound.port : 0;
    process.argv = ["node", "/app/@pulumi/pulumi/cmd/dynamic-provider/index.js", `127.0.0.1:${port}`];
    const { provider, sent } = createProcess({ env: TOKEN_ENV });
    await provider.begin().client.fetchAccount(ACCOUNT);
    await new Promise((resolve) => engine.close(resolve));
    await expect(provider.begin().client.fetchAccount(ACCOUNT)).rejects.toMatchObject({ noAnswer: "engine-gone" });
    expect(sent).toEqual([REQUESTS.look]);
  });
});

describe("ProviderProcess.report", () => {
  it("writes a line to standard output, which the engine shows, when nothing else is given", () => {
    const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    new ProviderProcess().report("a line");
    const written = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(written).toEqual(["a line\n"]);
  });

  it("shows the same line once, in all calls of the engine", () => {
    const lines: string[] = [];
    const { provider } = createProcess({ report: (line) => void lines.push(line) });
    for (const line of ["a line", "another one", "a line"]) provider.report(line);
    expect(lines).toEqual(["a line", "another one"]);
  });

  it("fails no operation when a line cannot be shown", () => {
    const report = () => {
      throw new Error("standard output is closed");
    };
    const { provider } = createProcess({ report });
    expect(() => provider.begin().report("a line")).not.toThrow();
    expect(() => provider.report("a line")).not.toThrow();
  });
});

describe("ProviderProcess.findCredential", () => {
  it.each([
    { name: "the service account's", env: ENV, clientId: OTHER_CLIENT_ID },
    { name: "none of an access token", env: TOKEN_ENV, clientId: undefined },
    { name: "none as long as settings are missing", env: {}, clientId: undefined },
  ])("gives $name", ({ env, clientId }) => {
    expect(createProcess({ env }).provider.findCredential()?.clientId).toBe(clientId);
  });

  it("never takes a failure of another kind for a missing credential", () => {
    const { provider } = createProcess();
    const failure = new TypeError("not foreseen");
    const get = () => {
      throw failure;
    };
    provider.configure({ config: { get: (key) => (key === "pulumi:autonaming" ? "{}" : get()) } });
    expect(() => provider.findCredential()).toThrow(failure);
  });
});

describe("ProviderProcess.autonaming", () => {
  it.each([
    { name: "the stack's", config: { "pulumi:autonaming": "the stack's" }, expected: "the stack's" },
    { name: "the one passed on", config: { "mongodbatlas:autonaming": "passed on" }, expected: "passed on" },
    {
      name: "the stack's before the one passed on",
      config: { "mongodbatlas:autonaming": "passed on", "pulumi:autonaming": "the stack's" },
      expected: "the stack's",
    },
    { name: "none when none is set", config: {}, expected: undefined },
  ])("is $name", ({ config, expected }) => {
    const { provider } = createProcess();
    provider.configure({ config: { get: (key) => new Map(Object.entries(config)).get(key) } });
    expect(provider.autonaming).toBe(expected);
  });
});

describe("ProviderProcess.credentialSource", () => {
  it("tells where the credential came from, once it was asked for", () => {
    const { provider } = createProcess();
    expect(provider.credentialSource).toBeUndefined();
    provider.begin();
    expect(provider.credentialSource).toMatchObject({ from: "environment" });
  });
});

describe("ProviderProcess.revokeToken", () => {
  /** Requests with those that give a token back, which the fixture's list leaves out. */
  function createCounting() {
    const { transport } = createScriptedTransport(HEALTHY);
    const paths: string[] = [];
    const counting: typeof transport = async (request) => {
      paths.push(new URL(request.url).pathname);
      return transport(request);
    };
    return { provider: createProcess({ transport: counting }).provider, paths };
  }

  it("gives the token back", async () => {
    const { provider, paths } = createCounting();
    await provider.begin().client.fetchAccount(ACCOUNT);
    await provider.revokeToken();
    expect(paths.slice(2)).toEqual(["/api/oauth/revoke"]);
  });

  it("sends nothing when nothing was asked of Atlas", async () => {
    const { provider, paths } = createCounting();
    await provider.revokeToken();
    expect(paths).toEqual([]);
  });
});

describe("Operation.report", () => {
  it("shows the same line once, and withholds what has the shape of a secret", () => {
    const lines: string[] = [];
    const { provider } = createProcess({ report: (line) => void lines.push(line) });
    const operation = provider.begin();
    for (const line of ["a line", "a line", `not ${SECRET_VALUE}`]) operation.report(line);
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(SECRET_VALUE);
  });
});

describe("NODE_TLS_REJECT_UNAUTHORIZED=0", () => {
  it("is refused also when it is set after requests were sent, and only while it is", async () => {
    const env: Record<string, string> = { ...TOKEN_ENV };
    const { provider, sent } = createProcess({ env });
    await provider.begin().client.fetchAccount(ACCOUNT);
    env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    expect(() => provider.begin()).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off/);
    delete env.NODE_TLS_REJECT_UNAUTHORIZED;
    await provider.begin().client.fetchAccount(ACCOUNT);
    expect(sent).toEqual([REQUESTS.look, REQUESTS.look]);
  });
});
