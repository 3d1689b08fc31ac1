/**
 * The report: everything that any format shows, as plain JSON. Times are ISO 8601, UTC; what is not known is absent. Its shape
 * is published as `pulumi-atlas-secrets-cli/audit-report.schema.json`.
 */

import { type IssueRecord, toRotationStatus } from "pulumi-atlas-secrets/records";
import {
  type AccountRef,
  type RotationStatus,
  type SecretStatus,
  toDueMs,
  toOverlapOverMs,
  toRetireAfterMs,
} from "pulumi-atlas-secrets/rotation";
import { describeAccount, toIsoTime } from "../wording.js";
import { type Acceptance, findAcceptance } from "./accepted.js";
import {
  type Account,
  canBeLater,
  compare,
  findMainStatement,
  type Holder,
  type Role,
  type Statement,
  toAccounts,
  toClientKey,
} from "./accounts.js";
import { classify } from "./classify.js";
import { type FindingCode, SEVERITIES, type Severity, toRank } from "./codes.js";
import type { Finding } from "./finding.js";
import { ATLAS, type Inventory, type Reading, type Source, type UnreadSource } from "./inventory.js";
import { type Names, toNames, toStack } from "./names.js";
import type { AuditLimits } from "./rules/situation.js";
import { toLifetimeMs } from "./rules/slots.js";

const HOUR_MS = 3_600_000;

/** States that a record can have. */
export type RecordedStatus = SecretStatus | RotationStatus;

/** What a secret is to those who record it; `untracked` when nobody does. */
export type ReportedRole = Role | "untracked";

/** What one source says of a secret. */
export interface ReportedStatement {
  readonly source: string;
  /** A urn, or the name of an output; absent for Atlas. */
  readonly location?: string;
  readonly role?: Role;
  readonly status?: RecordedStatus;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  readonly rotateAfter?: string;
}

/** One secret with all that is known of it. */
export interface ReportedSecret extends AccountRef, Names {
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
  /** Of a current one: since when it is promoted. */
  readonly promotedAt?: string;
  /** Of a previous one: the overlap, from the promotion of its successor to its end. */
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
  /** The worst of its findings, but for accepted ones. */
  readonly severity: Severity | null;
}

/** A finding with the names of what it is about. */
export interface ReportedFinding extends Finding, Names {
  /** Why it is not counted, and the last day of that. */
  readonly accepted?: Pick<Acceptance, "reason" | "until">;
}

/** A source that was read, and the time that it is of. */
export interface ReportedSource extends Pick<Source, "name" | "kind"> {
  readonly asOf?: string;
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
  readonly sources: readonly ReportedSource[];
  /** What could not be read; the report is complete when there is nothing. */
  readonly unreadSources: readonly UnreadSource[];
  readonly summary: {
    readonly accounts: number;
    readonly secrets: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly accepted: number;
  };
  /** The worst first, of these what expires first; accepted ones last. */
  readonly findings: readonly ReportedFinding[];
  /** In the same order. */
  readonly secrets: readonly ReportedSecret[];
}

/** When, and by which limits, to judge. */
export interface ReportOptions {
  readonly nowMs: number;
  readonly nowFrom: TimeSource;
  readonly limits: AuditLimits;
  readonly accepted?: readonly Acceptance[];
}

/** Judges an inventory. */
export function toReport(inventory: Inventory, options: ReportOptions): AuditReport {
  const { nowMs, nowFrom, limits, accepted = [] } = options;
  const accounts = toAccounts(inventory, nowMs);
  const named = withNames(classify(inventory, nowMs, limits, accounts), accounts);
  const judged = named.map((finding): ReportedFinding => {
    const { reason, until } = findAcceptance(finding, accepted, nowMs) ?? {};
    return reason !== undefined && until !== undefined ? { ...finding, accepted: { reason, until } } : finding;
  });
  const open = judged.filter((finding) => !finding.accepted);
  const secrets = toReportedSecrets(accounts, open);
  const count = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
  return {
    formatVersion: 1,
    now: toIsoTime(nowMs),
    nowFrom,
    limits,
    sources: toReportedSources(inventory),
    unreadSources: listUnread(inventory, accounts),
    summary: {
      accounts: accounts.length,
      secrets: secrets.length,
      errors: count("error"),
      warnings: count("warning"),
      infos: count("info"),
      accepted: judged.length - open.length,
    },
    findings: toUrgentFirst(judged, secrets),
    secrets,
  };
}

function withNames(findings: readonly Finding[], accounts: readonly Account[]): (Finding & Names)[] {
  const byClient = new Map(accounts.map((account) => [toClientKey(account.key), account]));
  return findings.map((finding) => {
    const account = finding.account && byClient.get(toClientKey(finding.account));
    const ofStack = { stacks: finding.sources.map((source) => toStack({ source, location: "" })), resources: [] };
    return { ...finding, ...(account ? toNames(account, finding.secretId) : ofStack) };
  });
}

function toUrgentFirst(findings: readonly ReportedFinding[], secrets: readonly ReportedSecret[]): ReportedFinding[] {
  const expiries = new Map(secrets.map(({ secretId, expiresAt }) => [secretId, expiresAt]));
  const rank = ({ severity, accepted }: ReportedFinding) => toRank(severity) + (accepted ? SEVERITIES.length : 0);
  const end = ({ secretId = "" }: ReportedFinding) => expiries.get(secretId) ?? NO_END;
  return findings.toSorted((a, b) => rank(a) - rank(b) || compare(end(a), end(b)));
}

/** After every time. */
const NO_END = "~";

/** What could not be read, and what was written too long ago: a secret that it does not know may have replaced what it records. */
export function listUnread({ unreadSources, sources }: Inventory, accounts: readonly Account[]): UnreadSource[] {
  const atlasMs = sources.find(({ name }) => name === ATLAS)?.asOfMs;
  if (atlasMs === undefined) return [...unreadSources];
  const outdated = accounts.flatMap(({ key, resources }) =>
    resources.flatMap(({ source, later }) =>
      later
        .filter((secret) => !canBeLater(secret, atlasMs))
        .map(({ id }) => {
          const what = `it is older than secret ${id} of ${describeAccount(key)}`;
          return [
            `${source} ${id}`,
            { source, message: `${what}, which may replace what it records: read it again.` },
          ] as const;
        }),
    ),
  );
  return [...unreadSources, ...new Map(outdated).values()];
}

/** The sources of an inventory, with the times that they are of. */
export function toReportedSources({ sources }: Pick<Inventory, "sources">): ReportedSource[] {
  return sources.map(({ name, kind, asOfMs: asOf }) => ({ name, kind, ...toTimes({ asOf }) }));
}

/** Every secret of these accounts with what is known of it, and which of the findings are about it. */
export function toReportedSecrets(accounts: readonly Account[], findings: readonly Finding[]): ReportedSecret[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.account?.clientId} ${finding.secretId}`;
    byId.set(key, [...(byId.get(key) ?? []), finding]);
  }
  const rank = ({ severity }: ReportedSecret) => (severity ? toRank(severity) : SEVERITIES.length);
  return accounts
    .flatMap((account) => toSecretsOf(account, byId))
    .sort((a, b) => rank(a) - rank(b) || compare(a.expiresAt ?? NO_END, b.expiresAt ?? NO_END));
}

function toSecretsOf(account: Account, findings: ReadonlyMap<string, readonly Finding[]>): ReportedSecret[] {
  const held = new Set(account.holders.map(({ secretId }) => secretId));
  const missing = [...account.statements]
    .filter(([id, statements]) => !held.has(id) && statements.some(({ secret }) => secret))
    .map(([secretId, statements]): Holder => ({ secretId, statements }));
  return [...account.holders, ...missing]
    .map((holder) => toSecret(holder, account, findings.get(`${account.key.clientId} ${holder.secretId}`) ?? []))
    .sort((a, b) => compare(a.expiresAt, b.expiresAt) || compare(a.secretId, b.secretId));
}

function toSecret(holder: Holder, account: Account, findings: readonly Finding[]): ReportedSecret {
  const { secretId, listed, statements } = holder;
  const main = findMainStatement(statements);
  const stated: Partial<IssueRecord> = main?.secret ?? {};
  const [worst] = findings.map(({ severity }) => severity).sort((a, b) => toRank(a) - toRank(b));
  const lifetimeMs = toLifetimeMs(holder);
  return {
    ...account.key,
    ...toNames(account, secretId),
    secretId,
    role: main?.role ?? "untracked",
    ...(main && toRecorded(main)),
    ...toTimes({
      createdAt: listed?.createdAtMs ?? stated.createdAtMs,
      expiresAt: holder.expiresAtMs ?? stated.expiresAtMs,
      lastUsedAt: listed ? listed.lastUsedAtMs : stated.lastUsedAtMs,
      verifiedAt: stated.verifiedAtMs,
    }),
    ...(lifetimeMs !== undefined && { lifetimeHours: Math.round(lifetimeMs / HOUR_MS) }),
    isOnAtlas: account.isListed ? listed !== undefined : null,
    statements: [...statements.map(toStatement), ...toListedStatement(holder)],
    findings: [...new Set(findings.map(({ code }) => code))],
    severity: worst ?? null,
  };
}

/** What the record that counts says beyond the secret itself. */
function toRecorded({ role, resource: { seen } }: Statement): Partial<ReportedSecret> {
  if (role === "current") {
    const status = toStatus(seen);
    const { generation, previous, promotedAtMs } = seen.kind === "rotating" ? seen.record : {};
    return {
      ...(status && { status }),
      ...(generation !== undefined && { generation }),
      ...(previous && { previousId: previous.secretId }),
      ...toTimes({ rotateAfter: toDueMs(seen), promotedAt: promotedAtMs }),
    };
  }
  if (role !== "previous" || seen.kind !== "rotating") return {};
  const { record, desired } = seen;
  return {
    ...(record.current && { successorId: record.current.secretId }),
    ...toTimes({
      overlapFrom: record.promotedAtMs,
      overlapUntil: toOverlapOverMs(record, desired),
      retireAfter: toRetireAfterMs(record, desired),
    }),
  };
}

function toStatus(reading: Reading): RecordedStatus | undefined {
  if (reading.kind === "manual") return undefined;
  return reading.kind === "plain" ? reading.record.status : toRotationStatus(reading.record);
}

function toStatement(statement: Statement): ReportedStatement {
  const { role, resource } = statement;
  const { source, location, reading } = resource;
  const isCurrent = role === "current";
  const status = toStatus(reading);
  const { createdAtMs, expiresAtMs, lastUsedAtMs }: Partial<IssueRecord> = statement.secret ?? {};
  return {
    source,
    location,
    role,
    ...(isCurrent && status && { status }),
    ...toTimes({
      createdAt: createdAtMs,
      expiresAt: expiresAtMs,
      lastUsedAt: lastUsedAtMs,
      rotateAfter: isCurrent ? toDueMs(reading) : undefined,
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
