/**
 * What a program in another language is kept from, on the real engine: the guards that stand in docs/languages.md. None of these runs
 * asks Atlas for anything.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, type World } from "../../helpers/atlas.js";
import { defineMissing, INSTALLED, type LanguageProgram, prepareAll, removeBuilt } from "../../helpers/languages.js";
import type { TestProgram } from "../../helpers/pulumi-stack.js";

const OTHERS = INSTALLED.filter(({ name }) => name !== "JavaScript");

let prepared: ReadonlyMap<string, LanguageProgram>;
let world: World;

beforeAll(() => {
  prepared = prepareAll(OTHERS);
});
afterAll(removeBuilt);

defineMissing();

async function createWorldOf(name: string): Promise<World> {
  const { program = "", env = {}, ...options } = prepared.get(name) ?? {};
  return createWorld(program, env, options);
}

/** Runs a program, by default a preview, as every `pulumi up` does first. It must fail, and ask for nothing; gives what it says. */
async function refuse(program: TestProgram, command: "preview" | "up" = "preview"): Promise<string> {
  await world.takeRequests();
  const { code, text } = await world.stack[command](program);
  expect(code).not.toBe(0);
  expect(await world.takeRequests()).toEqual([]);
  // A terminal's width breaks no line, but each line of an error is indented.
  return text.replace(/\s+/g, " ");
}

describe.each(OTHERS)("a program in $name", ({ name }) => {
  beforeAll(async () => {
    world = await createWorldOf(name);
  });
  afterAll(closeWorlds);

  const secret = (changes = {}, rest = {}) => ({
    args: { projectId: DEMO_PROJECT_ID, clientId: world.clientId, secretExpiresAfterHours: 720, ...changes },
    ...rest,
  });

  it("is refused a credential in plaintext, whose value is not shown", async () => {
    const value = "mdb_sa_sk_FAKE-plaintext-not-a-real-secret-0001";
    await world.stack.config("mongodbatlas:clientSecret", value, "--plaintext");
    const text = await refuse({ secrets: { main: secret() } });
    expect(text).toContain("Encrypt it: pulumi config set --secret mongodbatlas:clientSecret");
    expect(text).not.toContain(value);
    await world.stack.run(["config", "rm", "mongodbatlas:clientSecret", "--stack", "test"]);
  });

  it.each([
    { way: "plainly", outputs: false },
    { way: "as outputs", outputs: true },
  ])(
    "is refused a second resource beside a rotating or an exclusive one, with client ids given $way",
    async ({ outputs }) => {
      const rotating = secret({}, { class: "RotatingProjectServiceAccountSecret" });
      const two = await refuse({ secrets: { main: rotating, other: secret() }, outputs, consumers: false });
      expect(two).toContain("has a rotating secret, which needs both slots of the account");
      expect(two).toMatch(
        /RotatingProjectServiceAccountSecret main and ProjectServiceAccountSecret other|ProjectServiceAccountSecret other and RotatingProjectServiceAccountSecret main/,
      );
      const exclusive = { main: secret({ exclusive: true }), other: secret() };
      expect(await refuse({ secrets: exclusive, outputs, consumers: false })).toContain("is called exclusive, but");
      const set = secret({}, { class: "ProjectServiceAccountSecretSet" });
      const { projectId, clientId, ...common } = set.args;
      const withSet = {
        main: secret(),
        set: { ...set, args: { ...common, accounts: { one: { projectId, clientId } } } },
      };
      expect(await refuse({ secrets: withSet, outputs, consumers: false })).toContain(
        "needs both slots of the account",
      );
      // Without a preview the first of the two can be made before the second is refused.
      expect((await world.stack.up({ secrets: exclusive, outputs, consumers: false })).code).not.toBe(0);
      expect((await world.heldIds()).length).toBeLessThan(2);
      expect((await world.stack.destroy()).code).toBe(0);
    },
  );

  it("is refused the option that would import a secret", async () => {
    const text = await refuse({ secrets: { main: secret({}, { options: { import_: "an-id" } }) } });
    expect(text).toContain("cannot take over a secret");
    expect(text).toContain("atlas-secrets adopt --help");
  });

  it("is refused a provider with more than one credential, or a part of one", async () => {
    const providerOf = (args: Record<string, string>) => ({
      secrets: { main: secret({}, { provider: "east" }) },
      providers: { east: args },
    });
    const pair = {
      clientId: "mdb_sa_id_0123456789abcdef01234567",
      clientSecret: "mdb_sa_sk_FAKE-not-a-real-secret-0001",
    };
    const several = await refuse(providerOf({ ...pair, accessToken: "FAKE-not-a-real-token-0001" }), "up");
    expect(several).toContain("AtlasProvider east needs one whole credential, and has more");
    expect(several).not.toMatch(/FAKE-not-a-real/);
    const part = await refuse(providerOf({ clientId: pair.clientId }), "up");
    expect(part).toContain("clientId of AtlasProvider east is set without clientSecret of AtlasProvider east");
  });

  it("is refused pulumi:autonaming that would delete first, with the stack's provider and with an explicit one", async () => {
    await world.stack.config("pulumi:autonaming.mode", "verbatim", "--path");
    const credential = {
      clientId: world.stack.environment.MONGODB_ATLAS_CLIENT_ID,
      clientSecret: world.stack.environment.MONGODB_ATLAS_CLIENT_SECRET,
    };
    const plain = { secrets: { main: secret() } };
    const explicit = { secrets: { main: secret({}, { provider: "east" }) }, providers: { east: credential } };
    for (const program of [plain, explicit]) {
      const text = await refuse(program);
      expect(text).toContain("pulumi:autonaming (mode verbatim) would delete a secret before its replacement exists");
      expect(text).toContain("pulumi config set --path");
    }
    await world.stack.run(["config", "rm", "pulumi:autonaming", "--stack", "test"]);
  });

  it("gets no more than twenty tries from a hook that asks for more, and keeps what was recorded", async () => {
    const rotating = (changes: object, retries?: number) => ({
      ...secret(changes, { class: "RotatingProjectServiceAccountSecret" }),
      ...(retries !== undefined && { retries }),
    });
    const up = (changes: object, retries?: number) =>
      world.stack.up({ secrets: { main: rotating(changes, retries) }, consumers: false });
    expect((await up({})).code).toBe(0);
    const before = await world.recorded();
    await world.takeRequests();
    await world.atlas.addFault({ kind: "status", status: 403, match: { operation: "createSecret" }, times: "always" });
    const failed = await up({ secretExpiresAfterHours: 700 }, 1000);
    expect([failed.code === 0, failed.text.includes("It is not tried again after 20 times")]).toEqual([false, true]);
    expect((await world.takeRequests()).filter(({ operation }) => operation === "createSecret").length).toBeLessThan(
      25,
    );
    expect(await world.recorded()).toMatchObject({ secretId: before?.secretId, generation: 1 });
    await world.atlas.clearFaults();
    expect((await world.stack.destroy()).code).toBe(0);
  });

  it("ends without Node.js, or without its npm packages, in a sentence with the commands that mend it", async () => {
    const cure = "run 'npm install pulumi-atlas-secrets @pulumi/pulumi' there, then 'pulumi up'";
    world.stack.setEnv({ PATH: pathWithoutNode() });
    const withoutNode = await refuse({ secrets: { main: secret() } });
    const both = "it needs Node.js, which is not on the PATH, and the npm packages in ";
    expect(withoutNode).toMatch(new RegExp(`cannot load pulumi-atlas-secrets, .*: ${both}\\S+; ${cure}`));
    world.stack.unsetEnv("PATH");
    rmSync(join(world.stack.programFolder, "node_modules"), { recursive: true });
    const withoutPackages = await refuse({ secrets: { main: secret() } });
    expect(withoutPackages).toMatch(new RegExp(`it needs the npm packages in \\S+; ${cure}`));
    expect(withoutPackages).not.toMatch(/Traceback|goroutine/);
  });

  /** A folder with links to what a run needs besides Node.js. */
  function pathWithoutNode(): string {
    const { bin, env = {} } = prepared.get(name) ?? {};
    const folder = join(world.stack.folder, "tools");
    mkdirSync(folder);
    const inherited = (process.env.PATH ?? "").split(delimiter);
    for (const tool of ["sh", "cp", "rm", "pulumi-language-python", "pulumi-language-go"]) {
      const found = inherited.map((each) => join(each, tool)).find((path) => existsSync(path));
      if (found !== undefined) symlinkSync(found, join(folder, tool));
    }
    return [bin, folder, env.PULUMI_PYTHON_CMD && dirname(env.PULUMI_PYTHON_CMD)].filter(Boolean).join(delimiter);
  }
});
