/** Resource hooks on the real engine: a retry sends one POST at most and goes on from what the last try saved; a hook that fails loses nothing. */
import { isAtLeast, parseVersion } from "../../cli/src/doctor/versions.js";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const CLASSES = { plain: "ProjectServiceAccountSecret", rotating: "RotatingProjectServiceAccountSecret" };
const NAMES = ["plain", "rotating"] as const;

let world: World;
/** Whether the engine goes on with a creation that saved something. Before 3.264 it would create once more, and is kept from it. */
let goesOn: boolean;

beforeAll(async () => {
  world = await createWorld();
  world.stack.useDistribution();
  const { stdout } = await world.stack.run(["version"]);
  goesOn = isAtLeast(parseVersion(stdout) ?? "", "3.264.0");
  for (const name of NAMES) await world.addAccount(name);
});
afterAll(closeWorlds);

/** Both resources; a failed try is repeated as often as that. */
function toProgram(retries: number, changes = {}, failingHooks: Partial<Record<string, string>> = {}): TestProgram {
  const { secrets } = world.programOf({ plain: changes, rotating: changes });
  const toDeclared = (name: string) => {
    const failingHook = failingHooks[name];
    const args = secrets[name]?.args ?? {};
    return { args, retries, class: CLASSES[name as "plain"], ...(failingHook !== undefined && { failingHook }) };
  };
  return { consumers: false, secrets: Object.fromEntries(NAMES.map((name) => [name, toDeclared(name)])) };
}

const refuse = (operation: "createSecret" | "mint", name: string, times: number) =>
  world.atlas.addFault({ kind: "status", status: 403, match: { operation, clientId: world.clientIdOf(name) }, times });

/** How each account's creations were answered since the last call. */
async function takePosts(): Promise<Record<string, unknown[]>> {
  const requests = (await world.takeRequests()).filter(({ operation }) => operation === "createSecret");
  const toStatuses = (name: string) =>
    requests.filter(({ clientId }) => clientId === world.clientIdOf(name)).map(({ status }) => status);
  return Object.fromEntries(NAMES.map((name) => [name, toStatuses(name)]));
}

/** Each account holds these, all of them recorded: the current one of the resource last, and it works. */
async function expectHeld(count: Record<(typeof NAMES)[number], number>): Promise<void> {
  const all = await world.recordedAll();
  for (const name of NAMES) {
    const recorded = all[name] ?? {};
    const ids = [recorded.previousSecretId, recorded.secretId].filter((id) => id !== undefined);
    expect([name, await world.heldIds(name)]).toEqual([name, ids]);
    expect(ids).toHaveLength(count[name]);
    expect(await world.signIn(recorded.secret, name)).toBe(true);
  }
}

describe("hooks.onError that asks for another try", () => {
  it("after a creation that could not be verified makes no second one", async () => {
    for (const name of NAMES) await refuse("mint", name, goesOn ? 2 : 1);
    const up = await world.stack.up(toProgram(2));
    expect({ goesOn: up.code === 0, text: up.text }).toEqual({
      goesOn,
      text: expect.stringContaining(
        goesOn ? "retrying create due to on-error hook request (2/100)" : "not verified yet",
      ),
    });
    if (!goesOn) expect(await world.stack.up(toProgram(2))).toMatchObject({ code: 0 });
    expect(await takePosts()).toEqual({ plain: [201], rotating: [201] });
    await expectHeld({ plain: 1, rotating: 1 });
  });

  it("in a rotation sends one POST a try, and none once the new secret is there; a hook that fails after that loses nothing", async () => {
    for (const name of NAMES) {
      await refuse("createSecret", name, 1);
      // What replaces the plain one is a creation.
      if (goesOn || name === "rotating") await refuse("mint", name, 1);
    }
    const rotated = { triggers: { ticket: "one" } };
    const failingHooks = { plain: "afterCreate", rotating: "afterUpdate" };
    const failed = await world.stack.up(toProgram(2, rotated, failingHooks), "--continue-on-error");
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("the hook fails as it was told");
    expect(await takePosts()).toEqual({ plain: goesOn ? [403, 201] : [403], rotating: [403, 201] });
    expect(await world.stack.up(toProgram(0, rotated))).toMatchObject({ code: 0 });
    expect(await takePosts()).toEqual({ plain: goesOn ? [] : [201], rotating: [] });
    await expectHeld({ plain: 1, rotating: 2 });
  });

  it("for ever is ended before the engine forgets what was saved, and the next up goes on with it", async () => {
    await refuse("mint", "rotating", 20);
    const again = { triggers: { ticket: "two" } };
    const failed = await world.stack.up(toProgram(1000, again));
    expect([failed.code === 0, (await world.recorded("rotating"))?.status]).toEqual([false, "pending-verification"]);
    expect(failed.text).not.toContain("(20/100)");
    expect(await world.stack.up(toProgram(1000, again))).toMatchObject({ code: 0 });
    expect(await takePosts()).toEqual({ plain: [201], rotating: [201] });
    await expectHeld({ plain: 1, rotating: 2 });
  });
});
