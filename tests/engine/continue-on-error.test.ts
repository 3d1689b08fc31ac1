/** `--continue-on-error`: the engine goes on after a secret that could not be verified, up to the deletion of what it replaces. */
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";

let world: World;
let old = "";

beforeEach(async () => {
  world = await createWorld();
  expect(await world.stack.up(world.program({ triggers: { a: "1" } }))).toMatchObject({ code: 0 });
  [old = ""] = await world.heldIds();
  const match = { operation: "mint", clientId: world.clientId } as const;
  const body = { error: 500, reason: "Fake" };
  await world.atlas.addFault({ kind: "status", status: 500, body, match, times: "always" });
});
afterEach(closeWorlds);

const rotate = () => world.stack.up(world.program({ triggers: { a: "2" } }), "--continue-on-error");

describe("an up with --continue-on-error", () => {
  it("keeps a replaced secret until its successor is verified, and deletes it then", async () => {
    for (const attempt of ["creation", "verification"]) {
      const { code, text } = await rotate();
      expect([attempt, code === 0]).toEqual([attempt, false]);
      expect(text).toContain(`secret ${old} stays, since`);
      expect(await world.heldIds()).toEqual([old, expect.any(String)]);
    }
    await world.atlas.clearFaults();
    expect(await rotate()).toMatchObject({ code: 0 });
    expect(await world.heldIds()).toEqual([expect.not.stringContaining(old)]);
    expect(await world.recorded()).toMatchObject({ status: "active" });
  });

  it("lets the stack be destroyed while the successor is not verified", async () => {
    expect((await rotate()).code).not.toBe(0);
    expect(await world.heldIds()).toHaveLength(2);
    expect(await world.stack.destroy()).toMatchObject({ code: 0 });
    expect(await world.heldIds()).toEqual([]);
  });
});
