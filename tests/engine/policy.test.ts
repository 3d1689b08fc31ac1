/** The policy pack on the real engine: a program that passes, the same broken by one property for each rule, and when it stops. */
import { DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, toOperations, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import { readManifest } from "../helpers/packed-package.js";
import { listViolations, POLICY_PROGRAM, type PolicyProgram, runProgram, usePack } from "../helpers/policy-pack.js";

const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
const ORG_ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret";
const CONSUMER = "pulumi-nodejs:dynamic/test:Consumer";
const PLAINTEXT = "mdb_sa_sk_FAKE-policy-engine-canary-0000000000000001";

let world: World;

beforeEach(async () => {
  world = await createWorld(POLICY_PROGRAM);
});
afterEach(closeWorlds);

/** Arguments of a secret on an account of its own, or on that of another name. */
function toArgs(account: string, changes: Readonly<Record<string, unknown>> = {}) {
  return { projectId: world.projectId, clientId: world.clientIdOf(account), secretExpiresAfterHours: 720, ...changes };
}

async function addAccounts(...names: readonly string[]): Promise<void> {
  for (const name of names) await world.addAccount(name);
}

const rotating = (account: string) => ({
  type: ROTATING,
  args: { ...toArgs(account), rotateBeforeExpiryHours: 240, overlapHours: 24, verify: true },
});

/** A program that no rule complains about. */
function toGoodProgram(): PolicyProgram {
  return {
    secrets: {
      good: { args: toArgs("good") },
      rotating: { kind: "RotatingProjectServiceAccountSecret", args: toArgs("rotating") },
    },
    doubles: {
      consumer: { type: CONSUMER, args: { secret: { of: "good" }, url: "https://service.example" } },
    },
    outputs: { secret: { of: "good" }, note: "a plain text" },
  };
}

const NOTHING_BUT_A_CONSUMER: PolicyProgram = { doubles: { consumer: { type: CONSUMER, args: { url: "x" } } } };

describe("a program that keeps the rules", () => {
  it("passes preview and up with the pack, which sends nothing of its own", async () => {
    await addAccounts("good", "rotating");
    const flags = usePack(world.stack, {
      "account-not-allowed": {
        allowedProjects: [world.projectId],
        allowedClientIds: [world.clientIdOf("good"), world.clientIdOf("rotating")],
      },
    });
    const preview = await runProgram(world.stack, "preview", toGoodProgram(), flags);
    expect(listViolations(preview.text)).toEqual([]);
    expect(preview.text).toContain(`pulumi-atlas-secrets@v${readManifest("policy").version}`);
    expect(preview.code).toBe(0);
    expect(await world.takeRequests()).toEqual([]);
    const up = await runProgram(world.stack, "up", toGoodProgram(), flags);
    expect([listViolations(up.text), up.code]).toEqual([[], 0]);
    const operations = toOperations(await world.takeRequests());
    expect(operations.filter((operation) => operation === "createSecret")).toHaveLength(2);
    // Of both: a token of the provider's own, a look, the creation, the proof.
    expect(operations).toHaveLength(7);
    const kept = await runProgram(world.stack, "up", toGoodProgram(), [...flags, "--expect-no-changes"]);
    expect([listViolations(kept.text), kept.code]).toEqual([[], 0]);
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("programs broken by a single property", () => {
  it("are refused or warned about by the rule for it alone, and nothing is asked of Atlas", async () => {
    await addAccounts(
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
    );
    const good = toGoodProgram();
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
      outputs: { ...good.outputs, shown: PLAINTEXT },
    };
    const allowed = { allowedProjects: [world.projectId], allowedOrgs: [world.projectId] };
    const flags = usePack(world.stack, { "account-not-allowed": allowed });
    const preview = await runProgram(world.stack, "preview", program, [...flags, "--suppress-outputs"]);
    expect(listViolations(preview.text)).toEqual([
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
      "mandatory secret-in-plaintext engine-test-test",
      "mandatory secret-in-plaintext in-plaintext",
    ]);
    expect(preview.code).not.toBe(0);
    expect(findCanaries(preview.text, { PLAINTEXT })).toEqual([]);
    expect(await world.takeRequests()).toEqual([]);
  });

  it("are refused for settings of the provider: a credential in plaintext, a base URL elsewhere", async () => {
    const { stack } = world;
    await stack.config("mongodbatlas:clientSecret", DEMO_ADMIN_SECRET, "--plaintext");
    const inPlaintext = await runProgram(stack, "preview", NOTHING_BUT_A_CONSUMER, usePack(stack));
    expect(listViolations(inPlaintext.text)).toEqual(["mandatory credential-in-plaintext default"]);
    expect(inPlaintext.text).toContain("mongodbatlas:clientSecret is stored in plaintext in the stack configuration");
    expect(inPlaintext.code).not.toBe(0);

    await stack.config("mongodbatlas:clientSecret", DEMO_ADMIN_SECRET, "--secret");
    const encrypted = await runProgram(stack, "preview", NOTHING_BUT_A_CONSUMER, usePack(stack));
    expect([listViolations(encrypted.text), encrypted.code]).toEqual([[], 0]);

    await stack.config("mongodbatlas:baseUrl", "https://atlas.example");
    const configured = await runProgram(stack, "preview", NOTHING_BUT_A_CONSUMER, usePack(stack));
    expect(listViolations(configured.text)).toEqual(["mandatory base-url-not-atlas default"]);

    await stack.config("mongodbatlas:baseUrl", "https://cloud.mongodb.com");
    stack.setEnv({ MONGODB_ATLAS_BASE_URL: "https://atlas.example" });
    const overridden = await runProgram(stack, "preview", NOTHING_BUT_A_CONSUMER, usePack(stack));
    expect([listViolations(overridden.text), overridden.code]).toEqual([[], 0]);
    expect(findCanaries(stack.transcript.join("\n"), { DEMO_ADMIN_SECRET })).toEqual([]);
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("a lifetime that a preview does not know", () => {
  it("passes the preview, and stops the up that knows it before the secret is created", async () => {
    await addAccounts("good");
    const program: PolicyProgram = {
      doubles: { source: { type: CONSUMER, args: { later: 8760 } } },
      secrets: { good: { args: toArgs("good", { secretExpiresAfterHours: { laterOf: "source" } }) } },
    };
    const preview = await runProgram(world.stack, "preview", program, usePack(world.stack));
    expect([listViolations(preview.text), preview.code]).toEqual([[], 0]);
    const up = await runProgram(world.stack, "up", program, usePack(world.stack));
    expect(listViolations(up.text)).toEqual(["mandatory lifetime-too-long good"]);
    expect(up.code).not.toBe(0);
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("up with a violation", () => {
  it("stops after its preview, and without one before the secret is created", async () => {
    await addAccounts("good", "rotating");
    const good = toGoodProgram();
    const program = { ...good, secrets: { good: { args: toArgs("good", { secretExpiresAfterHours: 8760 }) } } };
    for (const flags of [[], ["--skip-preview"]]) {
      const up = await runProgram(world.stack, "up", program, [...usePack(world.stack), ...flags]);
      expect(up.code).not.toBe(0);
      expect(listViolations(up.text)).toEqual(["mandatory lifetime-too-long good"]);
      expect(await world.takeRequests()).toEqual([]);
    }
    expect(await world.heldIds("good")).toEqual([]);
  });

  it("goes on with one that the configuration lowers or switches off, and the configuration is checked", async () => {
    await addAccounts("good", "rotating");
    const good = toGoodProgram();
    const program = { ...good, secrets: { good: { args: toArgs("good", { secretExpiresAfterHours: 8760 }) } } };
    const preview = (config: Readonly<Record<string, unknown>>) =>
      runProgram(world.stack, "preview", program, usePack(world.stack, config));
    const lowered = await preview({ "lifetime-too-long": "advisory" });
    expect([listViolations(lowered.text), lowered.code]).toEqual([["advisory lifetime-too-long good"], 0]);
    const off = await preview({ "lifetime-too-long": { enforcementLevel: "disabled" } });
    expect([listViolations(off.text), off.code]).toEqual([[], 0]);
    const raised = await preview({ "lifetime-too-long": { maxHours: 8760 } });
    expect([listViolations(raised.text), raised.code]).toEqual([[], 0]);
    const wrong = await preview({ "lifetime-too-long": { maxHours: 9000 } });
    expect(wrong.code).not.toBe(0);
    expect(wrong.text).toContain("maxHours");
  });
});
