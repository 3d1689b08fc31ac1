/** What the pack sees of values in plaintext on the real engine: in preview, before a resource is touched, and at the end. */
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import { listViolations, POLICY_PROGRAM, type PolicyProgram, runProgram, usePack } from "../helpers/policy-pack.js";

const CONSUMER = "pulumi-nodejs:dynamic/test:Consumer";
const STACK_NAME = "engine-test-test";

let world: World;

beforeAll(async () => {
  world = await createWorld(POLICY_PROGRAM);
});
afterAll(closeWorlds);

/** A secret with a consumer; the consumer's arguments and the stack outputs as given. */
function toProgram(args: unknown, outputs: PolicyProgram["outputs"] = {}): PolicyProgram {
  const secretArgs = { projectId: world.projectId, clientId: world.clientId, secretExpiresAfterHours: 720 };
  return {
    secrets: { main: { args: secretArgs } },
    doubles: { consumer: { type: CONSUMER, args: { password: args } } },
    outputs,
  };
}

const ENCRYPTED = { of: "main" };
const PLAINTEXT = { of: "main", plaintext: true };

/** Without the outputs, which the CLI itself shows in plaintext when they are. */
const run = (command: "preview" | "up", program: PolicyProgram, ...flags: string[]) =>
  runProgram(world.stack, command, program, [...usePack(world.stack), "--suppress-outputs", ...flags]);

describe("a value in plaintext", () => {
  it("is unknown to the preview of its creation, and stops the up before its consumer is created", async () => {
    const up = await run("up", toProgram(PLAINTEXT));
    const [preview = "", update = ""] = up.text.split("Updating (test):");
    expect([preview, update].map(listViolations)).toEqual([[], ["mandatory secret-in-plaintext consumer"]]);
    expect(up.text).toContain("The input password holds the value of a secret in plaintext.");
    expect(up.code).not.toBe(0);
    const types = (world.stack.storedState().resources ?? []).map(({ type, outputs }) => [type, outputs?.status]);
    expect(types.filter(([type]) => type === CONSUMER)).toEqual([]);
    expect(types.map(([, status]) => status)).toContain("active");
  });

  it("is found at the end of an up that skips its preview, and by the analysis of the stack after that", async () => {
    const up = await run("up", toProgram(ENCRYPTED, { shown: PLAINTEXT }), "--skip-preview");
    expect(listViolations(up.text)).toEqual([`mandatory secret-in-plaintext ${STACK_NAME}`]);
    expect(up.code).not.toBe(0);
    const analysis = await world.stack.run(["policy", "analyze", "--stack", "test", ...usePack(world.stack)]);
    expect(listViolations(analysis.text)).toEqual([`mandatory secret-in-plaintext ${STACK_NAME}`]);
    expect(analysis.code).not.toBe(0);
  });

  it("is refused in a preview when the secret is known: as an input, as a stack output, deep inside one", async () => {
    const program = toProgram({ list: [PLAINTEXT] }, { all: { shown: PLAINTEXT, hidden: ENCRYPTED } });
    const preview = await run("preview", program);
    expect(listViolations(preview.text)).toEqual([
      "mandatory secret-in-plaintext consumer",
      `mandatory secret-in-plaintext ${STACK_NAME}`,
    ]);
    expect(preview.text).toContain("The input password.list[0] holds");
    expect(preview.text).toContain("The stack output all.shown holds");
    expect(preview.text).not.toContain("all.hidden");
    expect(preview.code).not.toBe(0);
  });

  it("passes once it is encrypted", async () => {
    const cured = await run("up", toProgram(ENCRYPTED, { secret: ENCRYPTED }), "--skip-preview");
    expect([listViolations(cured.text), cured.code]).toEqual([[], 0]);
  });

  it("is repeated by no message of all these runs", async () => {
    const secret = String((await world.recorded())?.secret);
    expect(secret).toMatch(/^mdb_sa_sk_/);
    expect(findCanaries(world.stack.transcript.join("\n"), { secret })).toEqual([]);
  });
});
