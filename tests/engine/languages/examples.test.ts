/** examples/python and examples/go as they stand, on the real CLI: Go is built as its host builds it. */
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type Simulator,
} from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../../contract/checked-simulator.js";
import { toOperations } from "../../helpers/atlas.js";
import {
  createPythonEnvironment,
  defineMissing,
  describeEach,
  goEnvironment,
  INSTALLED,
  interpreterOf,
  removeBuilt,
} from "../../helpers/languages.js";
import { type CliResult, PulumiStack } from "../../helpers/pulumi-stack.js";

const EXAMPLES = [
  {
    language: "Python",
    example: "python",
    toEnv: () => ({ PULUMI_PYTHON_CMD: interpreterOf(createPythonEnvironment()) }),
  },
  { language: "Go", example: "go", toEnv: goEnvironment },
].filter(({ language }) => INSTALLED.some(({ name }) => name === language));

let atlas: Simulator;
let stack: PulumiStack;

beforeAll(async () => {
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null } });
});
afterAll(async () => {
  await atlas.close();
  removeBuilt();
});

defineMissing();

async function run(...args: string[]): Promise<CliResult> {
  const result = await stack.run([...args, "--stack", "test"]);
  expect([result.code, result.code === 0 ? "" : result.text]).toEqual([0, ""]);
  return result;
}

describeEach(EXAMPLES, "examples/$example", ({ example, toEnv }) => {
  afterEach(() => stack.remove());

  it("creates a secret that its consumer signs in with, replaces it, and deletes the old one last", async () => {
    const { clientId } = await atlas.addAccount();
    const credential = {
      MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
      MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
    };
    const env = { MONGODB_ATLAS_BASE_URL: atlas.url, ...credential, ...toEnv() };
    stack = await PulumiStack.create({ env, example });
    const takeOperations = async () => {
      const requests = await atlas.requests();
      await atlas.resetLog();
      return toOperations(requests.filter((request) => request.clientId === clientId));
    };
    const heldIds = async () => {
      const { accounts } = await atlas.inventory();
      return accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id);
    };
    const up = ["up", "--yes", "--skip-preview", "--config"];
    await run(...up, `projectId=${DEMO_PROJECT_ID}`, "--config", `clientId=${clientId}`);
    // Its verification, and the consumer.
    expect(await takeOperations()).toEqual(["getAccount", "createSecret", "mint", "mint"]);
    const first = await heldIds();

    await run(...up, "secretExpiresAfterHours=240");
    expect(await takeOperations()).toEqual(["getAccount", "createSecret", "mint", "mint", "deleteSecret"]);
    const { audit, secret } = JSON.parse((await run("stack", "output", "--json")).stdout) as Record<string, unknown>;
    const { secretId } = audit as { secretId: string };
    expect(audit).toMatchObject({ name: "backend", clientId, status: "active" });
    expect(await heldIds()).toEqual([secretId]);
    expect(first).not.toContain(secretId);
    expect(secret).toBe("[secret]");
    await run("destroy", "--yes", "--skip-preview");
    expect(await heldIds()).toEqual([]);
  });
});
