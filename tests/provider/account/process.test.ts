/** What one provider process keeps between the calls of the engine, and that it sends nothing once the engine is gone. */
import { createServer } from "node:net";
import { type ProcessOptions, ProviderProcess } from "../../../provider/src/account/process.js";
import { createScriptedTransport, HEALTHY, REQUESTS } from "../fixtures/scripted-transport.js";
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
    { name: "a service account", env: ENV, clientId: OTHER_CLIENT_ID },
    { name: "an access token", env: TOKEN_ENV, clientId: undefined },
  ])("names the credential to spare when it is $name", ({ env, clientId }) => {
    expect(createProcess({ env }).provider.begin().credential?.clientId).toBe(clientId);
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
