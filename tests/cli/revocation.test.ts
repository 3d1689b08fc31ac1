/** Each command gives its tokens back when it ends: an account can have a hundred live ones, and a schedule runs often. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_PROJECT_ID, type Fault, type SeededAccount } from "pulumi-atlas-secrets-simulator";
import { type CheckedSimulator, startCheckedSimulator } from "../contract/checked-simulator.js";
import { runProgram, toEnvironment } from "./audit/command.js";

const VALUE = "mdb_sa_sk_pipedFakeValueOfTheTests-0000-AAAA-bcde";

let atlas: CheckedSimulator;
let account: SeededAccount;
let secretId: string;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-revocation-"));
  writeFileSync(join(folder, "state.json"), JSON.stringify({ version: 3, deployment: { resources: [] } }));
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null } });
  account = await atlas.addAccount({ level: "project", ownerId: DEMO_PROJECT_ID });
  secretId = (await atlas.createForeignSecret(account, { hours: 720, value: VALUE })).id;
});
afterEach(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[]) =>
  runProgram(args, { env: toEnvironment(atlas), cwd: folder, stdin: `${VALUE}\n` });
const countOf = async (name: "mint" | "revoke") =>
  (await atlas.requests()).filter(({ operation }) => operation === name).length;

/** A command, and how many tokens it mints. */
const COMMANDS: readonly { name: string; mints: number; toArgs: () => readonly string[] }[] = [
  { name: "audit", mints: 1, toArgs: () => ["audit", "--live", "--project", account.ownerId] },
  { name: "plan", mints: 1, toArgs: () => ["plan", "--live", "--project", account.ownerId] },
  { name: "doctor", mints: 1, toArgs: () => ["doctor", "--account", `${account.ownerId}/${account.clientId}`] },
  {
    name: "doctor --write-check",
    mints: 4,
    toArgs: () => ["doctor", "--write-check", `${account.ownerId}/${account.clientId}`, "--may-shorten", "--yes"],
  },
  {
    name: "adopt --verify",
    mints: 2,
    toArgs: () => ["adopt", "--piped", `${account.ownerId}/${account.clientId}/${secretId}`, "--name", "a", "--verify"],
  },
  {
    name: "remove",
    mints: 1,
    toArgs: () => ["remove", `${account.ownerId}/${account.clientId}/${secretId}`, "state.json", "--yes"],
  },
];

describe.each(COMMANDS)("$name", ({ mints, toArgs }) => {
  it("leaves no token of its own behind", async () => {
    await run(toArgs());
    expect(await countOf("mint")).toBe(mints);
    expect((await atlas.inventory()).liveTokens).toBe(0);
  });

  it("leaves none when it fails", async () => {
    const match = { method: "GET" } as const;
    await atlas.addFault({ kind: "status", status: 403, body: { error: 403 }, match, times: "always" });
    expect((await run(toArgs())).code).not.toBe(0);
    expect(await countOf("mint")).toBeGreaterThan(0);
    expect((await atlas.inventory()).liveTokens).toBe(0);
  });
});

describe("audit, whose token is not taken back", () => {
  const args = () => ["audit", "--live", "--project", account.ownerId, "--format", "csv"];

  it.each<Fault>([{ kind: "status", status: 500 }, { kind: "cut-before" }, { kind: "hold", stage: "before" }])(
    "ends as usual ($kind)",
    async (fault) => {
      const usual = await run(args());
      await atlas.addFault({ ...fault, match: { operation: "revoke" }, times: "always" });
      expect(await run(args())).toEqual(usual);
      expect([await countOf("mint"), usual.code]).toEqual([2, 0]);
    },
  );
});
