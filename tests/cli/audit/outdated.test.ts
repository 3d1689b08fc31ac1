/** A state that is older than what Atlas lists: what a run has done since is no finding, and no advice leads to its secret. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SeededAccount } from "pulumi-atlas-secrets-simulator";
import type { AuditReport } from "../../../cli/src/audit/report.js";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "../sources/states.js";
import { runHere, toEnvironment } from "./command.js";

const START = "2026-03-01T08:00:00Z";
const HOUR_MS = 3_600_000;
let atlas: CheckedSimulator;
let account: SeededAccount;
let folder: string;

beforeEach(async () => {
  atlas = await startCheckedSimulator({ startAt: START });
  account = await atlas.addAccount({ initialSecret: true });
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-outdated-"));
  const { id: secretId } = account.secret ?? { id: "" };
  const outputs = { ...PLAIN_OUTPUTS, projectId: account.ownerId, clientId: account.clientId, secretId };
  writeFileSync(join(folder, "state.json"), toExport([toResource(PLAIN, outputs)]));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await atlas.close();
});

/** The report when the state was written so many milliseconds ago, by whatever clock this machine has. */
async function audit(agoMs: number, machineAheadMs = 0): Promise<AuditReport> {
  const nowMs = Date.parse(await atlas.now()) + machineAheadMs;
  const writtenS = (nowMs - agoMs) / 1000;
  utimesSync(join(folder, "state.json"), writtenS, writtenS);
  const args = ["audit", "state.json", "--live", "--unmanaged", "--format", "json"];
  return JSON.parse((await runHere(args, { cwd: folder, env: toEnvironment(atlas), nowMs })).stdout) as AuditReport;
}

/** The codes of what is found about secrets of the account that come and go. */
const codesOf = ({ findings }: AuditReport) =>
  findings.map(({ code }) => code).filter((code) => code === "missing-on-atlas" || code === "unmanaged");

async function rotate(): Promise<string> {
  const { id } = await atlas.createForeignSecret(account);
  await atlas.deleteSecret(String(account.secret?.id));
  return id;
}

describe("audit --live of a state that is written before a run", () => {
  it.each([0, 5 * HOUR_MS, -5 * HOUR_MS])(
    "finds nothing of what a run does meanwhile, with a clock %i ms ahead",
    async (aheadMs) => {
      await atlas.advance(HOUR_MS);
      await rotate();
      const report = await audit(1000, aheadMs);
      expect([codesOf(report), report.unreadSources]).toEqual([[], []]);
    },
  );

  it("finds nothing of what a run has done since, and says that the state is outdated", async () => {
    await atlas.advance(HOUR_MS);
    const id = await rotate();
    await atlas.advance(HOUR_MS);
    const report = await audit(2 * HOUR_MS);
    expect(codesOf(report)).toEqual([]);
    expect(report.unreadSources).toEqual([
      {
        source: "state.json",
        message: expect.stringMatching(new RegExp(`^it is older than secret ${id} of .*: read it again\\.$`)),
      },
    ]);
  });

  it("finds what is missing and what nobody records when the state is of a later time", async () => {
    await atlas.advance(HOUR_MS);
    await rotate();
    await atlas.advance(HOUR_MS);
    const report = await audit(1000);
    expect([codesOf(report), report.unreadSources]).toEqual([["missing-on-atlas", "unmanaged"], []]);
  });
});

describe("audit --live of a stack that a run changes between its state and Atlas's list", () => {
  /** Lets a Pulumi CLI export these states, one after another, and the last one again and again. */
  async function auditStack(...states: readonly string[]) {
    const path = join(folder, "bin");
    mkdirSync(path);
    for (const [index, state] of states.entries()) writeFileSync(join(folder, `state-${index + 1}.json`), state);
    const lines = [
      `[ "$1" = version ] && echo v3.259.0 && exit`,
      `count=$(/bin/cat '${folder}/count' 2>/dev/null || echo 0)`,
      `count=$((count + 1)); echo $count > '${folder}/count'`,
      `[ $count -gt ${states.length} ] && count=${states.length}`,
      `exec /bin/cat '${folder}/state-'$count'.json'`,
    ];
    writeFileSync(join(path, "pulumi"), `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
    const args = ["audit", "--stack", "organization/demo/dev", "--live", "--format", "json"];
    const env = { ...toEnvironment(atlas), PATH: path };
    const { code, stdout } = await runHere(args, { cwd: folder, env, nowMs: Date.parse(await atlas.now()) });
    const { findings, unreadSources } = JSON.parse(stdout) as AuditReport;
    const exports = Number(readFileSync(join(folder, "count"), "utf8"));
    return { code, codes: findings.map((one) => one.code), unread: unreadSources.map((one) => one.message), exports };
  }

  const stored = (expiresAt: string) => {
    const { id: secretId } = account.secret ?? { id: "" };
    const ids = { projectId: account.ownerId, clientId: account.clientId, secretId };
    return toExport([toResource(PLAIN, { ...PLAIN_OUTPUTS, ...ids, expiresAt })]);
  };
  const [first, second, third] = ["2026-09-01T08:00:00Z", "2026-09-02T08:00:00Z", "2026-09-03T08:00:00Z"] as const;

  beforeEach(async () => {
    await atlas.advance(HOUR_MS);
    await atlas.deleteSecret(String(account.secret?.id));
  });

  it("reads it once more, and finds nothing of what the run deleted", async () => {
    const found = await auditStack(stored(first), toExport([]));
    expect(found).toEqual({ code: 0, codes: [], unread: [], exports: 3 });
  });

  it("finds what is missing where the state has not changed", async () => {
    const found = await auditStack(stored(first));
    expect(found).toEqual({ code: 1, codes: ["missing-on-atlas"], unread: [], exports: 2 });
  });

  it("says that a run goes on where it changes again", async () => {
    const { unread, exports } = await auditStack(stored(first), stored(second), stored(second), stored(third));
    expect([unread, exports]).toEqual([[expect.stringContaining("a run changed it while Atlas was asked")], 4]);
  });
});
