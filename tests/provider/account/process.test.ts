/** What one provider process keeps between the calls of the engine, and that it sends nothing once the engine is gone. */
import { createServer } from "node:net";
import { Session } from "../../../provider/src/account/process.js";
import { createScriptedTransport, HEALTHY, REQUESTS } from "../fixtures/scripted-transport.js";
import { CLIENT_ID, createFakeClock, OTHER_CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const ACCOUNT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID } as const;
const ENV = { MONGODB_ATLAS_CLIENT_ID: OTHER_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: SECRET_VALUE };
const TOKEN_ENV = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token" };

function createSession(options: ConstructorParameters<typeof Session>[0] = {}) {
  const { transport, sent } = createScriptedTransport(HEALTHY);
  const clock = createFakeClock();
  return { session: new Session({ clock, env: ENV, transport, ...options }), sent, clock };
}

describe("Session.begin", () => {
  it("sends nothing", () => {
    const { session, sent } = createSession();
    session.begin();
    expect(sent).toEqual([]);
  });

  it("lets all calls share one token", async () => {
    const { session, sent } = createSession();
    await session.begin().client.fetchAccount(ACCOUNT);
    await session.begin().client.fetchAccount(ACCOUNT);
    expect(sent).toEqual([REQUESTS.mint, REQUESTS.look, REQUESTS.look]);
  });

  it("gives each call a time of its own, which its client uses", async () => {
    const { session, clock } = createSession();
    const [first, second] = [session.begin(), session.begin()];
    await first.client.fetchAccount(ACCOUNT);
    clock.advance(300_000);
    expect(await first.operation.pause(1, "backoff")).toBe(false);
    expect(await second.operation.pause(1, "backoff")).toBe(true);
  });

  it("keeps its client and its token when it is configured again, as the host does for each handler", async () => {
    const { session, sent } = createSession();
    await session.begin().client.fetchAccount(ACCOUNT);
    session.configure({ config: { get: () => undefined } });
    await session.begin().client.fetchAccount(ACCOUNT);
    expect(sent.filter((request) => request === REQUESTS.mint)).toHaveLength(1);
  });

  it.each([
    { name: "a service account", env: ENV, clientId: OTHER_CLIENT_ID },
    { name: "an access token", env: TOKEN_ENV, clientId: undefined },
  ])("names the credential to spare when it is $name", ({ env, clientId }) => {
    expect(createSession({ env }).session.begin().configured?.clientId).toBe(clientId);
  });

  it("throws all problems of the settings, and works once they are solved", () => {
    const { session } = createSession({ env: {} });
    expect(() => session.begin()).toThrow(expect.objectContaining({ code: "settings" }));
    session.configure({
      config: { get: (key) => (key === "mongodbatlas:accessToken" ? "not-a-real-token" : undefined) },
    });
    expect(session.begin().client).toBeDefined();
  });
});

describe("Session, for the engine", () => {
  const { argv } = process;

  afterEach(() => {
    process.argv = argv;
  });

  it("sends nothing once the engine does not listen any more, not even a mint", async () => {
    const alive = [true, true, false];
    const { session, sent } = createSession({ isEngineAlive: async () => alive.shift() ?? false });
    await session.begin().client.fetchAccount(ACCOUNT);
    const work = session.begin().client.createSecret(ACCOUNT, 8);
    await expect(work).rejects.toMatchObject({
      code: "connection",
      noAnswer: "engine-gone",
      mayHaveBeenApplied: false,
    });
    expect(sent).toEqual([REQUESTS.mint, REQUESTS.look]);
  });

  it("does not wait for an engine that is gone", async () => {
    const { session, clock, sent } = createSession({ isEngineAlive: async () => false });
    await expect(session.begin().client.fetchAccount(ACCOUNT)).rejects.toThrow("the Pulumi engine");
    expect({ slept: clock.slept, sent }).toEqual({ slept: [], sent: [] });
  });

  it("asks at the address that the host was started with", async () => {
    const engine = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
    const bound = engine.address();
    const port = typeof bound === "object" && bound ? bound.port : 0;
    process.argv = ["node", "/app/@pulumi/pulumi/cmd/dynamic-provider/index.js", `127.0.0.1:${port}`];
    const { session, sent } = createSession({ env: TOKEN_ENV });
    await session.begin().client.fetchAccount(ACCOUNT);
    await new Promise((resolve) => engine.close(resolve));
    await expect(session.begin().client.fetchAccount(ACCOUNT)).rejects.toMatchObject({ noAnswer: "engine-gone" });
    expect(sent).toEqual([REQUESTS.look]);
  });
});

describe("Session.report", () => {
  it("writes a line to standard output, which the engine shows, when nothing else is given", () => {
    const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    new Session().report("a line");
    const written = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(written).toEqual(["a line\n"]);
  });
});

describe("NODE_TLS_REJECT_UNAUTHORIZED=0", () => {
  it("is refused also when it is set after requests were sent, and only while it is", async () => {
    const env: Record<string, string> = { ...TOKEN_ENV };
    const { session, sent } = createSession({ env });
    await session.begin().client.fetchAccount(ACCOUNT);
    env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    expect(() => session.begin()).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off/);
    delete env.NODE_TLS_REJECT_UNAUTHORIZED;
    await session.begin().client.fetchAccount(ACCOUNT);
    expect(sent).toEqual([REQUESTS.look, REQUESTS.look]);
  });
});
