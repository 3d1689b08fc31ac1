/**
 * The lives of secrets of each kind on the real engine: created, kept, rotated by time, changed, moved, destroyed. All go through the same
 * runs, in the order of this file; what each left is kept, and each kind says what it saw of it.
 */
import { DEMO_ADMIN_CLIENT_ID } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { type Outcome, observe } from "../helpers/outcomes.js";
import type { DeclaredSecret, TestProgram } from "../helpers/pulumi-stack.js";

const ROTATING = "RotatingProjectServiceAccountSecret";

/** Single secrets that are replaced, each on the account of its name; all but the first are named for what changes later. */
const SINGLE = ["due", "window", "permissions", "expiry", "trigger", "deletedFirst"];
/** Expires, since its window is none, between the run in which the others are due and the next. */
const EXPIRING = { secretExpiresAfterHours: 500, rotateBeforeExpiryHours: 0 };
const IN_PLACE = ["rotating", "moving"];
/** Accounts of the set. */
const SET = ["main", "search", "billing"];
const STAYING = ["main", "search"];

/** Only what a run may do. */
const PERMISSIONS = { verify: false, reclaimExpired: false, mayRemove: ["a".repeat(24)], exclusive: true };
/** What changes of single secrets, by name. */
const CHANGES = {
  window: { args: { rotateBeforeExpiryHours: 100 } },
  permissions: { args: PERMISSIONS },
  expiry: { args: { secretExpiresAfterHours: 240 } },
  trigger: { args: { triggers: { ticket: "one" } } },
  deletedFirst: { args: { triggers: { ticket: "one" } }, options: { deleteBeforeReplace: true } },
};

const CREATION = ["getAccount", "createSecret", "mint", "mint"];
const REPLACEMENT = [...CREATION, "deleteSecret"];

let world: World;

/** The program, with other declarations of some names. */
function programWith(changed: Readonly<Record<string, Partial<DeclaredSecret>>> = {}, set = SET): TestProgram {
  const argsOf = (name: string) => world.program({ clientId: world.clientIdOf(name) }).secrets.main?.args;
  const declare = (name: string, more: object = {}, args: object = {}) => {
    const { args: changes, ...rest } = changed[name] ?? {};
    return [name, { args: { ...argsOf(name), ...args, ...changes }, ...more, ...rest }];
  };
  const accounts = set.map((name) => [name, { projectId: world.projectId, clientId: world.clientIdOf(name) }]);
  const fleet = { accounts: Object.fromEntries(accounts), secretExpiresAfterHours: 720 };
  return {
    secrets: Object.fromEntries([
      ...SINGLE.map((name) => declare(name)),
      declare("expiring", {}, EXPIRING),
      ...IN_PLACE.map((name) => declare(name, { class: ROTATING })),
      ["fleet", { args: fleet, class: "ProjectServiceAccountSecretSet" }],
    ]),
  };
}

/** A run that has to succeed. */
async function up(program: TestProgram): Promise<Outcome> {
  const outcome = await observe(world, () => world.stack.up(program));
  expect([outcome.code, outcome.code === 0 ? "" : outcome.text]).toEqual([0, ""]);
  return outcome;
}

/** A run of the same program changes nothing and sends nothing. */
async function expectUnchanged(): Promise<void> {
  await world.takeRequests();
  const { code, text } = await world.stack.up(programWith(), "--expect-no-changes");
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  expect(await world.takeRequests()).toEqual([]);
}

/** What the CLI says of a resource in its list of changes. */
const linesOf = (text: string, name: string) => text.split("\n").filter((line) => line.includes(`Secret ${name} `));

const valuesOf = (outcome: Outcome) => outcome.of("fleet").recorded?.secrets as Record<string, string>;

/** What the runs left, in their order. */
let created: Outcome;
let rotated: Outcome;
let changed: Outcome;

beforeAll(async () => {
  world = await createWorld();
  // Where lists show no secrets each account is read by itself.
  await world.atlas.setSwitches({ listHoldsSecrets: false });
  for (const name of [...SINGLE, "expiring", ...IN_PLACE, ...SET.slice(1), "other"]) await world.addAccount(name);
});
afterAll(closeWorlds);

it("a preview of the creation sends nothing", async () => {
  const { code, text } = await world.stack.preview(programWith());
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  for (const name of ["due", "rotating"]) expect(linesOf(text, name)).toEqual([expect.stringContaining("create")]);
  expect(await world.takeRequests()).toEqual([]);
});

describe("the run that creates", () => {
  beforeAll(async () => {
    created = await up(programWith());
  });

  it("sends one POST for each secret and a mint that proves it, with one sign-in of its own", () => {
    const own = created.requests.filter(({ clientId }) => clientId === DEMO_ADMIN_CLIENT_ID);
    expect(own.map(({ operation }) => operation)).toEqual(["mint"]);
    for (const name of [...SINGLE, "expiring", ...IN_PLACE, ...SET]) {
      expect([name, created.of(name).operations]).toEqual([name, CREATION]);
    }
  });

  it("records a single secret encrypted", () => {
    const { clientId, held, resources, recorded } = created.of("due");
    expect(recorded).toMatchObject({ secretId: held[0], status: "active", secretExpiresAfterHours: 720 });
    expect(recorded?.secret).toMatch(/^mdb_sa_sk_[\w-]{40}$/);
    expect(resources.map(({ id }) => id)).toEqual([`${world.projectId}/${clientId}/${held[0]}`]);
    expect(world.stack.backendText()).not.toContain(String(recorded?.secret));
  });

  it("records the line of the program that made it, and no frame of this package", () => {
    const [current = ""] = created.of("due").held;
    const stored = world.stack.storedState().resources?.find(({ id }) => id?.endsWith(current));
    expect(stored?.sourcePosition).toMatch(/^project:\/\/\/index\.js#\d+,\d+$/);
    expect(JSON.stringify(stored?.stackTrace)).not.toMatch(/provider\/(dist|src)|pulumi-atlas-secrets/);
  });

  it("begins the generations of a rotating one, and hands out the values of a set", async () => {
    const { recorded } = created.of("rotating");
    expect(recorded).toMatchObject({ status: "active", generation: 1, promotedAt: expect.any(String) });
    for (const name of SET) expect(await world.signIn(valuesOf(created)[name], name)).toBe(true);
  });
});

it("a run before any window changes nothing and sends nothing", async () => {
  await world.advance(479 * HOUR_MS);
  await expectUnchanged();
});

describe("a run inside the windows", () => {
  let previewed: string;
  let sentByPreview: unknown[];

  beforeAll(async () => {
    await world.advance(2 * HOUR_MS);
    await world.takeRequests();
    previewed = (await world.stack.preview(programWith())).text;
    sentByPreview = await world.takeRequests();
    rotated = await up(programWith());
  });

  it("is announced by a preview, which sends nothing, and says why as that does", () => {
    const [due] = created.of("due").held;
    expect(previewed).toMatch(new RegExp(`secret ${due} expires at .* and has been inside its rotation window since`));
    expect(previewed).toContain(`secret ${created.of("rotating").held[0]} expires at`);
    expect(previewed.replaceAll(/\s+/g, " ")).toMatch(
      /inside its rotation window since \S+: it is rotated\. The same goes for 2 more: main, search\./,
    );
    expect(sentByPreview).toEqual([]);
    expect(rotated.text).toContain("inside its rotation window since");
  });

  it("replaces a single secret: first a new one, then its consumer, then the old one goes", () => {
    for (const name of SINGLE) {
      const { operations, requests, held } = rotated.of(name);
      const [old] = created.of(name).held;
      expect(operations).toEqual(REPLACEMENT);
      expect(requests.at(-1)).toMatchObject({ secretId: old, status: 204 });
      expect(held).toEqual([expect.not.stringContaining(String(old))]);
    }
  });

  it("rotates the others in place: their consumers get the new value, and the old one works on", async () => {
    for (const name of IN_PLACE) {
      const old = created.of(name).recorded;
      const { operations, recorded } = rotated.of(name);
      expect(operations).toEqual(CREATION);
      expect(recorded).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: old?.secretId });
      expect(await world.signIn(old?.secret, name)).toBe(true);
    }
    for (const name of SET) {
      expect(rotated.of(name).held).toHaveLength(2);
      expect(await world.signIn(valuesOf(created)[name], name)).toBe(true);
    }
  });

  it("is followed by one that changes nothing and sends nothing", async () => {
    await expectUnchanged();
  });
});

/** What it says of previous secrets that are in use. */
const staysIn = ({ text }: Outcome) =>
  text.split("\n").filter((line) => line.includes("stays, because it was used less than 24 h ago"));

/** Other arguments, another account for one, and an account less in the set. */
function changedProgram(): TestProgram {
  const moving = { args: { clientId: world.clientIdOf("other") } };
  return programWith({ ...CHANGES, moving }, STAYING);
}

describe("a run after the overlap, in which a program changes", () => {
  beforeAll(async () => {
    await world.advance(20 * HOUR_MS);
    // Late readers still use these.
    for (const name of IN_PLACE) expect(await world.signIn(created.of(name).recorded?.secret, name)).toBe(true);
    await world.advance(5 * HOUR_MS);
    changed = await up(changedProgram());
  });

  it("keeps the previous secret that is in use, and says why", () => {
    expect(staysIn(changed).join("\n")).toContain(String(created.of("rotating").recorded?.secretId));
    expect(changed.of("rotating").operations).toEqual(["getAccount"]);
  });

  it("deletes those that are not", () => {
    for (const name of STAYING) expect(changed.of(name).held).toEqual(rotated.of(name).held.slice(1));
  });

  it("updates a single secret in place, without a request, when the window alone changes", () => {
    expect(linesOf(changed.text, "window").at(-1)).toContain(" updated ");
    const { operations, recorded, held } = changed.of("window");
    expect(operations).toEqual([]);
    expect(recorded).toMatchObject({ rotateBeforeExpiryHours: 100, secretId: held[0] });
    expect(Date.parse(String(recorded?.expiresAt)) - Date.parse(String(recorded?.rotateAfter))).toBe(100 * HOUR_MS);
  });

  it("leaves it alone when only what a run may do changes, and the engine keeps that with the inputs", () => {
    expect(linesOf(changed.text, "permissions").join()).not.toMatch(/updated|replaced/);
    const { operations, resources } = changed.of("permissions");
    expect(operations).toEqual([]);
    expect(resources[0]?.inputs).toMatchObject(PERMISSIONS);
    expect(Object.keys(resources[0]?.outputs ?? {}).filter((name) => name in PERMISSIONS)).toEqual([]);
  });

  it.each(["expiry", "trigger"])("replaces it when its %s changes", (name) => {
    const { operations, requests, held, recorded } = changed.of(name);
    const [old] = rotated.of(name).held;
    expect(operations).toEqual(REPLACEMENT);
    expect(requests.at(-1)).toMatchObject({ secretId: old, status: 204 });
    expect(held).toHaveLength(1);
    const lifetime = name === "expiry" ? { secretExpiresAfterHours: 240, rotateBeforeExpiryHours: 80 } : {};
    expect(recorded).toMatchObject({ secretId: held[0], ...lifetime });
  });

  it("deletes it before its successor is created only when the program asks for that", () => {
    const { operations, held } = changed.of("deletedFirst");
    expect(operations.indexOf("deleteSecret")).toBeGreaterThanOrEqual(0);
    expect(operations.indexOf("deleteSecret")).toBeLessThan(operations.indexOf("createSecret"));
    expect(held).not.toContain(rotated.of("deletedFirst").held[0]);
  });

  it("replaces an expired secret and leaves one on the account", () => {
    const { held } = changed.of("expiring");
    expect(rotated.of("expiring").held).toEqual(created.of("expiring").held);
    expect(held).toEqual([expect.not.stringContaining(String(created.of("expiring").held[0]))]);
  });

  it("issues and verifies on the new account, then updates the consumer, then deletes what the old account holds", () => {
    const [from, to] = [world.clientIdOf("moving"), world.clientIdOf("other")];
    expect(rotated.of("moving").held).toHaveLength(2);
    const requests = changed.requests.filter(({ clientId }) => clientId === from || clientId === to);
    expect(requests.map(({ operation, clientId }) => `${operation} ${clientId}`)).toEqual([
      ...CREATION.map((operation) => `${operation} ${to}`),
      `deleteSecret ${from}`,
      `deleteSecret ${from}`,
    ]);
    expect(changed.of("moving").held).toEqual([]);
  });

  it("keeps the secrets of an account that left the set", () => {
    expect(changed.of("billing").held).toEqual(rotated.of("billing").held);
  });

  it("is followed by one that deletes the previous secret, which is quiet by then", async () => {
    await world.advance(20 * HOUR_MS);
    const quiet = await up(changedProgram());
    expect(quiet.of("rotating").operations).toEqual(["getAccount", "deleteSecret"]);
    expect(quiet.of("rotating").held).toEqual([rotated.of("rotating").recorded?.secretId]);
  });
});

describe("pulumi destroy", () => {
  it("deletes what is there, is content with what is gone, and keeps the record of what Atlas refuses", async () => {
    const refused = { 401: "expiry", 403: "trigger", 500: "deletedFirst" };
    const idOf = (name: string) => String(changed.of(name).held[0]);
    await world.atlas.deleteSecret(idOf("due"));
    await world.atlas.unassign(world.clientIdOf("window"), world.projectId);
    for (const [status, name] of Object.entries(refused)) {
      const body = {
        error: Number(status),
        errorCode: `FAKE_CODE_${status}`,
        detail: "A fake reason.",
        reason: "Fake",
      };
      const match = { operation: "deleteSecret", clientId: world.clientIdOf(name) } as const;
      await world.atlas.addFault({ kind: "status", status: Number(status), body, match, times: "always" });
    }

    const result = await observe(world, () => world.stack.destroy("--continue-on-error"));
    expect(result.code).not.toBe(0);
    expect(result.text).toContain(`secret ${idOf("window")} was not deleted and may live on`);
    for (const [status, name] of Object.entries(refused)) {
      expect(result.text).toContain(`delete secret ${idOf(name)}`);
      expect(result.text).toContain(`${status} FAKE_CODE_${status}: A fake reason.`);
    }
    for (const name of ["permissions", "expiring", "rotating", "other", ...SET]) {
      expect([name, result.of(name).held]).toEqual([name, []]);
    }
    const left = (await world.stack.secrets()).map(({ outputs }) => outputs.secretId);
    expect(left.sort()).toEqual(Object.values(refused).map(idOf).sort());

    await world.atlas.clearFaults();
    expect((await world.stack.destroy()).code).toBe(0);
    expect(await world.stack.secrets()).toEqual([]);
  });
});
