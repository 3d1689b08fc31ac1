/** What a user reads when Atlas or the stack says no, on the real engine. */
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

describe("an error of Atlas at the creation", () => {
  it.each([
    [400, "VALIDATION_ERROR"],
    [401, "NOT_ORG_GROUP_CREATOR"],
    [403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"],
    [404, "RESOURCE_NOT_FOUND"],
    [409, "DATA_CONCURRENCY_ERROR"],
    [429, "RATE_LIMITED_TOKEN_BUCKET"],
    [500, "UNEXPECTED_ERROR"],
    [503, "SERVICE_UNAVAILABLE"],
  ])("%i is a failure whose text carries errorCode and detail, and nothing is recorded", async (status, errorCode) => {
    const body = { error: status, errorCode, detail: "A fake detail.", reason: "Fake" };
    await world.atlas.addFault({ kind: "status", status, body, match: { operation: "createSecret" }, times: "always" });
    const result = await world.stack.up(world.program());
    expect(result.code).not.toBe(0);
    expect(result.text).toContain(`Atlas answered ${status} ${errorCode}: A fake detail.`);
    expect(result.text).toContain(world.clientId);
    expect(await world.stack.secrets()).toEqual([]);
    const posts = toOperations(await world.takeRequests()).filter((operation) => operation === "createSecret");
    expect(posts).toHaveLength(1 + (status === 401 ? 1 : 0));
  });

  it("says what may exist when the answer is lost", async () => {
    await world.atlas.addFault({ kind: "cut-after", match: { operation: "createSecret" }, times: 1 });
    const result = await world.stack.up(world.program());
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("may have applied the request all the same");
    expect(result.text).toContain("delete that one, then run 'pulumi up' again");
  });
});

describe("a full account", () => {
  it("fails before any POST and names both holders and the ways out", async () => {
    const ref = { ownerId: world.projectId, clientId: world.clientId };
    const [one, two] = [await world.atlas.createForeignSecret(ref), await world.atlas.createForeignSecret(ref)];
    const result = await world.stack.up(world.program());
    expect(result.code).not.toBe(0);
    expect(result.text).toContain(one.id);
    expect(result.text).toContain(two.id);
    expect(result.text).toContain("mayRemove");
    expect(toOperations(await world.takeRequests())).toEqual(["mint", "getAccount"]);
  });

  it("gives way where mayRemove names a holder", async () => {
    const ref = { ownerId: world.projectId, clientId: world.clientId };
    const [one, two] = [await world.atlas.createForeignSecret(ref), await world.atlas.createForeignSecret(ref)];
    const result = await world.stack.up(world.program({ mayRemove: [two.id] }));
    expect(result.code).toBe(0);
    const held = await world.heldIds();
    expect(held).toContain(one.id);
    expect(held).not.toContain(two.id);
  });

  it("gives way where a holder has expired, and the report names it", async () => {
    const ref = { ownerId: world.projectId, clientId: world.clientId };
    const one = await world.atlas.createForeignSecret(ref, { hours: 8 });
    const two = await world.atlas.createForeignSecret(ref, { hours: 8760 });
    await world.advance(9 * HOUR_MS);
    const result = await world.stack.up(world.program());
    expect(result.code).toBe(0);
    expect(result.text).toContain(`secret ${one.id}`);
    const held = await world.heldIds();
    expect(held).not.toContain(one.id);
    expect(held).toContain(two.id);
  });
});

describe("a stack that would show or lose a secret", () => {
  it.each(["verbatim", "disabled"])(
    "is refused when autonaming is %s, and works with the override it writes",
    async (mode) => {
      await world.stack.config("pulumi:autonaming.mode", mode, "--path");
      const refused = await world.stack.up(world.program());
      expect(refused.code).not.toBe(0);
      expect(refused.text).toContain("pulumi:autonaming");
      expect(await world.takeRequests()).toEqual([]);
      const command = /pulumi config set --path '([^']+)' default/.exec(refused.text);
      await world.stack.config(String(command?.[1]), "default", "--path");
      expect((await world.stack.up(world.program())).code).toBe(0);
      expect((await world.stack.up(world.program({ secretExpiresAfterHours: 240 }))).code).toBe(0);
      expect(toOperations(await world.takeRequests()).at(-1)).toBe("deleteSecret");
    },
  );

  it("is refused when a credential stands in clear in its configuration, with the command that encrypts it", async () => {
    await world.stack.config("mongodbatlas:clientId", world.clientId);
    await world.stack.config(
      "mongodbatlas:clientSecret",
      "mdb_sa_sk_FAKE-plain-text-value-not-a-real-secret-1",
      "--plaintext",
    );
    const refused = await world.stack.up(world.program());
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("pulumi config set --secret mongodbatlas:clientSecret");
    expect(refused.text).not.toContain("FAKE-plain-text");
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("bad input", () => {
  it("is reported by property name before anything is sent, all of it at once", async () => {
    const bad = { projectId: "not-an-id", clientId: "mdb_sa_id_x", secretExpiresAfterHours: 8761, mayremove: [] };
    const result = await world.stack.up({ ...world.program(bad), consumers: false });
    expect(result.code).not.toBe(0);
    for (const name of Object.keys(bad)) expect(result.text).toContain(name);
    expect(result.text).not.toContain("not-an-id");
    expect(await world.takeRequests()).toEqual([]);
  });

  it.each([7, 8761, 8.5, "8", undefined])("secretExpiresAfterHours %p is refused", async (hours) => {
    const result = await world.stack.preview({
      ...world.program({ secretExpiresAfterHours: hours }),
      consumers: false,
    });
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("secretExpiresAfterHours");
    expect(result.text).toContain("whole number of hours from 8 to 8760");
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("settings", () => {
  it("are reported together when none can be used, and nothing is sent", async () => {
    const noSettings = { MONGODB_ATLAS_BASE_URL: "http://atlas.example", MONGODB_ATLAS_CLIENT_SECRET: "" };
    world.stack.setEnv(noSettings);
    const result = await world.stack.up({ ...world.program(), consumers: false });
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("MONGODB_ATLAS_BASE_URL must start with https://");
    expect(result.text).toContain("MONGODB_ATLAS_CLIENT_ID is set without MONGODB_ATLAS_CLIENT_SECRET");
    expect(await world.takeRequests()).toEqual([]);
  });

  it("from the stack configuration come before the environment", async () => {
    const { MONGODB_ATLAS_CLIENT_ID: clientId = "", MONGODB_ATLAS_CLIENT_SECRET: secret = "" } =
      world.stack.environment;
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_FAKE-wrong-value-not-a-real-secret-0001" });
    await world.stack.config("mongodbatlas:clientId", clientId);
    await world.stack.config("mongodbatlas:clientSecret", secret, "--secret");
    expect((await world.stack.up(world.program())).code).toBe(0);
  });
});
