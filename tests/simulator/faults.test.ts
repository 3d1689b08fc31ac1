/** Scripted faults: what is done, what is answered, and which requests they meet. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { closeApis, openApi } from "./helpers.js";

afterEach(closeApis);

const POST = { operation: "createSecret" } as const;

describe("a fault that closes the connection", () => {
  it.each([
    { kind: "refuse", done: 0 },
    { kind: "cut-before", done: 0 },
    { kind: "cut-after", done: 1 },
    { kind: "cut-body", done: 1 },
  ] as const)("$kind leaves $done secrets behind and gives no answer", async ({ kind, done }) => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ kind, match: POST });
    await expect(api.create(account)).rejects.toThrow();
    expect(await api.shown(account)).toHaveLength(done);
    const [record] = (await api.simulator.requests()).filter(({ operation }) => operation === "createSecret");
    expect(record).toMatchObject({ fault: kind, status: kind === "cut-body" ? 201 : null });
  });
});

describe("a fault that changes the answer", () => {
  it("malformed does it and answers what is not JSON", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ kind: "malformed", match: POST });
    const reply = await api.create(account, 8);
    expect(reply.status).toBe(201);
    expect(() => JSON.parse(reply.text) as unknown).toThrow();
    expect(await api.shown(account)).toHaveLength(1);
  });

  it("no-secret does it and leaves the value out", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ kind: "no-secret", match: POST });
    const reply = await api.create(account);
    expect(reply.status).toBe(201);
    expect(reply.body.secret).toBeUndefined();
    expect(await api.shown(account)).toHaveLength(1);
  });

  it.each([
    { commit: false, done: 0 },
    { commit: true, done: 1 },
  ])("status answers as told, and with commit $commit leaves $done secrets", async ({ commit, done }) => {
    const api = await openApi();
    const account = await api.add();
    const headers = { "retry-after": "soon" };
    await api.simulator.addFault({ kind: "status", status: 503, body: "busy", headers, commit, match: POST });
    const reply = await api.create(account, 8);
    expect([reply.status, reply.text, reply.headers.get("retry-after")]).toEqual([503, "busy", "soon"]);
    expect(await api.shown(account)).toHaveLength(done);
  });

  it("redirect points elsewhere and does nothing", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ kind: "redirect", location: "http://127.0.0.1:1/", match: POST });
    const reply = await api.create(account, 8);
    expect([reply.status, reply.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/"]);
    expect(await api.shown(account)).toEqual([]);
  });

  it("delay answers after requests that came later", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ kind: "delay", ms: 200, match: POST });
    const order: string[] = [];
    await Promise.all([
      api.create(account).then(() => order.push("delayed")),
      api.get(account).then(() => order.push("other")),
    ]);
    expect(order).toEqual(["other", "delayed"]);
  });
});

describe("which requests a fault meets", () => {
  const FAULT = { kind: "status", status: 500, body: { error: 500, errorCode: "UNEXPECTED_ERROR" } } as const;

  it("is one by default, after those that are skipped", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ ...FAULT, match: { operation: "getAccount" }, skip: 1 });
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await api.get(account)).status);
    expect(statuses).toEqual([200, 500, 200, 200]);
  });

  it("is a number of them, or all until faults are cleared", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ ...FAULT, match: { method: "GET" }, times: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await api.get(account)).status);
    expect(statuses).toEqual([500, 500, 200]);
    await api.simulator.addFault({ ...FAULT, times: "always" });
    for (let count = 0; count < 3; count++) expect((await api.get(account)).status).toBe(500);
    await api.simulator.clearFaults();
    expect((await api.get(account)).status).toBe(200);
  });

  it("is told by method, path and account, which for a mint is the one that signs", async () => {
    const api = await openApi();
    const [one, two] = [await api.add(), await api.add()];
    const { secret } = await api.created(one);
    const other = await api.created(two);
    await api.simulator.addFault({ ...FAULT, match: { clientId: one.clientId }, times: "always" });
    await api.simulator.addFault({ ...FAULT, match: { pathIncludes: `/${two.clientId}/secrets`, method: "DELETE" } });
    expect((await api.get(one)).status).toBe(500);
    expect((await api.mint(one.clientId, secret)).status).toBe(500);
    expect((await api.get(two)).status).toBe(200);
    expect((await api.delete(two, other.id)).status).toBe(500);
    expect((await api.delete(two, other.id)).status).toBe(204);
  });
});

describe("the port", () => {
  it("that is taken makes the start fail", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await expect(openApi({}, { port })).rejects.toThrow("EADDRINUSE");
    await new Promise((resolve) => server.close(resolve));
  });
});
