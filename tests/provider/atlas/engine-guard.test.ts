/** Whether the engine still lives, by real sockets of this machine, and that nothing is sent once it does not. */
import { createServer, type Server, Socket } from "node:net";
import {
  ENGINE_GONE,
  findEngineAddress,
  guardByEngine,
  isListening,
} from "../../../provider/src/atlas/engine-guard.js";
import type { Answer, TransportRequest } from "../../../provider/src/atlas/transport.js";

const SCRIPT = "/app/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js";
const ANSWER: Answer = { kind: "answer", status: 200, headers: {}, body: "{}" };
const REQUEST: TransportRequest = { method: "POST", url: "https://atlas.example/api", body: "{}" };

const servers: Server[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const server of servers.splice(0)) await stop(server);
});

/** A server on a free port, and the address in the form that the host gets it. */
async function listen(host = "127.0.0.1") {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const bound = server.address();
  const port = typeof bound === "object" && bound ? bound.port : 0;
  return { server, address: { host, port } };
}

async function stop(server: Server): Promise<void> {
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}

describe("findEngineAddress", () => {
  it.each([
    { name: "127.0.0.1", argument: "127.0.0.1:41235", expected: { host: "127.0.0.1", port: 41_235 } },
    { name: "localhost", argument: "localhost:80", expected: { host: "localhost", port: 80 } },
    { name: "::1", argument: "[::1]:41235", expected: { host: "::1", port: 41_235 } },
    { name: "the last port", argument: "127.0.0.1:65535", expected: { host: "127.0.0.1", port: 65_535 } },
    { name: "no port that there is", argument: "127.0.0.1:65536", expected: undefined },
    { name: "a port of six digits", argument: "127.0.0.1:412350", expected: undefined },
    { name: "no port", argument: "127.0.0.1", expected: undefined },
    { name: "another machine", argument: "192.0.2.1:41235", expected: undefined },
    { name: "a name that begins as this machine's", argument: "localhost.example:80", expected: undefined },
    { name: "something after the port", argument: "127.0.0.1:80/x", expected: undefined },
    { name: "an empty text", argument: "", expected: undefined },
  ])("gives $expected for $name", ({ argument, expected }) => {
    expect(findEngineAddress(["/usr/bin/node", SCRIPT, argument])).toEqual(expected);
  });

  it.each([
    { name: "the folder", script: "/app/node_modules/@pulumi/pulumi/cmd/dynamic-provider" },
    { name: "its file", script: SCRIPT },
    { name: "a path of Windows", script: "C:\\app\\@pulumi\\pulumi\\cmd\\dynamic-provider\\index.js" },
  ])("knows the host of dynamic providers by $name", ({ script }) => {
    expect(findEngineAddress(["node", script, "127.0.0.1:41235"])).toBeDefined();
  });

  it.each([
    { name: "another script", argv: ["node", "/app/server.js", "127.0.0.1:41235"] },
    { name: "a script of a similar name", argv: ["node", "/app/my-dynamic-providers.js", "127.0.0.1:41235"] },
    { name: "no script", argv: ["node"] },
    { name: "no argument", argv: ["node", SCRIPT] },
    { name: "the address in another place", argv: ["node", SCRIPT, "--trace", "127.0.0.1:41235"] },
    { name: "nothing", argv: [] },
  ])("finds none with $name", ({ argv }) => {
    expect(findEngineAddress(argv)).toBeUndefined();
  });
});

describe("isListening", () => {
  it("is true as long as somebody listens, and false once nobody does", async () => {
    const { server, address } = await listen();
    expect(await isListening(address)).toBe(true);
    expect(await isListening(address)).toBe(true);
    await stop(server);
    expect(await isListening(address)).toBe(false);
  });

  it("finds out for localhost as well, whichever of its addresses that is", async () => {
    const { server, address } = await listen("localhost");
    expect(await isListening(address)).toBe(true);
    await stop(server);
    expect(await isListening(address)).toBe(false);
  });

  /** A connection that does what the test says. */
  function prepareSocket() {
    const socket = new Socket();
    const net = require("node:net") as typeof import("node:net");
    return { socket, connect: jest.spyOn(net, "connect").mockReturnValue(socket) };
  }

  it.each([
    { code: "ECONNREFUSED", isAlive: false },
    ...["EHOSTUNREACH", "ENETUNREACH", "EMFILE", "ECONNRESET"].map((code) => ({ code, isAlive: true })),
  ])("takes only a refusal for an end: $code", async ({ code, isAlive }) => {
    const { socket } = prepareSocket();
    const result = isListening({ host: "127.0.0.1", port: 41_235 });
    socket.emit("error", Object.assign(new Error("Fake."), { code }));
    expect(await result).toBe(isAlive);
  });

  it("takes an engine that accepts no connection in time for alive, and lets go of the attempt", async () => {
    const { socket, connect } = prepareSocket();
    const isAlive = isListening({ host: "127.0.0.1", port: 41_235 });
    socket.emit("timeout");
    expect(await isAlive).toBe(true);
    expect(socket.destroyed).toBe(true);
    expect(connect).toHaveBeenCalledWith(expect.objectContaining({ timeout: 2_000 }));
  });
});

describe("guardByEngine", () => {
  function createGuarded(isEngineAlive: () => Promise<boolean>) {
    const sent: TransportRequest[] = [];
    const transport = async (request: TransportRequest) => {
      sent.push(request);
      return ANSWER;
    };
    return { send: guardByEngine(transport, isEngineAlive), sent };
  }

  it("passes a request and its answer on while the engine listens", async () => {
    const { address } = await listen();
    const { send, sent } = createGuarded(() => isListening(address));
    expect(await send(REQUEST)).toBe(ANSWER);
    expect(sent).toEqual([REQUEST]);
  });

  it("sends nothing once the engine is gone, and knows that nothing was applied", async () => {
    const { server, address } = await listen();
    const { send, sent } = createGuarded(() => isListening(address));
    await send(REQUEST);
    await stop(server);
    const outcome = { kind: "no-answer", cause: ENGINE_GONE, mayHaveBeenApplied: false };
    expect(await Promise.all([send(REQUEST), send(REQUEST)])).toEqual([outcome, outcome]);
    expect(sent).toHaveLength(1);
  });

  it("asks before each request anew", async () => {
    const answers = [true, false, true];
    const { send, sent } = createGuarded(async () => answers.shift() ?? false);
    const kinds = [await send(REQUEST), await send(REQUEST), await send(REQUEST)].map(({ kind }) => kind);
    expect(kinds).toEqual(["answer", "no-answer", "answer"]);
    expect(sent).toHaveLength(2);
  });
});
