/**
 * The examples, copied out of the repository, on the real CLI against a simulated Atlas: they install from the packed package, compile
 * by their own settings, and what their READMEs say is what happens.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
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
import { EXAMPLES, ExampleCopies, run } from "./examples/copies.js";

const DAY_MS = 24 * HOUR_MS;

/** Those that are brought up here: the CLI checks the types of a program. */
const BROUGHT_UP = ["basic", "rotating", "self-rotation", "two-organizations", "github-actions-schedule"] as const;

/** The others in TypeScript; programs in other languages are copied out by the tests of the languages. */
const COMPILED = readdirSync(EXAMPLES).filter(
  (name) => existsSync(join(EXAMPLES, name, "index.ts")) && !(BROUGHT_UP as readonly string[]).includes(name),
);

let copies: ExampleCopies;
/** Of the example that is under test. */
let atlas: Simulator;
let stack: PulumiStack;

beforeAll(async () => {
  copies = await ExampleCopies.open();
});
afterAll(() => copies.close());

interface Audit {
  readonly status: string;
  readonly secretId: string;
  readonly generation: number;
  readonly previousSecretId?: string;
}

const ADMINISTRATOR = {
  MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
  MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
};

/** Gives the tests of an example a server and a stack; `toConfig` makes what it needs on the server, and says the stack's configuration. */
function useExample(
  example: (typeof BROUGHT_UP)[number],
  toConfig: () => Promise<Readonly<Record<string, string>>>,
  env: Readonly<Record<string, string>> = {},
): void {
  beforeAll(async () => {
    atlas = await startCheckedSimulator();
    const config = Object.entries(await toConfig());
    const copy = await copies.copyOut(example);
    stack = await PulumiStack.create({ env: { MONGODB_ATLAS_BASE_URL: atlas.url, ...env }, example: copy });
    const toFlag = (key: string) => (/Secret$/.test(key) ? "--secret" : "--plaintext");
    const flags = config.flatMap(([key, value]) => [toFlag(key), `${key}=${value}`]);
    expect(await stack.run(["config", "set-all", "--stack", "test", ...flags])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    stack.remove();
    await atlas.close();
  });
}

/** `pulumi up`, which has to succeed. */
async function up(...flags: string[]): Promise<CliResult> {
  const result = await stack.run(["up", "--yes", "--stack", "test", ...flags]);
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

/** All outputs in plaintext. */
async function readOutputs<T>(): Promise<T & { audit: Audit }> {
  const { stdout } = await stack.shell("pulumi stack output --json --show-secrets --stack test");
  return JSON.parse(stdout) as T & { audit: Audit };
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

describe.each(COMPILED)("examples/%s", (name) => {
  it("compiles by its own settings where it was copied to", async () => {
    const copy = await copies.copyOut(name);
    await run(process.execPath, [join(copy, "node_modules/typescript/bin/tsc"), "--project", copy], copy);
  });
});

describe("examples/basic", () => {
  let clientId = "";
  useExample(
    "basic",
    async () => {
      ({ clientId } = await atlas.addAccount());
      return { projectId: DEMO_PROJECT_ID, clientId };
    },
    ADMINISTRATOR,
  );

  it("previews and comes up", async () => {
    await up();
    expect(await heldIds(clientId)).toHaveLength(1);
  });
});

describe("examples/rotating", () => {
  let clientId = "";
  useExample(
    "rotating",
    async () => {
      ({ clientId } = await atlas.addAccount());
      return { projectId: DEMO_PROJECT_ID, clientId };
    },
    ADMINISTRATOR,
  );

  it("rotates when it is due, keeps the previous secret for the overlap, and audits without a value", async () => {
    await up("--skip-preview");
    const first = await audit();
    const { secret: value } = await readOutputs<{ secret: string }>();
    expect(first).toMatchObject({ status: "active", generation: 1 });
    expect(JSON.stringify(first)).not.toContain(value);

    await advance(21 * DAY_MS);
    await up("--skip-preview");
    const { audit: second, secret } = await readOutputs<{ secret: string }>();
    expect(second).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: first.secretId });
    for (const works of [value, secret]) expect(await canSignIn(clientId, works)).toBe(true);

    await advance(2 * DAY_MS);
    await up("--skip-preview");
    const last = await audit();
    expect(last.status).toBe("active");
    expect(await heldIds(clientId)).toEqual([last.secretId]);
  });
});

describe("examples/self-rotation", () => {
  const readme = readFileSync(join(EXAMPLES, "self-rotation/README.md"), "utf8");
  let clientId = "";
  let initialId = "";
  let firstId = "";
  useExample("self-rotation", async () => {
    const own = await atlas.addAccount({ roles: ["GROUP_OWNER"], initialSecret: { hours: 720 } });
    clientId = own.clientId;
    initialId = own.secret?.id ?? "";
    return {
      projectId: DEMO_PROJECT_ID,
      "mongodbatlas:clientId": clientId,
      "mongodbatlas:clientSecret": own.secret?.value ?? "",
    };
  });

  it("is led back by the command of its README when its credential has expired, and loses no secret", async () => {
    await up("--skip-preview");
    expect(await heldIds(clientId)).toEqual([initialId, (await audit()).secretId]);
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
    const [back] = /^pulumi config set --secret mongodbatlas:clientSecret && pulumi up$/m.exec(readme) ?? [];
    const { code, text } = await stack.shell(`printf %s '${value}' | ${back} --yes --skip-preview`);
    expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    const { audit: recovered, clientSecret } = await readOutputs<{ clientSecret: string }>();
    firstId = recovered.secretId;
    expect([recovered.status, await heldIds(clientId)]).toEqual(["active", [madeByHand, firstId]]);
    for (const works of [value, clientSecret]) expect(await canSignIn(clientId, works)).toBe(true);
  });

  it("rotates the credential that it signs in with, without a failed run, and deletes it only once it is replaced", async () => {
    const [chain] = /^pulumi stack output clientSecret .*$/m.exec(readme) ?? [];
    const storeCredential = async () => {
      const { code, text } = await stack.shell(String(chain));
      if (code !== 0) throw new Error(text);
    };
    await storeCredential();

    // The one that it was set up with has expired by now: its slot is free for the next.
    await advance(21 * DAY_MS);
    await up("--skip-preview");
    expect(await audit()).toMatchObject({ status: "overlapping", previousSecretId: firstId });

    await advance(25 * HOUR_MS);
    expect((await up("--skip-preview")).text).toMatch(
      /the credential is still the old one.*Update it where it is kept/i,
    );
    expect(await heldIds(clientId)).toContain(firstId);

    await storeCredential();
    await advance(7 * DAY_MS);
    await up("--skip-preview");
    const { audit: last, clientSecret } = await readOutputs<{ clientSecret: string }>();
    expect(last.status).toBe("active");
    expect(await heldIds(clientId)).toEqual([last.secretId]);
    expect(stack.transcript.join("\n")).not.toContain(clientSecret);
  });
});

describe("examples/two-organizations", () => {
  const orgIds = { first: "a".repeat(24), second: "b".repeat(24) };
  const accounts: Record<string, string> = {};
  let adminSecret = "";
  useExample("two-organizations", async () => {
    const config: Record<string, string> = {};
    for (const [name, ownerId] of Object.entries(orgIds)) {
      const owner = { level: "organization", ownerId } as const;
      const admin = await atlas.addAccount({ ...owner, roles: ["ORG_OWNER"], initialSecret: true });
      const { clientId } = await atlas.addAccount(owner);
      accounts[name] = clientId;
      adminSecret = admin.secret?.value ?? "";
      Object.assign(config, {
        [`${name}OrgId`]: ownerId,
        [`${name}AdminClientId`]: admin.clientId,
        [`${name}AdminClientSecret`]: adminSecret,
        [`${name}ClientId`]: clientId,
      });
    }
    return config;
  });

  it("manages secrets of both, each with the credential of its own", async () => {
    await up("--skip-preview");
    const records = await audit<readonly (Audit & { orgId: string; clientId: string })[]>();
    expect(records).toMatchObject(
      Object.entries(orgIds).map(([name, orgId]) => ({ orgId, clientId: accounts[name], status: "active" })),
    );
    for (const { clientId, secretId } of records) expect(await heldIds(clientId)).toEqual([secretId]);
    expect(stack.backendText()).not.toContain(adminSecret);
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
  const commands = steps.flatMap(({ run: line = "" }) => (line.includes("pulumi ") ? line : []));
  let clientId = "";
  useExample(
    "github-actions-schedule",
    async () => {
      ({ clientId } = await atlas.addAccount());
      return { projectId: DEMO_PROJECT_ID, clientId };
    },
    { ...ADMINISTRATOR, PULUMI_STACK: "test" },
  );

  it("needs nothing but the environment that it names, and its commands rotate what is due", async () => {
    expect(commands).toEqual([dailyJob, expect.stringContaining("output audit")]);
    expect(Object.keys(env)).toEqual([
      "PULUMI_STACK",
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "MONGODB_ATLAS_CLIENT_ID",
      "MONGODB_ATLAS_CLIENT_SECRET",
    ]);
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
