/** What `atlas-secrets doctor` says before the first `up` of a real stack, and that the `up` then goes as it said. */
import { join } from "node:path";
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import type { CliResult, TestProgram } from "../helpers/pulumi-stack.js";

const BIN = join(__dirname, "../../cli/bin/atlas-secrets.cjs");

let world: World;

beforeAll(async () => {
  world = await createWorld(undefined, {}, { hasPassphrase: true });
});
afterAll(closeWorlds);

async function doctor(program: TestProgram): Promise<CliResult> {
  world.stack.setEnv({ PROGRAM: JSON.stringify(program) });
  const result = await world.stack.shell(`node '${BIN}' doctor --stack test`);
  expect(findCanaries(result.text, { admin: String(world.stack.environment.MONGODB_ATLAS_CLIENT_SECRET) })).toEqual([]);
  return result;
}

/** What is not in order, as `status name`. */
const wrongOf = ({ stdout }: CliResult) =>
  [...stdout.matchAll(/^(warning|failed|unknown) +([a-z-]+)/gm)].map(([, status, name]) => `${status} ${name}`);

describe("doctor --stack of a stack that was never up", () => {
  it("finds the accounts in a preview of the program, and sends one mint and one GET", async () => {
    const result = await doctor(world.program());
    expect({ code: result.code, stderr: result.stderr, wrong: wrongOf(result) }).toEqual({
      code: 0,
      stderr: "",
      wrong: ["warning roles"],
    });
    expect(result.stdout).toMatch(/^ok +preview +.* declares 1 secret of service accounts, on 1 account\.$/m);
    expect(result.stdout).toContain(`${world.clientId} of project ${world.projectId}: 0 of 2 slots taken.`);
    expect(toOperations(await world.takeRequests())).toEqual(["mint", "listAccounts"]);
  });

  it("names an account that is full, at which the run then fails", async () => {
    const full = await world.addAccount("full");
    const address = { level: "project", ownerId: world.projectId, clientId: full } as const;
    const ids = [
      (await world.atlas.createForeignSecret(address)).id,
      (await world.atlas.createForeignSecret(address)).id,
    ];
    const program = world.programOf({ main: {}, full: {} });
    const result = await doctor(program);
    expect({ code: result.code, wrong: wrongOf(result) }).toEqual({
      code: 1,
      wrong: ["warning roles", "failed slots"],
    });
    for (const id of ids) expect(result.stdout).toContain(id);
    const up = await world.stack.up(program);
    expect(up.code).not.toBe(0);
    expect(up.text).toContain(ids[0]);
    expect(await world.heldIds("full")).toEqual(ids);
  });

  it("says that the program does not run, in the CLI's words and in none of the program's", async () => {
    const planted = "mdb_sa_sk_FAKE-thrown-by-the-program-zyxwvutsrq";
    const result = await doctor({ secrets: { main: { args: {}, class: `No${planted}` } } });
    expect({ code: result.code, wrong: wrongOf(result) }).toEqual({
      code: 1,
      wrong: ["warning roles", "failed preview"],
    });
    expect(result.stdout).toMatch(/^failed +preview +Could not preview stack test: (?!.*without a message).+\. Run /m);
    expect(findCanaries(result.text, { planted })).toEqual([]);
  });

  it("says in its report that the passphrase is wrong", async () => {
    await world.stack.config("engine-test:password", "FAKE-password-of-the-test", "--secret");
    const { code, stdout, stderr } = await world.stack.shell(
      `PULUMI_CONFIG_PASSPHRASE=wrong node '${BIN}' doctor --stack test`,
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^failed +stack +Could not read the configuration of stack test: .*passphrase/m);
  });
});
