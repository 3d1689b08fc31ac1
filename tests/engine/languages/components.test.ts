/** A component in one language that holds our resource, used by a program in another: the engine asks the component's own process for it. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, HOUR_MS, toOperations } from "../../helpers/atlas.js";
import { defineMissing, describeEach, INSTALLED, prepareAll, removeBuilt } from "../../helpers/languages.js";
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

describeEach(
  PYTHON.length === 0 ? [] : CASES,
  "a component in $component used from $program",
  ({ component, program, runtime }) => {
    it("creates, keeps, rotates and destroys its secrets, which are encrypted on their way to the program", async () => {
      const both = join(folder, program);
      cpSync(join(COMPONENTS, program, "program"), both, { recursive: true });
      cpSync(join(COMPONENTS, component, "component"), join(both, "component"), { recursive: true });
      const { env } = [...prepareAll(PYTHON).values()][0] ?? { env: {} };
      const world = await createWorld(both, env, { runtime: `${runtime}${PLUGIN}` });
      await world.addAccount("kept");
      const account = (name: string) => ({ projectId: DEMO_PROJECT_ID, clientId: world.clientIdOf(name) });
      const args = {
        backend: { ...account("main"), secretExpiresAfterHours: 720 },
        kept: { ...account("kept"), secretExpiresAfterHours: 8760 },
      };
      const up = async () => {
        const { code, text } = await world.stack.up(args as unknown as TestProgram);
        expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
        return { text, requests: await world.takeRequests(), recorded: await world.recordedAll() };
      };
      const first = await up();
      expect(toOperations(first.requests)).toContain("createSecret");
      expect(first.recorded["backend-secret"]).toMatchObject({ status: "active", generation: 1 });
      await world.advance(481 * HOUR_MS);
      const second = await up();
      expect(second.recorded["backend-secret"]).toMatchObject({ status: "overlapping", generation: 2 });
      // The stack, both components, and the other's secret.
      expect(second.text).toMatch(/~ 1 updated\s+4 unchanged/);
      expect(second.requests.filter(({ clientId }) => clientId === world.clientIdOf("kept"))).toEqual([]);
      expect(second.recorded["kept-secret"]).toEqual(first.recorded["kept-secret"]);
      const ciphertext = expect.objectContaining({ ciphertext: expect.any(String) as string }) as object;
      const stack = world.stack.storedState().resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
      expect(stack?.outputs).toEqual({ backend: ciphertext, kept: ciphertext });
      const values = [first, second].flatMap(({ recorded }) => Object.values(recorded).map(({ secret }) => secret));
      expect(new Set(values).size).toBe(3);
      const shown = [world.stack.backendText(), ...world.stack.transcript].join("\n");
      for (const value of values) expect(shown).not.toContain(value);
      expect((await world.stack.destroy()).code).toBe(0);
      for (const name of ["main", "kept"]) expect(await world.heldIds(name)).toEqual([]);
    });
  },
);
