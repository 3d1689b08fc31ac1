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

  it.each(["ProjectServiceAccountSecret", "RotatingProjectServiceAccountSecret"])(
    "keeps the secret of the old account until the one of the new account is verified: %s",
    async (className) => {
      await world.atlas.clearFaults();
      const names = ["from", "to"] as const;
      for (const name of names) await world.addAccount(name);
      const on = (name: string) => {
        const args = { projectId: world.projectId, clientId: world.clientIdOf(name), secretExpiresAfterHours: 720 };
        return { secrets: { moving: { args, class: className } } };
      };
      expect(await world.stack.up(on("from"))).toMatchObject({ code: 0 });
      const held = await world.heldIds("from");
      const match = { operation: "mint", clientId: world.clientIdOf("to") } as const;
      await world.atlas.addFault({ kind: "status", status: 500, body: { error: 500 }, match, times: "always" });
      for (const flags of [[], ["--refresh"]]) {
        const failed = await world.stack.up(on("to"), "--continue-on-error", ...flags);
        expect([failed.code === 0, await world.heldIds("from")]).toEqual([false, held]);
      }
      await world.atlas.clearFaults();
      expect(await world.stack.up(on("to"), "--continue-on-error")).toMatchObject({ code: 0 });
      expect([await world.heldIds("from"), (await world.heldIds("to")).length]).toEqual([[], 1]);
    },
  );
});
