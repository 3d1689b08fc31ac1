/** Inventories that nothing is wrong with, for tests that break one thing. */
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import { classify } from "../../../cli/src/audit/classify.js";
import type { Finding } from "../../../cli/src/audit/finding.js";
import type { Inventory, ListedAccount, SecretRecord, Source } from "../../../cli/src/audit/inventory.js";
import { type AuditLimits, DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const NOW_MS = Date.parse("2026-06-15T12:00:00Z");

export const OWNER_ID = "0123456789abcdef01234567";
export const OTHER_OWNER_ID = "76543210fedcba9876543210";
export const CLIENT_ID = "mdb_sa_id_0123456789abcdef01234567";
export const CURRENT_ID = "c".repeat(24);
export const PREVIOUS_ID = "b".repeat(24);
export const PENDING_ID = "d".repeat(24);
export const FOREIGN_ID = "f".repeat(24);

export const STATE: Source = { name: "state.json", kind: "stack-export" };
export const ATLAS_SOURCE: Source = { name: "atlas", kind: "atlas" };
const KEY = { level: "project", ownerId: OWNER_ID, clientId: CLIENT_ID } as const;

/** The record of a plain resource: created ten days ago for thirty, with a window of ten. */
export const RECORD: SecretRecord = {
  ...KEY,
  source: STATE.name,
  place: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::backend",
  kind: "ours",
  isRotating: false,
  isPendingDeletion: false,
  status: "active",
  current: {
    secretId: CURRENT_ID,
    createdAtMs: NOW_MS - 10 * DAY_MS,
    expiresAtMs: NOW_MS + 20 * DAY_MS,
    verifiedAtMs: NOW_MS - 10 * DAY_MS,
  },
  rotateAfterMs: NOW_MS + 10 * DAY_MS,
};

/** The record of a rotating resource within its overlap, which ends in half a day. */
export const ROTATING_RECORD: SecretRecord = {
  ...RECORD,
  place: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret::backend",
  isRotating: true,
  status: "overlapping",
  previous: { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS + 6 * DAY_MS },
  promotedAtMs: NOW_MS - DAY_MS / 2,
  overlapOverMs: NOW_MS + DAY_MS / 2,
  retireAfterMs: NOW_MS + DAY_MS / 2,
  generation: 2,
};

/** The current secret as Atlas lists it, used an hour ago. */
export const LISTED_CURRENT: HeldSecret = {
  id: CURRENT_ID,
  createdAtMs: NOW_MS - 10 * DAY_MS,
  expiresAtMs: NOW_MS + 20 * DAY_MS,
  lastUsedAtMs: NOW_MS - HOUR_MS,
};

/** The previous secret as Atlas lists it, not used since its successor was delivered. */
export const LISTED_PREVIOUS: HeldSecret = {
  id: PREVIOUS_ID,
  createdAtMs: NOW_MS - 20 * DAY_MS,
  expiresAtMs: NOW_MS + 6 * DAY_MS,
  lastUsedAtMs: NOW_MS - 2 * DAY_MS,
};

export const LISTED: ListedAccount = { ...KEY, secrets: [LISTED_CURRENT] };

/** One record, and nobody asked Atlas. */
export function recorded(changes: Partial<SecretRecord> = {}, ...more: readonly SecretRecord[]): Inventory {
  const records = [{ ...RECORD, ...changes }, ...more];
  return { sources: [STATE], records, pendingOperations: [], listedOwners: [], accounts: [], unreadSources: [] };
}

/** The same, and what Atlas lists. */
export function listed(inventory: Inventory, ...secrets: readonly HeldSecret[]): Inventory {
  return {
    ...inventory,
    sources: [...inventory.sources, ATLAS_SOURCE],
    listedOwners: [{ level: "project", ownerId: OWNER_ID }],
    accounts: [{ ...LISTED, secrets }],
  };
}

/** A record without some of its properties. */
export function without<K extends keyof SecretRecord>(record: SecretRecord, ...names: readonly K[]): SecretRecord {
  const kept = Object.entries(record).filter(([name]) => !names.includes(name as K));
  return Object.fromEntries(kept) as unknown as SecretRecord;
}

/** What is found, as `code secretId`. */
export function codesOf(inventory: Inventory, nowMs = NOW_MS, limits: Partial<AuditLimits> = {}): string[] {
  return findingsOf(inventory, nowMs, limits).map(({ code, secretId }) => (secretId ? `${code} ${secretId}` : code));
}

/** What is found. */
export function findingsOf(inventory: Inventory, nowMs = NOW_MS, limits: Partial<AuditLimits> = {}): Finding[] {
  return classify(inventory, nowMs, { ...DEFAULT_LIMITS, ...limits });
}
