/** The life of a secret on the real engine: created, kept, replaced, destroyed. The chapters of a life follow one another. */
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(closeWorlds);

const REPLACEMENT = ["mint", "getAccount", "createSecret", "mint", "mint", "deleteSecret"];

describe("the life of one secret", () => {
  let current = "";

  afterEach(async () => {
    [current = ""] = await world.heldIds();
    await world.takeRequests();
  });

  it("sends nothing in the preview of its creation", async () => {
    const result = await world.stack.preview(world.program());
    expect(result.code).toBe(0);
    expect(result.text).toContain("ProjectServiceAccountSecret");
    expect(await world.takeRequests()).toEqual([]);
  });

  it("begins with one POST and a mint that proves it, and is recorded encrypted", async () => {
    const result = await world.stack.up(world.program());
    expect(result.code).toBe(0);
    expect(toOperations(await world.takeRequests())).toEqual(["mint", "getAccount", "createSecret", "mint", "mint"]);
    const [secret] = await world.stack.secrets();
    const [id] = await world.heldIds();
    expect(secret?.outputs).toMatchObject({ secretId: id, status: "active", secretExpiresAfterHours: 720 });
    expect(secret?.outputs.secret).toMatch(/^mdb_sa_sk_[\w-]{40}$/);
    expect(secret?.id).toBe(`${world.projectId}/${world.clientId}/${id}`);
    expect(world.stack.backendText()).not.toContain(String(secret?.outputs.secret));
  });

  it("is recorded with the line of the program that made it, and with no frame of this package", async () => {
    const stored = world.stack.storedState().resources?.find(({ id }) => id?.endsWith(current));
    expect(stored?.sourcePosition).toMatch(/^project:\/\/\/index\.js#\d+,\d+$/);
    expect(JSON.stringify(stored?.stackTrace)).not.toMatch(/provider\/(dist|src)|pulumi-atlas-secrets/);
  });

  it("goes on without a change and without a request when nothing changed", async () => {
    const again = await world.stack.up(world.program(), "--expect-no-changes");
    expect(again.code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("is updated in place, without a request, when the window alone changes", async () => {
    const result = await world.stack.up(world.program({ rotateBeforeExpiryHours: 100 }));
    expect(result.code).toBe(0);
    expect(result.text).toMatch(/1 updated/);
    expect(await world.takeRequests()).toEqual([]);
    const outputs = await world.recorded();
    expect(outputs).toMatchObject({ rotateBeforeExpiryHours: 100, secretId: current });
    expect(Date.parse(String(outputs?.expiresAt)) - Date.parse(String(outputs?.rotateAfter))).toBe(100 * 3_600_000);
  });

  it("is left alone when only what a run may do changes, and the engine keeps that with the inputs", async () => {
    const permissions = { verify: false, reclaimExpired: false, mayRemove: [current], exclusive: true };
    const result = await world.stack.up(world.program({ rotateBeforeExpiryHours: 100, ...permissions }));
    expect(result.code).toBe(0);
    expect(result.text).not.toMatch(/updated|replaced/);
    expect(await world.takeRequests()).toEqual([]);
    const [secret] = await world.stack.secrets();
    expect(secret?.inputs).toMatchObject(permissions);
    expect(Object.keys(secret?.outputs ?? {}).filter((name) => name in permissions)).toEqual([]);
  });

  it("ends when the expiry changes: first a new one, then its consumer, then the old one goes", async () => {
    const result = await world.stack.up(world.program({ secretExpiresAfterHours: 240 }));
    expect(result.code).toBe(0);
    const requests = await world.takeRequests();
    expect(toOperations(requests)).toEqual(REPLACEMENT);
    expect(requests.at(-1)).toMatchObject({ secretId: current, status: 204 });
    const held = await world.heldIds();
    expect(held).toHaveLength(1);
    expect(await world.recorded()).toMatchObject({
      secretId: held[0],
      secretExpiresAfterHours: 240,
      rotateBeforeExpiryHours: 80,
    });
  });

  it("ends when a trigger changes", async () => {
    const result = await world.stack.up(world.program({ secretExpiresAfterHours: 240, triggers: { ticket: "one" } }));
    expect(result.code).toBe(0);
    const requests = await world.takeRequests();
    expect(toOperations(requests)).toEqual(REPLACEMENT);
    expect(requests.at(-1)).toMatchObject({ secretId: current });
  });

  it("ends before its successor begins only when the program asks for it", async () => {
    const changes = { secretExpiresAfterHours: 240, triggers: { ticket: "two" } };
    const result = await world.stack.up(world.program(changes, { deleteBeforeReplace: true }));
    expect(result.code).toBe(0);
    const operations = toOperations(await world.takeRequests());
    expect(operations.indexOf("deleteSecret")).toBeLessThan(operations.indexOf("createSecret"));
    expect(await world.heldIds()).not.toContain(current);
  });
});

describe("pulumi destroy", () => {
  it("deletes what is there, is content with what is gone, and keeps the record of what Atlas refuses", async () => {
    const names = ["there", "gone", "unassigned", "refused401", "refused403", "refused500"];
    for (const name of names) await world.addAccount(name);
    const program = world.programOf(Object.fromEntries(names.map((name) => [name, {}])));
    expect((await world.stack.up(program)).code).toBe(0);
    const idOf = async (name: string) => String((await world.recorded(name))?.secretId);
    const ids = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await idOf(name)])));
    await world.atlas.deleteSecret(ids.gone);
    await world.atlas.unassign(world.clientIdOf("unassigned"), world.projectId);
    for (const status of [401, 403, 500]) {
      const body = { error: status, errorCode: `FAKE_CODE_${status}`, detail: "A fake reason.", reason: "Fake" };
      const match = { operation: "deleteSecret", clientId: world.clientIdOf(`refused${status}`) } as const;
      await world.atlas.addFault({ kind: "status", status, body, match, times: "always" });
    }

    const result = await world.stack.destroy("--continue-on-error");
    expect(result.code).not.toBe(0);
    expect(result.text).toContain(`secret ${ids.unassigned} was not deleted and may live on`);
    for (const status of [401, 403, 500]) {
      expect(result.text).toContain(`delete secret ${ids[`refused${status}`]}`);
      expect(result.text).toContain(`${status} FAKE_CODE_${status}: A fake reason.`);
    }
    expect(await world.heldIds("there")).toEqual([]);
    const left = (await world.stack.secrets()).map(({ outputs }) => outputs.secretId);
    expect(left.sort()).toEqual([ids.refused401, ids.refused403, ids.refused500].sort());

    await world.atlas.clearFaults();
    expect((await world.stack.destroy()).code).toBe(0);
    expect(await world.stack.secrets()).toEqual([]);
  });
});
