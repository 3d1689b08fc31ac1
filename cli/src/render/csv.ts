/** One line for each secret, for spreadsheets. Findings about accounts and stacks as a whole are in the other formats. */
import { stringify } from "csv-stringify/sync";
import type { ReportedSecret } from "../audit/report.js";
import type { Renderer } from "./renderer.js";

const COLUMNS = {
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
  isOnAtlas: ({ isOnAtlas }) => isOnAtlas ?? "unknown",
  severity: ({ severity }) => severity ?? "",
  findings: ({ findings }) => findings.join(" "),
  sources: ({ statements }) => [...new Set(statements.map(({ source }) => source))].join("; "),
  locations: ({ statements }) => [...new Set(statements.flatMap(({ location }) => location ?? []))].join("; "),
} as const satisfies Readonly<Record<string, (secret: ReportedSecret) => unknown>>;

export const renderCsv: Renderer = ({ secrets }) => {
  const rows = secrets.map((secret) => Object.values(COLUMNS).map((toCell) => String(toCell(secret) ?? "")));
  // A cell that begins as a formula is one to a spreadsheet, and names of outputs are anybody's text.
  return stringify(rows, { header: true, columns: Object.keys(COLUMNS), escape_formulas: true });
};
