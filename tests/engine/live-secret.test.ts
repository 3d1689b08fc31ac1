/**
 * What is said of the stack's own live secret when a creation finds both slots taken: one that was replaced and whose consumer failed, and
 * those of which the engine does not tell the provider that they are recorded. Following the text must never take one from its consumers.
 * All five meet a full account in one run.
 */
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { forkWith, type Outcome, observe } from "../helpers/outcomes.js";
import { untilFound } from "../helpers/poll.js";
import type { DeclaredSecret, PulumiStack } from "../helpers/pulumi-stack.js";

const ATLAS_SECRETS = join(__dirname, "../../cli/bin/atlas-secrets.cjs");

/** What would lead a person to delete it. */
const OFFERS = /deleteGroupSecret|mayRemove|exclusive|nobody knows|can go\b|killed run/;

const SINGLE = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
const ROTATING = "RotatingProjectServiceAccountSecret";

/** Resources of which the engine does not tell that they are recorded, by what is done to them; each on the account of its name. */
const UNTOLD = ["replaced", "tainted", "renamed", "swapped"];
const NAMES = ["main", ...UNTOLD];

let world: World;
/** With all but the tainted one, which stays tainted. */
let healing: PulumiStack;

let created: Outcome;
let consumerFailed: Outcome;
let full: Outcome;
/** Ids of secrets that somebody else made, by account. */
const others: Record<string, string> = {};

const urnOf = (name: string) => `urn:pulumi:test::engine-test::${SINGLE}::${name}`;

function declare(name: string, changes: object = {}, more: Partial<DeclaredSecret> = {}): DeclaredSecret {
  const { args = {} } = world.programOf({ [name]: { ...changes } }).secrets[name] ?? {};
  return { args, ...more };
}

/** As they are from the beginning. */
const declareAll = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, declare(name)]));

const onceReplaced = () => declare("main", { triggers: { rotate: "1" } });
const twiceReplaced = () => {
  const permissions = { mayRemove: created.of("main").held, exclusive: true };
  return declare("main", { triggers: { rotate: "2" }, ...permissions });
};

/** The message of a full account, without what the engine prints of the changed inputs. */
function refusalOf(name: string): string {
  const lines = full.text.split("\n").filter((line) => line.includes(world.clientIdOf(name)));
  return lines.map((line) => /both slots are taken.*/.exec(line)?.[0]).find(Boolean) ?? "no refusal";
}

/** Runs the command of a message as it stands. */
async function remove(name: string, secretId: string, stack: PulumiStack) {
  const address = `${world.projectId}/${world.clientIdOf(name)}/${secretId}`;
  return stack.shell(`node '${ATLAS_SECRETS}' remove ${address} --all-stacks --yes`);
}

beforeAll(async () => {
  world = await createWorld();
  // Where lists show no secrets each account is read by itself.
  await world.atlas.setSwitches({ listHoldsSecrets: false });
  for (const name of UNTOLD) await world.addAccount(name);
  const { stack, projectId: ownerId } = world;
  created = await observe(world, () => stack.up({ secrets: declareAll(NAMES) }));
  const consumerFails = { secrets: { ...declareAll(UNTOLD), main: onceReplaced() }, failing: ["main"] };
  consumerFailed = await observe(world, () => stack.up(consumerFails));

  for (const name of UNTOLD) {
    const account = { ownerId, clientId: world.clientIdOf(name) };
    others[name] = (await world.atlas.createForeignSecret(account, { hours: 720 })).id;
  }
  const taint = ["state", "taint", "--yes", "--stack", "test", urnOf("tainted")];
  expect(await stack.run(taint)).toMatchObject({ code: 0 });
  // The first refusal ends the run: all creations have to be under way by then.
  for (const name of NAMES) {
    const match = { operation: "getAccount", clientId: world.clientIdOf(name) } as const;
    await world.atlas.addFault({ kind: "hold", stage: "before", match });
  }
  const { renamed, swapped, ...unchanged } = declareAll(UNTOLD);
  const secrets = {
    ...unchanged,
    main: twiceReplaced(),
    another: declare("renamed"),
    swapped: declare("swapped", {}, { class: ROTATING }),
  };
  full = await observe(world, async () => {
    const run = stack.up({ secrets }, "--replace", urnOf("replaced"), "--parallel", "16");
    await untilFound(async () => ((await world.atlas.held()).length === NAMES.length ? true : undefined));
    await world.atlas.releaseHeld();
    return run;
  });
  await world.advance(11 * 60_000);
  healing = forkWith(
    stack,
    NAMES.filter((name) => name !== "tainted"),
  );
});
afterAll(async () => {
  healing.remove();
  await closeWorlds();
});

it("a run in which accounts are full fails and deletes nothing", () => {
  expect([created.code, consumerFailed.code === 0, full.code === 0]).toEqual([0, false, false]);
  expect(full.requests.filter(({ operation }) => operation === "deleteSecret")).toEqual([]);
});

it("a secret that was replaced and whose consumer failed is never offered, by mayRemove neither; the text says what helps", () => {
  const [a] = created.of("main").held;
  const [, b] = consumerFailed.of("main").held;
  expect(consumerFailed.of("main").recorded).toMatchObject({ secretId: b, supersedes: [a] });
  expect(full.text).toContain(`${a} (created`);
  expect(refusalOf("main")).toContain("was replaced, waits for its deletion, and may be in use until then");
  expect(refusalOf("main")).not.toMatch(OFFERS);
  expect(full.of("main").held).toEqual([a, b]);
});

it.each(UNTOLD)(
  "a recorded secret of which the engine does not tell is called untracked, and is not offered: %s",
  (name) => {
    const [own] = created.of(name).held;
    const refusal = refusalOf(name);
    expect(refusal).toMatch(new RegExp(`${own} \\(created [^)]*\\) is untracked`));
    expect(refusal).toContain("aliases");
    const command = `'atlas-secrets remove ${world.projectId}/${world.clientIdOf(name)}/${own} --all-stacks'`;
    expect(refusal).toContain(command);
    expect(refusal).not.toMatch(OFFERS);
    expect(full.of(name).held).toEqual([own, others[name]]);
  },
);

it.each(NAMES)("the command that looks at the states refuses to remove it: %s", async (name) => {
  const [own = ""] = created.of(name).held;
  const refused = await remove(name, own, world.stack);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.text).toContain(`Secret ${own} was not deleted`);
  expect(await world.heldIds(name)).toEqual(full.of(name).held);
});

it("the ways out work: the change undone and the consumer mended, no --replace, and aliases", async () => {
  const secrets = {
    main: onceReplaced(),
    replaced: declare("replaced"),
    another: declare("renamed", {}, { options: { aliases: [{ name: "renamed" }] } }),
    swapped: declare("swapped", {}, { class: ROTATING, options: { aliases: [{ type: SINGLE }] } }),
  };
  const healed = await observe(world, () => healing.up({ secrets }), healing);
  expect([healed.code, healed.code === 0 ? "" : healed.text]).toEqual([0, ""]);
  expect(healed.of("main").held).toEqual(full.of("main").held.slice(1));
  for (const name of ["replaced", "renamed", "swapped"]) expect(healed.of(name).held).toEqual(full.of(name).held);
});

it.each(UNTOLD)("what the text offers to remove is what somebody else made: %s", async (name) => {
  const stack = name === "tainted" ? world.stack : healing;
  expect(await remove(name, String(others[name]), stack)).toMatchObject({ code: 0 });
  expect(await world.heldIds(name)).toEqual(created.of(name).held);
});

it("a secret whose consumer was mended can be replaced again", async () => {
  const secrets = { main: twiceReplaced() };
  const only = forkWith(healing, ["main"]);
  const outcome = await observe(world, () => only.up({ secrets }), only);
  expect(outcome.code).toBe(0);
  expect(outcome.of("main").held).toHaveLength(1);
  only.remove();
});
