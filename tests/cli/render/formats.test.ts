/**
 * Every format by somebody else's word: JSON and SARIF by their schemas, CSV and metrics by parsers. The SARIF schema is that of
 * schemastore.org, as the npm package @microsoft/jest-sarif carries it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse as parseCsv } from "csv-parse/sync";
import parsePrometheus from "parse-prometheus-text-format";
import { CODES, FINDING_CODES } from "../../../cli/src/audit/codes.js";
import { type AuditReport, toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { type FORMATS, RENDERERS } from "../../../cli/src/render/index.js";
import {
  CURRENT_ID,
  DAY_MS,
  LISTED_CURRENT,
  LISTED_PREVIOUS,
  listed,
  NOW_MS,
  PREVIOUS_ID,
  plain,
  recorded,
  rotates,
} from "../audit/fixtures.js";
import { Random, toRandomInventory, toRandomLimits } from "../audit/random-inventory.js";
import { createSchemaCheck, readSchema } from "../helpers/published-schema.js";

const PLAIN = { hasColors: false };
const RUNS = 150;

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}

/** Reports of everything that can be found, with and without unreadSources. */
const REPORTS: readonly AuditReport[] = Array.from({ length: RUNS }, (_, seed) => {
  const random = new Random(seed);
  const inventory = toRandomInventory(random);
  const unreadSources = random.isTrue(0.3) ? [{ source: "atlas", message: "Could not list the accounts." }] : [];
  const nowFrom = random.pick(["option", "atlas", "machine"] as const);
  return toReport({ ...inventory, unreadSources }, { nowMs: NOW_MS, nowFrom, limits: toRandomLimits(random) });
});

/** An overlap that Atlas confirms: each kind of time is there. */
const ROTATED = listed(recorded(rotates({}, { source: '=cmd|"a,b"' })), LISTED_CURRENT, LISTED_PREVIOUS);
const OVERLAP = toReport(
  { ...ROTATED, accounts: ROTATED.accounts.map((one) => ({ ...one, name: "billing" })) },
  {
    nowMs: NOW_MS,
    nowFrom: "atlas",
    limits: DEFAULT_LIMITS,
  },
);

/** What GitHub reads of a run. */
interface GitHubRun {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly shortDescription: { readonly text: string };
        readonly fullDescription: { readonly text: string };
        readonly help: { readonly text: string };
        readonly helpUri: string;
      }[];
    };
  };
  readonly results: readonly {
    readonly message: { readonly text: string };
    readonly partialFingerprints: Readonly<Record<string, string>>;
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
    }[];
  }[];
}

/** A finding about a stack of the backend. */
function ofStacks(): AuditReport {
  const source = "stack organization/shop/prod";
  const inventory = { ...recorded(plain({}, { source })), sources: [{ name: source, kind: "stack" as const }] };
  return toReport(inventory, { nowMs: NOW_MS + 40 * DAY_MS, nowFrom: "atlas", limits: DEFAULT_LIMITS });
}

const render = async (format: (typeof FORMATS)[number], report: AuditReport) => RENDERERS[format](report, PLAIN);

describe("the reports that are rendered here", () => {
  it("hold every code", () => {
    const codes = new Set(REPORTS.flatMap(({ findings }) => findings.map(({ code }) => code)));
    expect([...codes].sort()).toEqual([...FINDING_CODES].sort());
  });
});

describe("--format json", () => {
  const check = createSchemaCheck("audit-report");

  it("agrees with the published schema", async () => {
    for (const report of [...REPORTS, OVERLAP]) {
      expect(check(JSON.parse(await render("json", report)))).toEqual([]);
    }
  });

  it("has a schema that refuses what it does not name", () => {
    expect(check({ ...OVERLAP, secret: "x" })).not.toEqual([]);
    expect(
      check({ ...OVERLAP, secrets: OVERLAP.secrets.map((secret) => ({ ...secret, maskedSecretValue: "x" })) }),
    ).not.toEqual([]);
    expect((readSchema("audit-report").$defs as { code: { enum: string[] } }).code.enum).toEqual(FINDING_CODES);
  });

  it("says of each secret what the timeline of it needs", async () => {
    const { secrets } = JSON.parse(await render("json", OVERLAP)) as AuditReport;
    expect(secrets).toMatchObject([
      {
        secretId: PREVIOUS_ID,
        role: "previous",
        createdAt: "2026-05-26T12:00:00Z",
        expiresAt: "2026-06-21T12:00:00Z",
        overlapFrom: "2026-06-15T00:00:00Z",
        overlapUntil: "2026-06-16T00:00:00Z",
        retireAfter: "2026-06-16T00:00:00Z",
        successorId: CURRENT_ID,
        isOnAtlas: true,
      },
      {
        secretId: CURRENT_ID,
        role: "current",
        status: "overlapping",
        rotateAfter: "2026-06-25T12:00:00Z",
        lastUsedAt: "2026-06-15T11:00:00Z",
        promotedAt: "2026-06-15T00:00:00Z",
        previousId: PREVIOUS_ID,
        lifetimeHours: 720,
        severity: null,
        statements: [{ source: '=cmd|"a,b"', role: "current" }, { source: "atlas" }],
      },
    ]);
  });
});

describe("--format csv", () => {
  it("is a line for each finding, and for each secret without one, that a parser reads back", async () => {
    for (const report of REPORTS) {
      const rows = parseCsv<Record<string, string>>(await render("csv", report), { columns: true });
      const found = rows.filter(({ code }) => code !== "");
      expect(found.map(({ code, secretId, message }) => [code, secretId, message])).toEqual(
        report.findings.map(({ code, secretId = "", message }) => [code, secretId, message]),
      );
      const ids = new Set(rows.map(({ clientId, secretId }) => `${clientId} ${secretId}`));
      expect(report.secrets.filter(({ clientId, secretId }) => !ids.has(`${clientId} ${secretId}`))).toEqual([]);
      const expiries = new Map(report.secrets.map(({ secretId, expiresAt = "" }) => [secretId, expiresAt]));
      expect(rows.filter(({ secretId = "", expiresAt }) => (expiries.get(secretId) ?? "") !== expiresAt)).toEqual([]);
    }
  });

  it("makes no formula of a name", async () => {
    const [row] = parseCsv<Record<string, string>>(await render("csv", OVERLAP), { columns: true });
    expect(row?.sources).toBe(`'=cmd|"a,b"; atlas`);
  });
});

describe("--format openmetrics", () => {
  it("is what a parser reads as the times of each secret, in seconds", async () => {
    for (const report of [...REPORTS, OVERLAP]) {
      const families = parsePrometheus(await render("openmetrics", report));
      const family = families.find(({ name }) => name === "atlas_sa_secret_expiry_timestamp_seconds");
      const told = (family?.metrics ?? []).map(({ value, labels }) => [
        labels?.client_id,
        labels?.secret_id,
        Number(value),
      ]);
      const expected = report.secrets.flatMap(({ clientId, secretId, expiresAt }) =>
        expiresAt === undefined ? [] : [[clientId, secretId, Date.parse(expiresAt) / 1000]],
      );
      expect(told).toEqual(expected);
    }
  });

  it("has the names of a secret in its info metric, and elsewhere labels of ids, roles, levels and codes alone", async () => {
    const families = parsePrometheus(await render("openmetrics", OVERLAP));
    const [info, ...others] = families;
    expect(info?.metrics.map(({ labels }) => labels)).toEqual([
      expect.objectContaining({ secret_id: PREVIOUS_ID, stack: "shop/prod", resource: "backend", account: "billing" }),
      expect.objectContaining({ secret_id: CURRENT_ID, stack: "shop/prod", resource: "backend", account: "billing" }),
    ]);
    const labels = new Set(
      others.flatMap(({ metrics }) => metrics.flatMap((metric) => Object.keys(metric.labels ?? {}))),
    );
    expect([...labels].sort()).toEqual(["client_id", "code", "level", "owner_id", "role", "secret_id", "severity"]);
    expect(families.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "atlas_sa_secret_info GAUGE",
      "atlas_sa_secret_expiry_timestamp_seconds GAUGE",
      "atlas_sa_secret_created_timestamp_seconds GAUGE",
      "atlas_sa_secret_rotation_due_timestamp_seconds GAUGE",
      "atlas_sa_secret_retirement_due_timestamp_seconds GAUGE",
      "atlas_sa_secret_last_used_timestamp_seconds GAUGE",
      "atlas_sa_findings GAUGE",
      "atlas_sa_audit_timestamp_seconds GAUGE",
      "atlas_sa_audit_unread_sources GAUGE",
    ]);
  });

  it("counts findings and unreadSources, zeros too, and ends as OpenMetrics has to", async () => {
    for (const report of REPORTS) {
      const text = await render("openmetrics", report);
      const families = parsePrometheus(text);
      const counts = families.find(({ name }) => name === "atlas_sa_findings")?.metrics ?? [];
      const told = Object.fromEntries(counts.map(({ value, labels }) => [labels?.code, Number(value)]));
      const found = (code: string) => report.findings.filter((finding) => finding.code === code).length;
      expect(told).toEqual(Object.fromEntries(FINDING_CODES.map((code) => [code, found(code)])));
      expect(families.at(-1)?.metrics[0]?.value).toBe(String(report.unreadSources.length));
      // No empty line, no carriage return, and the end marked. @see OpenMetrics, Overall Structure
      expect(text).toMatch(/^([^\s][^\n\r]*\n)+# EOF\n$/);
    }
  });
});

describe("--format sarif", () => {
  // The schema is of draft 4; what it uses means the same in draft 7 but for the name of its id.
  const { id: _, $schema: __, ...schema } = readJson(join(__dirname, "sarif-2.1.0.schema.json"));
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(schema);

  it("agrees with the schema of SARIF 2.1.0", async () => {
    for (const report of [...REPORTS, OVERLAP]) {
      validate(JSON.parse(await render("sarif", report)));
      expect(validate.errors).toBeNull();
    }
  });

  /** What GitHub asks for beyond the schema, as the rules GH1001 to GH1007 of Microsoft's validator have it. */
  it("is what GitHub shows: a file and a line for each result, whole descriptions for each rule", async () => {
    for (const report of [...REPORTS, OVERLAP, ofStacks()]) {
      const { runs } = JSON.parse(await render("sarif", report)) as { runs: [GitHubRun] };
      const [{ results, tool }] = runs;
      expect(results.length).toBeLessThan(25_000);
      for (const rule of tool.driver.rules) {
        const { id, shortDescription, fullDescription, help, helpUri } = rule;
        for (const text of [id, shortDescription.text, fullDescription.text, help.text]) expect(text).toMatch(/\S/);
        expect(new URL(helpUri).protocol).toBe("https:");
      }
      for (const { message, locations, partialFingerprints } of results) {
        expect(message.text).toMatch(/\S/);
        expect(locations.length).toBeGreaterThan(0);
        expect(locations.length).toBeLessThanOrEqual(100);
        expect(Object.values(partialFingerprints).join("")).toMatch(/^[0-9a-f]{32}$/);
        for (const { physicalLocation } of locations) {
          expect(physicalLocation.region.startLine).toBeGreaterThan(0);
          // Relative to the repository, or a file.
          expect(physicalLocation.artifactLocation.uri).toMatch(/^(file:\/\/\/|(?![a-z]+:)[^\s/])/);
        }
      }
    }
  });

  it("points at the stack's own file where no file was read", async () => {
    const { runs } = JSON.parse(await render("sarif", ofStacks())) as { runs: [GitHubRun] };
    const uris = runs[0].results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri);
    expect(new Set(uris)).toEqual(new Set(["Pulumi.prod.yaml"]));
  });

  it("has a schema that refuses another level", async () => {
    const [report] = REPORTS.filter(({ findings }) => findings.length > 0);
    if (!report) throw new Error("no report has findings");
    expect(validate(JSON.parse((await render("sarif", report)).replace(/"level": "\w+"/g, '"level": "fatal"')))).toBe(
      false,
    );
  });

  it("has a result for each finding, by its rule, and says when not everything was read", async () => {
    for (const report of REPORTS) {
      const { runs } = JSON.parse(await render("sarif", report)) as {
        runs: [
          {
            results: { ruleId: string; ruleIndex: number; level: string }[];
            tool: { driver: { rules: { id: string }[] } };
            invocations: [{ executionSuccessful: boolean }];
          },
        ];
      };
      const [{ results, tool, invocations }] = runs;
      expect(results.map(({ ruleId }) => ruleId)).toEqual(report.findings.map(({ code }) => code));
      const levels = { error: "error", warning: "warning", info: "note" };
      expect(results.map(({ level }) => level)).toEqual(
        report.findings.map(({ code }) => levels[CODES[code].severity]),
      );
      expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(
        results.map(({ ruleId }) => ruleId),
      );
      expect(invocations[0].executionSuccessful).toBe(report.unreadSources.length === 0);
    }
  });
});
