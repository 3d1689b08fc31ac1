/** The life of a secret on the real engine: created, kept, replaced, destroyed. */
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

async function createFirst(): Promise<string> {
  const first = await world.stack.up(world.program());
  expect(first.text).not.toContain("error");
  expect(first.code).toBe(0);
  await world.takeRequests();
  const [id = ""] = await world.heldIds();
  return id;
}

describe("pulumi up", () => {
  it("creates a secret with one POST, proves it by a mint, and records it encrypted", async () => {
    const result = await world.stack.up(world.program());
    expect(result.code).toBe(0);
    expect(toOperations(await world.takeRequests())).toEqual(["mint", "getAccount", "createSecret", "mint", "mint"]);
    const [secret] = await world.stack.secrets();
    const held = await world.heldIds();
    expect(secret?.outputs).toMatchObject({
      secretId: held[0],
      status: "active",
      issuedForHours: 720,
      grantedHours: 720,
    });
    expect(secret?.outputs.secret).toMatch(/^mdb_sa_sk_[\w-]{40}$/);
    expect(secret?.id).toBe(`${world.projectId}/${world.clientId}/${held[0]}`);
    expect(world.stack.backendText()).not.toContain(String(secret?.outputs.secret));
  });

  it("sends nothing in a preview of a first secret", async () => {
    const result = await world.stack.preview(world.program());
    expect(result.code).toBe(0);
    expect(result.text).toContain("ProjectServiceAccountSecret");
    expect(await world.takeRequests()).toEqual([]);
  });

  it("changes nothing and sends no request when nothing changed", async () => {
    await createFirst();
    const again = await world.stack.up(world.program(), "--expect-no-changes");
    expect(again.code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("replaces the secret when the expiry changes: new one, then its consumer, then the old one goes", async () => {
    const old = await createFirst();
    const result = await world.stack.up(world.program({ secretExpiresAfterHours: 240 }));
    expect(result.code).toBe(0);
    const requests = await world.takeRequests();
    expect(toOperations(requests)).toEqual(["mint", "getAccount", "createSecret", "mint", "mint", "deleteSecret"]);
    expect(requests.at(-1)).toMatchObject({ secretId: old, status: 204 });
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    expect(held).not.toContain(old);
    const [secret] = await world.stack.secrets();
    expect(secret?.outputs).toMatchObject({ secretId: held[0], issuedForHours: 240, rotateBeforeExpiryHours: 80 });
  });

  it("replaces the secret when a trigger changes", async () => {
    const old = await createFirst();
    const result = await world.stack.up(world.program({ triggers: { ticket: "one" } }));
    expect(result.code).toBe(0);
    expect(await world.heldIds()).not.toContain(old);
  });

  it("updates in place and sends nothing when the window and the permissions alone change", async () => {
    const old = await createFirst();
    const changes = {
      rotateBeforeExpiryHours: 100,
      verify: false,
      reclaimExpired: false,
      mayRemove: [old],
      exclusive: true,
    };
    const result = await world.stack.up(world.program(changes));
    expect(result.code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
    const [secret] = await world.stack.secrets();
    expect(secret?.outputs).toMatchObject({ ...changes, secretId: old });
    const hours =
      (Date.parse(String(secret?.outputs.expiresAt)) - Date.parse(String(secret?.outputs.rotateAfter))) / 3_600_000;
    expect(hours).toBe(100);
  });

  it("deletes the old secret first only when the program asks for it", async () => {
    const old = await createFirst();
    const result = await world.stack.up(world.program({ triggers: { now: "yes" } }, { deleteBeforeReplace: true }));
    expect(result.code).toBe(0);
    const requests = await world.takeRequests();
    const operations = toOperations(requests);
    expect(operations.indexOf("deleteSecret")).toBeLessThan(operations.indexOf("createSecret"));
    expect(await world.heldIds()).not.toContain(old);
  });
});

describe("pulumi destroy", () => {
  it("deletes the secret", async () => {
    await createFirst();
    const result = await world.stack.destroy();
    expect(result.code).toBe(0);
    expect(await world.heldIds()).toEqual([]);
  });

  it("succeeds when the secret is gone already", async () => {
    const id = await createFirst();
    await world.atlas.deleteSecret(id);
    const result = await world.stack.destroy();
    expect(result.code).toBe(0);
    expect(toOperations(await world.takeRequests())).toEqual(["mint", "deleteSecret", "getAccount"]);
  });

  it("succeeds when the account was unassigned, and names the secret that may live on", async () => {
    const id = await createFirst();
    await world.atlas.unassign(world.clientId, world.projectId);
    const result = await world.stack.destroy();
    expect(result.code).toBe(0);
    expect(result.text).toContain(`its secret ${id} was not deleted and may live on`);
  });

  it.each([401, 403, 500])("fails and keeps the record when Atlas answers %i", async (status) => {
    const id = await createFirst();
    const body = { error: status, errorCode: "FAKE_CODE", detail: "A fake reason.", reason: "Fake" };
    await world.atlas.addFault({ kind: "status", status, body, match: { operation: "deleteSecret" }, times: "always" });
    const result = await world.stack.destroy();
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("FAKE_CODE: A fake reason.");
    expect(result.text).toContain(id);
    expect(await world.stack.secrets()).toHaveLength(1);
  });
});
