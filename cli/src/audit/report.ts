/**
 * The report: everything that any format shows, as plain JSON. Times are ISO 8601, UTC; what is not known is absent. Its shape
 * is published as `atlas-secrets/audit-report.schema.json`.
 */

import { toIsoTime } from "../wording.js";
import { type AccountView, compare, type Holder, type Role, type Statement, toAccountViews } from "./accounts.js";
import { classify } from "./classify.js";
import { type FindingCode, type Severity, toRank } from "./codes.js";
import type { Finding } from "./finding.js";
import { type AccountKey, ATLAS, type UnreadSource, type Inventory, type RecordedStatus, type Source } from "./inventory.js";
import { toCurrentTimes } from "./rules/current.js";
import type { AuditLimits } from "./rules/situation.js";
import { toLifetimeMs } from "./rules/slots.js";

const HOUR_MS = 3_600_000;

/** What a secret is to those who record it; `unrecorded` when nobody does. */
export type ReportedRole = Role | "untracked";

/** What one source says of a secret. */
export interface ReportedStatement {
  readonly source: string;
  /** A urn, or the name of an output; absent for Atlas. */
  readonly place?: string;
  readonly role?: Role;
  readonly status?: RecordedStatus;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  readonly rotateAfter?: string;
}

/** One secret with all that is known of it. */
export interface ReportedSecret extends AccountKey {
  readonly secretId: string;
  readonly role: ReportedRole;
  readonly status?: RecordedStatus;
  readonly createdAt?: string;
  /** From when on a run replaces it. */
  readonly rotateAfter?: string;
  /** By Atlas where it lists the secret. */
  readonly expiresAt?: string;
  readonly verifiedAt?: string;
  readonly lastUsedAt?: string;
  readonly lifetimeHours?: number;
  readonly generation?: number;
  /** Of a current one: since when it is given out. */
  readonly promotedAt?: string;
  /** Of a previous one: the overlap, from the delivery of its successor to its end. */
  readonly overlapFrom?: string;
  readonly overlapUntil?: string;
  /** Of a previous one: from when on a run deletes it. */
  readonly retireAfter?: string;
  readonly previousId?: string;
  readonly successorId?: string;
  /** `null` when Atlas was not asked about the account, or does not list it. */
  readonly isOnAtlas: boolean | null;
  readonly statements: readonly ReportedStatement[];
  readonly findings: readonly FindingCode[];
  /** The worst of its findings. */
  readonly severity: Severity | null;
}

/** Where the time that everything is judged by comes from. */
export type TimeSource = "option" | "atlas" | "machine";

/** The whole of it. */
export interface AuditReport {
  readonly formatVersion: 1;
  /** The time that everything is judged by. */
  readonly now: string;
  readonly nowFrom: TimeSource;
  readonly limits: AuditLimits;
  readonly sources: readonly Source[];
  /** What could not be read; the report is complete when there is nothing. */
  readonly unreadSources: readonly UnreadSource[];
  readonly summary: {
    readonly accounts: number;
    readonly secrets: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
  };
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** By account, the one that expires first before the others. */
  readonly secrets: readonly ReportedSecret[];
}

/** When, and by which limits, to judge. */
export interface ReportOptions {
  readonly nowMs: number;
  readonly nowFrom: TimeSource;
  readonly limits: AuditLimits;
}

/** Judges an inventory. */
export function toReport(inventory: Inventory, { nowMs, nowFrom, limits }: ReportOptions): AuditReport {
  const findings = classify(inventory, nowMs, limits);
  const views = toAccountViews(inventory);
  const secrets = toReportedSecrets(views, findings);
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    formatVersion: 1,
    now: toIsoTime(nowMs),
    nowFrom,
    limits,
    sources: inventory.sources,
    unreadSources: inventory.unreadSources,
    summary: {
      accounts: views.length,
      secrets: secrets.length,
      errors: count("error"),
      warnings: count("warning"),
      infos: count("info"),
    },
    findings,
    secrets,
  };
}

/** Every secret of these accounts with what is known of it, and which of the findings are about it. */
export function toReportedSecrets(views: readonly AccountView[], findings: readonly Finding[]): ReportedSecret[] {
  return views.flatMap((view) => toSecretsOf(view, findings));
}

function toSecretsOf(view: AccountView, findings: readonly Finding[]): ReportedSecret[] {
  const missing = [...view.statements.entries()]
    .filter(([id]) => !view.holders.some(({ secretId }) => secretId === id))
    .map(([secretId, statements]): Holder => ({ secretId, statements }));
  return [...view.holders, ...missing]
    .map((holder) => toSecret(holder, view, findings))
    .sort((a, b) => compare(a.expiresAt, b.expiresAt) || compare(a.secretId, b.secretId));
}

const ROLES: readonly Role[] = ["current", "pending", "previous", "pending-deletion"];

function toSecret(holder: Holder, view: AccountView, all: readonly Finding[]): ReportedSecret {
  const { secretId, listed, statements } = holder;
  // A secret that is current by one source is that, even if an older state calls it something else.
  const [main] = statements.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  const findings = all.filter((found) => found.secretId === secretId && found.account?.clientId === view.key.clientId);
  const [worst] = findings.map(({ severity }) => severity).sort((a, b) => toRank(a) - toRank(b));
  const lifetimeMs = toLifetimeMs(holder);
  return {
    ...view.key,
    secretId,
    role: main?.role ?? "untracked",
    ...(main && toRecorded(main, view)),
    ...toTimes({
      createdAt: listed?.createdAtMs ?? main?.secret.createdAtMs,
      expiresAt: holder.expiresAtMs ?? main?.secret.expiresAtMs,
      lastUsedAt: listed ? listed.lastUsedAtMs : main?.secret.lastUsedAtMs,
      verifiedAt: main?.secret.verifiedAtMs,
    }),
    ...(lifetimeMs !== undefined && { lifetimeHours: Math.round(lifetimeMs / HOUR_MS) }),
    isOnAtlas: view.isListed ? listed !== undefined : null,
    statements: [...statements.map(toStatement), ...toListedStatement(holder)],
    findings: [...new Set(findings.map(({ code }) => code))],
    severity: worst ?? null,
  };
}

/** What the record that counts says beyond the secret itself. */
function toRecorded({ role, record }: Statement, view: AccountView): Partial<ReportedSecret> {
  const { status, promotedAtMs, overlapOverMs, retireAfterMs, generation, current, previous } = record;
  if (role === "current") {
    const { rotateAfterMs } = toCurrentTimes(record, view);
    return {
      ...(status && { status }),
      ...(generation !== undefined && { generation }),
      ...(previous && { previousId: previous.secretId }),
      ...toTimes({ rotateAfter: rotateAfterMs, promotedAt: promotedAtMs }),
    };
  }
  if (role !== "previous") return {};
  return {
    ...(current && { successorId: current.secretId }),
    ...toTimes({ overlapFrom: promotedAtMs, overlapUntil: overlapOverMs, retireAfter: retireAfterMs }),
  };
}

function toStatement({ role, secret, record }: Statement): ReportedStatement {
  const { source, place, status, rotateAfterMs } = record;
  const isCurrent = role === "current";
  return {
    source,
    place,
    role,
    ...(isCurrent && status && { status }),
    ...toTimes({
      createdAt: secret.createdAtMs,
      expiresAt: secret.expiresAtMs,
      lastUsedAt: secret.lastUsedAtMs,
      rotateAfter: isCurrent ? rotateAfterMs : undefined,
    }),
  };
}

function toListedStatement({ listed }: Holder): ReportedStatement[] {
  if (!listed) return [];
  const { createdAtMs: createdAt, expiresAtMs: expiresAt, lastUsedAtMs: lastUsedAt } = listed;
  return [{ source: ATLAS, ...toTimes({ createdAt, expiresAt, lastUsedAt }) }];
}

/** Times in ISO 8601; absent ones are left out. */
function toTimes<K extends string>(times: Readonly<Record<K, number | undefined>>): { readonly [P in K]?: string } {
  const known = Object.entries<number | undefined>(times).flatMap(([name, ms]) =>
    ms === undefined ? [] : [[name, toIsoTime(ms)]],
  );
  return Object.fromEntries(known) as { readonly [P in K]?: string };
}
