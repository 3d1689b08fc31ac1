/** Stack configuration and environment on the real engine: where settings come from, and what is refused. */
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

describe("pulumi:autonaming", () => {
  it.each(["verbatim", "disabled"])(
    "%s is refused, and the override that the message writes cures it",
    async (mode) => {
      await world.stack.config("pulumi:autonaming.mode", mode, "--path");
      const refused = await world.stack.up(world.program());
      expect(refused.code).not.toBe(0);
      expect(refused.text).toContain("pulumi:autonaming");
      expect(await world.takeRequests()).toEqual([]);
      const command = /pulumi config set --path '([^']+)' default/.exec(refused.text);
      await world.stack.config(String(command?.[1]), "default", "--path");
      expect((await world.stack.up(world.program())).code).toBe(0);
      await world.takeRequests();
      expect((await world.stack.up(world.program({ secretExpiresAfterHours: 240 }))).code).toBe(0);
      const operations = toOperations(await world.takeRequests());
      expect(operations.indexOf("createSecret")).toBeLessThan(operations.indexOf("deleteSecret"));
    },
  );
});

describe("a credential in the stack configuration", () => {
  it("is refused in clear, with the command that encrypts it, and counts before the environment once encrypted", async () => {
    const { MONGODB_ATLAS_CLIENT_ID: clientId = "", MONGODB_ATLAS_CLIENT_SECRET: secret = "" } =
      world.stack.environment;
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_FAKE-wrong-value-not-a-real-secret-0001" });
    await world.stack.config("mongodbatlas:clientId", clientId);
    await world.stack.config("mongodbatlas:clientSecret", secret, "--plaintext");
    const refused = await world.stack.up(world.program());
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("pulumi config set --secret mongodbatlas:clientSecret");
    expect(refused.text).not.toContain(secret);
    expect(await world.takeRequests()).toEqual([]);
    await world.stack.config("mongodbatlas:clientSecret", secret, "--secret");
    expect((await world.stack.up(world.program())).code).toBe(0);
  });
});

describe("settings that cannot be used", () => {
  it("are reported together, and nothing is sent", async () => {
    world.stack.setEnv({ MONGODB_ATLAS_BASE_URL: "http://atlas.example", MONGODB_ATLAS_CLIENT_SECRET: "" });
    const result = await world.stack.up({ ...world.program(), consumers: false });
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("MONGODB_ATLAS_BASE_URL must start with https://");
    expect(result.text).toContain("MONGODB_ATLAS_CLIENT_ID is set without MONGODB_ATLAS_CLIENT_SECRET");
    expect(await world.takeRequests()).toEqual([]);
  });
});
