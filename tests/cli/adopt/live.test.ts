/** `atlas-secrets adopt` where it asks Atlas: for times that a source lacks, on request, and to prove a value. Reads only. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_SECRET, DEMO_PROJECT_ID, type SeededAccount } from "pulumi-atlas-secrets-simulator";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { adminEnvironment, HOUR_MS, toOperations } from "../../helpers/atlas.js";
import { findCanaries } from "../../helpers/canaries.js";
import { createWorkplace, type RunOptions, type Workplace } from "../helpers/captured-run.js";
import { TERRAFORM_STATE } from "../helpers/recorded.js";

const VALUE = "mdb_sa_sk_pipedFakeValueOfTheTests-0000-AAAA-bcde";
const OTHER = "mdb_sa_sk_anotherFakeValueOfTheTests-1111-BBB-fghi";

let atlas: CheckedSimulator;
let account: SeededAccount;
let secretId: string;
let place: Workplace;

beforeEach(async () => {
  atlas = await startCheckedSimulator({ startAt: "2026-03-01T08:00:00Z", switches: { mintLimitPerMinute: null } });
  account = await atlas.addAccount({ level: "project", ownerId: DEMO_PROJECT_ID });
  secretId = (await atlas.createForeignSecret(account, { hours: 720, value: VALUE })).id;
  await atlas.advance(HOUR_MS);
  place = createWorkplace();
});
afterEach(async () => {
  place.remove();
  await atlas.close();
  expect(findCanaries(place.printed.join("\n"), { VALUE, OTHER, admin: DEMO_ADMIN_SECRET })).toEqual([]);
});

async function adopt(args: readonly string[], options: RunOptions = {}) {
  const nowMs = Date.parse(await atlas.now());
  return place.run(["adopt", ...args], { env: adminEnvironment(atlas), nowMs, ...options });
}

function pipe(more: readonly string[] = [], stdin = `${VALUE}\n`) {
  const address = `${account.ownerId}/${account.clientId}/${secretId}`;
  return adopt(["--piped", address, "--name", "backend", ...more], { stdin });
}

function readOnly() {
  const { resources } = JSON.parse(readFileSync(join(place.folder, "adopted-secrets.json"), "utf8")) as {
    resources: { name: string; inputs: Record<string, unknown>; outputs: Record<string, unknown> }[];
  };
  expect(resources).toHaveLength(1);
  return resources[0];
}

async function takeOperations(): Promise<string[]> {
  const operations = toOperations(await atlas.requests());
  await atlas.resetLog();
  return operations;
}

/** A state of Terraform with the account's secret, attributes changed. */
function toState(changes: Readonly<Record<string, unknown>>): string {
  const state = JSON.parse(readFileSync(TERRAFORM_STATE, "utf8")) as {
    resources: { instances: { attributes: object }[] }[];
  };
  const [only] = state.resources;
  const [first] = only?.instances ?? [];
  const ids = { project_id: account.ownerId, client_id: account.clientId, secret_id: secretId, secret: VALUE };
  const instances = [{ ...first, attributes: { ...first?.attributes, ...ids, ...changes } }];
  return JSON.stringify({ ...state, resources: [{ ...only, instances }] });
}

describe("adopt, a piped value", () => {
  it("takes times and mask from one look at the account", async () => {
    expect((await pipe()).code).toBe(0);
    expect(await takeOperations()).toEqual(["mint", "getAccount"]);
    const adopted = readOnly();
    expect(adopted).toMatchObject({
      name: "backend",
      inputs: { clientId: account.clientId, secretExpiresAfterHours: 720 },
      outputs: {
        secret: { plaintext: JSON.stringify(VALUE) },
        createdAt: "2026-03-01T08:00:00Z",
        expiresAt: "2026-03-31T08:00:00Z",
        maskedSecretValue: `mdb_sa_sk_...${VALUE.slice(-4)}`,
      },
    });
    expect(adopted?.outputs).not.toHaveProperty("verifiedAt");
  });

  it("comes with word of what may still declare it", async () => {
    const { stdout } = await pipe();
    expect(stdout).toContain("if a program or Terraform declares it, give that as a source too");
  });

  it("is proven first when that is asked for, and the time of the proof is recorded", async () => {
    expect((await pipe(["--verify"])).code).toBe(0);
    expect(await takeOperations()).toEqual(["mint", "getAccount", "mint"]);
    expect(readOnly()?.outputs).toMatchObject({ verifiedAt: "2026-03-01T09:00:00Z" });
  });

  it("of an organization's service account becomes the class for those", async () => {
    account = await atlas.addAccount({ level: "organization" });
    secretId = (await atlas.createForeignSecret(account, { hours: 720, value: VALUE })).id;
    expect((await pipe(["--organization", account.ownerId, "--rotating", "--verify"])).code).toBe(0);
    expect(readOnly()).toMatchObject({
      type: "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret",
      id: `${account.ownerId}/${account.clientId}`,
      inputs: { orgId: account.ownerId },
    });
  });

  it("gets the lifetime that the program will ask for by --hours", async () => {
    await pipe(["--hours", "1000"]);
    expect(readOnly()).toMatchObject({
      inputs: { secretExpiresAfterHours: 1000 },
      outputs: { rotateBeforeExpiryHours: 333, secretExpiresAfterHours: 1000, grantedHours: 720 },
    });
  });

  it.each([
    {
      name: "that ends otherwise than Atlas shows",
      value: OTHER,
      more: [],
      says: /is not that secret's: its last four characters differ/,
    },
    {
      name: "that has the end and is not valid",
      value: `${OTHER.slice(0, -4)}${VALUE.slice(-4)}`,
      more: ["--verify"],
      says: /is not valid with the value given/,
    },
  ])("$name is refused, and nothing is written", async ({ value, more, says }) => {
    const { code, stdout, stderr } = await pipe(more, value);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(place.files()).toEqual([]);
  });

  it("of a secret that the account does not hold is refused with what it holds", async () => {
    const held = secretId;
    secretId = "aaaaaaaaaaaaaaaaaaaaaaa1";
    const { code, stderr } = await pipe();
    expect(code).toBe(2);
    expect(stderr).toContain(`holds no secret ${secretId}: it holds ${held}`);
  });
});

describe("adopt, a state of Terraform", () => {
  it("is enough by itself: nothing is asked", async () => {
    const stdin = toState({ created_at: "2026-03-01T08:00:00Z", expires_at: "2026-03-31T08:00:00Z" });
    expect((await adopt(["-"], { stdin, env: {} })).code).toBe(0);
    expect(await takeOperations()).toEqual([]);
  });

  it("without times is completed by Atlas", async () => {
    const stdin = toState({ created_at: null, expires_at: null });
    expect((await adopt(["-"], { stdin })).code).toBe(0);
    expect(await takeOperations()).toEqual(["mint", "getAccount"]);
    expect(readOnly()?.outputs).toMatchObject({ createdAt: "2026-03-01T08:00:00Z", expiresAt: "2026-03-31T08:00:00Z" });
  });

  it("is corrected by Atlas with --live: a shortened expiry, the last use", async () => {
    await atlas.createForeignSecret(account, { hours: 720 });
    await atlas.setLastUsed(secretId, "2026-03-01T08:30:00Z");
    const stdin = toState({ created_at: "2026-03-01T08:00:00Z", expires_at: "2026-03-31T08:00:00Z" });
    expect((await adopt(["-", "--live"], { stdin })).code).toBe(0);
    expect(readOnly()?.outputs).toMatchObject({
      expiresAt: "2026-03-08T09:00:00Z",
      lastUsedAt: "2026-03-01T08:30:00Z",
      grantedHours: 169,
    });
  });
});

describe("adopt, a value that is piped beside a state in which it is null", () => {
  const imported = { secret: null, created_at: "2026-03-01T08:00:00Z", expires_at: "2026-03-31T08:00:00Z" };
  const pipeBeside = async (value: string, more: readonly string[] = []) => {
    writeFileSync(join(place.folder, "state.json"), toState(imported));
    return pipe(["state.json", ...more], value);
  };

  it("is that of the imported secret: one resource, and Terraform forgets its own", async () => {
    const { code, stdout } = await pipeBeside(VALUE);
    expect(code).toBe(0);
    expect(await takeOperations()).toEqual(["mint", "getAccount"]);
    expect(readOnly()).toMatchObject({ name: "backend", outputs: { secret: { plaintext: JSON.stringify(VALUE) } } });
    expect(stdout).toContain("from = mongodbatlas_project_service_account_secret.s\n");
    expect(stdout).not.toContain("is from a pipe");
  });

  it("is taken by the command that the list of what is not adopted prints", async () => {
    writeFileSync(join(place.folder, "state.json"), toState(imported));
    const { stderr } = await adopt(["state.json"]);
    const [, command = ""] = /atlas-secrets adopt ([^']+)'/.exec(stderr) ?? [];
    const { code, stdout } = await adopt(command.split(" "), { stdin: `${VALUE}\n` });
    expect(code).toBe(0);
    expect(readOnly()).toMatchObject({ name: "s-0", outputs: { secret: { plaintext: JSON.stringify(VALUE) } } });
    expect(stdout).toContain("from = mongodbatlas_project_service_account_secret.s\n");
  });

  it("is refused when Atlas shows another one's end, although the state tells everything else", async () => {
    const { code, stderr } = await pipeBeside(OTHER);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not that secret's: its last four characters differ/);
    expect(place.files()).toEqual(["state.json"]);
  });

  it("brings word of the account's other secret, which only Atlas knows", async () => {
    const { id } = await atlas.createForeignSecret(account, { hours: 720, value: OTHER });
    const { stdout } = await pipeBeside(VALUE);
    expect(stdout).toContain(`also holds ${id} beside backend`);
    expect(readOnly()?.outputs).toMatchObject({ expiresAt: "2026-03-08T09:00:00Z" });
  });
});

describe("adopt --live, secrets that a state holds and Atlas no more", () => {
  it("are left out, and do not keep the others", async () => {
    const times = { created_at: "2026-03-01T08:00:00Z", expires_at: "2026-03-31T08:00:00Z" };
    const state = JSON.parse(toState(times)) as { resources: [{ instances: [{ attributes: object }] }] };
    const [{ instances }] = state.resources;
    const [{ attributes, ...rest }] = instances;
    const gone = { ...attributes, secret_id: "aaaaaaaaaaaaaaaaaaaaaaa1", secret: OTHER };
    state.resources[0].instances.push({ ...rest, index_key: 9, attributes: gone } as never);
    const { code, stdout } = await adopt(["-", "--live"], { stdin: JSON.stringify(state) });
    expect(code).toBe(0);
    expect(readOnly()?.outputs).toMatchObject({ secretId });
    expect(stdout).toContain(`holds no secret aaaaaaaaaaaaaaaaaaaaaaa1: it holds ${secretId}`);
  });
});

describe("adopt, when Atlas does not answer as it should", () => {
  it.each([
    { name: "a refused credential", env: { MONGODB_ATLAS_CLIENT_SECRET: OTHER }, says: /answered 401/ },
    {
      name: "a server that is not there",
      env: { MONGODB_ATLAS_BASE_URL: "http://127.0.0.1:1" },
      says: /ECONNREFUSED|no answer/,
    },
    { name: "half a credential", env: { MONGODB_ATLAS_CLIENT_ID: "" }, says: /is set without/ },
  ])("says $name in one sentence, and writes nothing", async ({ env, says }) => {
    const address = `${account.ownerId}/${account.clientId}/${secretId}`;
    const { code, stdout, stderr } = await adopt(["--piped", address, "--name", "backend"], {
      stdin: VALUE,
      env: { ...adminEnvironment(atlas), ...env },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(place.files()).toEqual([]);
  });
});
