/** A policy pack that throws while it is loaded, started in both ways: the command fails with its reason before anything is asked of Atlas. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { PACK_FOLDER, POLICY_PROGRAM, runProgram } from "../helpers/policy-pack.js";

const REASON = "the rules cannot be read";

let world: World;
let folder: string;

beforeAll(async () => {
  world = await createWorld(POLICY_PROGRAM);
  world.stack.useDistribution();
  folder = breakPack(join(world.stack.folder, "broken-pack"));
});
afterAll(closeWorlds);

/** The built pack with rules that throw when they are loaded, after everything that comes before them. */
function breakPack(target: string): string {
  mkdirSync(target);
  for (const name of ["bin", "dist", "package.json", "PulumiPolicy.yaml"]) {
    cpSync(join(PACK_FOLDER, name), join(target, name), { recursive: true });
  }
  symlinkSync(resolve(PACK_FOLDER, "../node_modules"), join(target, "node_modules"), "junction");
  writeFileSync(join(target, "dist/rules/index.js"), `throw new Error("${REASON}");\n`);
  return target;
}

it.each([
  { way: "an executable", pack: () => join(folder, "bin/atlas-secrets-policy.cjs") },
  { way: "a folder", pack: () => folder },
])(
  "a pack that throws as $way ends preview and up, and nothing is created",
  async ({ pack }) => {
    const { projectId, clientId, stack } = world;
    const program = { secrets: { main: { args: { projectId, clientId, secretExpiresAfterHours: 720 } } } };
    for (const command of ["preview", "up"] as const) {
      const skip = command === "up" ? ["--skip-preview"] : [];
      const { code, text } = await runProgram(stack, command, program, ["--policy-pack", pack(), ...skip]);
      expect(code).not.toBe(0);
      expect(text).toContain(REASON);
      expect(text).toContain(`policy pack "${pack()}" failed to start`);
    }
    expect(await world.takeRequests()).toEqual([]);
    // A command that waits for the pack for ever fails here; these take seconds.
  },
  60_000,
);
