/** The provider's own credential was rotated: what a run signs in with, what the failure says of it, and that its ways out work. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ORG_ID, type SeededAccount } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { CliResult, PulumiStack, TestProgram } from "../helpers/pulumi-stack.js";

let world: World;
/** The first is recorded, then its secret is deleted; the second is configured then. */
let admins: readonly [SeededAccount, SeededAccount];
/** A second stack of the same state, after the failures. */
let other: PulumiStack;

beforeAll(async () => {
  world = await createWorld();
  world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: "", MONGODB_ATLAS_CLIENT_SECRET: "" });
  const owner = { level: "organization", ownerId: DEMO_ORG_ID, roles: ["ORG_OWNER"], initialSecret: true } as const;
  admins = [await world.atlas.addAccount(owner), await world.atlas.addAccount(owner)];
  await world.addAccount("fed");
  await configure(admins[0]);
  await succeed(world.stack.up(toProgram(admins[0])));
});
afterAll(async () => {
  other?.remove();
  await closeWorlds();
});

const toPair = ({ clientId, secret }: SeededAccount) => ({ clientId, clientSecret: secret?.value ?? "" });

async function configure(admin: SeededAccount): Promise<void> {
  const { clientId, clientSecret } = toPair(admin);
  const values = [
    ...["--plaintext", `mongodbatlas:clientId=${clientId}`],
    ...["--secret", `mongodbatlas:clientSecret=${clientSecret}`],
  ];
  await succeed(world.stack.run(["config", "set-all", "--stack", "test", ...values]));
}

/** A secret by the credential of the stack configuration, and one by that of an AtlasProvider. */
function toProgram(admin: SeededAccount): TestProgram {
  const { secrets } = world.programOf({ main: {}, fed: {} });
  const { main, fed } = secrets;
  if (!main || !fed) throw new Error("there are no secrets");
  return { secrets: { main, fed: { ...fed, provider: "east" } }, consumers: false, providers: { east: toPair(admin) } };
}

const heldOfBoth = async () => [...(await world.heldIds("main")), ...(await world.heldIds("fed"))];

async function succeed(run: Promise<CliResult>): Promise<string> {
  const { code, text } = await run;
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  return text;
}

it("an AtlasProvider of a state that an older version wrote is updated in place without a request", async () => {
  const ids = await heldOfBoth();
  await asOlderVersion();
  await world.takeRequests();
  const text = await succeed(world.stack.up(toProgram(admins[0])));
  expect(text).toMatch(/~ +pulumi:providers:pulumi-nodejs east updated/);
  expect(await world.takeRequests()).toEqual([]);
  expect(await heldOfBoth()).toEqual(ids);
});

/** Such a state says only that the provider is an explicit one. */
async function asOlderVersion(): Promise<void> {
  const file = join(world.stack.folder, "older.json");
  const { stdout } = await world.stack.run(["stack", "export", "--stack", "test"]);
  expect(stdout).toContain('"mongodbatlas:explicit": "east"');
  writeFileSync(file, stdout.replaceAll('"mongodbatlas:explicit": "east"', '"mongodbatlas:explicit": "true"'));
  await succeed(world.stack.run(["stack", "import", "--stack", "test", "--file", file]));
}

describe("a credential that was deleted after the last up recorded it", () => {
  beforeAll(async () => {
    await world.atlas.deleteSecret(admins[0].secret?.id ?? "");
    await configure(admins[1]);
  });

  it.each([
    { command: "refresh", run: () => world.stack.refresh() },
    { command: "up --refresh", run: () => world.stack.up(toProgram(admins[1]), "--refresh") },
    { command: "destroy", run: () => world.stack.destroy("--continue-on-error") },
  ])("is still what $command signs in with, and the failure says whose it is and the ways out", async ({ run }) => {
    const { code, text } = await run();
    expect(code).not.toBe(0);
    for (const place of ["the stack configuration", "AtlasProvider east"]) {
      expect(text).toContain(
        `The credential was client id ${admins[0].clientId} of ${place}; Atlas does not accept it`,
      );
    }
    expect(text).toContain("'atlas-secrets doctor --stack NAME' checks it.");
    expect(text).toContain("run 'pulumi up' without '--refresh' first, or add '--run-program'.");
    expect(await heldOfBoth()).toHaveLength(2);
  });

  it("is taken anew by up without --refresh, and by what follows it", async () => {
    other = world.stack.fork(() => true);
    await succeed(other.up(toProgram(admins[1])));
    await succeed(other.refresh());
  });

  it("is taken anew by refresh, up --refresh and destroy with --run-program", async () => {
    await succeed(world.stack.refresh("--run-program"));
    await succeed(world.stack.up(toProgram(admins[1]), "--refresh", "--run-program"));
    await succeed(world.stack.destroy("--run-program"));
    expect(await heldOfBoth()).toEqual([]);
    // What follows the other's up.
    await succeed(other.destroy());
  });
});
