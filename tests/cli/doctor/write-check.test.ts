/** `doctor --write-check`: what it creates it deletes, whatever fails, and it reports each thing as the service has it. */
import type { Fault, SeededAccount, Switches } from "pulumi-atlas-secrets-simulator";
import type { DoctorReport } from "../../../cli/src/doctor/render.js";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { findCanaries } from "../../helpers/canaries.js";
import { type CommandResult, runHere } from "../audit/command.js";
import { createMachine, type Machine } from "./machine.js";

let machine: Machine;
let atlas: CheckedSimulator;
let account: SeededAccount;
/** Every value that an answer of the simulator held. */
let values: Record<string, string>;

beforeAll(() => {
  machine = createMachine();
});
afterAll(() => machine.remove());

beforeEach(async () => {
  values = {};
  atlas = await startCheckedSimulator({
    observe: ({ outcome }) => {
      const text = outcome.kind === "closed" ? "" : outcome.body;
      for (const [, value = ""] of text.matchAll(/"(?:secret|access_token)":"([^"]+)"/g)) values[value] = value;
    },
  });
  account = await atlas.addAccount();
});
afterEach(() => atlas.close());

interface WriteCheck extends CommandResult {
  readonly report: DoctorReport;
  /** Lines of the write check: `name status`. */
  readonly lines: string[];
}

async function writeCheck(...more: string[]): Promise<WriteCheck> {
  const path = `${account.ownerId}/${account.clientId}`;
  const args = ["doctor", "--write-check", path, "--yes", "--json", ...more];
  const result = await runHere(args, { cwd: machine.folder, env: machine.env(atlas) });
  expect(findCanaries(result.stdout + result.stderr, values)).toEqual([]);
  const report = JSON.parse(result.stdout || "{}") as DoctorReport;
  const lines = (report.checks ?? []).map(({ name, status }) => `${name} ${status}`);
  return { ...result, report, lines: lines.filter((line) => line.startsWith("write-check")) };
}

async function heldIds(): Promise<string[]> {
  const { accounts } = await atlas.inventory();
  return accounts.find(({ clientId }) => clientId === account.clientId)?.secrets.map(({ id }) => id) ?? [];
}

async function writes(): Promise<string[]> {
  const requests = await atlas.requests();
  return requests.filter(({ operation }) => /Secret$/.test(operation)).map(({ operation }) => operation);
}

const ALL_OK = [
  "write-check-create ok",
  "write-check-read ok",
  "write-check-verify ok",
  "write-check-use ok",
  "write-check-delete ok",
  "write-check-contract ok",
];

/** What was learnt, by question. */
function toAnswers({ known = [] }: DoctorReport): Record<string, string> {
  return Object.fromEntries(known.map(({ question, learnt }) => [question, learnt]));
}

describe("doctor --write-check on an account without secrets", () => {
  it("creates one secret, proves it, deletes it, and deletes nothing else", async () => {
    const { code, lines, stderr } = await writeCheck();
    expect({ code, stderr, lines }).toEqual({ code: 0, stderr: "", lines: ALL_OK });
    expect(await heldIds()).toEqual([]);
    expect(Object.keys(values).filter((value) => value.startsWith("mdb_sa_sk_"))).toHaveLength(1);
    const requests = await atlas.requests();
    const created = requests.filter(({ operation }) => operation === "createSecret");
    const deleted = requests.filter(({ operation }) => operation === "deleteSecret");
    expect([created.length, deleted.length]).toEqual([1, 1]);
    expect(new Set(deleted.map(({ secretId }) => secretId)).size).toBe(1);
    expect(new Set([...created, ...deleted].map(({ clientId }) => clientId))).toEqual(new Set([account.clientId]));
  });

  const DEFAULTS = {
    "How an unknown secret or account is answered": "an account: 404 RESOURCE_NOT_FOUND",
    "When a new value works": "at once",
    "Whether a new secret is listed at once": "yes",
    "Whether the list of accounts holds their secrets": "yes",
    "Whether a mint sets `lastUsedAt`, and how late": "at once",
    "Whether an unused secret has `lastUsedAt: null` or none": "null",
    "Whether the answer to a creation holds the mask": "yes",
    "Whether answers hold fields that the description does not have": "no",
    "Whether a deleted secret still mints a token": "no",
    "Which headers of a rate limit answers carry": "ratelimit-limit, ratelimit-remaining",
  };

  it("says of the likeliest service what is known now, in text and as JSON", async () => {
    const { report } = await writeCheck();
    expect(toAnswers(report)).toEqual(DEFAULTS);
    const args = ["doctor", "--write-check", `${account.ownerId}/${account.clientId}`, "--yes"];
    const { stdout } = await runHere(args, { cwd: machine.folder, env: machine.env(atlas) });
    expect(stdout.split("\n").filter((line) => line.startsWith("| "))).toEqual([
      "| question | learnt |",
      "| --- | --- |",
      ...Object.entries(DEFAULTS).map(([question, learnt]) => `| ${question} | ${learnt} |`),
    ]);
  });

  it.each<[string, Partial<Switches>, keyof typeof DEFAULTS, string]>([
    [
      "lastUsedAt is absent",
      { unusedLastUsedAt: "absent" },
      "Whether an unused secret has `lastUsedAt: null` or none",
      "none",
    ],
    ["no mask at creation", { maskAtCreation: false }, "Whether the answer to a creation holds the mask", "no"],
    ["a read lags", { readLagSeconds: 3600 }, "Whether a new secret is listed at once", "no"],
    [
      "a mint does not count as use",
      { lastUsedAfterSeconds: null },
      "Whether a mint sets `lastUsedAt`, and how late",
      "not at once",
    ],
    [
      "a use shows late",
      { lastUsedAfterSeconds: 600 },
      "Whether a mint sets `lastUsedAt`, and how late",
      "not at once",
    ],
    [
      "an unknown account has another code",
      { unknownAccount: { status: 400, errorCode: "ACCOUNT_NOT_FOUND" } },
      "How an unknown secret or account is answered",
      "an account: 400 ACCOUNT_NOT_FOUND",
    ],
    [
      "fields of a later version",
      { extraFields: true },
      "Whether answers hold fields that the description does not have",
      "yes: someLaterField",
    ],
    ["lists without secrets", { listHoldsSecrets: false }, "Whether the list of accounts holds their secrets", "no"],
  ])("reports the variant: %s", async (_, switches, question, learnt) => {
    await atlas.setSwitches(switches);
    const { report, code } = await writeCheck();
    expect(code).toBe(0);
    expect(toAnswers(report)).toHaveProperty([question], learnt);
    expect(DEFAULTS[question]).not.toBe(learnt);
    expect(await heldIds()).toEqual([]);
  });

  it("waits for a value that does not work at once, and says how long", async () => {
    await atlas.advance(3_600_000); // The administrator's own value is as new as the simulator.
    await atlas.setSwitches({ valueWorksAfterSeconds: 5, mintLimitPerMinute: null });
    const path = `${account.ownerId}/${account.clientId}`;
    const { code, stdout } = await runHere(["doctor", "--write-check", path, "--yes"], {
      cwd: machine.folder,
      env: machine.env(atlas),
      nowMs: Date.now() + 3_600_000,
      onSleep: (ms) => void atlas.advance(ms),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\| When a new value works \| about [5-8] s after its creation \|/);
    expect(await heldIds()).toEqual([]);
  });

  it("names the headers of a rate limit", async () => {
    const headers = { "ratelimit-limit": "500", "ratelimit-remaining": "499", "retry-after": "1" };
    const body = { error: 500, errorCode: "UNEXPECTED_ERROR" };
    await atlas.addFault({ kind: "status", status: 500, body, headers, match: { operation: "listAccounts" } });
    const { report } = await writeCheck();
    const learnt = "ratelimit-limit, ratelimit-remaining, retry-after";
    expect(toAnswers(report)).toHaveProperty("Which headers of a rate limit answers carry", learnt);
  });
});

describe("doctor --write-check when something fails", () => {
  const always = (fault: Fault): Fault => ({ ...fault, times: "always" });
  const broken = { status: 500, body: { error: 500, errorCode: "UNEXPECTED_ERROR" } };
  const busy = { status: 503, body: { error: 503, errorCode: "BUSY" } };
  const refusedMint = { status: 401, body: { error: "invalid_client" } };

  it.each<[string, Fault, number, string[]]>([
    [
      "the read after the creation",
      { kind: "status", ...broken, times: 4, skip: 2, match: { operation: "getAccount" } },
      2,
      ["write-check-read unknown"],
    ],
    [
      "the verification",
      always({ kind: "status", ...refusedMint, skip: 2, match: { operation: "mint" } }),
      1,
      ["write-check-verify failed"],
    ],
    [
      "every mint, by the server",
      always({ kind: "status", ...busy, skip: 2, match: { operation: "mint" } }),
      2,
      ["write-check-verify unknown"],
    ],
    [
      "the connection of a mint",
      always({ kind: "cut-before", skip: 2, match: { operation: "mint" } }),
      2,
      ["write-check-verify unknown"],
    ],
    ["the first DELETE, undone", { kind: "status", ...busy, match: { operation: "deleteSecret" } }, 0, []],
    ["the answer to the first DELETE", { kind: "cut-after", match: { operation: "deleteSecret" } }, 0, []],
  ])("deletes what it created although it is %s that fails", async (_, fault, code, wrong) => {
    await atlas.addFault(fault);
    const { code: found, lines } = await writeCheck();
    expect(lines.filter((line) => !line.endsWith(" ok") && !line.startsWith("write-check-contract"))).toEqual(wrong);
    expect(found).toBe(code);
    expect(lines).toContain("write-check-delete ok");
    expect(await heldIds()).toEqual([]);
  });

  it.each<[string, Fault]>([
    ["whose value the answer left out", { kind: "no-secret", match: { operation: "createSecret" } }],
    ["whose answer was lost", { kind: "cut-after", match: { operation: "createSecret" } }],
  ])("deletes a secret %s, and tries once more", async (_, fault) => {
    await atlas.addFault(fault);
    const { code, lines } = await writeCheck();
    expect(code).toBe(0);
    expect(lines).toEqual(expect.arrayContaining(["write-check-create ok", "write-check-delete ok"]));
    expect(await writes()).toEqual(["createSecret", "deleteSecret", "createSecret", "deleteSecret"]);
    expect(await heldIds()).toEqual([]);
  });

  it("names the secret that it could not delete, with the command that does", async () => {
    await atlas.addFault(always({ kind: "status", ...busy, match: { operation: "deleteSecret" } }));
    const { code, report } = await writeCheck();
    expect(code).toBe(1);
    const [left = ""] = await heldIds();
    const check = report.checks.find(({ name }) => name === "write-check-delete");
    expect(check?.found).toContain(`secret ${left} is left on the account: `);
    expect(check?.advice).toContain(
      `'atlas-secrets remove ${account.ownerId}/${account.clientId}/${left} --all-stacks'`,
    );
  });

  it.each([
    ["believes a read that shows a secret no more", 0, "write-check-delete ok", 0],
    ["does not where no read has ever shown it", 3600, "write-check-delete failed", 1],
  ])("%s when the answer to its DELETE is lost and the next one is no 404", async (_, readLagSeconds, line, code) => {
    await atlas.setSwitches({ readLagSeconds, unknownSecret: { status: 400, errorCode: "SECRET_NOT_FOUND" } });
    await atlas.addFault({ kind: "cut-after", match: { operation: "deleteSecret" } });
    const { code: found, lines } = await writeCheck();
    expect(lines).toContain(line);
    expect(found).toBe(code);
  });

  it("does not take a 404 to its first DELETE for a deletion", async () => {
    const missing = { status: 404, body: { error: 404, errorCode: "RESOURCE_NOT_FOUND" } };
    await atlas.addFault(always({ kind: "status", ...missing, match: { operation: "deleteSecret" } }));
    const { code, lines } = await writeCheck();
    expect(code).toBe(1);
    expect(lines).toContain("write-check-delete failed");
    expect(await heldIds()).toHaveLength(1);
  });

  it("never deletes a secret that was there before, whatever the creation answers", async () => {
    const { id } = await atlas.createForeignSecret(account, { hours: 100 });
    const body = {
      id,
      createdAt: "2026-01-01T00:00:00Z",
      expiresAt: "2026-01-01T08:00:00Z",
      secret: `mdb_sa_sk_${"F".repeat(40)}`,
    };
    await atlas.addFault({ kind: "status", status: 201, body, match: { operation: "createSecret" } });
    const { code, lines } = await writeCheck();
    expect(code).toBe(1);
    expect(lines).toEqual(["write-check-create failed", "write-check-contract ok"]);
    expect(await heldIds()).toEqual([id]);
    expect(await writes()).toEqual(["createSecret"]);
  });

  it.each([
    ["403", 403, "USER_UNAUTHORIZED", 1],
    ["409", 409, "DATA_CONCURRENCY_ERROR", 1],
    ["429", 429, "RATE_LIMITED_TOKEN_BUCKET", 2],
  ])("creates nothing when Atlas answers %s to the creation", async (_, status, errorCode, code) => {
    const body = { error: status, errorCode };
    await atlas.addFault(always({ kind: "status", status, body, match: { operation: "createSecret" } }));
    const { code: found, report } = await writeCheck();
    expect(found).toBe(code);
    expect(report.checks.find(({ name }) => name === "write-check-create")?.found).toContain(
      `Atlas answered ${status} ${errorCode}`,
    );
    expect(new Set(await writes())).toEqual(new Set(["createSecret"]));
    expect(await heldIds()).toEqual([]);
  });
});

describe("doctor --write-check on an organization's account", () => {
  it("creates one secret there, and deletes it", async () => {
    account = await atlas.addAccount({ level: "organization" });
    await atlas.resetLog();
    const { code, lines } = await writeCheck("--organization", account.ownerId);
    expect({ code, lines }).toEqual({ code: 0, lines: ALL_OK });
    expect(await writes()).toEqual(["createSecret", "deleteSecret"]);
    expect((await atlas.requests()).filter(({ path }) => path.includes("/groups/"))).toEqual([]);
  });
});

describe("doctor --write-check on an account that holds secrets", () => {
  it("sends nothing without a free slot", async () => {
    for (const hours of [100, 50]) await atlas.createForeignSecret(account, { hours });
    const { code, lines, report } = await writeCheck();
    expect({ code, lines }).toEqual({ code: 1, lines: ["write-check failed"] });
    expect(report.checks.at(-1)?.found).toContain("has no free slot: ");
    expect(await writes()).toEqual([]);
  });

  it("creates beside one that ends within 7 days, which stays as it is", async () => {
    const { id } = await atlas.createForeignSecret(account, { hours: 168 });
    expect((await writeCheck()).code).toBe(0);
    expect(await heldIds()).toEqual([id]);
  });

  it("refuses to shorten one that lives longer, and does it only when told so", async () => {
    const { id } = await atlas.createForeignSecret(account, { hours: 169 });
    const refused = await writeCheck();
    expect({ code: refused.code, lines: refused.lines }).toEqual({ code: 1, lines: ["write-check failed"] });
    expect(refused.report.checks.at(-1)?.found).toContain("whose expiry Atlas would shorten to 7 days.");
    expect(await writes()).toEqual([]);

    const allowed = await writeCheck("--may-shorten");
    expect(allowed.code).toBe(0);
    expect(toAnswers(allowed.report)).toHaveProperty("When the shortened expiry of another secret shows", "at once");
    expect(await heldIds()).toEqual([id]);
  });

  it("reports a shortened expiry that shows late", async () => {
    await atlas.createForeignSecret(account, { hours: 1000 });
    await atlas.setSwitches({ cutShowsAfterSeconds: 600 });
    const { report } = await writeCheck("--may-shorten");
    expect(toAnswers(report)).toHaveProperty("When the shortened expiry of another secret shows", "not at once");
  });
});
