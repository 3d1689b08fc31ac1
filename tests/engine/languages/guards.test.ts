/**
 * What a program in another language is kept from, on the real engine: the guards that stand in docs/languages.md. None of these runs
 * asks Atlas for anything.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { DEMO_PROJECT_ID, type RequestRecord } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, type World } from "../../helpers/atlas.js";
import {
  defineMissing,
  describeEach,
  type LanguageProgram,
  OTHERS,
  prepareAll,
  removeBuilt,
} from "../../helpers/languages.js";
import type { DeclaredSecret, TestProgram } from "../../helpers/pulumi-stack.js";

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

/** Runs a preview, as every `pulumi up` does first. It must fail, and ask for nothing; gives what it says. */
async function refuse(program: TestProgram, ...flags: string[]): Promise<string> {
  await world.takeRequests();
  const { code, text } = await world.stack.preview(program, ...flags);
  expect(code).not.toBe(0);
  expect(await world.takeRequests()).toEqual([]);
  return toLine(text);
}

/** A terminal's width breaks no line, but each line of an error is indented. */
function toLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

describeEach(OTHERS, "a program in $name", ({ name }) => {
  beforeAll(async () => {
    world = await createWorldOf(name);
    for (const account of ["a", "b", "c", "d", "retried", "several", "part"]) await world.addAccount(account);
  });
  afterAll(closeWorlds);

  const accountOf = (account: string) => ({ projectId: DEMO_PROJECT_ID, clientId: world.clientIdOf(account) });
  const secret = (account = "main", changes = {}, rest = {}): DeclaredSecret => ({
    args: { ...accountOf(account), secretExpiresAfterHours: 720, ...changes },
    ...rest,
  });
  const rotating = (account: string, changes = {}, rest = {}) =>
    secret(account, changes, { class: "RotatingProjectServiceAccountSecret", ...rest });
  const setOf = (account: string): DeclaredSecret => ({
    class: "ProjectServiceAccountSecretSet",
    args: { accounts: { one: accountOf(account) }, secretExpiresAfterHours: 720 },
  });

  it("is refused a credential in plaintext, whose value is not shown", async () => {
    const value = "mdb_sa_sk_FAKE-plaintext-not-a-real-secret-0001";
    const text = await refuse({ secrets: { main: secret() } }, "--config", `mongodbatlas:clientSecret=${value}`);
    expect(text).toContain("Encrypt it: pulumi config set --secret mongodbatlas:clientSecret");
    expect(text).not.toContain(value);
    await world.stack.run(["config", "rm", "mongodbatlas:clientSecret", "--stack", "test"]);
  });

  it("is refused a second resource beside a rotating or an exclusive one or a set, and an import", async () => {
    const secrets = {
      rotating: rotating("a"),
      "rotating-2": secret("a"),
      exclusive: secret("b", { exclusive: true }),
      "exclusive-2": secret("b"),
      set: setOf("c"),
      "set-2": secret("c"),
      import: secret("d", {}, { options: { import_: "an-id" } }),
    };
    const text = await refuse({ secrets, consumers: false });
    expect(text).toContain(
      `${world.clientIdOf("a")} has a rotating secret, which needs both slots of the account, ` +
        "but RotatingProjectServiceAccountSecret rotating and ProjectServiceAccountSecret rotating-2 are both on it",
    );
    expect(text).toContain(
      `${world.clientIdOf("b")} is called exclusive, ` +
        "but ProjectServiceAccountSecret exclusive and ProjectServiceAccountSecret exclusive-2 are both on it",
    );
    expect(text).toContain(
      `${world.clientIdOf("c")} has a rotating secret, which needs both slots of the account, ` +
        "but ProjectServiceAccountSecretSet set and ProjectServiceAccountSecret set-2 are both on it",
    );
    expect(text).toMatch(/ProjectServiceAccountSecret import: the option \w+ cannot take over a secret/);
    expect(text).toContain("atlas-secrets adopt --help");
  });

  it("is refused a second resource when client ids are outputs, without a preview after the first was made at most", async () => {
    const outputs = { outputs: true };
    const two = { first: rotating("a", {}, outputs), second: secret("a", {}, outputs) };
    // Which of them is known first is by chance.
    expect(await refuse({ secrets: two, consumers: false })).toMatch(
      /has a rotating secret, which needs both slots of the account, but (RotatingProjectServiceAccountSecret first and ProjectServiceAccountSecret second|ProjectServiceAccountSecret second and RotatingProjectServiceAccountSecret first) are both on it/,
    );
    const exclusive = { first: secret("a", { exclusive: true }, outputs), second: secret("a", {}, outputs) };
    expect((await world.stack.up({ secrets: exclusive, consumers: false })).code).not.toBe(0);
    expect((await world.heldIds("a")).length).toBeLessThan(2);
  });

  it("makes at most the first of two without a preview, and what else there is", async () => {
    const secrets = {
      first: secret("b", { exclusive: true }),
      second: secret("b"),
      retried: rotating("retried"),
    };
    expect((await world.stack.up({ secrets, consumers: false })).code).not.toBe(0);
    expect((await world.heldIds("b")).length).toBeLessThan(2);
    expect(await world.heldIds("retried")).toHaveLength(1);
  });

  describe("in a run of what Atlas refuses and of providers that have no one credential", () => {
    const pair = {
      clientId: "mdb_sa_id_0123456789abcdef01234567",
      clientSecret: "mdb_sa_sk_FAKE-not-a-real-secret-0001",
    };
    let text: string;
    let requests: readonly RequestRecord[];
    let before: readonly string[];

    beforeAll(async () => {
      before = await world.heldIds("retried");
      await world.takeRequests();
      const match = { operation: "createSecret", clientId: world.clientIdOf("retried") } as const;
      await world.atlas.addFault({ kind: "status", status: 403, match, times: "always" });
      const secrets = {
        retried: rotating("retried", { secretExpiresAfterHours: 700 }, { retries: 1000 }),
        several: secret("several", {}, { provider: "several" }),
        part: secret("part", {}, { provider: "part" }),
      };
      const several = { ...pair, accessToken: "FAKE-not-a-real-token-0001" };
      const providers = { several, part: { clientId: pair.clientId } };
      const failed = await world.stack.up({ secrets, providers, consumers: false }, "--continue-on-error");
      expect(failed.code).not.toBe(0);
      text = toLine(failed.text);
      requests = await world.takeRequests();
    });

    it("is refused a provider with more than one credential, or a part of one, before it asks for anything", () => {
      expect(text).toContain("AtlasProvider several needs one whole credential, and has more");
      expect(text).not.toMatch(/FAKE-not-a-real/);
      expect(text).toContain("clientId of AtlasProvider part is set without clientSecret of AtlasProvider part");
      const ids = [pair.clientId, world.clientIdOf("several"), world.clientIdOf("part")];
      expect(requests.filter(({ clientId = "" }) => ids.includes(clientId))).toEqual([]);
    });

    it("gets no more than twenty tries from a hook that asks for more, and keeps what was recorded", async () => {
      expect(text).toContain("It is not tried again after 20 times");
      expect(requests.filter(({ operation }) => operation === "createSecret").length).toBeLessThan(25);
      const kept = world.stack.storedState().resources?.find(({ urn }) => urn.endsWith("::retried"));
      expect(kept?.outputs).toMatchObject({ secretId: before[0], generation: 1 });
      await world.atlas.clearFaults();
      expect((await world.stack.destroy()).code).toBe(0);
    });
  });

  it("is refused pulumi:autonaming that would delete first, with the stack's provider and with an explicit one", async () => {
    const credential = {
      clientId: world.stack.environment.MONGODB_ATLAS_CLIENT_ID,
      clientSecret: world.stack.environment.MONGODB_ATLAS_CLIENT_SECRET,
    };
    const plain = { secrets: { main: secret() } };
    const explicit = { secrets: { main: secret("main", {}, { provider: "east" }) }, providers: { east: credential } };
    for (const program of [plain, explicit]) {
      const text = await refuse(program, "--config", "pulumi:autonaming.mode=verbatim", "--config-path");
      expect(text).toContain("pulumi:autonaming (mode verbatim) would delete a secret before its replacement exists");
      expect(text).toContain("pulumi config set --path");
    }
    await world.stack.run(["config", "rm", "pulumi:autonaming", "--stack", "test"]);
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
