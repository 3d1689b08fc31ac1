/**
 * What is said of the stack's own live secret when a creation finds both slots taken, in the ways in which the engine does not
 * tell the provider that it is recorded: following the text must never take it from its consumers.
 */
import { join } from "node:path";
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";

const ATLAS_SECRETS = join(__dirname, "../../cli/bin/atlas-secrets.cjs");

/** What would lead a person to delete it. */
const OFFERS = /deleteGroupSecret|mayRemove|exclusive|nobody knows|can go\b|killed run/;

/** The message of a full account, without what the engine prints of the changed inputs. */
function toRefusal(text: string): string {
  return /both slots are taken.*/.exec(text)?.[0] ?? "no refusal";
}

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

async function expectUp(...args: Parameters<World["stack"]["up"]>): Promise<void> {
  const { code, text } = await world.stack.up(...args);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
}

/** Runs the command of a message as it stands. */
async function remove(secretId: string, ...more: string[]) {
  const address = `${world.projectId}/${world.clientId}/${secretId}`;
  return world.stack.shell(
    ["node", `'${ATLAS_SECRETS}'`, "remove", address, "--all-stacks", "--yes", ...more].join(" "),
  );
}

describe("a secret that was replaced and whose consumer failed", () => {
  it("is never offered and never removed, by mayRemove neither; the text says what helps, and it does", async () => {
    await expectUp(world.program());
    const [a = ""] = await world.heldIds();
    const first = world.program({ triggers: { rotate: "1" } });
    expect((await world.stack.up({ ...first, failing: ["main"] })).code).not.toBe(0);
    const [, b = ""] = await world.heldIds();
    expect(await world.recorded()).toMatchObject({ secretId: b, supersedes: [a] });

    const again = { triggers: { rotate: "2" }, mayRemove: [a], exclusive: true };
    await world.takeRequests();
    const full = await world.stack.up(world.program(again));
    expect(full.code).not.toBe(0);
    expect(toOperations(await world.takeRequests())).not.toContain("deleteSecret");
    expect(full.text).toContain(`${a} (created`);
    expect(full.text).toContain("was replaced, waits for its deletion, and may be in use until then");
    expect(toRefusal(full.text)).not.toMatch(OFFERS);
    expect(await world.heldIds()).toEqual([a, b]);
    // A state records it: the command that looks refuses without the word of somebody who knows.
    await world.advance(11 * 60_000);
    expect((await remove(a)).code).toBe(2);
    expect(await world.heldIds()).toEqual([a, b]);

    // The way out of the text: undo the change, and let the consumer succeed.
    await expectUp(first);
    expect(await world.heldIds()).toEqual([b]);
    await expectUp(world.program(again));
    expect(await world.heldIds()).toHaveLength(1);
  });
});

describe("a recorded live secret that the engine does not tell of, with both slots taken", () => {
  const urnOf = (name: string) =>
    `urn:pulumi:test::engine-test::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::${name}`;
  const args = (changes = {}) => world.program(changes).secrets.main?.args ?? {};

  it.each([
    {
      name: "--replace",
      up: () => world.stack.up(world.program(), "--replace", urnOf("main")),
      healed: () => world.program(),
    },
    {
      name: "state taint",
      up: async () => {
        const taint = ["state", "taint", "--yes", "--stack", "test", urnOf("main")];
        expect(await world.stack.run(taint)).toMatchObject({ code: 0 });
        return world.stack.up(world.program());
      },
      healed: undefined,
    },
    {
      name: "a renamed resource",
      up: () => world.stack.up({ secrets: { renamed: { args: args() } } }),
      healed: () => ({ secrets: { renamed: { args: args(), options: { aliases: [{ name: "main" }] } } } }),
    },
    {
      name: "a swapped class",
      up: () => world.stack.up({ secrets: { main: { args: args(), class: "RotatingProjectServiceAccountSecret" } } }),
      healed: () => ({
        secrets: {
          main: {
            args: args(),
            class: "RotatingProjectServiceAccountSecret",
            options: { aliases: [{ type: "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret" }] },
          },
        },
      }),
    },
  ])("is called untracked after $name, and what the text offers leaves it in place", async ({ up, healed }) => {
    await expectUp(world.program());
    const [own = ""] = await world.heldIds();
    const { id: other } = await world.atlas.createForeignSecret(
      { ownerId: world.projectId, clientId: world.clientId },
      { hours: 720 },
    );
    const full = await up();
    expect(full.code).not.toBe(0);
    expect(full.text).toContain("both slots are taken");
    expect(full.text).toMatch(new RegExp(`${own} \\(created [^)]*\\) is untracked`));
    expect(full.text).toContain("aliases");
    expect(full.text).toContain(`'atlas-secrets remove ${world.projectId}/${world.clientId}/${own} --all-stacks'`);
    expect(toRefusal(full.text)).not.toMatch(OFFERS);

    await world.advance(11 * 60_000);
    const refused = await remove(own);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.text).toContain(`Secret ${own} was not deleted`);
    expect(await world.heldIds()).toEqual([own, other]);
    if (healed) {
      await expectUp(healed());
      expect(await world.heldIds()).toEqual([own, other]);
    }
    expect(await remove(other)).toMatchObject({ code: 0 });
    expect(await world.heldIds()).toEqual([own]);
  });
});
