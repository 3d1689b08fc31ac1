/** A state that is older than what Atlas lists: what a run has done since is no finding, and no advice leads to its secret. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
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
