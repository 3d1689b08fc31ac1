/**
 * What a program in another language than JavaScript does with the resources on the real engine: the same behaviors for each. The
 * tests of a language share a stack, in their order: what one leaves, the next begins with.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../../helpers/atlas.js";
import { findCanaries } from "../../helpers/canaries.js";
import {
  defineMissing,
  describeEach,
  type LanguageProgram,
  OTHERS,
  prepareAll,
  removeBuilt,
} from "../../helpers/languages.js";
import type { DeclaredSecret, TestProgram } from "../../helpers/pulumi-stack.js";

const PLANTED = "FAKE-planted-canary-7Kq2ZwV9xT4mRb8L";
const TICKET = "FAKE-ticket-canary-Zp3uGa8JsEo6NwX5tMiV";
const ORGS = { east: "e0e0e0e0e0e0e0e0e0e0e0e0", west: "f0f0f0f0f0f0f0f0f0f0f0f0" };
const ACCOUNTS = ["main", "rotating", "billing", "search", "own"];

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

/** One of each kind of resource, and two of each organization: the account `own` may be what the stack signs in as. */
function all({
  hours = 720,
  ticket = "one",
  organizations = [],
  outputs = false,
  planted,
}: {
  hours?: number;
  ticket?: string;
  organizations?: readonly Organization[];
  outputs?: boolean;
  planted?: string;
} = {}): TestProgram {
  const account = (name: string) => ({ projectId: DEMO_PROJECT_ID, clientId: world.clientIdOf(name) });
  const rotating = (name: string) => ({ ...account(name), secretExpiresAfterHours: 720, quietHours: 0 });
  const set = {
    accounts: { billing: account("billing"), search: { ...account("search"), secretExpiresAfterHours: 8760 } },
    secretExpiresAfterHours: 720,
    quietHours: 0,
  };
  const secrets: Record<string, DeclaredSecret> = {
    main: { args: { ...account("main"), secretExpiresAfterHours: hours } },
    rotating: {
      class: "RotatingProjectServiceAccountSecret",
      args: { ...rotating("rotating"), mayRemove: [] },
    },
    own: { class: "RotatingProjectServiceAccountSecret", args: rotating("own") },
    fleet: { class: "ProjectServiceAccountSecretSet", args: set, consumer: false },
    ...Object.fromEntries(organizations.flatMap((organization) => declareIn(organization, ticket))),
  };
  return {
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, declared]) => [name, { ...declared, outputs }])),
    providers: Object.fromEntries(organizations.map(({ provider, credential }) => [provider, credential])),
    ...(planted !== undefined && { planted }),
  };
}

/** The operations that concern one account. */
async function takeOperations(...names: string[]): Promise<string[]> {
  const ids = names.map((name) => world.clientIdOf(name));
  return toOperations((await world.takeRequests()).filter(({ clientId = "" }) => ids.includes(clientId)));
}

describeEach(OTHERS, "a program in $name", ({ name }) => {
  let organizations: readonly Organization[];
  let admin: Record<string, string>;
  /** What the last run said and recorded. */
  let text: string;
  let recorded: Record<string, Record<string, unknown>>;
  /** Every value that was recorded after some run. */
  const values = new Set<unknown>();
  /** What runs that tell more than usual said, by how. */
  const told: Record<string, string> = {};

  beforeAll(async () => {
    world = await createWorldOf(name);
    for (const account of ACCOUNTS.slice(1)) await world.addAccount(account);
    await world.atlas.reassign(world.clientIdOf("own"), DEMO_PROJECT_ID, ["GROUP_OWNER"]);
    organizations = await Promise.all(Object.entries(ORGS).map(addOrganization));
    const { MONGODB_ATLAS_CLIENT_ID = "", MONGODB_ATLAS_CLIENT_SECRET = "" } = world.stack.environment;
    admin = { MONGODB_ATLAS_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET };
  });
  afterAll(closeWorlds);

  async function change(program: TestProgram, ...flags: string[]): Promise<void> {
    text = await expectUp(program, ...flags);
    recorded = await world.recordedAll();
    for (const { secret, secrets } of Object.values(recorded)) {
      for (const value of Object.values((secrets as object | undefined) ?? { secret })) values.add(value);
    }
  }

  it("creates a secret, rotating ones and a set, whose consumers sign in, after a preview that asks nothing", async () => {
    expect((await world.stack.preview(all())).code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
    await change(all());
    // What the project's list shows of it may stand for the look at the account.
    const operations = await takeOperations("main");
    expect(operations.filter((operation) => operation !== "getAccount")).toEqual(["createSecret", "mint", "mint"]);
    const { main, rotating, fleet } = recorded;
    expect(main).toMatchObject({ status: "active", secretExpiresAfterHours: 720 });
    expect(rotating).toMatchObject({ status: "active", generation: 1, clientId: world.clientIdOf("rotating") });
    expect(fleet).toMatchObject({ statusCounts: { active: 2 } });
    const held = fleet?.secrets as Record<string, unknown>;
    expect(await Promise.all(Object.keys(held).map((key) => world.signIn(held[key], key)))).toEqual([true, true]);
  });

  it("exports audit records that hold what is recorded, and no value", async () => {
    const shown = await world.stack.run(["stack", "output", "--json", "--stack", "test"]);
    const outputs = JSON.parse(shown.stdout) as Record<string, unknown>;
    const { main, rotating } = recorded;
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

  it("manages two organizations by two providers, without a credential of the stack, and asks nothing for the rest", async () => {
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: "", MONGODB_ATLAS_CLIENT_SECRET: "" });
    await world.takeRequests();
    // Two providers, four secrets and their consumers; the stack, the four resources from before and their three consumers.
    expect(await expectUp(all({ organizations }))).toMatch(/Resources:\s+\+ 10 created\s+8 unchanged\s/);
    const requests = await world.takeRequests();
    const theirs = organizations.flatMap(({ orgId, credential, managed }) => [orgId, credential.clientId, ...managed]);
    const others = requests.filter(
      ({ clientId = "", path }) => !theirs.some((id) => clientId === id || path.includes(id)),
    );
    expect(others).toEqual([]);
    for (const { orgId, credential, managed } of organizations) {
      const sent = requests.filter(
        ({ clientId = "", operation }) => managed.includes(clientId) && operation === "createSecret",
      );
      expect(sent.map(({ path }) => path.split("/")[5])).toEqual([orgId, orgId]);
      expect(world.stack.backendText()).not.toContain(credential.clientSecret);
    }
  });

  // As each state is what one in JavaScript gives, so is it what any other language gives.
  it("leaves a state that a program in JavaScript reads without a change or a request", async () => {
    moveTo("JavaScript");
    await expectUp(all({ organizations, outputs: true }), "--expect-no-changes");
    moveTo(name);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("replaces a secret whose lifetime is changed (the new one, its consumer, then the deletion), and rotates by a trigger", async () => {
    world.stack.setEnv({ ...admin, PULUMI_DEBUG_COMMANDS: "1" });
    const flags = ["--logtostderr", "--logflow", "-v=8", "--event-log", "events.json", "--debug"];
    await change(all({ organizations, hours: 700, ticket: "two", planted: PLANTED }), ...flags);
    told.log = text;
    told.events = readFileSync(join(world.stack.programFolder, "events.json"), "utf8");
    expect(await takeOperations("main")).toEqual(["getAccount", "createSecret", "mint", "mint", "deleteSecret"]);
    expect(recorded.main).toMatchObject({ secretExpiresAfterHours: 700, status: "active" });
    for (const name of ["east-two", "west-two"]) {
      expect(recorded[name]).toMatchObject({ status: "overlapping", generation: 2 });
    }
  });

  it("rotates by time: replaces the one, and lets both secrets of the rotating ones work for their overlap", async () => {
    const before = recorded;
    world.stack.setEnv({
      MONGODB_ATLAS_CLIENT_ID: world.clientIdOf("own"),
      MONGODB_ATLAS_CLIENT_SECRET: String(before.own?.secret),
    });
    await world.advance(481 * HOUR_MS);
    await change(all({ organizations, hours: 700, ticket: "two", planted: PLANTED }), "--json");
    told.json = text;
    const { main, rotating, fleet, own } = recorded;
    expect(main?.secretId).not.toBe(before.main?.secretId);
    const { secretId: previousSecretId } = before.rotating ?? {};
    expect(rotating).toMatchObject({ status: "overlapping", generation: 2, previousSecretId });
    expect(own).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: before.own?.secretId });
    expect(await world.signIn(before.rotating?.secret, "rotating")).toBe(true);
    expect(await world.signIn(rotating?.secret, "rotating")).toBe(true);
    expect(fleet).toMatchObject({ statusCounts: { active: 1, overlapping: 1 } });
  });

  it("deletes the previous secret of a rotating one after its overlap", async () => {
    await world.advance(25 * HOUR_MS);
    await world.takeRequests();
    await change(all({ organizations, hours: 700, ticket: "two" }));
    expect(await takeOperations("rotating")).toEqual(["getAccount", "deleteSecret"]);
    const { rotating } = recorded;
    expect(rotating).toMatchObject({ status: "active", generation: 2 });
    expect(await world.heldIds("rotating")).toEqual([rotating?.secretId]);
  });

  it("never deletes the credential that it signs in with", async () => {
    expect(text).toMatch(/the credential is still the old one/);
    const { MONGODB_ATLAS_CLIENT_SECRET: value } = world.stack.environment;
    expect(await world.signIn(value, "own")).toBe(true);
    const { own } = recorded;
    expect(own).toMatchObject({ status: "overlapping", generation: 2 });
    expect(await world.heldIds("own")).toEqual([own?.previousSecretId, own?.secretId]);
  });

  it("shows no value in logs, events, outputs, arguments or the state, where a planted one is found", () => {
    const { stack } = world;
    const everything = [...stack.transcript, stack.backendText(), ...readTexts(stack.temporaryFolder)].join("\n");
    // Of main and of the set three, of each other two.
    expect(values.size).toBe(18);
    const canaries = Object.fromEntries([...values, TICKET, PLANTED].map((value, index) => [index, String(value)]));
    for (const [place, shown] of Object.entries({ ...told, everything })) {
      const found = findCanaries(shown, canaries).map((index) => canaries[index]);
      expect({ place, found }).toEqual({ place, found: [PLANTED] });
    }
  });

  it("destroys everything that it made", async () => {
    world.stack.setEnv(admin);
    expect((await world.stack.destroy()).code).toBe(0);
    const { accounts } = await world.atlas.inventory();
    const managed = [
      ...ACCOUNTS.map(world.clientIdOf),
      ...organizations.flatMap((organization) => organization.managed),
    ];
    const held = accounts.filter(({ clientId }) => managed.includes(clientId)).map(({ secrets }) => secrets);
    expect(held).toEqual(managed.map(() => []));
  });
});

type Organization = Awaited<ReturnType<typeof addOrganization>>;

async function addOrganization([provider, orgId]: readonly [string, string]) {
  const owner = { level: "organization", ownerId: orgId } as const;
  const admin = await world.atlas.addAccount({ ...owner, roles: ["ORG_OWNER"], initialSecret: true });
  const managed = [(await world.atlas.addAccount(owner)).clientId, (await world.atlas.addAccount(owner)).clientId];
  const credential = { clientId: admin.clientId, clientSecret: admin.secret?.value ?? "" };
  return { orgId, provider, credential, managed };
}

/** The secrets of an organization, one of them with triggers. */
function declareIn({ orgId, provider, managed }: Organization, ticket: string): [string, DeclaredSecret][] {
  const [one, two] = managed.map((clientId) => ({ orgId, clientId, secretExpiresAfterHours: 720 }));
  const rotating = { ...two, quietHours: 0, triggers: { ticket, secretTicket: TICKET } };
  return [
    [`${provider}-one`, { class: "ServiceAccountSecret", provider, args: { ...one } }],
    [`${provider}-two`, { class: "RotatingServiceAccountSecret", provider, args: rotating }],
  ];
}

function readTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}
