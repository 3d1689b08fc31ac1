/** The provider's own credential was rotated: what a run signs in with, what the failure says of it, and that its ways out work. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ORG_ID, type SeededAccount } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

let world: World;
let admins: readonly [SeededAccount, SeededAccount];

beforeEach(async () => {
  world = await createWorld();
  world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: "", MONGODB_ATLAS_CLIENT_SECRET: "" });
  const owner = { level: "organization", ownerId: DEMO_ORG_ID, roles: ["ORG_OWNER"], initialSecret: true } as const;
  admins = [await world.atlas.addAccount(owner), await world.atlas.addAccount(owner)];
});
afterEach(closeWorlds);

const toPair = ({ clientId, secret }: SeededAccount) => ({ clientId, clientSecret: secret?.value ?? "" });

async function configure(admin: SeededAccount): Promise<void> {
  const { clientId, clientSecret } = toPair(admin);
  await world.stack.config("mongodbatlas:clientId", clientId);
  await world.stack.config("mongodbatlas:clientSecret", clientSecret, "--secret");
}

/** A run with the first credential, of which the secret is deleted then. */
async function deployAndRevoke(program: TestProgram): Promise<void> {
  expect((await world.stack.up(program)).code).toBe(0);
  await world.atlas.deleteSecret(admins[0].secret?.id ?? "");
  await world.takeRequests();
}

describe("the credential of the stack configuration", () => {
  it("is used by refresh and destroy as the last up recorded it, which the failure says; --run-program takes the new one", async () => {
    const program = { ...world.program(), consumers: false };
    await configure(admins[0]);
    await deployAndRevoke(program);
    await configure(admins[1]);

    const runs = [() => world.stack.refresh(), () => world.stack.up(program, "--refresh"), () => world.stack.destroy()];
    for (const run of runs) {
      const { code, text } = await run();
      expect(code).not.toBe(0);
      expect(text).toContain(
        `The credential was client id ${admins[0].clientId} of the stack configuration; Atlas does not accept it`,
      );
      expect(text).toContain("'atlas-secrets doctor --stack NAME' checks it.");
      expect(text).toContain("run 'pulumi up' without '--refresh' first, or add '--run-program'.");
    }
    expect(await world.heldIds()).toHaveLength(1);

    expect((await world.stack.refresh("--run-program")).code).toBe(0);
    expect((await world.stack.up(program, "--refresh", "--run-program")).code).toBe(0);
    expect((await world.stack.destroy("--run-program")).code).toBe(0);
    expect(await world.heldIds()).toEqual([]);
  });

  it("is taken anew by up without --refresh, and by what follows it", async () => {
    const program = { ...world.program(), consumers: false };
    await configure(admins[0]);
    await deployAndRevoke(program);
    await configure(admins[1]);
    for (const run of [() => world.stack.up(program), () => world.stack.refresh(), () => world.stack.destroy()]) {
      expect((await run()).code).toBe(0);
    }
  });
});

describe("the credential of an AtlasProvider", () => {
  const toProgram = (admin: SeededAccount): TestProgram => {
    const { secrets } = world.program();
    const [main] = Object.values(secrets);
    const providers = { east: toPair(admin) };
    return { secrets: main ? { main: { ...main, provider: "east" } } : {}, consumers: false, providers };
  };

  it("is named by its provider, and the same ways lead out", async () => {
    await deployAndRevoke(toProgram(admins[0]));
    const { code, text } = await world.stack.refresh();
    expect(code).not.toBe(0);
    expect(text).toContain(
      `The credential was client id ${admins[0].clientId} of AtlasProvider east; Atlas does not accept it`,
    );
    expect(text).toContain("run 'pulumi up' without '--refresh' first, or add '--run-program'.");
    expect((await world.stack.up(toProgram(admins[1]))).code).toBe(0);
    expect((await world.stack.refresh()).code).toBe(0);
  });

  it("of a state that an older version wrote is updated in place without a request", async () => {
    const program = toProgram(admins[0]);
    expect((await world.stack.up(program)).code).toBe(0);
    const id = await world.heldIds();
    await asOlderVersion();
    await world.takeRequests();
    const next = await world.stack.up(program);
    expect([next.code, next.text.match(/~ +pulumi:providers:pulumi-nodejs east updated/) !== null]).toEqual([0, true]);
    expect(await world.takeRequests()).toEqual([]);
    expect(await world.heldIds()).toEqual(id);
  });

  /** Such a state says only that the provider is an explicit one. */
  async function asOlderVersion(): Promise<void> {
    const file = join(world.stack.folder, "older.json");
    const { stdout } = await world.stack.run(["stack", "export", "--stack", "test"]);
    writeFileSync(file, stdout.replaceAll('"mongodbatlas:explicit": "east"', '"mongodbatlas:explicit": "true"'));
    expect((await world.stack.run(["stack", "import", "--stack", "test", "--file", file])).code).toBe(0);
  }
});
