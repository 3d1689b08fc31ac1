/**
 * The findings as SARIF 2.1.0, for code scanning. A result is located by what records it: there is no line to point to.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import { createHash } from "node:crypto";
import { CODES, FINDING_CODES, type FindingCode, type Severity } from "../audit/codes.js";
import type { Finding } from "../audit/finding.js";
import type { AuditReport } from "../audit/report.js";
import { STANDARD_INPUT } from "../sources/read-text.js";
import type { Renderer } from "./renderer.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export const renderSarif: Renderer = (report) => {
  const { version } = require("atlas-secrets/package.json") as { version: string };
  const driver = { name: "atlas-secrets", version, rules: FINDING_CODES.map(toRule) };
  const run = {
    tool: { driver },
    invocations: [toInvocation(report)],
    results: report.findings.map((finding) => toResult(finding, report)),
    columnKind: "utf16CodeUnits",
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
};

function toRule(code: FindingCode) {
  const { title, advice, severity } = CODES[code];
  return {
    id: code,
    shortDescription: { text: `${title}.` },
    help: { text: advice },
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

function toResult(
  { code, severity, message, advice, account, secretId, sources, locations }: Finding,
  { sources: all }: AuditReport,
) {
  const files = all.filter(
    ({ name, kind }) =>
      name !== STANDARD_INPUT && sources.includes(name) && (kind === "stack-export" || kind === "stack-outputs"),
  );
  const artifacts = files.map(({ name }) => ({ physicalLocation: { artifactLocation: { uri: encodeURI(name) } } }));
  const logical = locations.map((fullyQualifiedName) => ({ fullyQualifiedName, kind: "resource" }));
  const [first = {}, ...others] = artifacts;
  const located = { ...first, ...(logical.length > 0 && { logicalLocations: logical }) };
  return {
    ruleId: code,
    ruleIndex: FINDING_CODES.indexOf(code),
    level: LEVELS[severity],
    message: { text: `${message} ${advice}` },
    ...(Object.keys(located).length > 0 && { locations: [located, ...others] }),
    partialFingerprints: {
      "findingIdentity/v1": toFingerprint([code, account?.clientId, secretId, account ? "" : sources[0]]),
    },
    properties: { sources },
  };
}

/** The same fault of the same secret is the same alert in the next report. */
function toFingerprint(parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);
}
