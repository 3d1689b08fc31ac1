/** For spreadsheets: a line for each finding, the most urgent first, and one for each secret of which nothing was found. */
import { stringify } from "csv-stringify/sync";
import type { AuditReport, ReportedFinding, ReportedSecret } from "../audit/report.js";
import { toVisible } from "../wording.js";
import type { Renderer } from "./renderer.js";

type Row = Partial<ReportedFinding> & Omit<Partial<ReportedSecret>, "severity">;

const COLUMNS = {
  severity: ({ severity }) => severity,
  code: ({ code }) => code,
  stack: ({ stacks = [] }) => stacks.join("; "),
  resource: ({ resources = [] }) => resources.join("; "),
  accountName: ({ accountName }) => accountName,
  level: ({ level }) => level,
  ownerId: ({ ownerId }) => ownerId,
  clientId: ({ clientId }) => clientId,
  secretId: ({ secretId }) => secretId,
  role: ({ role }) => role,
  status: ({ status }) => status,
  createdAt: ({ createdAt }) => createdAt,
  rotateAfter: ({ rotateAfter }) => rotateAfter,
  expiresAt: ({ expiresAt }) => expiresAt,
  retireAfter: ({ retireAfter }) => retireAfter,
  verifiedAt: ({ verifiedAt }) => verifiedAt,
  lastUsedAt: ({ lastUsedAt }) => lastUsedAt,
  lifetimeHours: ({ lifetimeHours }) => lifetimeHours,
  isOnAtlas: ({ isOnAtlas, secretId }) => (secretId === undefined ? "" : (isOnAtlas ?? "unknown")),
  message: ({ message }) => message,
  advice: ({ advice }) => advice,
  acceptedUntil: ({ accepted }) => accepted?.until,
  acceptedFor: ({ accepted }) => accepted?.reason,
  sources: ({ sources, statements = [] }) =>
    (sources ?? [...new Set(statements.map(({ source }) => source))]).join("; "),
  locations: ({ statements = [] }) => [...new Set(statements.flatMap(({ location }) => location ?? []))].join("; "),
} as const satisfies Readonly<Record<string, (row: Row) => unknown>>;

export const renderCsv: Renderer = (report) => toCsv(COLUMNS, toCsvRows(report));

function toCsvRows({ findings, secrets }: AuditReport): Row[] {
  const toKey = (clientId: string | undefined, secretId: string | undefined) => `${clientId} ${secretId}`;
  const bySecret = new Map(secrets.map((secret) => [toKey(secret.clientId, secret.secretId), secret]));
  const found = new Set<ReportedSecret>();
  const ofFindings = findings.map((finding): Row => {
    const secret = bySecret.get(toKey(finding.account?.clientId, finding.secretId));
    if (secret) found.add(secret);
    return { ...secret, ...finding.account, ...finding } as Row;
  });
  const others = secrets.filter((secret) => !found.has(secret));
  return [...ofFindings, ...others.map(({ severity: _, ...secret }): Row => secret)];
}

/** Rows as CSV. A cell that begins as a formula is one to a spreadsheet, and names are anybody's text. */
export function toCsv<T>(columns: Readonly<Record<string, (row: T) => unknown>>, rows: readonly T[]): string {
  const cells = rows.map((row) => Object.values(columns).map((toCell) => toVisible(String(toCell(row) ?? ""))));
  return stringify(cells, { header: true, columns: Object.keys(columns), escape_formulas: true });
}
