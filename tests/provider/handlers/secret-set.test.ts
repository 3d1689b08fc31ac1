/** A set: accounts made, rotated and removed together, each as a rotating resource would, and each failing alone. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createSetWorld, type SetWorld } from "../fixtures/set-world.js";

const NAMES = ["a", "b", "c", "d"] as const;
const DAY_MS = 24 * HOUR_MS;

let world: SetWorld;

beforeEach(async () => {
  world = await createSetWorld(NAMES);
});
afterEach(() => expect(world.atlas.contract.problems).toEqual([]));

const all = (changes = {}) => world.toArgs(NAMES, changes);
const countOf = async (operation: string) =>
  (await world.takeRequests()).filter((request) => request.operation === operation).length;

describe("a new set", () => {
  it("makes one verified secret for each account, and gives out the values by name", async () => {
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded", steps: ["create fleet"] });
    expect(Object.keys(world.secrets())).toEqual([...NAMES]);
    for (const name of NAMES) {
      const { secretId, ...record } = world.records()[name] ?? {};
      expect(record).toMatchObject({ clientId: world.clientIds[name], status: "active", generation: 1 });
      expect(await world.heldIds(name)).toEqual([secretId]);
      expect(await world.signIn(name, world.secrets()[name])).toBe(true);
    }
    expect(world.outputs().statusCounts).toEqual({ active: 4 });
    expect(JSON.stringify(world.records())).not.toContain("mdb_sa_sk_");
  });

  it("costs a POST and a verification for each account, and next to no looks", async () => {
    await world.up(all());
    const requests = await world.takeRequests();
    const count = (operation: string) => requests.filter((request) => request.operation === operation).length;
    expect([count("createSecret"), count("mint")]).toEqual([4, 4]);
    expect(count("getAccount") + count("listAccounts")).toBe(2);
  });

  it("has nothing to do in the next run, and asks for nothing", async () => {
    await world.up(all());
    await world.takeRequests();
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded", steps: [], lines: [] });
    expect(await world.takeRequests()).toEqual([]);
  });

  it("keeps what was made when one account fails, names that one, and gives nothing out", async () => {
    await world.breakAccount("c");
    const { outcome, errors } = await world.up(all());
    expect(outcome).toBe("failed");
    expect(errors).toEqual([expect.stringMatching(/^c: .*403.*A fake detail/)]);
    expect(Object.keys(world.secrets())).toEqual(["a", "b", "d"]);
    expect(world.records().c).toEqual({
      projectId: expect.any(String),
      clientId: world.clientIds.c,
      status: "current-missing",
      generation: 0,
    });
    expect([...world.delivered.keys()]).toEqual([]);
  });

  it("is not recorded when no account got a secret; what all have in common is said once", async () => {
    for (const name of NAMES) await world.breakAccount(name);
    expect((await world.up(all())).outcome).toBe("failed");
    expect(world.stack.resources.size).toBe(0);
    world.stack.env = { ...world.stack.env, MONGODB_ATLAS_CLIENT_SECRET: `mdb_sa_sk_${"x".repeat(40)}` };
    const { errors } = await world.up(all());
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/This was for 4 accounts: a, b, c, d\.$/);
    expect(errors[0]?.match(/invalid_client|401/g)?.length).toBeLessThanOrEqual(2);
  });
});

describe("a set of which one account fails for ever", () => {
  it("hands out the others' values in the next run, touches only that account, and then fails until it is mended", async () => {
    await world.breakAccount("c");
    await world.up(all());
    await world.takeRequests();
    const second = await world.up(all());
    expect(second).toMatchObject({ outcome: "succeeded", steps: ["update fleet"] });
    expect(second.lines.join("\n")).toMatch(/^c: .*This run hands out the values of the others/m);
    expect([...world.delivered.keys()]).toEqual(["a", "b", "d"]);
    const touched = new Set((await world.takeRequests()).map(({ clientId }) => clientId));
    expect([...touched]).toEqual([world.clientIds.c]);
    const third = await world.up(all());
    expect(third).toMatchObject({ outcome: "failed", errors: [expect.stringMatching(/^c: .*403/)] });
    await world.atlas.control.clearFaults();
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded" });
    expect([...world.delivered.keys()].sort()).toEqual([...NAMES]);
  });

  it("rotates the others in time for ninety days, and none of their consumers is ever locked out", async () => {
    await world.up(all());
    await world.breakAccount("c");
    let failures = 0;
    for (let day = 0; day < 90; day++) {
      await world.atlas.clock.sleep(DAY_MS);
      const { errors } = await world.up(all());
      for (const error of errors) expect(error).toMatch(/^c: /);
      for (const name of ["a", "b", "d"]) if (!(await world.signIn(name, world.delivered.get(name)))) failures += 1;
    }
    expect(failures).toBe(0);
    for (const name of ["a", "b", "d"]) expect(world.records()[name]?.generation).toBeGreaterThan(3);
    expect(world.records().c?.generation).toBe(1);
  });
});

describe("the accounts of a set", () => {
  beforeEach(async () => {
    await world.up(all());
    await world.takeRequests();
  });

  it("can change their names, which asks Atlas for nothing", async () => {
    const { d: value } = world.secrets();
    const args = world.toArgs(["a", "b", "c"]);
    const renamed = { ...args, accounts: { ...(args.accounts as object), d2: world.toAccount("d") } };
    expect(await world.up(renamed)).toMatchObject({ outcome: "succeeded", steps: ["update fleet"] });
    expect(await world.takeRequests()).toEqual([]);
    expect(world.secrets().d2).toBe(value);
    expect(world.records()).not.toHaveProperty("d");
    expect(await world.up(renamed)).toMatchObject({ steps: [] });
  });

  it("can have inputs of their own", async () => {
    const args = world.toArgs(["a", "b", "c"]);
    const own = world.toAccount("d", { secretExpiresAfterHours: 100, overlapHours: 5 });
    const changed = { ...args, accounts: { ...(args.accounts as object), d: own } };
    expect(await world.up(changed)).toMatchObject({ outcome: "succeeded" });
    expect(world.records().d).toMatchObject({ generation: 2, secretExpiresAfterHours: 100, overlapHours: 5 });
    expect(world.records().a).toMatchObject({ generation: 1 });
    expect(world.records().a).not.toHaveProperty("secretExpiresAfterHours");
    expect(await world.up(changed)).toMatchObject({ steps: [] });
  });

  it("rotate together, and each previous secret goes after its overlap", async () => {
    const before = world.secrets();
    expect(await world.up(all({ triggers: { ticket: 1 } }))).toMatchObject({ outcome: "succeeded" });
    expect(world.outputs().statusCounts).toEqual({ overlapping: 4 });
    for (const name of NAMES) {
      expect(world.secrets()[name]).not.toBe(before[name]);
      expect(await world.signIn(name, before[name])).toBe(true);
    }
    await world.atlas.clock.sleep(3 * DAY_MS);
    await world.up(all({ triggers: { ticket: 1 } }));
    expect(world.outputs().statusCounts).toEqual({ active: 4 });
    for (const name of NAMES) expect(await world.heldIds(name)).toEqual([world.records()[name]?.secretId]);
  });

  it("that leave it keep their secrets for the overlap, and as long as they are used", async () => {
    const { d: value } = world.secrets();
    const rest = world.toArgs(["a", "b", "c"]);
    const removal = await world.up(rest);
    expect(removal.lines.join("\n")).toContain("the account left the set: its secrets stay until 2026-03-02T08:00:00Z");
    expect(world.secrets()).not.toHaveProperty("d");
    expect(world.outputs().statusCounts).toEqual({ active: 3, "account-removed": 1 });
    expect(await world.takeRequests()).toEqual([]);
    await world.atlas.clock.sleep(DAY_MS - HOUR_MS);
    expect(await world.up(rest)).toMatchObject({ steps: [], lines: [] });
    expect(await world.signIn("d", value)).toBe(true);
    await world.atlas.clock.sleep(2 * HOUR_MS);
    const used = await world.up(rest);
    expect(used.lines.join("\n")).toContain("something still signs in with it");
    expect(await world.heldIds("d")).toHaveLength(1);
    await world.atlas.clock.sleep(DAY_MS);
    await world.up(rest);
    expect(await world.heldIds("d")).toEqual([]);
    expect(world.outputs()).not.toHaveProperty("removedRecords");
    expect(world.outputs().statusCounts).toEqual({ active: 3 });
  });

  it("that leave it without an overlap lose their secrets in the next run, and not before", async () => {
    const rest = world.toArgs(["a", "b", "c"], { overlapHours: 0 });
    await world.up(all({ overlapHours: 0 }));
    await world.up(rest);
    expect(await world.heldIds("d")).toHaveLength(1);
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(rest);
    expect(await world.heldIds("d")).toEqual([]);
  });

  it("that come back are looked at before their values are given out: a killed run may have deleted them", async () => {
    await world.up(world.toArgs(["a", "b", "c"]));
    await world.atlas.control.deleteSecret((await world.heldIds("d"))[0] ?? "");
    await world.atlas.clock.sleep(HOUR_MS);
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded" });
    expect(await world.signIn("d", world.delivered.get("d"))).toBe(true);
  });

  it("that come back and cannot be looked at are not given out, and are looked at by the next run", async () => {
    await world.up(world.toArgs(["a", "b", "c"]));
    await world.breakAccount("d");
    expect(await world.up(all())).toMatchObject({ outcome: "failed", errors: [expect.stringMatching(/^d: .*403/)] });
    expect(world.secrets()).not.toHaveProperty("d");
    await world.atlas.control.clearFaults();
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded", steps: ["update fleet"] });
    expect(await world.signIn("d", world.secrets().d)).toBe(true);
    expect(await countOf("createSecret")).toBe(0);
  });

  it("that come back go on where they were", async () => {
    const { d: value } = world.secrets();
    await world.up(world.toArgs(["a", "b", "c"]));
    await world.atlas.clock.sleep(HOUR_MS);
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded" });
    expect(world.secrets().d).toBe(value);
    expect(world.records().d).toMatchObject({ status: "active", generation: 1 });
    expect(await countOf("createSecret")).toBe(0);
  });

  it("are refreshed each by itself: one that cannot be read keeps its record, and does not stop the others", async () => {
    await world.signIn("a", world.secrets().a);
    const held = world.records().c;
    await world.atlas.control.deleteSecret(String(world.records().b?.secretId));
    await world.atlas.control.setSwitches({ listHoldsSecrets: false });
    await world.breakAccount("c");
    await world.atlas.clock.sleep(HOUR_MS);
    const { outcome, lines } = await world.stack.refresh();
    expect(outcome).toBe("succeeded");
    expect(lines.join("\n")).toMatch(/The record stays\. c: .*403/);
    expect(world.records().c).toEqual(held);
    expect(world.records().a).toHaveProperty("lastUsedAt");
    expect(world.records().b).toMatchObject({ status: "current-missing" });
  });

  it("all fail to be read: then the refresh fails", async () => {
    await world.atlas.control.setSwitches({ listHoldsSecrets: false });
    for (const name of NAMES) await world.breakAccount(name);
    expect(await world.stack.refresh()).toMatchObject({ outcome: "failed" });
    expect(Object.keys(world.secrets())).toEqual([...NAMES]);
  });

  it("lose every secret with the set, also those that left it before", async () => {
    await world.up(world.toArgs(["a", "b"]));
    expect(await world.stack.destroy()).toMatchObject({ outcome: "succeeded" });
    for (const name of NAMES) expect(await world.heldIds(name)).toEqual([]);
  });

  it("are deleted as far as it goes, and what failed is named; the next destroy does the rest", async () => {
    await world.breakAccount("b");
    expect(await world.stack.destroy()).toMatchObject({
      outcome: "failed",
      errors: [expect.stringMatching(/^b: .*403/)],
    });
    expect(await world.heldIds("a")).toEqual([]);
    await world.atlas.control.clearFaults();
    expect(await world.stack.destroy()).toMatchObject({ outcome: "succeeded" });
    expect(await world.heldIds("b")).toEqual([]);
  });
});

describe("what only an unverified value has", () => {
  it("stays out of the values that are given out, and is verified by the next run", async () => {
    const { clientIds, atlas } = world;
    const body = { error: 500, reason: "Fake" };
    const match = { operation: "mint", clientId: clientIds.b ?? "" } as const;
    await atlas.control.addFault({ kind: "status", status: 500, body, match, times: "always" });
    expect(await world.up(all())).toMatchObject({
      outcome: "failed",
      errors: [expect.stringMatching(/^b: Secret .*not verified/)],
    });
    expect(Object.keys(world.secrets())).toEqual(["a", "c", "d"]);
    expect(world.records().b).toMatchObject({ status: "pending-verification" });
    expect(JSON.stringify(world.outputs().confidential)).toContain("mdb_sa_sk_");
    await atlas.control.clearFaults();
    await world.takeRequests();
    expect(await world.up(all())).toMatchObject({ outcome: "succeeded" });
    expect(await countOf("createSecret")).toBe(0);
    expect(await world.signIn("b", world.secrets().b)).toBe(true);
  });
});
