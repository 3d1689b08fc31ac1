/**
 * New secrets that cannot be verified: saved, reported, and healed, with the old ones kept until then; and that the state holds
 * ciphertext alone at each of these stages. Many accounts go through their lives in the same runs; where a life needs a command of its
 * own, a fork of the stack goes on with it. Forks run at once, since most of a verification in vain is waiting.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import { forkWith, type Outcome, observe, observeAll } from "../helpers/outcomes.js";
import type { DeclaredSecret, ExportedResource, PulumiStack, TestProgram } from "../helpers/pulumi-stack.js";
import { listSealed, SECRET_SIGNATURE, toName } from "../helpers/sealed.js";

const MINUTE_MS = 60_000;
const SINGLE = "ProjectServiceAccountSecret";
const ROTATING = "RotatingProjectServiceAccountSecret";
const INVALID_CLIENT = { error: "invalid_client", error_description: "Fake." };
const SERVER_FAULT = { error: 500, reason: "Fake" };

/** Accounts whose first secret cannot be verified. */
const FIRST = ["healed", "invalid", "undecided", "unverified", "carried"];
/** Accounts whose second one cannot, in runs with `--continue-on-error`. */
const CONTINUED = ["kept", "destroyed"];
/** An account whose rotation Atlas refuses before anything is made. */
const REFUSED = "rotated-refused";
/** Resources that move from the account of their name to another one; by name, their class. */
const MOVED = { "moved-single": SINGLE, "moved-rotating": ROTATING };
/** Accounts whose second secret cannot be verified, by what heals them; each as a secret that is replaced and one that rotates. */
const HEALED_BY = ["up", "refresh", "both"].map((way) => [`replaced-${way}`, `rotated-${way}`]);

const [BY_UP, BY_REFRESH, BY_BOTH] = HEALED_BY as [string[], string[], string[]];
/** The one whose state is looked at by itself, with its resource of each kind; the first is by an explicit provider, and is given a secret trigger too. */
const [SINGLE_SEALED, ROTATING_SEALED] = BY_REFRESH as [string, string];
const REASONS = { first: "FAKE-why-we-rotate-1", second: "FAKE-why-we-rotate-2" };

let world: World;
let stacks: PulumiStack[];
let refreshing: PulumiStack;

/** What the runs left. */
let created: Outcome;
let failed: Outcome;
let again: Outcome;
let movedAgain: Outcome;
let destroyed: Outcome;
let pending: Outcome;
let healed: Outcome;
let moved: Outcome;
let byUp: Outcome;
let refreshed: Outcome;
let failedAfterRefresh: Outcome;
let failedBoth: Outcome;
let afterRefresh: Outcome;
let byBoth: Outcome;

/** What `pulumi stack export` gave after a run: as it is, and once with everything in clear. */
const exported: Record<"created" | "pending" | "refreshed" | "verified", readonly ExportedResource[]> = {
  created: [],
  pending: [],
  refreshed: [],
  verified: [],
};
let shown: readonly ExportedResource[];

/** Makes the next mints of a managed account fail; the administrator's go through. One verification tries four times. */
async function breakMints(name: string, times: number | "always", body: object = SERVER_FAULT): Promise<void> {
  const status = body === INVALID_CLIENT ? 401 : 500;
  const match = { operation: "mint", clientId: world.clientIdOf(name) } as const;
  await world.atlas.addFault({ kind: "status", status, body, match, times });
}

function declare(name: string, changes: object = {}, more: Partial<DeclaredSecret> = {}): TestProgram["secrets"] {
  const { args = {} } = world.programOf({ [name]: { ...changes } }).secrets[name] ?? {};
  return { [name]: { args, ...more } };
}

/** Accounts whose secret is replaced, or rotated, once the ticket changes. */
const withTicket = (ticket: keyof typeof REASONS, names: readonly string[]) =>
  names.map((name) => {
    const secretReason = { triggers: { secretReason: REASONS[ticket] } };
    if (name.startsWith("rotated")) return declare(name, secretReason, { class: ROTATING });
    return name === SINGLE_SEALED
      ? declare(name, secretReason, { provider: "explicit" })
      : declare(name, { triggers: { ticket } });
  });

const movedOn = (suffix: "" | "-new") =>
  Object.entries(MOVED).map(([name, className]) =>
    declare(name, { clientId: world.clientIdOf(name + suffix) }, { class: className }),
  );

const toProgram = (...secrets: TestProgram["secrets"][]): TestProgram => ({
  providers: { explicit: { clientId: DEMO_ADMIN_CLIENT_ID, clientSecret: DEMO_ADMIN_SECRET } },
  secrets: Object.assign({}, ...secrets),
});

const first = (name: string, changes = {}) => declare(name, changes, { consumer: name === "carried" });

function fork(stack: PulumiStack, names: readonly string[]): PulumiStack {
  const made = forkWith(stack, names);
  stacks.push(made);
  return made;
}

beforeAll(async () => {
  world = await createWorld();
  stacks = [world.stack];
  const movedNames = Object.keys(MOVED);
  const replaced = HEALED_BY.flat();
  for (const name of [...FIRST, ...CONTINUED, REFUSED, ...replaced, ...movedNames]) await world.addAccount(name);
  for (const name of movedNames) await world.addAccount(`${name}-new`);

  // All but the first ones are created; those that only a later describe is about stay as they are until then.
  const beforeTickets = withTicket("first", replaced);
  const create = toProgram(...beforeTickets, ...withTicket("first", [...CONTINUED, REFUSED]), ...movedOn(""));
  created = await observe(world, () => world.stack.up(create));
  exported.created = await world.stack.resources();

  // Every new secret of this run fails.
  for (const name of ["healed", "invalid", "unverified"]) await breakMints(name, 4);
  await breakMints("undecided", 8);
  for (const name of ["carried", ...CONTINUED, ...movedNames.map((name) => `${name}-new`)]) {
    await breakMints(name, "always");
  }
  const match = { operation: "createSecret", clientId: world.clientIdOf(REFUSED) } as const;
  await world.atlas.addFault({ kind: "status", status: 403, match });
  const fail = toProgram(
    ...FIRST.map((name) => first(name)),
    ...withTicket("second", [...CONTINUED, REFUSED]),
    ...movedOn("-new"),
    ...beforeTickets,
  );
  failed = await observe(world, () => world.stack.up(fail, "--continue-on-error"));

  // Forks go on: one is destroyed like this, and what moves fails again in another one, after a refresh. In a third one the others'
  // second secrets cannot be verified. Young ones may not be known everywhere; of this age a refusal is believed.
  const destroying = fork(world.stack, ["destroyed"]);
  const moving = fork(world.stack, movedNames);
  const main = fork(world.stack, [...FIRST, "kept", REFUSED]);
  const replacing = fork(world.stack, replaced);
  await world.atlas.advance(11 * MINUTE_MS);
  for (const stack of [destroying, moving, main, replacing]) stack.shiftClock(11 * MINUTE_MS);
  await breakMints("invalid", "always", INVALID_CLIENT);
  for (const name of replaced) await breakMints(name, 4);
  const options = { aliases: [{ type: `pulumi-nodejs:dynamic/atlas:${SINGLE}` }] };
  const heal = toProgram(
    ...["healed", "invalid", "undecided"].map((name) => first(name)),
    first("unverified", { verify: false }),
    declare("carried", {}, { class: ROTATING, options }),
    ...withTicket("second", ["kept", REFUSED]),
  );
  const move = toProgram(...movedOn("-new"));
  const replace = toProgram(...withTicket("second", replaced));
  [again, movedAgain, destroyed, pending] = await observeAll(world, [
    [main, () => main.up(heal, "--continue-on-error")],
    [moving, () => moving.up(move, "--continue-on-error", "--refresh")],
    [destroying, () => destroying.destroy()],
    // The first failure ends the run: all have to be under way by then, on a machine with one core too.
    [replacing, () => replacing.up(replace, "--parallel", "16")],
  ]);
  exported.pending = await replacing.resources();
  shown = await replacing.resources("--show-secrets");

  // Nothing fails any more, and the last of them are verified by ways of their own.
  await world.atlas.clearFaults();
  const [upping, both] = [fork(replacing, BY_UP), fork(replacing, BY_BOTH)];
  refreshing = fork(replacing, BY_REFRESH);
  const programOf = (names: readonly string[]) => toProgram(...withTicket("second", names));
  [healed, moved, byUp, refreshed] = await observeAll(world, [
    [main, () => main.up(heal)],
    [moving, () => moving.up(move, "--continue-on-error")],
    [upping, () => upping.up(programOf(BY_UP))],
    [refreshing, () => refreshing.refresh()],
  ]);
  exported.refreshed = await refreshing.resources();

  // After the refresh one of them still fails, so that the run ends before it deletes anything; in the other fork both do.
  for (const name of [ROTATING_SEALED, ...BY_BOTH]) await breakMints(name, "always");
  const afterIt = () => refreshing.up(programOf(BY_REFRESH));
  const withIt = () => both.up(programOf(BY_BOTH), "--refresh");
  const last = [
    [refreshing, afterIt],
    [both, withIt],
  ] as const;
  [failedAfterRefresh, failedBoth] = await observeAll(world, last);
  await world.atlas.clearFaults();
  [afterRefresh, byBoth] = await observeAll(world, last);
  exported.verified = await refreshing.resources();
});
afterAll(async () => {
  for (const stack of stacks) stack.remove();
  await closeWorlds();
});

describe("a first secret that cannot be verified", () => {
  it.each(FIRST)("is saved and reported: %s", (name) => {
    const { clientId, held, recorded } = failed.of(name);
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain(`Secret ${held[0]} of service account ${clientId}`);
    expect(failed.text).toContain("is not verified yet");
    expect(held).toHaveLength(1);
    expect(recorded).toMatchObject({ secretId: held[0], status: "pending-verification" });
  });

  it("is verified later, or called invalid, or stays pending, or is not verified any more", () => {
    const [id] = failed.of("invalid").held;
    expect(again.code).not.toBe(0);
    expect(again.text).toContain(`Secret ${id} of service account ${again.of("invalid").clientId}`);
    expect(again.text).toContain("is not valid");
    const names = ["healed", "invalid", "undecided", "unverified"];
    const statuses = names.map((name) => again.of(name).recorded?.status);
    expect(statuses).toEqual(["active", "rejected", "pending-verification", "active"]);
  });

  it("is replaced when it was called invalid, and verified at last otherwise", () => {
    expect(healed.code).toBe(0);
    const { operations, held } = healed.of("invalid");
    expect(operations).toEqual(["deleteSecret", "getAccount", "createSecret", "mint"]);
    expect(held).toEqual([expect.not.stringContaining(String(failed.of("invalid").held[0]))]);
    expect(healed.of("undecided").held).toEqual(failed.of("undecided").held);
    for (const name of FIRST) expect(healed.of(name).recorded).toMatchObject({ status: "active" });
  });

  it("is verified before it is handed out when aliases carry it to the rotating class meanwhile", async () => {
    const { clientId, held } = failed.of("carried");
    const [id] = held;
    expect(again.text).toContain(`Secret ${id} of service account ${clientId} of project`);
    expect(again.of("carried").recorded).toMatchObject({ pendingSecretId: id, status: "pending-verification" });
    const carried = healed.of("carried");
    expect(carried.operations).not.toContain("createSecret");
    expect(carried.recorded).toMatchObject({ secretId: id, status: "active", generation: 1 });
    expect(await world.signIn(carried.recorded?.secret, "carried")).toBe(true);
    expect(carried.held).toEqual([id]);
  });
});

describe("a rotation that Atlas refuses", () => {
  it("is not forgotten: the next up rotates", () => {
    expect(failed.of(REFUSED).operations).toContain("createSecret");
    expect(failed.of(REFUSED).recorded).toMatchObject({ generation: 1, status: "active" });
    expect(again.of(REFUSED).recorded).toMatchObject({ generation: 2, status: "overlapping" });
  });
});

describe("an up with --continue-on-error", () => {
  it("keeps a replaced secret until its successor is verified, and deletes it then", () => {
    const [old] = created.of("kept").held;
    for (const attempt of [failed, again]) {
      expect(attempt.code).not.toBe(0);
      expect(attempt.text).toContain(`secret ${old} stays, since`);
      expect(attempt.of("kept").held).toEqual([old, expect.any(String)]);
    }
    const { held, recorded } = healed.of("kept");
    expect(held).toEqual(failed.of("kept").held.slice(1));
    expect(recorded).toMatchObject({ status: "active" });
  });

  it("lets the stack be destroyed while the successor is not verified", () => {
    expect(failed.of("destroyed").held).toHaveLength(2);
    expect([destroyed.code, destroyed.of("destroyed").held]).toEqual([0, []]);
  });

  it.each(Object.keys(MOVED))(
    "keeps the secret of the old account until the one of the new is verified: %s",
    (name) => {
      const { held } = created.of(name);
      expect(held).toHaveLength(1);
      for (const attempt of [failed, movedAgain]) {
        expect([attempt.code === 0, attempt.of(name).held]).toEqual([false, held]);
      }
      expect([moved.code, moved.of(name).held, moved.of(`${name}-new`).held.length]).toEqual([0, [], 1]);
    },
  );
});

describe("a replacement or a rotation that cannot be verified", () => {
  it.each(HEALED_BY.flat())("keeps the old secret beside the new one: %s", (name) => {
    const [old] = created.of(name).held;
    const { held, recorded, clientId } = pending.of(name);
    expect(pending.code).not.toBe(0);
    expect(held).toEqual([old, expect.any(String)]);
    expect(pending.text).toContain(`Secret ${held[1]} of service account ${clientId}`);
    expect(recorded).toMatchObject({
      status: "pending-verification",
      ...(name.startsWith("rotated") && { secretId: old, pendingSecretId: held[1] }),
    });
  });

  /** The old one of a replacement goes once the new one is verified, in whichever of the runs that is. */
  function expectReplaced(name: string, ...runs: Outcome[]): void {
    const operations = runs.flatMap((run) => run.of(name).operations);
    const verified = operations.indexOf("mint");
    expect(verified).toBeGreaterThanOrEqual(0);
    expect(operations.indexOf("deleteSecret")).toBeGreaterThan(verified);
    const last = runs.at(-1)?.of(name);
    expect(last?.held).toEqual(pending.of(name).held.slice(1));
    expect(last?.recorded).toMatchObject({ secretId: last?.held[0], status: "active" });
    expect(last?.resources).toHaveLength(1);
  }

  /** A rotation gives its new one out once that is verified; nothing is retired before, and none is made anew. */
  function expectRotated(name: string, ...runs: Outcome[]): void {
    const operations = runs.flatMap((run) => run.of(name).operations);
    expect(operations).not.toContain("deleteSecret");
    expect(operations).not.toContain("createSecret");
    const last = runs.at(-1)?.of(name);
    const [old, secretId] = pending.of(name).held;
    expect(last?.recorded).toMatchObject({ secretId, status: "overlapping", generation: 2 });
    expect(last?.held).toEqual([old, secretId]);
  }

  it("is verified by the next up; no file, output or text shows a value", async () => {
    const [replaced = "", rotated = ""] = BY_UP;
    expect(byUp.code).toBe(0);
    expectReplaced(replaced, byUp);
    expectRotated(rotated, byUp);

    const output = await refreshing.run(["stack", "output", "--json", "--stack", "test"]);
    const outputs = JSON.parse(output.stdout) as Record<string, Record<string, unknown>>;
    const clientId = world.clientIdOf(ROTATING_SEALED);
    expect(outputs[`${ROTATING_SEALED}-audit`]).toMatchObject({ clientId, status: "overlapping", generation: 2 });
    const files = stacks.map((each) => each.backendText());
    const everything = [...files, ...stacks.flatMap(({ transcript }) => transcript)].join("\n");
    const states = [
      ...FIRST.map((name) => failed.of(name).recorded),
      ...HEALED_BY.flat().flatMap((name) => [created.of(name).recorded, pending.of(name).recorded]),
    ];
    const values = states.flatMap((recorded) => [recorded?.secret, recorded?.pendingSecret]).filter(Boolean);
    expect(values).toHaveLength(FIRST.length + 5 * 3);
    for (const value of values) {
      expect(String(value)).toMatch(/^mdb_sa_sk_/);
      expect(everything).not.toContain(String(value));
    }
    expect(files.join("\n")).not.toContain("why-we-rotate");
  });

  it("is verified after a refresh, which clears the engine's own note of the failure", () => {
    const [replaced = "", rotated = ""] = BY_REFRESH;
    expect(refreshed.code).toBe(0);
    for (const name of BY_REFRESH) {
      expect(refreshed.of(name).held).toEqual(pending.of(name).held);
      expect(refreshed.of(name).recorded).toMatchObject({ status: "pending-verification" });
    }
    expect(failedAfterRefresh.code).not.toBe(0);
    expect(failedAfterRefresh.of(replaced).recorded).toMatchObject({ status: "active" });
    expect(failedAfterRefresh.of(rotated).recorded).toMatchObject({ status: "pending-verification" });
    expect(afterRefresh.code).toBe(0);
    expectReplaced(replaced, failedAfterRefresh, afterRefresh);
    expectRotated(rotated, failedAfterRefresh, afterRefresh);
  });

  it("is verified by up --refresh, and the old one stays while that cannot verify it", () => {
    const [replaced = "", rotated = ""] = BY_BOTH;
    expect(failedBoth.code).not.toBe(0);
    for (const name of BY_BOTH) expect(failedBoth.of(name).held).toEqual(pending.of(name).held);
    expect(byBoth.code).toBe(0);
    expectReplaced(replaced, byBoth);
    expectRotated(rotated, byBoth);
  });
});

/** Of what is confidential in the state, what belongs to the resources that are looked at by themselves: the program's own copies and the explicit provider's included. */
const listOwn = (resources: readonly ExportedResource[]) =>
  listSealed(resources)
    .filter((found) => [...BY_REFRESH, "explicit"].some((name) => found.includes(name)))
    .sort();

describe("the exported state and the files of the backend", () => {
  const OF_A_SECRET = ["inputs triggers", "outputs issuedForTriggers", "outputs secret"];
  const of = (name: string, properties: readonly string[]) => properties.map((property) => `${name} ${property}`);
  const ALWAYS = [
    ...BY_REFRESH.flatMap((name) => of(name, OF_A_SECRET)),
    ...of("explicit", ["inputs mongodbatlas:clientSecret", "outputs mongodbatlas:clientSecret"]),
  ];
  /** The program's own outputs. */
  const OF_STACK = BY_REFRESH.map((name) => `engine-test-test outputs ${name}-secret`);
  const OF_CONSUMERS = BY_REFRESH.map((name) => `${name}-consumer inputs secret`);
  /** What is there besides as long as a new secret is not proven: the old one of the one, the pending one of the other. */
  const OF_PENDING = [
    ...of(`${SINGLE_SEALED} (old)`, OF_A_SECRET),
    ...of(ROTATING_SEALED, ["outputs pendingIssuedForTriggers", "outputs pendingSecret"]),
  ];

  it.each([
    { stage: "created", properties: [...ALWAYS, ...OF_STACK, ...OF_CONSUMERS] },
    { stage: "pending", properties: [...ALWAYS, ...OF_STACK, ...OF_CONSUMERS, ...OF_PENDING] },
    { stage: "refreshed", properties: [...ALWAYS, ...OF_STACK, ...OF_CONSUMERS, ...OF_PENDING] },
    { stage: "verified", properties: [...ALWAYS, ...OF_STACK, ...OF_CONSUMERS] },
  ] as const)("hold ciphertext where something is confidential: $stage", ({ stage, properties }) => {
    expect(listOwn(exported[stage])).toEqual([...properties].sort());
  });

  it("hold ciphertext alone, also after an adoption, after which nothing is to be done", async () => {
    const canaries = toCanaries();
    expect(findCanaries(JSON.stringify(shown), canaries)).toEqual(Object.keys(canaries));

    const adopting = refreshing.fork(({ type }) => !type.includes(":dynamic/"));
    stacks.push(adopting);
    const file = await writeImportFile(adopting.folder);
    await world.takeRequests();
    const flags = ["--generate-code=false", "--protect=false", "--skip-preview", "--yes", "--stack", "test"];
    const runs = [await adopting.run(["import", "--file", file, ...flags])];
    const imported = await adopting.resources();
    const program = { ...toProgram(...withTicket("second", BY_REFRESH)), consumers: false };
    runs.push(await adopting.up(program, "--expect-no-changes"));
    const adopted = await adopting.resources();
    for (const { code, text } of runs) expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    for (const resources of [imported, adopted]) expect(listOwn(resources)).toEqual([...ALWAYS, ...OF_STACK].sort());
    expect(await world.takeRequests()).toEqual([]);

    const texts = {
      exported: JSON.stringify([...Object.values(exported), imported, adopted]),
      first: refreshing.backendText(),
      second: adopting.backendText(),
    };
    for (const [place, text] of Object.entries(texts)) {
      expect(text).toContain(SECRET_SIGNATURE);
      expect([place, findCanaries(text, canaries)]).toEqual([place, []]);
    }
  });

  /** Every value that there is while the second secrets are pending, by what it is. */
  function toCanaries(): Record<string, string> {
    const values = BY_REFRESH.flatMap((name) => pending.of(name).resources)
      .flatMap(({ outputs }) => [outputs.secret, outputs.pendingSecret].filter((value) => value !== undefined))
      .map(String);
    expect(new Set(values).size).toBe(4);
    for (const value of values) expect(value).toMatch(/^mdb_sa_sk_/);
    return { ...Object.fromEntries(values.entries()), ...REASONS, administrator: DEMO_ADMIN_SECRET };
  }

  /** A file for `pulumi import` that brings both resources in as they are, with everything in clear. */
  async function writeImportFile(folder: string): Promise<string> {
    const resources = await refreshing.resources("--show-secrets");
    const own = resources.filter((resource) => BY_REFRESH.includes(toName(resource)));
    const file = {
      nameTable: { explicit: resources.find((resource) => toName(resource) === "explicit")?.urn },
      resources: own.map((resource) => {
        const { type, id, inputs, outputs } = resource;
        expect([inputs.__provider, outputs.__provider]).toEqual(
          Array(2).fill(expect.stringMatching(/^exports\.handler/)),
        );
        const name = toName(resource);
        return { type, name, id, inputs, outputs, ...(name === SINGLE_SEALED && { provider: "explicit" }) };
      }),
    };
    expect(file.resources).toHaveLength(2);
    const path = join(folder, "adopted.json");
    writeFileSync(path, JSON.stringify(file));
    return path;
  }
});
