/** A component in one language that holds our resource, used by a program in another: the engine asks the component's own process for it. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, HOUR_MS, toOperations } from "../../helpers/atlas.js";
import { defineMissing, INSTALLED, prepareAll, removeBuilt } from "../../helpers/languages.js";
import type { TestProgram } from "../../helpers/pulumi-stack.js";

const COMPONENTS = resolve(__dirname, "components");
const PLUGIN = "\nplugins:\n  providers:\n    - name: shop\n      path: ./component";

const CASES = [
  { component: "javascript", program: "python", runtime: "python" },
  { component: "python", program: "javascript", runtime: "{ name: nodejs, options: { typescript: false } }" },
];
const PYTHON = INSTALLED.filter(({ name }) => name === "Python");

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-components-"));
afterEach(closeWorlds);
afterAll(() => {
  removeBuilt();
  rmSync(folder, { recursive: true, force: true });
});

defineMissing();

describe.each(PYTHON.length === 0 ? [] : CASES)(
  "a component in $component used from $program",
  ({ component, program, runtime }) => {
    it("creates, keeps, rotates and destroys its secret, which is encrypted on its way to the program", async () => {
      const both = join(folder, program);
      cpSync(join(COMPONENTS, program, "program"), both, { recursive: true });
      cpSync(join(COMPONENTS, component, "component"), join(both, "component"), { recursive: true });
      const { env } = [...prepareAll(PYTHON).values()][0] ?? { env: {} };
      const world = await createWorld(both, env, { runtime: `${runtime}${PLUGIN}` });
      const args = { projectId: DEMO_PROJECT_ID, clientId: world.clientId, secretExpiresAfterHours: 720 };
      const up = async (...flags: string[]) => {
        const { code, text } = await world.stack.up(args as unknown as TestProgram, ...flags);
        expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
      };
      await up();
      expect(toOperations(await world.takeRequests())).toContain("createSecret");
      const first = await world.recorded("backend-secret");
      expect(first).toMatchObject({ status: "active", generation: 1 });
      await up("--expect-no-changes");
      expect(await world.takeRequests()).toEqual([]);
      await world.advance(481 * HOUR_MS);
      await up();
      const second = await world.recorded("backend-secret");
      expect(second).toMatchObject({ status: "overlapping", generation: 2 });
      const shown = await world.stack.run(["stack", "output", "--json", "--stack", "test"]);
      expect(JSON.parse(shown.stdout)).toEqual({ secret: "[secret]" });
      for (const value of [first?.secret, second?.secret]) {
        expect([world.stack.backendText(), ...world.stack.transcript].join("\n")).not.toContain(String(value));
      }
      expect((await world.stack.destroy()).code).toBe(0);
      expect(await world.heldIds()).toEqual([]);
    });
  },
);
