/**
 * New secrets that cannot be verified: saved, reported, and healed, with the old ones kept until then. Many accounts go through their
 * lives in the same runs; where a life needs a command of its own, a fork of the stack goes on with it.
 */
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { forkWith, type Outcome, observe } from "../helpers/outcomes.js";
import type { DeclaredSecret, PulumiStack, TestProgram } from "../helpers/pulumi-stack.js";

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
const HEALED_BY = ["up", "refresh", "refreshing-up"].map((way) => [`replaced-${way}`, `rotated-${way}`]);

let world: World;
let stacks: PulumiStack[];
let replacing: PulumiStack;

/** What the runs left. */
let created: Outcome;
let failed: Outcome;
let destroyed: Outcome;
let movedAgain: Outcome;
let again: Outcome;
let healed: Outcome;
let moved: Outcome;

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
const withTicket = (ticket: string, names: readonly string[]) =>
  names.map((name) => {
    return name.startsWith("rotated")
      ? declare(name, { triggers: { secretReason: `why-we-rotate-${ticket}` } }, { class: ROTATING })
      : declare(name, { triggers: { ticket } });
  });

const movedOn = (suffix: "" | "-new") =>
  Object.entries(MOVED).map(([name, className]) =>
    declare(name, { clientId: world.clientIdOf(name + suffix) }, { class: className }),
  );

const toProgram = (...secrets: TestProgram["secrets"][]): TestProgram => ({ secrets: Object.assign({}, ...secrets) });

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
  const beforeTickets = withTicket("1", replaced);
  const create = toProgram(...beforeTickets, ...withTicket("1", [...CONTINUED, REFUSED]), ...movedOn(""));
  created = await observe(world, () => world.stack.up(create));

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
    ...withTicket("2", [...CONTINUED, REFUSED]),
    ...movedOn("-new"),
    ...beforeTickets,
  );
  failed = await observe(world, () => world.stack.up(fail, "--continue-on-error"));

  // Forks: one is destroyed like this; in another one what moves fails again, after a refresh.
  const destroying = fork(world.stack, ["destroyed"]);
  destroyed = await observe(world, () => destroying.destroy(), destroying);
  const moving = fork(world.stack, movedNames);
  const move = toProgram(...movedOn("-new"));
  movedAgain = await observe(world, () => moving.up(move, "--continue-on-error", "--refresh"), moving);

  // The others go on. Young ones may not be known everywhere; of this age a refusal is believed.
  const main = fork(world.stack, [...FIRST, "kept", REFUSED, ...replaced]);
  await world.atlas.advance(11 * MINUTE_MS);
  for (const stack of [main, moving]) stack.shiftClock(11 * MINUTE_MS);
  await breakMints("invalid", "always", INVALID_CLIENT);
  const options = { aliases: [{ type: `pulumi-nodejs:dynamic/atlas:${SINGLE}` }] };
  const heal = toProgram(
    ...["healed", "invalid", "undecided"].map((name) => first(name)),
    first("unverified", { verify: false }),
    declare("carried", {}, { class: ROTATING, options }),
    ...withTicket("2", ["kept", REFUSED]),
    ...beforeTickets,
  );
  again = await observe(world, () => main.up(heal, "--continue-on-error"), main);

  // Nothing fails any more.
  await world.atlas.clearFaults();
  healed = await observe(world, () => main.up(heal), main);
  moved = await observe(world, () => moving.up(move, "--continue-on-error"), moving);
  replacing = fork(main, replaced);
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
  let before: Outcome;
  let pending: Outcome;

  beforeAll(async () => {
    const names = HEALED_BY.flat();
    for (const name of names) await breakMints(name, 4);
    before = created;
    // The first failure ends the run: all have to be under way by then, on a machine with one core too.
    const program = toProgram(...withTicket("2", names));
    pending = await observe(world, () => replacing.up(program, "--parallel", "16"), replacing);
  });

  it.each(HEALED_BY.flat())("keeps the old secret beside the new one: %s", (name) => {
    const [old] = before.of(name).held;
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
    const [replaced = "", rotated = ""] = HEALED_BY[0] ?? [];
    const stack = fork(replacing, [replaced, rotated]);
    const result = await observe(world, () => stack.up(toProgram(...withTicket("2", [replaced, rotated]))), stack);
    expect(result.code).toBe(0);
    expectReplaced(replaced, result);
    expectRotated(rotated, result);

    const shown = await stack.run(["stack", "output", "--json", "--stack", "test"]);
    const { [`${rotated}-audit`]: audit } = JSON.parse(shown.stdout) as Record<string, Record<string, unknown>>;
    expect(audit).toMatchObject({ clientId: world.clientIdOf(rotated), status: "overlapping", generation: 2 });
    const files = stacks.map((each) => each.backendText());
    const everything = [...files, ...stacks.flatMap(({ transcript }) => transcript)].join("\n");
    const states = [
      ...FIRST.map((name) => failed.of(name).recorded),
      ...HEALED_BY.flat().flatMap((name) => [before.of(name).recorded, pending.of(name).recorded]),
    ];
    const values = states.flatMap((recorded) => [recorded?.secret, recorded?.pendingSecret]).filter(Boolean);
    expect(values).toHaveLength(FIRST.length + 5 * 3);
    for (const value of values) {
      expect(String(value)).toMatch(/^mdb_sa_sk_/);
      expect(everything).not.toContain(String(value));
    }
    expect(files.join("\n")).not.toContain("why-we-rotate");
  });

  it("is verified after a refresh, which clears the engine's own note of the failure", async () => {
    const [replaced = "", rotated = ""] = HEALED_BY[1] ?? [];
    const stack = fork(replacing, [replaced, rotated]);
    const program = toProgram(...withTicket("2", [replaced, rotated]));
    const refreshed = await observe(world, () => stack.refresh(), stack);
    expect(refreshed.code).toBe(0);
    for (const name of [replaced, rotated]) {
      expect(refreshed.of(name).held).toEqual(pending.of(name).held);
      expect(refreshed.of(name).recorded).toMatchObject({ status: "pending-verification" });
    }

    // One of them still fails, so that the run ends before it deletes anything.
    await breakMints(rotated, "always");
    const failing = await observe(world, () => stack.up(program), stack);
    expect(failing.code).not.toBe(0);
    expect(failing.of(replaced).recorded).toMatchObject({ status: "active" });
    expect(failing.of(rotated).recorded).toMatchObject({ status: "pending-verification" });
    await world.atlas.clearFaults();
    const result = await observe(world, () => stack.up(program), stack);
    expect(result.code).toBe(0);
    expectReplaced(replaced, failing, result);
    expectRotated(rotated, failing, result);
  });

  it("is verified by up --refresh, and the old one stays while that cannot verify it", async () => {
    const [replaced = "", rotated = ""] = HEALED_BY[2] ?? [];
    const stack = fork(replacing, [replaced, rotated]);
    const program = toProgram(...withTicket("2", [replaced, rotated]));
    for (const name of [replaced, rotated]) await breakMints(name, "always");
    const failing = await observe(world, () => stack.up(program, "--refresh"), stack);
    expect(failing.code).not.toBe(0);
    for (const name of [replaced, rotated]) expect(failing.of(name).held).toEqual(pending.of(name).held);
    await world.atlas.clearFaults();
    const result = await observe(world, () => stack.up(program, "--refresh"), stack);
    expect(result.code).toBe(0);
    expectReplaced(replaced, result);
    expectRotated(rotated, result);
  });
});
