/**
 * The options by which the engine drops a resource without asking its provider: `retainOnDelete`, and `deletedWith` a resource that
 * the same run deletes. Its secret lives on at Atlas; what the reference says of it, and of the way to it, is what happens here.
 */
import { join } from "node:path";
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { type Outcome, observe } from "../helpers/outcomes.js";
import type { DeclaredSecret, TestProgram } from "../helpers/pulumi-stack.js";

const BIN = join(__dirname, "../../cli/bin/atlas-secrets.cjs");
const REMOVAL_AGE_MS = 11 * 60_000;

/** Secrets with `retainOnDelete`, by what becomes of their resource. */
const RETAINED = ["destroyed", "undeclared", "replaced"];
/** A secret with `deletedWith` another one. */
const TAKEN = "taken";
const OTHER = "other";

let world: World;
let created: Outcome;
let changed: Outcome;
let full: Outcome;
let afterExpiry: Outcome;
let destroyed: Outcome;

function programOf(names: readonly string[], ticket: string): TestProgram {
  const declare = (name: string, changes: object, more: Partial<DeclaredSecret>) => {
    const { args = {} } = world.programOf({ [name]: { ...changes } }).secrets[name] ?? {};
    return [name, { args, ...more }];
  };
  const options = { retainOnDelete: true };
  const retained = names.map((name) => declare(name, name === "replaced" ? { triggers: { ticket } } : {}, { options }));
  const taken = declare(TAKEN, {}, { deletedWith: OTHER, consumer: false });
  return { secrets: Object.fromEntries([declare(OTHER, {}, { consumer: false }), taken, ...retained]) };
}

/** Ids of what no state records, as `audit` finds it. */
async function auditUnmanaged(): Promise<string[]> {
  // A younger one may belong to a run under way.
  await world.advance(REMOVAL_AGE_MS);
  const options = `--all-stacks --live --project ${world.projectId} --format json --fail-on never`;
  const { stdout, stderr } = await world.stack.shell(`node '${BIN}' audit ${options}`);
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; secretId: string }[] };
  return findings.filter(({ code }) => code === "unmanaged").map(({ secretId }) => secretId);
}

beforeAll(async () => {
  world = await createWorld();
  for (const name of [...RETAINED, TAKEN, OTHER]) await world.addAccount(name);
  const { stack } = world;
  created = await observe(world, () => stack.up(programOf(RETAINED, "1")));
  const declared = ["destroyed", "replaced"];
  changed = await observe(world, () => stack.up(programOf(declared, "2")));
  full = await observe(world, () => stack.up(programOf(declared, "3")));
  await world.advance(7 * 24 * HOUR_MS + REMOVAL_AGE_MS);
  afterExpiry = await observe(world, () => stack.up(programOf(declared, "3")));
  destroyed = await observe(world, () => stack.destroy());
});
afterAll(closeWorlds);

describe("a secret with retainOnDelete", () => {
  it("outlives destroy without a request or a word", async () => {
    const { held, recorded } = created.of("destroyed");
    expect([destroyed.code, await world.stack.secrets()]).toEqual([0, []]);
    for (const name of ["destroyed", "replaced"]) {
      expect(destroyed.of(name).requests).toEqual([]);
      for (const id of afterExpiry.of(name).held) expect(destroyed.text).not.toContain(id);
    }
    expect(destroyed.of("destroyed").held).toEqual(held);
    expect(await world.signIn(recorded?.secret, "destroyed")).toBe(true);
  });

  it("outlives its declaration too", () => {
    const { held, requests } = changed.of("undeclared");
    expect([changed.code, requests, held]).toEqual([0, [], created.of("undeclared").held]);
    expect(held).toHaveLength(1);
  });

  it("outlives its replacement, and holds a slot until it has expired", () => {
    const [first = ""] = created.of("replaced").held;
    expect(changed.of("replaced").held).toEqual([first, expect.any(String)]);
    expect(full.code).not.toBe(0);
    expect(full.text).toContain(`both slots are taken. ${first} (`);
    expect(afterExpiry.code).toBe(0);
    expect(afterExpiry.of("replaced").held).not.toContain(first);
  });
});

describe("a secret with deletedWith", () => {
  it("outlives a destroy that deletes the other resource, without a word", () => {
    const { held } = created.of(TAKEN);
    expect(held).toHaveLength(1);
    expect(destroyed.of(TAKEN).held).toEqual(held);
    expect(destroyed.text).not.toContain(String(held[0]));
    const deletions = destroyed.requests.filter(({ operation }) => operation === "deleteSecret");
    expect(deletions).toEqual([expect.objectContaining({ clientId: world.clientIdOf(OTHER), status: 204 })]);
    expect(destroyed.of(OTHER).held).toEqual([]);
  });
});

it("an audit finds all that was left behind, and remove deletes it", async () => {
  const left = [...RETAINED, TAKEN].flatMap((name) => destroyed.of(name).held);
  expect((await auditUnmanaged()).sort()).toEqual(left.sort());
  const { clientId, held } = created.of("undeclared");
  const path = `${world.projectId}/${clientId}/${held[0]}`;
  const result = await world.stack.shell(`node '${BIN}' remove ${path} --all-stacks --yes`);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" });
  expect(await world.heldIds("undeclared")).toEqual([]);
});
