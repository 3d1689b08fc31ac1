/** What time and other hands do to a secret, on the real engine. */
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

describe("rotation by time", () => {
  it("keeps the secret before its window and replaces it inside, says why, and deletes the old one last", async () => {
    expect((await world.stack.up(world.program())).code).toBe(0);
    const [first = ""] = await world.heldIds();
    await world.takeRequests();

    await world.advance(479 * HOUR_MS);
    expect((await world.stack.up(world.program(), "--expect-no-changes")).code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);

    await world.advance(2 * HOUR_MS);
    const preview = await world.stack.preview(world.program());
    expect(preview.text).toMatch(
      new RegExp(`secret ${first} expires at .* and has been inside its rotation window since`),
    );
    expect(await world.takeRequests()).toEqual([]);

    const result = await world.stack.up(world.program());
    expect(result.code).toBe(0);
    expect(result.text).toContain("inside its rotation window since");
    const operations = toOperations(await world.takeRequests());
    expect(operations).toEqual(["mint", "getAccount", "createSecret", "mint", "mint", "deleteSecret"]);
    expect(await world.heldIds()).not.toContain(first);
    expect((await world.stack.up(world.program(), "--expect-no-changes")).code).toBe(0);
  });

  it("replaces an expired secret and leaves one on the account", async () => {
    const program = world.program({ rotateBeforeExpiryHours: 0 });
    expect((await world.stack.up(program)).code).toBe(0);
    const [first = ""] = await world.heldIds();
    await world.advance(721 * HOUR_MS);
    expect((await world.stack.up(program)).code).toBe(0);
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    expect(held).not.toContain(first);
  });
});

describe("pulumi refresh", () => {
  const NAMES = ["deleted", "shortened", "unassigned", "gone", "kept"];

  async function createAll(): Promise<Record<string, string>> {
    for (const name of NAMES) await world.addAccount(name);
    const program = world.programOf(Object.fromEntries(NAMES.map((name) => [name, {}])));
    expect((await world.stack.up(program)).code).toBe(0);
    const ids = await Promise.all(NAMES.map(async (name) => [name, (await world.heldIds(name))[0]]));
    return Object.fromEntries(ids);
  }

  it("tells deleted, shortened, unassigned and vanished apart, and the next up acts on each", async () => {
    const ids = await createAll();
    // A secret just created may be missing from an answer and exist all the same.
    await world.atlas.advance(5 * 60_000);
    const now = Date.parse(await world.atlas.now());
    const shortened = new Date(Math.floor(now / 1000) * 1000 + 250 * HOUR_MS).toISOString().replace(".000Z", "Z");
    await world.atlas.deleteSecret(String(ids.deleted));
    await world.atlas.setExpiry(String(ids.shortened), shortened);
    await world.atlas.unassign(world.clientIdOf("unassigned"), world.projectId);
    await world.atlas.deleteAccount(world.clientIdOf("gone"));

    const refresh = await world.stack.refresh();
    expect(refresh.code).toBe(0);
    expect(refresh.text).toContain("is not in its project's list");
    expect(await world.recorded("deleted")).toBeUndefined();
    const cut = await world.recorded("shortened");
    expect(cut).toMatchObject({ secretId: ids.shortened, status: "active", expiresAt: shortened });
    expect(Date.parse(shortened) - Date.parse(String(cut?.rotateAfter))).toBe(240 * HOUR_MS);
    for (const name of ["unassigned", "gone"]) {
      expect(await world.recorded(name)).toMatchObject({ secretId: ids[name], status: "account-unassigned" });
    }
    const kept = await world.recorded("kept");
    expect(kept).toMatchObject({ secretId: ids.kept, status: "active" });
    expect(kept?.lastUsedAt).toBeDefined();

    await world.atlas.reassign(world.clientIdOf("unassigned"), world.projectId);
    expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.recorded("unassigned")).toMatchObject({ secretId: ids.unassigned, status: "active" });

    await world.advance(11 * HOUR_MS);
    const program = world.programOf({ deleted: {}, shortened: {}, unassigned: {}, gone: {}, kept: {} });
    expect((await world.stack.up(program)).code).toBe(0);
    expect(await world.heldIds("deleted")).toHaveLength(1);
    expect(await world.heldIds("shortened")).not.toContain(ids.shortened);
    expect(await world.heldIds("kept")).toEqual([ids.kept]);
  });

  it("keeps the record of an expired secret, which the next up replaces", async () => {
    expect((await world.stack.up(world.program())).code).toBe(0);
    const [first = ""] = await world.heldIds();
    await world.advance(721 * HOUR_MS);
    expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.recorded()).toMatchObject({ secretId: first });
    expect((await world.stack.up(world.program())).code).toBe(0);
    expect(await world.heldIds()).not.toContain(first);
  });

  it("fails and keeps the record when Atlas refuses the read, or answers 404 for the whole project", async () => {
    expect((await world.stack.up(world.program())).code).toBe(0);
    const [first = ""] = await world.heldIds();
    for (const status of [401, 403, 404, 500]) {
      const body = { error: status, errorCode: `FAKE_CODE_${status}`, detail: "A fake reason.", reason: "Fake" };
      for (const operation of ["getAccount", "listAccounts"] as const) {
        await world.atlas.addFault({ kind: "status", status, body, match: { operation }, times: "always" });
      }
      const result = await world.stack.refresh();
      expect(result.code).not.toBe(0);
      expect(result.text).toContain(`${status} FAKE_CODE_${status}: A fake reason.`);
      expect(await world.recorded()).toMatchObject({ secretId: first });
      await world.atlas.clearFaults();
    }
  });
});
