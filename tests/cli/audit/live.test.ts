/** What the audit asks of Atlas: as little as there is to ask, nothing that changes anything, in any order of pages. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAtlasClient, createTransport, type Transport } from "pulumi-atlas-secrets/internal/atlas";
import type { SeededAccount } from "pulumi-atlas-secrets-simulator";
import type { Inventory, Owner } from "../../../cli/src/audit/inventory.js";
import { type AuditReport, toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { fetchListing } from "../../../cli/src/sources/atlas.js";
import { createFindCandidates, parseEnvironment } from "../../../cli/src/sources/credentials.js";
import { parseSource } from "../../../cli/src/sources/files.js";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { PLAIN, toExport, toResource } from "../sources/states.js";
import { runHere, runProgram, toEnvironment } from "./command.js";

const FLAGS = { hasAllStacks: false, hasUnmanaged: false };
const START = "2026-03-01T08:00:00Z";
const DAY_MS = 86_400_000;
let atlas: CheckedSimulator;
let folder: string;

beforeEach(async () => {
  atlas = await startCheckedSimulator({ startAt: START });
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-audit-"));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await atlas.close();
});

/** A state that records the secret of each account, of every tenth one too late an end. */
async function toState(accounts: readonly SeededAccount[]): Promise<string> {
  const { accounts: held } = await atlas.inventory();
  const secretOf = new Map(held.map(({ clientId, secrets }) => [clientId, secrets[0]]));
  const resources = accounts.map(({ ownerId, clientId }, index) => {
    const secret = secretOf.get(clientId);
    const expiresAt = index % 10 === 0 ? "2027-03-01T08:00:00Z" : secret?.expiresAt;
    const outputs = {
      projectId: ownerId,
      clientId,
      secretId: secret?.id,
      status: "active",
      createdAt: secret?.createdAt,
      expiresAt,
      rotateAfter: expiresAt,
    };
    return toResource(PLAIN, outputs, { id: `${ownerId}/${clientId}/${secret?.id}` }, `account${index}`);
  });
  return toExport(resources);
}

describe("audit --live over 1,000 accounts in 100 projects", () => {
  it("sends one mint and one GET a page, and holds at most 256 MB", async () => {
    const accounts = await atlas.seed({ projects: 100, accountsPerProject: 10, initialSecrets: true });
    const file = join(folder, "state.json");
    writeFileSync(file, await toState(accounts));
    const memory = join(folder, "memory");
    await atlas.resetLog();

    const env = { ...toEnvironment(atlas), MEMORY_FILE: memory };
    const preload = ["--require", join(__dirname, "tell-memory.cjs")];
    const { code, stdout, stderr } = await runProgram(["audit", file, "--live", "--format", "json"], { env }, preload);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const report = JSON.parse(stdout) as AuditReport;
    expect(report.summary).toMatchObject({ accounts: 1000, secrets: 1000 });
    expect(report.findings.filter(({ code: found }) => found === "expiry-shortened")).toHaveLength(100);
    const requests = await atlas.requests();
    for (const once of ["mint", "revoke"]) {
      expect(requests.filter(({ operation }) => operation === once)).toHaveLength(1);
    }
    const others = requests.filter(({ operation }) => operation !== "mint");
    expect(new Set(others.map(({ method, operation }) => `${method} ${operation}`))).toEqual(
      new Set(["GET listAccounts", "POST revoke"]),
    );
    expect(others.length).toBeLessThanOrEqual(110);
    const toMegabytes = () => Number(readFileSync(memory, "utf8")) / 1024;
    expect(toMegabytes()).toBeLessThanOrEqual(256);

    // The table is the largest of the formats, and at that time there is most to say: every secret has expired.
    const late = await runProgram(["audit", file, "--live", "--at", "2027-12-24"], { env }, preload);
    expect(late.code).toBe(1);
    expect(late.stdout.match(/^error +current-expired/gm)).toHaveLength(1000);
    expect(toMegabytes()).toBeLessThanOrEqual(256);
  });
});

describe("a project of several pages", () => {
  /** The same pages, the last one first. */
  function reorder(transport: Transport, pages: number): Transport {
    return async (request) => {
      const page = Number(/pageNum=(\d+)/.exec(request.url)?.[1] ?? 0);
      if (page === 0) return transport(request);
      const url = request.url.replace(/pageNum=\d+/, `pageNum=${pages + 1 - page}`);
      const outcome = await transport({ ...request, url });
      if (outcome.kind !== "answer") return outcome;
      const links = page < pages ? [{ rel: "next" }] : [];
      return { ...outcome, body: JSON.stringify({ ...JSON.parse(outcome.body), links }) };
    };
  }

  async function audit(owner: Owner, state: string, transport: Transport): Promise<Inventory> {
    const environment = { env: toEnvironment(atlas) };
    const settings = parseEnvironment(environment);
    const client = createAtlasClient({ settings, transport });
    const access = { settings, client, findCandidates: createFindCandidates(settings) };
    const { serverTimeMs: _, ...listing } = await fetchListing(() => access, [owner]);
    const { source, ...recorded } = parseSource(state, "state.json");
    return { ...recorded, ...listing, sources: [source, { name: "atlas", kind: "atlas" }], ...FLAGS };
  }

  it("gives the same findings in whatever order the pages come, for one request a page", async () => {
    const accounts = await atlas.seed({ projects: 1, accountsPerProject: 1001, initialSecrets: true });
    const state = await toState(accounts);
    // Something to find on every page: secrets that nobody records, and records of secrets that are gone.
    for (const account of accounts.filter((_, index) => index % 100 === 0)) {
      await atlas.createForeignSecret(account, { hours: 1000 });
    }
    const { accounts: held } = await atlas.inventory();
    const gone = held.flatMap(({ secrets }, index) => (index % 97 === 1 && secrets[0] ? [secrets[0].id] : []));
    for (const id of gone) await atlas.deleteSecret(id);
    const owner = { level: "project", ownerId: accounts[0]?.ownerId ?? "" } as const;
    await atlas.resetLog();

    const inOrder = await audit(owner, state, createTransport());
    expect((await atlas.requests()).map(({ operation }) => operation)).toEqual([
      "mint",
      "listAccounts",
      "listAccounts",
      "listAccounts",
    ]);
    const reordered = await audit(owner, state, reorder(createTransport(), 3));

    expect(reordered.accounts.map(({ clientId }) => clientId)).not.toEqual(
      inOrder.accounts.map(({ clientId }) => clientId),
    );
    // Masks end with the last characters of values: none goes further.
    expect(JSON.stringify(inOrder)).not.toContain("mdb_sa_sk_");
    const options = { nowMs: Date.parse(START) + 10 * DAY_MS, nowFrom: "option", limits: DEFAULT_LIMITS } as const;
    const report = toReport(inOrder, options);
    expect(toReport(reordered, options)).toEqual(report);
    const codes = new Set(report.findings.map(({ code }) => code));
    expect([...codes].sort()).toEqual(
      expect.arrayContaining(["both-slots-taken", "expiry-shortened", "missing-on-atlas", "unmanaged"]),
    );
  });
});

describe("audit --live", () => {
  async function toTwoProjects(): Promise<readonly [SeededAccount, SeededAccount]> {
    const [first, second] = await atlas.seed({ projects: 2, accountsPerProject: 1, initialSecrets: true });
    if (!first || !second) throw new Error("two projects were asked for");
    return [first, second];
  }

  it("asks for an account by itself when the list does not show its secrets", async () => {
    const { ownerId, clientId } = await atlas.addAccount();
    await atlas.createForeignSecret({ level: "project", ownerId, clientId });
    await atlas.setSwitches({ listHoldsSecrets: false });
    const { code, stdout } = await runHere(["audit", "--live", "--project", ownerId, "--format", "csv"], {
      env: toEnvironment(atlas),
    });
    expect(code).toBe(0);
    expect(stdout).toContain(clientId);
    expect((await atlas.requests()).map(({ method, operation }) => `${method} ${operation}`)).toEqual([
      "POST mint",
      "GET listAccounts",
      "GET getAccount",
      "POST revoke",
    ]);
  });

  it("judges by Atlas's time, and --at by what is asked for", async () => {
    const { ownerId } = await atlas.addAccount();
    await atlas.advance(5 * DAY_MS);
    const nowOf = async (...more: string[]) => {
      const args = ["audit", "--live", "--project", ownerId, "--format", "json", ...more];
      const { stdout } = await runHere(args, { env: toEnvironment(atlas), nowMs: 0 });
      const { now, nowFrom } = JSON.parse(stdout) as AuditReport;
      return [now.slice(0, 13), nowFrom];
    };
    expect(await nowOf()).toEqual(["2026-03-06T08", "atlas"]);
    expect(await nowOf("--at", "+2d")).toEqual(["2026-03-08T08", "option"]);
    expect(await nowOf("--at", "2026-12-24")).toEqual(["2026-12-24T00", "option"]);
  });

  it("names a project that the credential may not see as not read, goes on, and cannot tell", async () => {
    const { ownerId } = await atlas.addAccount();
    const args = ["audit", "--live", "--project", ownerId, "--project", "9".repeat(24)];
    const { code, stdout } = await runHere(args, { env: toEnvironment(atlas) });
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^Not read, atlas: Could not list the service accounts of project 9{24}: Atlas answered 404/m,
    );
    expect(stdout).toContain("so this is not all.");
  });

  it("names a file that cannot be read as not read, and reports the others", async () => {
    const { ownerId } = await atlas.addAccount();
    const args = ["audit", "gone.json", "--live", "--project", ownerId];
    const { code, stdout } = await runHere(args, { env: toEnvironment(atlas) });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Not read, gone\.json: Could not read gone\.json: there is no such file/m);
    expect(stdout).toContain("so this is not all.");
    expect((await runHere([...args, "--incomplete", "warn"], { env: toEnvironment(atlas) })).code).toBe(0);
  });

  it.each([401, 403, 404, 500, 503])("names the one of two projects that answers %i as not read", async (status) => {
    const [first, second] = await toTwoProjects();
    const body = { error: status, errorCode: status === 401 ? "USER_UNAUTHORIZED" : "UNEXPECTED_ERROR" };
    const match = { operation: "listAccounts", pathIncludes: first.ownerId } as const;
    await atlas.addFault({ kind: "status", status, body, match, times: "always" });
    const args = ["audit", "--live", "--project", first.ownerId, "--project", second.ownerId, "--format", "json"];
    const { code, stdout } = await runHere(args, { env: toEnvironment(atlas) });
    const { secrets, unreadSources } = JSON.parse(stdout) as AuditReport;
    expect(code).toBe(2);
    expect(secrets.map(({ clientId }) => clientId)).toEqual([second.clientId]);
    expect(unreadSources).toEqual([{ source: "atlas", message: expect.stringContaining(`project ${first.ownerId}`) }]);
    expect(unreadSources[0]?.message.includes("--credential")).toBe(status < 500);
  });

  it("asks with a refused credential once, and reports what states say all the same", async () => {
    const accounts = await atlas.seed({ projects: 9, accountsPerProject: 1, initialSecrets: true });
    writeFileSync(join(folder, "state.json"), await toState(accounts));
    await atlas.resetLog();
    const env = {
      ...toEnvironment(atlas),
      MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_FAKE-refused-0000000000000000000000",
    };
    const args = ["audit", "state.json", "--live", "--format", "json"];
    const { code, stdout } = await runHere(args, { env, cwd: folder });
    const { secrets, unreadSources } = JSON.parse(stdout) as AuditReport;
    expect([code, secrets.length, unreadSources.length]).toEqual([1, 9, 1]);
    expect(unreadSources[0]?.message).toMatch(/invalid_client.* \d others were not asked either\.$/);
    expect((await atlas.requests()).length).toBeLessThanOrEqual(4);
  });

  it("signs in for each organization with the credential that is named for it", async () => {
    const [first, second] = await toTwoProjects();
    const [one, two] = await Promise.all(
      [first, second].map(async ({ ownerId, clientId, level }) => {
        const value = `mdb_sa_sk_FAKE-credential-of-${ownerId.slice(-4)}-00000000000000`;
        await atlas.createForeignSecret({ level, ownerId, clientId }, { value });
        await atlas.reassign(clientId, ownerId, ["GROUP_READ_ONLY"]);
        return { id: clientId, value };
      }),
    );
    const env = {
      MONGODB_ATLAS_BASE_URL: atlas.url,
      MONGODB_ATLAS_CLIENT_ID: one?.id,
      MONGODB_ATLAS_CLIENT_SECRET: one?.value,
      TEAM_B_CLIENT_ID: two?.id,
      TEAM_B_CLIENT_SECRET: two?.value,
    };
    const args = ["audit", "--live", "--project", first.ownerId, "--project", second.ownerId, "--format", "json"];
    const alone = JSON.parse((await runHere(args, { env })).stdout) as AuditReport;
    expect([alone.summary.accounts, alone.unreadSources.length]).toEqual([1, 1]);
    const { code, stdout } = await runHere([...args, "--credential", `${second.ownerId}=TEAM_B`], { env });
    const both = JSON.parse(stdout) as AuditReport;
    expect([code, both.summary.accounts, both.unreadSources]).toEqual([0, 2, []]);
    expect(stdout).not.toContain("mdb_sa_sk_");
  });

  it("finds its own credential near its end, told by its mask, and shows no part of it", async () => {
    const account = await atlas.addAccount();
    const address = { level: "project", ownerId: account.ownerId, clientId: account.clientId } as const;
    const value = "mdb_sa_sk_FAKE-own-credential-0000000000000wxyz";
    const own = await atlas.createForeignSecret(address, { hours: 100, value });
    await atlas.createForeignSecret(address, { hours: 50, value: "mdb_sa_sk_FAKE-another-value-00000000000000abcd" });
    await atlas.reassign(account.clientId, account.ownerId, ["GROUP_OWNER"]);
    const env = {
      ...toEnvironment(atlas),
      MONGODB_ATLAS_CLIENT_ID: account.clientId,
      MONGODB_ATLAS_CLIENT_SECRET: value,
    };
    const { stdout } = await runHere(["audit", "--live", "--project", account.ownerId, "--format", "json"], { env });
    const { findings } = JSON.parse(stdout) as AuditReport;
    const found = findings.filter(({ code }) => code === "credential-near-end");
    expect(found.map(({ secretId }) => secretId)).toEqual([own.id]);
    expect(found[0]?.message).toContain("which is the credential that this audit signs in with");
    expect(stdout).not.toContain("wxyz");
  });
});
