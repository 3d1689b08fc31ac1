/** The examples as they stand, on the real CLI against a simulated Atlas: what their READMEs say is what happens. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type Simulator,
} from "pulumi-atlas-secrets-simulator";
import { parse } from "yaml";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { HOUR_MS } from "../helpers/atlas.js";
import { dailyJob } from "../helpers/daily-job.js";
import { type CliResult, PulumiStack } from "../helpers/pulumi-stack.js";

const DAY_MS = 24 * HOUR_MS;
const EXAMPLES = join(__dirname, "../../examples");

let atlas: Simulator;
let stack: PulumiStack;

beforeEach(async () => {
  atlas = await startCheckedSimulator();
});
afterEach(async () => {
  stack.remove();
  await atlas.close();
});

interface Audit {
  readonly status: string;
  readonly secretId: string;
  readonly generation: number;
  readonly previousSecretId?: string;
}

async function open(
  example: string,
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  stack = await PulumiStack.create({ env: { MONGODB_ATLAS_BASE_URL: atlas.url, ...env }, example });
  for (const [key, value] of Object.entries(config)) {
    await stack.config(key, value, ...(/Secret$/.test(key) ? ["--secret"] : []));
  }
}

const ADMINISTRATOR = {
  MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
  MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
};

/** `pulumi up`, which has to succeed. */
async function up(): Promise<CliResult> {
  const result = await stack.run(["up", "--yes", "--skip-preview", "--stack", "test"]);
  if (result.code !== 0) throw new Error(result.text);
  return result;
}

/** The audit output as anybody sees it, without `--show-secrets`. */
async function audit<T = Audit>(): Promise<T> {
  return JSON.parse((await stack.run(["stack", "output", "audit", "--json", "--stack", "test"])).stdout) as T;
}

async function advance(ms: number): Promise<void> {
  await atlas.advance(ms);
  stack.shiftClock(ms);
}

async function heldIds(clientId: string): Promise<string[]> {
  const { accounts } = await atlas.inventory();
  return accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id) ?? [];
}

async function readOutput(name: string): Promise<string> {
  return (await stack.shell(`pulumi stack output ${name} --show-secrets --stack test`)).stdout.trim();
}

/** Whether a service account can sign in with the value. */
async function canSignIn(clientId: string, value: string): Promise<boolean> {
  const answer = await fetch(`${atlas.url}/api/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${value}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  return answer.ok;
}

describe("examples/rotating", () => {
  it("rotates when it is due, keeps the previous secret for the overlap, and audits without a value", async () => {
    const { clientId } = await atlas.addAccount();
    await open("rotating", { projectId: DEMO_PROJECT_ID, clientId }, ADMINISTRATOR);
    await up();
    const first = await audit();
    const value = await readOutput("secret");
    expect(first).toMatchObject({ status: "active", generation: 1 });
    expect(JSON.stringify(first)).not.toContain(value);

    await advance(21 * DAY_MS);
    await up();
    expect(await audit()).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: first.secretId });
    expect(await canSignIn(clientId, value)).toBe(true);
    expect(await canSignIn(clientId, await readOutput("secret"))).toBe(true);

    // The sign-in above is after the delivery: whoever uses the previous one keeps it.
    await advance(25 * HOUR_MS);
    expect((await up()).text).toContain(`previous secret ${first.secretId}`);
    await advance(6 * DAY_MS);
    await up();
    const last = await audit();
    expect(last.status).toBe("active");
    expect(await heldIds(clientId)).toEqual([last.secretId]);
  });
});

describe("examples/self-rotation", () => {
  it("rotates the credential that it signs in with, without a failed run, and deletes it only once it is replaced", async () => {
    const own = await atlas.addAccount({ roles: ["GROUP_OWNER"], initialSecret: { hours: 720 } });
    const { clientId, secret: { id: initialId = "", value: initial = "" } = {} } = own;
    const settings = {
      projectId: DEMO_PROJECT_ID,
      "mongodbatlas:clientId": clientId,
      "mongodbatlas:clientSecret": initial,
    };
    await open("self-rotation", settings);
    const chain = /^pulumi stack output clientSecret .*$/m.exec(
      readFileSync(join(EXAMPLES, "self-rotation/README.md"), "utf8"),
    );
    const storeCredential = async () => {
      const { code, text } = await stack.shell(String(chain?.[0]));
      if (code !== 0) throw new Error(text);
    };
    await up();
    const first = await audit();
    expect((await heldIds(clientId)).sort()).toEqual([initialId, first.secretId].sort());
    await storeCredential();

    // The initial one has expired by now: its slot is free for the next.
    await advance(21 * DAY_MS);
    await up();
    expect(await audit()).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: first.secretId });

    await advance(25 * HOUR_MS);
    expect((await up()).text).toMatch(/the credential is still the old one.*Update it where it is kept/i);
    expect(await heldIds(clientId)).toContain(first.secretId);

    await storeCredential();
    await advance(7 * DAY_MS);
    await up();
    const last = await audit();
    expect(last.status).toBe("active");
    expect(await heldIds(clientId)).toEqual([last.secretId]);
    expect(stack.transcript.join("\n")).not.toContain(await readOutput("clientSecret"));
  });

  it("is led back by the command of its README when its credential has expired, and loses no secret", async () => {
    const own = await atlas.addAccount({ roles: ["GROUP_OWNER"], initialSecret: { hours: 720 } });
    const { clientId, secret: { id: initialId = "", value: initial = "" } = {} } = own;
    await open("self-rotation", {
      projectId: DEMO_PROJECT_ID,
      "mongodbatlas:clientId": clientId,
      "mongodbatlas:clientSecret": initial,
    });
    await up();
    await advance(31 * DAY_MS);
    const failed = await stack.run(["up", "--yes", "--skip-preview", "--stack", "test"]);
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("401 invalid_client");

    // As a person does it at Atlas, where both slots are taken by expired ones.
    await atlas.deleteSecret(initialId);
    const value = "mdb_sa_sk_FAKE-made-by-hand-not-a-real-secret-0001";
    const { id: madeByHand } = await atlas.createForeignSecret(
      { clientId, ownerId: DEMO_PROJECT_ID },
      { value, hours: 720 },
    );
    const readme = readFileSync(join(EXAMPLES, "self-rotation/README.md"), "utf8");
    const [back] = /^pulumi config set --secret mongodbatlas:clientSecret && pulumi up$/m.exec(readme) ?? [];
    const { code, text } = await stack.shell(`printf %s '${value}' | ${back} --yes --skip-preview`);
    expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    const { secretId, status } = await audit();
    expect([status, await heldIds(clientId)]).toEqual(["active", [madeByHand, secretId]]);
    for (const works of [value, await readOutput("clientSecret")]) expect(await canSignIn(clientId, works)).toBe(true);
  });
});

describe("examples/two-organizations", () => {
  it("manages secrets of both, each with the credential of its own", async () => {
    const orgIds = { first: "a".repeat(24), second: "b".repeat(24) };
    const accounts: Record<string, string> = {};
    const config: Record<string, string> = {};
    for (const [name, ownerId] of Object.entries(orgIds)) {
      const owner = { level: "organization", ownerId } as const;
      const admin = await atlas.addAccount({ ...owner, roles: ["ORG_OWNER"], initialSecret: true });
      const { clientId } = await atlas.addAccount(owner);
      accounts[name] = clientId;
      Object.assign(config, {
        [`${name}OrgId`]: ownerId,
        [`${name}AdminClientId`]: admin.clientId,
        [`${name}AdminClientSecret`]: admin.secret?.value ?? "",
        [`${name}ClientId`]: clientId,
      });
    }
    await open("two-organizations", config);
    await up();
    const records = await audit<readonly (Audit & { orgId: string; clientId: string })[]>();
    expect(records).toMatchObject(
      Object.entries(orgIds).map(([name, orgId]) => ({ orgId, clientId: accounts[name], status: "active" })),
    );
    for (const { clientId, secretId } of records) expect(await heldIds(clientId)).toEqual([secretId]);
    expect(stack.backendText()).not.toContain(String(config.firstAdminClientSecret));
  });
});

interface Workflow {
  readonly jobs: {
    readonly rotate: {
      readonly env: Readonly<Record<string, string>>;
      readonly steps: readonly { readonly run?: string }[];
    };
  };
}

describe("examples/github-actions-schedule", () => {
  const workflow = readFileSync(join(EXAMPLES, "github-actions-schedule/.github/workflows/rotate.yml"), "utf8");
  const { env, steps } = (parse(workflow) as Workflow).jobs.rotate;
  const commands = steps.flatMap(({ run = "" }) => (run.includes("pulumi ") ? run : []));

  it("needs nothing but the environment that it names, and its commands rotate what is due", async () => {
    expect(commands).toEqual([dailyJob, expect.stringContaining("output audit")]);
    expect(Object.keys(env)).toEqual([
      "PULUMI_STACK",
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "MONGODB_ATLAS_CLIENT_ID",
      "MONGODB_ATLAS_CLIENT_SECRET",
    ]);
    const { clientId } = await atlas.addAccount();
    const config = { projectId: DEMO_PROJECT_ID, clientId };
    await open("github-actions-schedule", config, { ...ADMINISTRATOR, PULUMI_STACK: "test" });
    const runAll = async () => {
      const results: CliResult[] = [];
      for (const command of commands) results.push(await stack.shell(command));
      for (const { code, text } of results) if (code !== 0) throw new Error(text);
      return JSON.parse(results.at(-1)?.stdout ?? "") as Audit;
    };
    const first = await runAll();
    expect(first).toMatchObject({ status: "active", generation: 1 });
    // Somebody deletes it: only a run that looks can know.
    await advance(HOUR_MS);
    await atlas.deleteSecret(first.secretId);
    const second = await runAll();
    expect(second).toMatchObject({ status: "active", generation: 2 });
    expect(await heldIds(clientId)).toEqual([second.secretId]);
  });
});
