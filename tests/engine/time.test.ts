/** What time and other hands do to a secret, on the real engine. */
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";

let world: World;
let first: string;

beforeEach(async () => {
  world = await createWorld();
  const result = await world.stack.up(world.program());
  expect(result.code).toBe(0);
  [first = ""] = await world.heldIds();
  await world.takeRequests();
});
afterEach(closeWorlds);

describe("rotation by time", () => {
  it("keeps the secret one hour before its window", async () => {
    await world.advance(479 * HOUR_MS);
    expect((await world.stack.up(world.program(), "--expect-no-changes")).code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("replaces the secret inside its window, shows why in the preview, and deletes the old one last", async () => {
    await world.advance(481 * HOUR_MS);
    const preview = await world.stack.preview(world.program());
    expect(preview.text).toContain(first);
    expect(preview.text).toContain("inside its rotation window since");
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
    await world.advance(721 * HOUR_MS);
    const result = await world.stack.up(world.program({ rotateBeforeExpiryHours: 0 }));
    expect(result.code).toBe(0);
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    expect(held).not.toContain(first);
  });
});

describe("pulumi refresh", () => {
  it("forgets a secret that was deleted elsewhere, and the next up makes a new one", async () => {
    await world.atlas.deleteSecret(first);
    expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.stack.secrets()).toEqual([]);
    expect((await world.stack.up(world.program())).code).toBe(0);
    expect(await world.heldIds()).toHaveLength(1);
  });

  it("takes over a shortened expiry and moves the rotation with it", async () => {
    const created = await world.atlas.now();
    const expiresAt = new Date(Date.parse(created) + 300 * HOUR_MS).toISOString().replace(/\.\d+Z/, "Z");
    await world.atlas.setExpiry(first, expiresAt);
    expect((await world.stack.refresh()).code).toBe(0);
    const [secret] = await world.stack.secrets();
    expect(secret?.outputs.expiresAt).toBe(expiresAt);
    expect(Date.parse(expiresAt) - Date.parse(String(secret?.outputs.rotateAfter))).toBe(240 * HOUR_MS);
    await world.takeRequests();
    await world.advance(61 * HOUR_MS);
    expect((await world.stack.up(world.program())).code).toBe(0);
    expect(await world.heldIds()).not.toContain(first);
  });

  it("keeps an expired secret on record, and the next up replaces it", async () => {
    await world.advance(721 * HOUR_MS);
    expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.stack.secrets()).toHaveLength(1);
    expect((await world.stack.up(world.program())).code).toBe(0);
    expect(await world.heldIds()).not.toContain(first);
  });

  it("keeps the record of an unassigned account with that status, and takes it back", async () => {
    await world.atlas.unassign(world.clientId, world.projectId);
    const refresh = await world.stack.refresh();
    expect(refresh.code).toBe(0);
    expect(refresh.text).toContain("is not in its project's list");
    expect((await world.stack.secrets())[0]?.outputs).toMatchObject({ secretId: first, status: "account-unassigned" });
    await world.atlas.reassign(world.clientId, world.projectId);
    expect((await world.stack.refresh()).code).toBe(0);
    expect((await world.stack.secrets())[0]?.outputs).toMatchObject({ secretId: first, status: "active" });
  });

  it("keeps the record when the account is gone altogether", async () => {
    await world.atlas.deleteAccount(world.clientId);
    expect((await world.stack.refresh()).code).toBe(0);
    expect((await world.stack.secrets())[0]?.outputs).toMatchObject({ secretId: first, status: "account-unassigned" });
  });

  it.each([401, 403, 404, 500])("fails and keeps the record when Atlas answers %i to every read", async (status) => {
    const body = { error: status, errorCode: "FAKE_CODE", detail: "A fake reason.", reason: "Fake" };
    for (const operation of ["getAccount", "listAccounts"] as const) {
      await world.atlas.addFault({ kind: "status", status, body, match: { operation }, times: "always" });
    }
    const result = await world.stack.refresh();
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("FAKE_CODE: A fake reason.");
    expect((await world.stack.secrets())[0]?.outputs.secretId).toBe(first);
  });
});
