/**
 * The findings as SARIF 2.1.0, for code scanning. A result points at the file that it was read from, or that the stack has in its
 * repository: `Pulumi.<stack>.yaml`. GitHub shows none without a file and a line.
 *
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { CODES, FINDING_CODES, type FindingCode, type Severity } from "../audit/codes.js";
import { toTitle } from "../audit/names.js";
import type { AuditReport, ReportedFinding } from "../audit/report.js";
import { README_URL } from "../documentation.js";
import { STANDARD_INPUT } from "../sources/read-text.js";
import { toJson } from "./json.js";
import type { Renderer } from "./renderer.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HELP = `${README_URL}#what-it-finds`;
/** GitHub reads no more locations of a result. */
const MAX_LOCATIONS = 100;
const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export const renderSarif: Renderer = (report) => {
  const { version } = require("pulumi-atlas-secrets-cli/package.json") as { version: string };
  const driver = { name: "atlas-secrets", version, rules: FINDING_CODES.map(toRule) };
  const run = {
    tool: { driver },
    invocations: [toInvocation(report)],
    results: report.findings.map((finding) => toResult(finding, report)),
    columnKind: "utf16CodeUnits",
  };
  return toJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] });
};

function toRule(code: FindingCode) {
  const { title, advice, severity } = CODES[code];
  return {
    id: code,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: `${title}. ${advice}` },
    help: { text: advice },
    helpUri: HELP,
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

/** Without this a reader would take an audit that could not read everything for a clean one. */
function toInvocation({ unreadSources }: AuditReport) {
  return {
    executionSuccessful: unreadSources.length === 0,
    toolExecutionNotifications: unreadSources.map(({ source, message }) => ({
      level: "error",
      message: { text: `${source}: ${message}` },
    })),
  };
}

function toResult(finding: ReportedFinding, report: AuditReport) {
  const { code, severity, message, advice, account, secretId, sources, locations, accepted } = finding;
  const logical = locations.map((fullyQualifiedName) => ({ fullyQualifiedName, kind: "resource" }));
  const [first, ...others] = listFiles(finding, report).map((uri) => ({
    physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
  }));
  return {
    ruleId: code,
    ruleIndex: FINDING_CODES.indexOf(code),
    level: LEVELS[severity],
    message: { text: `${toTitle(finding, account ?? {})}: ${message} ${advice}` },
    locations: [{ ...first, ...(logical.length > 0 && { logicalLocations: logical }) }, ...others].slice(
      0,
      MAX_LOCATIONS,
    ),
    partialFingerprints: {
      "findingIdentity/v1": toFingerprint([code, account?.clientId, secretId, account ? "" : sources[0]]),
    },
    ...(accepted && { suppressions: [{ kind: "external", justification: accepted.reason }] }),
    properties: { sources },
  };
}

/** Files that the finding is about: those that were read, else those of its stacks, else that of the project. */
function listFiles({ sources, stacks }: ReportedFinding, { sources: all }: AuditReport): string[] {
  const read = all.filter(
    ({ name, kind }) => sources.includes(name) && name !== STANDARD_INPUT && /^stack-/.test(kind),
  );
  if (read.length > 0) return read.map(({ name }) => toUri(name));
  const named = stacks.filter((stack) => all.every(({ name, kind }) => name !== stack || kind === "stack"));
  const files = [...new Set(named.map((stack) => `Pulumi.${stack.split("/").at(-1)}.yaml`))];
  return files.length > 0 ? files.map(toUri) : ["Pulumi.yaml"];
}

/** Relative to the repository where the path is. */
function toUri(path: string): string {
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(/[\\/]/).map(encodeURIComponent).join("/");
}

/** The same fault of the same secret is the same alert in the next report. */
function toFingerprint(parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);
}
