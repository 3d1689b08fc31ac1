/** Findings that somebody accepted: counted no more until their day is over, and shown as accepted. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditReport } from "../../../cli/src/audit/report.js";
import { FORMATS } from "../../../cli/src/render/index.js";
import { createSchemaCheck } from "../helpers/published-schema.js";
import { PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "../sources/states.js";
import { runHere } from "./command.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-accepted-"));
  writeFileSync(join(folder, "state.json"), toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
});
afterEach(() => rmSync(folder, { recursive: true }));

const { secretId, clientId } = PLAIN_OUTPUTS as { secretId: string; clientId: string };
const ENTRY = { code: "current-expired", about: secretId, reason: "moved to the new cluster", until: "2026-12-31" };

async function audit(entries: unknown, at = "2026-12-31", ...more: string[]) {
  writeFileSync(join(folder, "accepted.json"), JSON.stringify(entries));
  return runHere(["audit", "state.json", "--at", at, "--ignore", "accepted.json", ...more], { cwd: folder });
}

describe("audit --ignore", () => {
  it.each([secretId, clientId, "backend", "shop/prod"])("accepts a finding about %s", async (about) => {
    const { code, stdout } = await audit([{ ...ENTRY, about }], "2026-12-31", "--json");
    const report = JSON.parse(stdout) as AuditReport;
    expect(createSchemaCheck("audit-report")(report)).toEqual([]);
    expect({ code, summary: report.summary }).toMatchObject({ code: 0, summary: { errors: 0, accepted: 1 } });
    expect(report.findings.at(-1)).toMatchObject({
      code: ENTRY.code,
      accepted: { reason: ENTRY.reason, until: ENTRY.until },
    });
    expect(report.secrets[0]).toMatchObject({ findings: [], severity: null });
  });

  it("counts it again from the day after", async () => {
    expect((await audit([ENTRY], "2027-01-01")).code).toBe(1);
  });

  it.each([{ code: "inside-window" }, { about: "f".repeat(24) }])("accepts nothing else: %j", async (change) => {
    expect((await audit([{ ...ENTRY, ...change }])).code).toBe(1);
  });

  it.each(FORMATS.filter((format) => format !== "openmetrics"))(
    "shows it as accepted, with its reason, as %s",
    async (format) => {
      const { stdout } = await audit([ENTRY], "2026-12-31", "--format", format);
      expect(stdout).toContain(ENTRY.reason);
    },
  );

  it.each([
    { name: "a day that does not exist", entries: [{ ...ENTRY, until: "2026-02-30" }], says: /entry 0\.until/ },
    { name: "no reason", entries: [{ ...ENTRY, reason: " " }], says: /entry 0\.reason/ },
    { name: "a code that there is not", entries: [{ ...ENTRY, code: "all" }], says: /entry 0\.code/ },
    { name: "what it does not know", entries: [{ ...ENTRY, note: "x" }], says: /entry 0\.note/ },
    { name: "no end", entries: [{ ...ENTRY, until: undefined }], says: /entry 0\.until/ },
    { name: "no list", entries: {}, says: /it is not as expected\. Write a list/ },
  ])("refuses a file with $name", async ({ entries, says }) => {
    const { code, stdout, stderr } = await audit(entries);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
  });
});
