/**
 * The policy pack on the real engine: when it sees a value in plaintext, a program that passes, the same broken by one property for each
 * rule, and when it stops. The chapters follow one another on one stack.
 */
import { DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import { readManifest } from "../helpers/packed-package.js";
import { listViolations, POLICY_PROGRAM, type PolicyProgram, runProgram, usePack } from "../helpers/policy-pack.js";

const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
const ORG_ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret";
const CONSUMER = "pulumi-nodejs:dynamic/test:Consumer";
const STACK_NAME = "engine-test-test";
const PLAINTEXT = "mdb_sa_sk_FAKE-policy-engine-canary-0000000000000001";

let world: World;

const ACCOUNTS = [
  "plain",
  "good",
  "rotating",
  "long",
  "narrow",
  "off",
  "unverified",
  "elsewhere",
  "first",
  "pair",
  "both",
  "two",
];

beforeAll(async () => {
  world = await createWorld(POLICY_PROGRAM);
  for (const name of ACCOUNTS) await world.addAccount(name);
});
afterAll(closeWorlds);

/** Arguments of a secret on an account of its own, or on that of another name. */
function toArgs(account: string, changes: Readonly<Record<string, unknown>> = {}) {
  return { projectId: world.projectId, clientId: world.clientIdOf(account), secretExpiresAfterHours: 720, ...changes };
}

const NOTHING_BUT_A_CONSUMER: PolicyProgram = { doubles: { consumer: { type: CONSUMER, args: { url: "x" } } } };

const rotating = (account: string) => ({
  type: ROTATING,
  args: { ...toArgs(account), rotateBeforeExpiryHours: 240, overlapHours: 24, verify: true },
});

const ENCRYPTED = { of: "plain" };
const UNSEALED = { of: "plain", plaintext: true };

/** One secret with a consumer; the consumer's password and the stack outputs as given. */
const toPlain = (password: unknown, outputs: PolicyProgram["outputs"] = {}): PolicyProgram => ({
  secrets: { plain: { args: toArgs("plain") } },
  doubles: { "consumer-of-plain": { type: CONSUMER, args: { password } } },
  outputs,
});

/** A program that no rule complains about, and more secrets and doubles beside. */
function toProgram(secrets: PolicyProgram["secrets"] = {}, doubles: PolicyProgram["doubles"] = {}): PolicyProgram {
  const plain = toPlain(ENCRYPTED);
  return {
    secrets: {
      ...plain.secrets,
      good: { args: toArgs("good") },
      rotating: { kind: "RotatingProjectServiceAccountSecret", args: toArgs("rotating") },
      ...secrets,
    },
    doubles: {
      ...plain.doubles,
      consumer: { type: CONSUMER, args: { secret: { of: "good" }, url: "https://service.example" } },
      ...doubles,
    },
    outputs: { secret: { of: "good" }, encrypted: ENCRYPTED, note: "a plain text" },
  };
}

/** What a run says before it is in earnest, and then. */
function splitUp(text: string): readonly [preview: string, update: string] {
  const [preview = "", ...update] = text.split("Updating (test):");
  return [preview, update.join("")];
}

/** Sets values of the stack's configuration, in plaintext or encrypted. */
async function configure(plaintext: Readonly<Record<string, string>>, secret: Readonly<Record<string, string>> = {}) {
  const toFlags = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `mongodbatlas:${key}=${value}`]);
  const flags = [...toFlags("--plaintext", plaintext), ...toFlags("--secret", secret)];
  expect(await world.stack.run(["config", "set-all", "--stack", "test", ...flags])).toMatchObject({ code: 0 });
}

describe("a value in plaintext", () => {
  it("is unknown to the preview of its creation, and stops the up before its consumer is created", async () => {
    const flags = [...usePack(world.stack), "--suppress-outputs"];
    const up = await runProgram(world.stack, "up", toPlain(UNSEALED), flags);
    const violations = splitUp(up.text).map(listViolations);
    expect(violations).toEqual([[], ["mandatory secret-in-plaintext consumer-of-plain"]]);
    expect(up.text).toContain("The input password holds the value of a secret in plaintext.");
    expect(up.code).not.toBe(0);
    const types = (world.stack.storedState().resources ?? []).map(({ type, outputs }) => [type, outputs?.status]);
    expect(types.filter(([type]) => type === CONSUMER)).toEqual([]);
    expect(types.map(([, status]) => status)).toContain("active");
  });

  it("is found at the end of an up that skips its preview, and by the analysis of the stack after that", async () => {
    // Without the outputs, which the CLI itself shows in plaintext when they are.
    const flags = [...usePack(world.stack), "--suppress-outputs", "--skip-preview"];
    const up = await runProgram(world.stack, "up", toPlain(ENCRYPTED, { shown: UNSEALED }), flags);
    expect(listViolations(up.text)).toEqual([`mandatory secret-in-plaintext ${STACK_NAME}`]);
    expect(up.code).not.toBe(0);
    const analysis = await world.stack.run(["policy", "analyze", "--stack", "test", ...usePack(world.stack)]);
    expect(listViolations(analysis.text)).toEqual([`mandatory secret-in-plaintext ${STACK_NAME}`]);
    expect(analysis.code).not.toBe(0);
  });
});

describe("a program that keeps the rules", () => {
  it("passes preview and up with the pack, which sends nothing of its own, once all is encrypted", async () => {
    await world.takeRequests();
    const flags = usePack(world.stack, {
      "account-not-allowed": {
        allowedProjects: [world.projectId],
        allowedClientIds: ["plain", "good", "rotating"].map(world.clientIdOf),
      },
    });
    // The CLI would show an output in plaintext that goes.
    const up = await runProgram(world.stack, "up", toProgram(), [...flags, "--suppress-outputs"]);
    expect([listViolations(up.text), up.code]).toEqual([[], 0]);
    for (const text of splitUp(up.text))
      expect(text).toContain(`pulumi-atlas-secrets@v${readManifest("policy").version}`);
    const operations = toOperations(await world.takeRequests());
    expect(operations.filter((operation) => operation === "createSecret")).toHaveLength(2);
    // Of both, and nothing of what was there: a token of the provider's own, a look, the creation, the proof.
    expect(operations).toHaveLength(7);
    const kept = await runProgram(world.stack, "up", toProgram(), [...flags, "--skip-preview", "--expect-no-changes"]);
    expect([listViolations(kept.text), kept.code]).toEqual([[], 0]);
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("programs broken by a single property", () => {
  it("are refused or warned about by the rule for it alone, and up stops after its preview", async () => {
    const good = toProgram();
    const program: PolicyProgram = {
      secrets: {
        ...good.secrets,
        long: { args: toArgs("long", { secretExpiresAfterHours: 721 }) },
        narrow: { args: toArgs("narrow", { rotateBeforeExpiryHours: 47 }) },
        off: { args: toArgs("off", { rotateBeforeExpiryHours: 0 }) },
        unverified: { args: toArgs("unverified", { verify: false }) },
        elsewhere: { args: toArgs("elsewhere", { projectId: "fedcba9876543210fedcba98" }) },
        first: { args: toArgs("first"), options: { deleteBeforeReplace: true } },
        "pair-a": { args: toArgs("pair") },
        "pair-b": { args: toArgs("pair") },
        "beside-rotating": { args: toArgs("both") },
      },
      doubles: {
        ...good.doubles,
        // Its value is known by now.
        "consumer-of-plain": { type: CONSUMER, args: { password: { list: [UNSEALED] } } },
        "consumer-of-first": { type: CONSUMER, args: { secret: { of: "first" } } },
        "rotating-beside": rotating("both"),
        "two-a": rotating("two"),
        "two-b": {
          ...rotating("two"),
          type: ORG_ROTATING,
          args: { ...rotating("two").args, projectId: undefined, orgId: world.projectId },
        },
        "in-plaintext": { type: CONSUMER, args: { secret: PLAINTEXT } },
      },
      outputs: { ...good.outputs, shown: PLAINTEXT, all: { shown: UNSEALED, hidden: ENCRYPTED } },
    };
    const allowed = { allowedProjects: [world.projectId], allowedOrgs: [world.projectId] };
    const flags = usePack(world.stack, { "account-not-allowed": allowed });
    const up = await runProgram(world.stack, "up", program, [...flags, "--suppress-outputs"]);
    expect(listViolations(up.text)).toEqual([
      "advisory account-shared pair-a",
      "advisory account-shared pair-b",
      "advisory deletes-before-replacement first",
      "advisory verification-off unverified",
      "mandatory account-crowded beside-rotating",
      "mandatory account-crowded rotating-beside",
      "mandatory account-crowded two-a",
      "mandatory account-crowded two-b",
      "mandatory account-not-allowed elsewhere",
      "mandatory lifetime-too-long long",
      "mandatory rotation-window-too-short narrow",
      "mandatory rotation-window-too-short off",
      "mandatory secret-in-plaintext consumer-of-plain",
      `mandatory secret-in-plaintext ${STACK_NAME}`,
      "mandatory secret-in-plaintext in-plaintext",
    ]);
    expect([up.code === 0, splitUp(up.text)[1]]).toEqual([false, ""]);
    expect(up.text).toContain("The input password.list[0] holds");
    expect(up.text).toContain("The stack output all.shown holds");
    expect(up.text).not.toContain("all.hidden");
    expect(findCanaries(up.text, { PLAINTEXT })).toEqual([]);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("pass the preview that does not know the lifetime, and stop an up without a preview, which knows it, before the secret is created", async () => {
    const program = toProgram(
      { long: { args: toArgs("long", { secretExpiresAfterHours: { laterOf: "source" } }) } },
      { source: { type: CONSUMER, args: { later: 8760 } } },
    );
    const preview = await runProgram(world.stack, "preview", program, usePack(world.stack));
    expect([preview.code, listViolations(preview.text)]).toEqual([0, []]);
    const up = await runProgram(world.stack, "up", program, [...usePack(world.stack), "--skip-preview"]);
    expect([up.code === 0, listViolations(up.text)]).toEqual([false, ["mandatory lifetime-too-long long"]]);
    expect(await world.takeRequests()).toEqual([]);
    expect(await world.heldIds("long")).toEqual([]);
  });
});

describe("settings of the provider", () => {
  it("are refused: a credential in plaintext, a base URL elsewhere", async () => {
    const { stack } = world;
    await configure({ clientSecret: DEMO_ADMIN_SECRET, baseUrl: "https://atlas.example" });
    const preview = await runProgram(stack, "preview", NOTHING_BUT_A_CONSUMER, usePack(stack));
    expect(listViolations(preview.text)).toEqual([
      "mandatory base-url-not-atlas default",
      "mandatory credential-in-plaintext default",
    ]);
    expect(preview.text).toContain("mongodbatlas:clientSecret is stored in plaintext in the stack configuration");
    expect(preview.code).not.toBe(0);
    expect(findCanaries(preview.text, { DEMO_ADMIN_SECRET })).toEqual([]);
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("the configuration of the pack", () => {
  const program = () =>
    toProgram({
      long: { args: toArgs("long", { secretExpiresAfterHours: 8760 }) },
      narrow: { args: toArgs("narrow", { rotateBeforeExpiryHours: 47 }) },
      unverified: { args: toArgs("unverified", { verify: false }) },
    });

  it("lowers a rule, switches one off and raises a limit; settings of the provider that are put right pass", async () => {
    const { stack } = world;
    await configure({ baseUrl: "https://cloud.mongodb.com" }, { clientSecret: DEMO_ADMIN_SECRET });
    stack.setEnv({ MONGODB_ATLAS_BASE_URL: "https://atlas.example" });
    const config = {
      "lifetime-too-long": { maxHours: 8760 },
      "rotation-window-too-short": "advisory",
      "verification-off": { enforcementLevel: "disabled" },
    };
    const preview = await runProgram(stack, "preview", program(), usePack(stack, config));
    expect([listViolations(preview.text), preview.code]).toEqual([["advisory rotation-window-too-short narrow"], 0]);
    expect(findCanaries(preview.text, { DEMO_ADMIN_SECRET })).toEqual([]);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("is checked", async () => {
    const config = { "lifetime-too-long": { maxHours: 9000 } };
    const wrong = await runProgram(world.stack, "preview", program(), usePack(world.stack, config));
    expect(wrong.code).not.toBe(0);
    expect(wrong.text).toContain("maxHours");
  });
});

it("no message of all these runs repeats the value that was in plaintext", async () => {
  const secret = String((await world.recorded("plain"))?.secret);
  expect(secret).toMatch(/^mdb_sa_sk_/);
  expect(findCanaries(world.stack.transcript.join("\n"), { secret })).toEqual([]);
});
