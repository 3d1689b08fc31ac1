/**
 * Stack configuration and environment on the real engine: where settings come from, and what is refused. One stack gets from one refusal
 * to the next, until it holds a secret.
 */
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { observe } from "../helpers/outcomes.js";

let world: World;
let own: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await createWorld();
  own = { ...world.stack.environment };
});
afterAll(closeWorlds);

/** What a run says that has to fail without a request. */
async function expectRefused(): Promise<string> {
  const { code, text } = await world.stack.up({ ...world.program(), consumers: false });
  expect([code === 0, await world.takeRequests()]).toEqual([false, []]);
  return text;
}

it("settings that cannot be used are reported together, and nothing is sent", async () => {
  world.stack.setEnv({ MONGODB_ATLAS_BASE_URL: "http://atlas.example", MONGODB_ATLAS_CLIENT_SECRET: "" });
  const text = await expectRefused();
  expect(text).toContain("MONGODB_ATLAS_BASE_URL must start with https://");
  expect(text).toContain("MONGODB_ATLAS_CLIENT_ID is set without MONGODB_ATLAS_CLIENT_SECRET");
  world.stack.setEnv(own);
});

it("a credential in plaintext in the stack configuration is refused, with the command that encrypts it", async () => {
  const { MONGODB_ATLAS_CLIENT_ID: clientId = "", MONGODB_ATLAS_CLIENT_SECRET: secret = "" } = own;
  await world.stack.config("mongodbatlas:clientId", clientId);
  await world.stack.config("mongodbatlas:clientSecret", secret, "--plaintext");
  const text = await expectRefused();
  expect(text).toContain("pulumi config set --secret mongodbatlas:clientSecret");
  expect(text).not.toContain(secret);
  await world.stack.config("mongodbatlas:clientSecret", secret, "--secret");
});

describe("pulumi:autonaming", () => {
  const setMode = (mode: string) => world.stack.config("pulumi:autonaming.mode", mode, "--path");

  it("verbatim is refused, with an override to write", async () => {
    await setMode("verbatim");
    const text = await expectRefused();
    expect(text).toContain("pulumi:autonaming");
    const command = /pulumi config set --path '([^']+)' default/.exec(text);
    await world.stack.config(String(command?.[1]), "default", "--path");
  });

  it("the override cures it, and an encrypted credential of the configuration counts before the environment", async () => {
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_FAKE-wrong-value-not-a-real-secret-0001" });
    expect((await world.stack.up(world.program())).code).toBe(0);
  });

  it.each([
    { mode: "verbatim", secretExpiresAfterHours: 240 },
    { mode: "disabled", secretExpiresAfterHours: 480 },
  ])("with it the old secret is deleted last: $mode", async ({ mode, secretExpiresAfterHours }) => {
    if (mode !== "verbatim") await setMode(mode);
    const replaced = await observe(world, () => world.stack.up(world.program({ secretExpiresAfterHours })));
    expect(replaced.code).toBe(0);
    const { operations } = replaced.of("main");
    expect(operations.filter((operation) => operation.endsWith("Secret"))).toEqual(["createSecret", "deleteSecret"]);
  });
});
