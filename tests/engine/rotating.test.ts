/** A rotating resource whose consumer fails, on the real engine: the old secret is not taken from it. */
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

let world: World;

afterEach(closeWorlds);

/** The program with the one rotating secret `main`. */
function rotating(changes: Record<string, unknown> = {}, extra: Partial<TestProgram> = {}): TestProgram {
  const { args } = world.program(changes).secrets.main ?? { args: {} };
  return { ...extra, secrets: { main: { args, class: "RotatingProjectServiceAccountSecret" } } };
}

const rotated = { triggers: { ticket: "one" } };

async function expectUp(program: TestProgram): Promise<void> {
  const { code, text } = await world.stack.up(program);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
}

describe("a dependent that fails after a rotation", () => {
  it("finds the old secret there as long as it is used, and gets the new one when it works again", async () => {
    world = await createWorld();
    await expectUp(rotating());
    const first = await world.recorded();
    const failing = rotating(rotated, { failing: ["main"] });
    expect((await world.stack.up(failing)).code).not.toBe(0);
    const second = await world.recorded();
    expect(second).toMatchObject({ status: "overlapping", generation: 2 });
    expect((await world.stack.up(failing)).code).not.toBe(0);
    expect(await world.recorded()).toMatchObject({ generation: 2 });

    await world.advance(23 * HOUR_MS);
    expect(await world.signIn(first?.secret)).toBe(true);
    await world.advance(2 * HOUR_MS);
    expect((await world.stack.up(failing)).code).not.toBe(0);
    expect(await world.signIn(first?.secret)).toBe(true);
    expect(await world.heldIds()).toEqual([first?.secretId, second?.secretId]);
    await expectUp(rotating(rotated));
    expect(await world.signIn(first?.secret)).toBe(true);
    expect(await world.recorded()).toMatchObject({ generation: 2, previousSecretId: first?.secretId });
  });
});
