/** The model of the engine, and the watch over it: both must see what they are there for. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { Ledger } from "./ledger.js";
import { ModelStack, type Program } from "./model-stack.js";
import { callingAs, createVirtualAtlas, type VirtualAtlas } from "./virtual-atlas.js";

const stacks: ModelStack[] = [];
let atlas: VirtualAtlas;
let ledger: Ledger;
let clientId: string;

function createStack(name: string): ModelStack {
  const env = {
    MONGODB_ATLAS_BASE_URL: atlas.control.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
  const stack = new ModelStack({ name, transport: atlas.transport, clock: atlas.clock, env });
  stacks.push(stack);
  return stack;
}

const program = (changes = {}): Program => ({
  main: { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720, ...changes },
});

async function heldIds(): Promise<string[]> {
  const { accounts } = await atlas.control.inventory();
  return accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id) ?? [];
}

describe.each(["local", "http"] as const)("ModelStack, with Atlas behind %s", (kind) => {
  beforeEach(async () => {
    stacks.length = 0;
    atlas = await createVirtualAtlas(kind, {
      switches: { mintLimitPerMinute: null },
      observe: (exchange) => ledger.note(exchange),
    });
    ledger = new Ledger(
      () => stacks,
      () => atlas.clock.now(),
    );
    ({ clientId } = await atlas.control.addAccount());
  });
  afterEach(async () => {
    expect(atlas.contract.problems).toEqual([]);
    await atlas.close();
  });

  it("creates, keeps, replaces with the deletion last, and destroys, without a breach", async () => {
    const stack = createStack("a");
    expect(await stack.up(program())).toMatchObject({ outcome: "succeeded", steps: ["create main"] });
    const { id } = stack.resources.get("main") ?? {};
    expect(await stack.up(program())).toMatchObject({ outcome: "succeeded", steps: [] });
    const replaced = await stack.up(program({ secretExpiresAfterHours: 8 }));
    expect(replaced).toMatchObject({ outcome: "succeeded", steps: ["replace main", `delete ${id}`] });
    expect(await heldIds()).toEqual([...stack.recordedIds()]);
    expect(await stack.destroy()).toMatchObject({ outcome: "succeeded" });
    expect(await heldIds()).toEqual([]);
    expect(ledger.breaches).toEqual([]);
  });

  it("updates after a partial failure, keeps what is replaced until then, and forgets the failure with a refresh", async () => {
    const stack = createStack("a");
    await stack.up(program());
    const match = { operation: "mint", clientId } as const;
    await atlas.control.addFault({ kind: "status", status: 500, match, times: "always" });
    expect(await stack.up(program({ secretExpiresAfterHours: 8 }))).toMatchObject({ outcome: "failed" });
    expect(stack.resources.get("main")?.initErrors).toHaveLength(1);
    expect(await stack.refresh()).toMatchObject({ outcome: "succeeded" });
    expect(stack.resources.get("main")?.initErrors).toEqual([]);
    expect(await heldIds()).toHaveLength(2);
    await atlas.control.clearFaults();
    const healed = await stack.up(program({ secretExpiresAfterHours: 8 }));
    expect(healed.steps).toEqual(["update main", expect.stringContaining("delete ")]);
    expect(await heldIds()).toHaveLength(1);
    expect(ledger.breaches).toEqual([]);
  });

  it.each(["provider-after", "engine"] as const)("records nothing of a run whose end is %s", async (what) => {
    const stack = createStack("a");
    // Its requests: the mint of its own token, the look, the creation.
    const run = await stack.up(program(), { atRequest: 3, what });
    expect(run.outcome).toBe("killed");
    expect(stack.resources.size).toBe(0);
    expect(await heldIds()).toHaveLength(1);
    const [orphan = ""] = await heldIds();
    expect((await stack.up(program())).lines.join()).toContain(orphan);
    expect((await atlas.control.requests()).filter(({ operation }) => operation === "createSecret")).toHaveLength(2);
  });
});

describe("Ledger", () => {
  beforeEach(async () => {
    stacks.length = 0;
    atlas = await createVirtualAtlas("local", { observe: (exchange) => ledger.note(exchange) });
    ledger = new Ledger(
      () => stacks,
      () => atlas.clock.now(),
    );
    ({ clientId } = await atlas.control.addAccount());
  });

  /** Sends requests as a provider that does what it must not. */
  async function misbehave(call: string, requests: (path: string) => readonly (readonly [string, string])[]) {
    const token = await atlas.control.issueAccessToken();
    const transport = callingAs(atlas.transport, () => `a#9: ${call}`);
    const { Sensitive } = await import("../../provider/src/sensitive.js");
    const headers = { accept: "application/vnd.atlas.2024-08-05+json" };
    for (const [method, target] of requests(`/api/atlas/v2/groups/${DEMO_PROJECT_ID}/serviceAccounts/${clientId}`)) {
      const isPost = method === "POST";
      await transport({
        method: method as "GET" | "POST" | "DELETE",
        url: `${atlas.control.url}${target}`,
        headers: isPost ? { ...headers, "content-type": headers.accept } : headers,
        authorization: new Sensitive(`Bearer ${token}`),
        ...(isPost && { body: JSON.stringify({ secretExpiresAfterHours: 8 }) }),
      });
    }
  }

  it("notes the deletion of a live secret that a stack records", async () => {
    const stack = createStack("a");
    await stack.up(program());
    const [id = ""] = await heldIds();
    await misbehave("create main", (path) => [
      ["GET", path],
      ["DELETE", `${path}/secrets/${id}`],
    ]);
    expect(ledger.breaches).toEqual([expect.stringContaining("a live secret which the stack records")]);
  });

  it("notes the deletion of somebody else's live secret, not of an expired one", async () => {
    const { id } = await atlas.control.createForeignSecret({ ownerId: DEMO_PROJECT_ID, clientId }, { hours: 8 });
    const other = await atlas.control.createForeignSecret({ ownerId: DEMO_PROJECT_ID, clientId }, { hours: 100 });
    await atlas.control.advance(9 * 3_600_000);
    const lookAndDelete = (secretId: string) =>
      misbehave("create main", (path) => [
        ["GET", path],
        ["DELETE", `${path}/secrets/${secretId}`],
      ]);
    await lookAndDelete(id);
    expect(ledger.breaches).toEqual([]);
    await lookAndDelete(other.id);
    expect(ledger.breaches).toEqual([expect.stringContaining("somebody else")]);
  });

  it("notes a second creation without a look after a lost answer", async () => {
    await atlas.control.addFault({ kind: "cut-after", match: { operation: "createSecret" } });
    await misbehave("create main", (path) => [
      ["GET", path],
      ["POST", `${path}/secrets`],
      ["GET", path],
      ["POST", `${path}/secrets`],
    ]);
    expect(ledger.breaches).toEqual([
      expect.stringContaining("before it has looked for what a lost answer left, after the grace"),
    ]);
  });

  it("notes a write without a look after the last one", async () => {
    const { id } = await atlas.control.createForeignSecret({ ownerId: DEMO_PROJECT_ID, clientId }, { hours: 8 });
    await atlas.control.advance(9 * 3_600_000);
    await misbehave("create main", (path) => [
      ["GET", path],
      ["DELETE", `${path}/secrets/${id}`],
      ["POST", `${path}/secrets`],
    ]);
    expect(ledger.breaches).toEqual([expect.stringContaining("sends POST without a look after the last write")]);
  });

  it("notes that a third secret is asked for", async () => {
    for (const hours of [8, 9])
      await atlas.control.createForeignSecret({ ownerId: DEMO_PROJECT_ID, clientId }, { hours });
    await misbehave("create main", (path) => [
      ["GET", path],
      ["POST", `${path}/secrets`],
    ]);
    expect(ledger.breaches).toEqual([expect.stringContaining("a third secret")]);
  });

  it("notes a write during a refresh, the deletion of another secret, and of the configured credential", async () => {
    const { id } = await atlas.control.createForeignSecret({ ownerId: DEMO_PROJECT_ID, clientId }, { hours: 8 });
    ledger.configuredIds.add(id);
    await misbehave("read main", (path) => [["POST", `${path}/secrets`]]);
    await misbehave("delete a/b/another", (path) => [["DELETE", `${path}/secrets/${id}`]]);
    expect(ledger.breaches).toEqual([
      expect.stringContaining("sends POST during read"),
      expect.stringContaining("own credential"),
      expect.stringContaining(`deletes ${id}`),
    ]);
  });
});
