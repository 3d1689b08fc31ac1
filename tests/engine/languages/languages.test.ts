/**
 * What a program in each language does with the resources on the real engine: one table of languages, the same behaviors for each. The
 * tests of a language share a stack, in their order: what one leaves, the next begins with.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../../helpers/atlas.js";
import { findCanaries } from "../../helpers/canaries.js";
import { defineMissing, INSTALLED, type LanguageProgram, prepareAll, removeBuilt } from "../../helpers/languages.js";
import type { DeclaredSecret, TestProgram } from "../../helpers/pulumi-stack.js";

const PLANTED = "FAKE-planted-canary-7Kq2ZwV9xT4mRb8L";
const TICKET = "FAKE-ticket-canary-Zp3uGa8JsEo6NwX5tMiV";
const ORGS = { east: "e0e0e0e0e0e0e0e0e0e0e0e0", west: "f0f0f0f0f0f0f0f0f0f0f0f0" };
const ACCOUNTS = ["rotating", "billing", "search", "own"];

let prepared: ReadonlyMap<string, LanguageProgram>;
let world: World;

beforeAll(() => {
  prepared = prepareAll();
});
afterAll(removeBuilt);

defineMissing();

/** A world whose stack runs the program of a language. */
async function createWorldOf(language: string, env: Readonly<Record<string, string>> = {}): Promise<World> {
  const { program, env: own, ...options } = programOf(language);
  return createWorld(program, { ...own, ...env }, options);
}

function programOf(language: string): LanguageProgram {
  const found = prepared.get(language);
  if (!found) throw new Error(`nothing was built for ${language}`);
  return found;
}

/** Makes the stack of the world run the program of a language. */
function moveTo(language: string): void {
  const { program, runtime, env, bin } = programOf(language);
  world.stack.setEnv(env);
  world.stack.useProgram(program, runtime, bin);
}

async function expectUp(program: TestProgram, ...flags: string[]): Promise<string> {
  const { code, text } = await world.stack.up(program, ...flags);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  return text;
}

/** One of each kind of resource. */
function all({
  hours = 720,
  ticket = "one",
  planted,
}: {
  hours?: number;
  ticket?: string;
  planted?: string;
} = {}): TestProgram {
  const [main] = Object.values(world.program({ secretExpiresAfterHours: hours }).secrets);
  const account = (name: string) => ({ projectId: DEMO_PROJECT_ID, clientId: world.clientIdOf(name) });
  const rotating = { ...account("rotating"), secretExpiresAfterHours: 720, quietHours: 0 };
  const set = {
    accounts: { billing: account("billing"), search: { ...account("search"), secretExpiresAfterHours: 8760 } },
    secretExpiresAfterHours: 720,
    quietHours: 0,
  };
  const triggers = { ticket, secretTicket: TICKET };
  return {
    secrets: {
      main: main as DeclaredSecret,
      rotating: { class: "RotatingProjectServiceAccountSecret", args: { ...rotating, triggers, mayRemove: [] } },
      fleet: { class: "ProjectServiceAccountSecretSet", args: set, consumer: false },
    },
    ...(planted !== undefined && { planted }),
  };
}

/** The operations that concern one account. */
async function takeOperations(...names: string[]): Promise<string[]> {
  const ids = names.map((name) => world.clientIdOf(name));
  return toOperations((await world.takeRequests()).filter(({ clientId = "" }) => ids.includes(clientId)));
}

describe.each(INSTALLED)("a program in $name", ({ name }) => {
  beforeAll(async () => {
    world = await createWorldOf(name);
    for (const account of ACCOUNTS) await world.addAccount(account);
  });
  afterAll(closeWorlds);

  it("creates a secret, a rotating one and a set, whose consumers sign in, after a preview that asks nothing", async () => {
    expect((await world.stack.preview(all())).code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
    await expectUp(all());
    // What the project's list shows of it may stand for the look at the account.
    const operations = await takeOperations("main");
    expect(operations.filter((operation) => operation !== "getAccount")).toEqual(["createSecret", "mint", "mint"]);
    const { main, rotating, fleet } = await world.recordedAll();
    expect(main).toMatchObject({ status: "active", secretExpiresAfterHours: 720 });
    expect(rotating).toMatchObject({ status: "active", generation: 1, clientId: world.clientIdOf("rotating") });
    expect(fleet).toMatchObject({ statusCounts: { active: 2 } });
    const values = fleet?.secrets as Record<string, unknown>;
    expect(await Promise.all(Object.keys(values).map((key) => world.signIn(values[key], key)))).toEqual([true, true]);
  });

  it("changes nothing and asks nothing in the next run", async () => {
    await world.takeRequests();
    await expectUp(all(), "--expect-no-changes");
    expect(await world.takeRequests()).toEqual([]);
  });

  it("exports audit records that hold what is recorded, and no value", async () => {
    const shown = await world.stack.run(["stack", "output", "--json", "--stack", "test"]);
    const outputs = JSON.parse(shown.stdout) as Record<string, unknown>;
    const { main, rotating } = await world.recordedAll();
    const of = (account: string) => ({
      projectId: DEMO_PROJECT_ID,
      clientId: world.clientIdOf(account),
      status: "active",
    });
    expect(outputs["main-audit"]).toMatchObject({ name: "main", ...of("main"), secretId: main?.secretId });
    expect(outputs["main-audit"]).not.toHaveProperty("generation");
    expect(outputs["rotating-audit"]).toMatchObject({
      name: "rotating",
      ...of("rotating"),
      secretId: rotating?.secretId,
      generation: 1,
    });
    expect(outputs["fleet-audit"]).toMatchObject([
      { name: "fleet[billing]", ...of("billing") },
      { name: "fleet[search]", ...of("search") },
    ]);
    expect([outputs["main-secret"], outputs["fleet-secrets"]]).toEqual(["[secret]", "[secret]"]);
  });

  it("leaves a state that each other language reads without a change or a request", async () => {
    await world.takeRequests();
    for (const other of INSTALLED.filter((language) => language.name !== name)) {
      moveTo(other.name);
      await expectUp({ ...all(), outputs: true }, "--expect-no-changes");
    }
    moveTo(name);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("replaces a secret whose lifetime is changed: the new one, its consumer, then the deletion of the old one", async () => {
    await world.takeRequests();
    await expectUp(all({ hours: 700 }));
    expect(await takeOperations("main")).toEqual(["getAccount", "createSecret", "mint", "mint", "deleteSecret"]);
    expect(await world.recorded()).toMatchObject({ secretExpiresAfterHours: 700, status: "active" });
  });

  it("rotates by time: replaces the one, and lets both secrets of the rotating ones work for their overlap", async () => {
    const before = await world.recordedAll();
    await world.advance(481 * HOUR_MS);
    const preview = await world.stack.preview(all({ hours: 700 }));
    expect(preview.text).toContain(`secret ${before.main?.secretId} expires at`);
    await world.takeRequests();
    await expectUp(all({ hours: 700 }));
    const { main, rotating, fleet } = await world.recordedAll();
    expect(main?.secretId).not.toBe(before.main?.secretId);
    expect(rotating).toMatchObject({
      status: "overlapping",
      generation: 2,
      previousSecretId: before.rotating?.secretId,
    });
    expect(await world.signIn(before.rotating?.secret, "rotating")).toBe(true);
    expect(await world.signIn(rotating?.secret, "rotating")).toBe(true);
    expect(fleet).toMatchObject({ statusCounts: { active: 1, overlapping: 1 } });

    await world.advance(25 * HOUR_MS);
    await world.takeRequests();
    await expectUp(all({ hours: 700 }));
    expect(await takeOperations("rotating")).toEqual(["getAccount", "deleteSecret"]);
    expect(await world.recorded("rotating")).toMatchObject({ status: "active", generation: 2 });
    expect(await world.heldIds("rotating")).toEqual([rotating?.secretId]);
  });

  it("shows no value in logs, events, outputs, arguments or the state, where a planted one is found", async () => {
    const { stack } = world;
    const before = await world.recordedAll();
    stack.setEnv({ PULUMI_DEBUG_COMMANDS: "1" });
    const program = all({ hours: 690, ticket: "two", planted: PLANTED });
    const { text } = await stack.up(
      program,
      "--logtostderr",
      "--logflow",
      "-v=8",
      "--event-log",
      "events.json",
      "--debug",
    );
    const { text: json } = await stack.up(
      { ...program, ...all({ hours: 680, ticket: "three", planted: PLANTED }) },
      "--json",
    );
    const after = await world.recordedAll();
    expect(after.main?.secretId).not.toBe(before.main?.secretId);
    expect(after.rotating).toMatchObject({ generation: 4 });
    const values = [before, after].flatMap(({ main, rotating, fleet }) => [
      main?.secret,
      rotating?.secret,
      ...Object.values(fleet?.secrets as object),
    ]);
    const canaries = Object.fromEntries(
      [...new Set([...values, TICKET, PLANTED])].map((value, index) => [index, value]),
    );
    expect(Object.keys(canaries).length).toBeGreaterThan(6);
    const places = {
      log: text,
      events: readFileSync(join(stack.programFolder, "events.json"), "utf8"),
      json,
      everything: [...stack.transcript, stack.backendText(), ...readTexts(stack.temporaryFolder)].join("\n"),
    };
    for (const [place, shown] of Object.entries(places)) {
      const found = findCanaries(shown, canaries as Record<string, string>).map((index) => canaries[index]);
      expect({ place, found }).toEqual({ place, found: [PLANTED] });
    }
  });

  it("never deletes the credential that it signs in with", async () => {
    const own = await world.atlas.addAccount({ roles: ["GROUP_OWNER"], initialSecret: { hours: 720 } });
    const { MONGODB_ATLAS_CLIENT_ID: id = "", MONGODB_ATLAS_CLIENT_SECRET: value = "" } = world.stack.environment;
    const rest = all({ hours: 680, ticket: "three" });
    const args = { projectId: DEMO_PROJECT_ID, clientId: own.clientId, quietHours: 0 };
    const withOwn = (hours: number): TestProgram => ({
      secrets: {
        ...rest.secrets,
        own: { class: "RotatingProjectServiceAccountSecret", args: { ...args, secretExpiresAfterHours: hours } },
      },
    });
    await expectUp(withOwn(720));
    const first = await world.recorded("own");
    await world.atlas.deleteSecret(own.secret?.id ?? "");
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: own.clientId, MONGODB_ATLAS_CLIENT_SECRET: String(first?.secret) });
    await expectUp(withOwn(700));
    await world.advance(25 * HOUR_MS);
    expect(await expectUp(withOwn(700))).toMatch(/the credential is still the old one/);
    expect(await world.signIn(first?.secret, "own")).toBe(false);
    expect(await world.recorded("own")).toMatchObject({ status: "overlapping", previousSecretId: first?.secretId });
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: id, MONGODB_ATLAS_CLIENT_SECRET: value });
    await expectUp(rest);
  });

  it("destroys everything that it made", async () => {
    expect((await world.stack.destroy()).code).toBe(0);
    for (const account of ["main", "rotating", "billing", "search"]) expect(await world.heldIds(account)).toEqual([]);
  });

  it("manages two organizations by two providers, without a credential of the stack", async () => {
    const { MONGODB_ATLAS_CLIENT_ID: id = "", MONGODB_ATLAS_CLIENT_SECRET: value = "" } = world.stack.environment;
    const organizations = await Promise.all(Object.entries(ORGS).map(addOrganization));
    const program = {
      providers: Object.fromEntries(organizations.map(({ provider, credential }) => [provider, credential])),
      secrets: Object.fromEntries(organizations.flatMap(({ secrets }) => secrets)),
    };
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: "", MONGODB_ATLAS_CLIENT_SECRET: "" });
    await expectUp(program);
    const requests = await world.takeRequests();
    for (const { orgId, credential, managed } of organizations) {
      const sent = requests.filter(
        ({ clientId = "", operation }) => managed.includes(clientId) && operation === "createSecret",
      );
      expect(sent.map(({ path }) => path.split("/")[5])).toEqual([orgId, orgId]);
      expect(world.stack.backendText()).not.toContain(credential.clientSecret);
    }
    await expectUp(program, "--expect-no-changes");
    for (const other of INSTALLED.filter((language) => language.name !== name)) {
      moveTo(other.name);
      await expectUp(program, "--expect-no-changes");
    }
    moveTo(name);
    expect((await world.stack.destroy()).code).toBe(0);
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: id, MONGODB_ATLAS_CLIENT_SECRET: value });
  });
});

async function addOrganization([provider, orgId]: readonly [string, string]) {
  const owner = { level: "organization", ownerId: orgId } as const;
  const admin = await world.atlas.addAccount({ ...owner, roles: ["ORG_OWNER"], initialSecret: true });
  const managed = [(await world.atlas.addAccount(owner)).clientId, (await world.atlas.addAccount(owner)).clientId];
  const [plain, rotating] = managed.map((clientId) => ({ orgId, clientId, secretExpiresAfterHours: 720 }));
  const secrets: [string, DeclaredSecret][] = [
    [`${provider}-one`, { class: "ServiceAccountSecret", provider, args: plain ?? {} }],
    [`${provider}-two`, { class: "RotatingServiceAccountSecret", provider, args: rotating ?? {} }],
  ];
  const credential = { clientId: admin.clientId, clientSecret: admin.secret?.value ?? "" };
  return { orgId, provider, credential, managed, secrets };
}

function readTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}
