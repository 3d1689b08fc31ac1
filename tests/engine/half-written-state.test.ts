/** A backend of files whose last write was cut off, by a CLI that was killed: the guide's command brings back what was recorded. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";

const GUIDE = readFileSync(join(__dirname, "../../docs/guides/after-a-crash.md"), "utf8");
const ROTATED = { triggers: { ticket: "1" } };

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

it.each(["", ".attrs"])(
  "the state's file%s is empty: no command touches a secret, and the copy beside it is enough",
  async (end) => {
    const folder = join(world.stack.folder, "backend/.pulumi/stacks/engine-test");
    await world.stack.up(world.program());
    await world.stack.up(world.program(ROTATED));
    const held = await world.heldIds();
    await world.takeRequests();
    writeFileSync(join(folder, `test.json${end}`), "");
    const broken = await world.stack.up(world.program(ROTATED));
    expect([broken.code === 0, broken.text]).toEqual([false, expect.stringContaining("failed to load checkpoint")]);
    expect(await world.takeRequests()).toEqual([]);

    const command = /^cd BACKEND.+$/m.exec(GUIDE)?.[0] ?? "no command";
    const backend = join(world.stack.folder, "backend");
    const own = command.replace("BACKEND", backend).replace("PROJECT", "engine-test").replaceAll("STACK", "test");
    expect(await world.stack.shell(own)).toMatchObject({ code: 0, stderr: "" });
    const { code, text } = await world.stack.up(world.program(ROTATED), "--refresh");
    expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    const recorded = await world.recorded();
    expect(await world.heldIds()).toEqual(held);
    expect(held).toEqual([recorded?.secretId]);
    expect(await world.signIn(recorded?.secret)).toBe(true);
  },
);
