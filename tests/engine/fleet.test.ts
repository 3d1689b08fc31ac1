/** The example of a fleet as it stands: shards that run at the same time on one PostgreSQL server, against one throttled Atlas. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { HOUR_MS } from "../helpers/atlas.js";
import { dailyJob } from "../helpers/daily-job.js";
import { type PostgresServer, startPostgres } from "../helpers/postgres.js";
import { PulumiStack } from "../helpers/pulumi-stack.js";

const SHARDS = [0, 1, 2, 3];
const PROJECT_ID = "f".repeat(24);
const ACCOUNTS = 80;
/** Far less than the fleet would send by itself. */
const BUCKET = { capacity: 20, refill: 10, seconds: 1 };

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-fleet-"));
let atlas: Simulator;
let postgres: PostgresServer;
const stacks: PulumiStack[] = [];
/** Client ids by name. */
const clientIds: Record<string, string> = {};

beforeAll(async () => {
  // The simulator's usual limit of mints holds.
  atlas = await startCheckedSimulator({ switches: { rateLimits: BUCKET } });
  postgres = await startPostgres();
  const level = { level: "project", ownerId: PROJECT_ID } as const;
  const admin = await atlas.addAccount({ ...level, roles: ["GROUP_OWNER"], initialSecret: { hours: 8760 } });
  for (let index = 0; index < ACCOUNTS; index++)
    clientIds[`account-${index}`] = (await atlas.addAccount({ ...level })).clientId;
  const inventory = Object.entries(clientIds).map(([name, clientId], index) => {
    return { name, consumers: `team-${index % 2}`, projectId: PROJECT_ID, clientId };
  });
  const file = join(folder, "inventory.json");
  writeFileSync(file, JSON.stringify(inventory));
  const env = {
    PULUMI_BACKEND_URL: postgres.backendUrl,
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_CLIENT_ID: admin.clientId,
    MONGODB_ATLAS_CLIENT_SECRET: admin.secret?.value ?? "",
  };
  for (const shard of SHARDS) {
    const name = `shard-${shard}`;
    const stack = await PulumiStack.create({ env: { ...env, PULUMI_STACK: name }, example: "fleet", name });
    stacks.push(stack);
    const config = { shard, shards: SHARDS.length, inventory: file };
    const values = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    expect(await stack.run(["config", "set-all", "--stack", name, ...values])).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  for (const stack of stacks) stack.remove();
  await postgres.stop();
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a line of the shell in every shard at once. */
async function runAll(line: string) {
  return Promise.all(stacks.map((stack) => stack.shell(line)));
}

/** The current values of the whole fleet by account, from the outputs of all stacks. */
async function readValues(): Promise<Record<string, string>> {
  type Secrets = Record<string, Record<string, string>>;
  const outputs = await runAll("pulumi stack output secrets --show-secrets --json");
  const groups = outputs.flatMap(({ stdout }) => Object.values(JSON.parse(stdout) as Secrets));
  // No account is in two shards: none would be lost by the merge.
  expect(groups.flatMap((group) => Object.keys(group))).toHaveLength(ACCOUNTS);
  return Object.assign({}, ...groups) as Record<string, string>;
}

async function canSignIn(clientId: string, value: string | undefined): Promise<boolean> {
  const answer = await fetch(`${atlas.url}/api/oauth/token`, {
    method: "POST",
    headers: {
      accept: "application/json",
      authorization: `Basic ${Buffer.from(`${clientId}:${value}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  return answer.ok;
}

async function expectAllWork(values: Readonly<Record<string, string>>): Promise<void> {
  const failing = [];
  for (const [name, clientId] of Object.entries(clientIds))
    if (!(await canSignIn(clientId, values[name]))) failing.push(name);
  expect(failing).toEqual([]);
}

/** Requests since the last call that Atlas refused, by operation. */
async function takeRefused(): Promise<string[]> {
  const refused = (await atlas.requests()).filter(({ status }) => status !== null && status >= 400);
  await atlas.resetLog();
  return refused.map(({ operation, status }) => `${operation} ${status}`);
}

describe("examples/fleet", () => {
  let rotatedOnce: Record<string, string>;

  it("creates and rotates the secrets of all shards at once, and not one request fails but at the shared limit", async () => {
    const created = await runAll(dailyJob);
    expect(created.map(({ code, text }) => (code === 0 ? "" : text))).toEqual(SHARDS.map(() => ""));
    const first = await readValues();
    await expectAllWork(first);

    await atlas.advance(21 * 24 * HOUR_MS);
    for (const stack of stacks) stack.shiftClock(21 * 24 * HOUR_MS);
    const rotated = await runAll(dailyJob);
    expect(rotated.map(({ code, text }) => (code === 0 ? "" : text))).toEqual(SHARDS.map(() => ""));
    const second = await readValues();
    rotatedOnce = second;
    expect(Object.keys(clientIds).filter((name) => first[name] === second[name])).toEqual([]);
    await expectAllWork(second);
    const refused = await takeRefused();
    expect(refused.filter((found) => !/^(createSecret|getAccount|listAccounts) 429$/.test(found))).toEqual([]);
  });

  it("rotates by the operator's run all but the account that cannot be read", async () => {
    await atlas.advance(21 * 24 * HOUR_MS);
    for (const stack of stacks) stack.shiftClock(21 * 24 * HOUR_MS);
    const broken = "account-7";
    const match = { clientId: clientIds[broken] ?? "" };
    const body = { error: 403, errorCode: "ACCESS_FORBIDDEN", reason: "Forbidden", detail: "Fake." };
    for (const operation of ["getAccount", "createSecret", "deleteSecret"] as const)
      await atlas.addFault({ kind: "status", status: 403, body, match: { ...match, operation }, times: "always" });
    await atlas.setSwitches({ listHoldsSecrets: false, rateLimits: true });
    const results = await runAll("pulumi up --refresh --continue-on-error --yes --skip-preview --non-interactive");
    expect(results.filter(({ text }) => text.includes(match.clientId))).toHaveLength(1);
    const after = await readValues();
    expect(Object.keys(clientIds).filter((name) => rotatedOnce[name] === after[name])).toEqual([broken]);
    await expectAllWork(after);
  });
});
