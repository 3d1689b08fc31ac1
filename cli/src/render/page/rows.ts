/** The rows of the table of secrets: what each says of its secret, and in which order they stand. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { toRank } from "../../audit/codes.js";
import type { ReportedSecret } from "../../audit/report.js";
import type { Status } from "./words.js";

/** One row. */
export interface SecretRow {
  readonly secret: ReportedSecret;
  readonly status: Status;
  /** What stands below the status, a line each. */
  readonly notes: readonly string[];
  /** Times at which something is to be done with the secret, in milliseconds since the epoch. */
  readonly duesMs: readonly number[];
  /** Id of its element. */
  readonly anchor: string;
}

/** What is said of a secret; `orderMs` is what those of the same status are ordered by. */
export interface Remark extends Pick<SecretRow, "status" | "notes" | "duesMs"> {
  readonly orderMs: number;
}

/** Makes the rows: the worst first; of the same status, by their time. */
export function toRows(secrets: readonly ReportedSecret[], remark: (secret: ReportedSecret) => Remark): SecretRow[] {
  const rank = (status: Status) => (status === "ok" ? Number.POSITIVE_INFINITY : toRank(status));
  return secrets
    .map((secret) => ({ secret, ...remark(secret) }))
    .sort((a, b) => toOrder(rank(a.status), rank(b.status)) || toOrder(a.orderMs, b.orderMs))
    .map(({ orderMs: _, ...row }, index) => ({ ...row, anchor: `secret-${index + 1}` }));
}

/** Finds the element of a secret by its account and id; nothing of one that has no row. */
export function createFindAnchor(rows: readonly SecretRow[]) {
  const toKey = (clientId: string | undefined, secretId: string | undefined) => `${clientId} ${secretId}`;
  const anchors = new Map(rows.map(({ secret, anchor }) => [toKey(secret.clientId, secret.secretId), anchor]));
  return (clientId: string | undefined, secretId: string | undefined) => anchors.get(toKey(clientId, secretId));
}

/** The rows of an audit: those that expire first before the others. */
export function toAuditRows(secrets: readonly ReportedSecret[]): SecretRow[] {
  return toRows(secrets, ({ severity, findings, expiresAt }) => {
    const orderMs = parseIsoTime(expiresAt) ?? Number.POSITIVE_INFINITY;
    return { status: severity ?? "ok", notes: findings, duesMs: [], orderMs };
  });
}

function toOrder(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
