/** Inventories that nothing is wrong with, for tests that break one thing. */
import type { RotationRecord, SecretRecord } from "pulumi-atlas-secrets/records";
import type { DesiredSecret, HeldSecret } from "pulumi-atlas-secrets/rotation";
import { classify } from "../../../cli/src/audit/classify.js";
import type { Finding } from "../../../cli/src/audit/finding.js";
import type { Inventory, ListedAccount, RecordedResource, Source } from "../../../cli/src/audit/inventory.js";
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

/** What the program asks for: thirty days with a window of ten. */
export const INPUTS = {
  projectId: OWNER_ID,
  clientId: CLIENT_ID,
  secretExpiresAfterHours: 720,
  rotateBeforeExpiryHours: 240,
  triggers: {},
  verify: true,
  reclaimExpired: true,
  mayRemove: [],
  exclusive: false,
} as const satisfies DesiredSecret;

/** The current secret: created ten days ago. */
export const CURRENT = {
  secretId: CURRENT_ID,
  createdAtMs: NOW_MS - 10 * DAY_MS,
  expiresAtMs: NOW_MS + 20 * DAY_MS,
  verifiedAtMs: NOW_MS - 10 * DAY_MS,
  grantedHours: 720,
  issuedForHours: 720,
  issuedForTriggers: {},
} as const;

const ROTATION_INPUTS = { ...INPUTS, overlapHours: 24, quietHours: 24 } as const;

/** The record of a rotating resource within its overlap, which ends in half a day. */
const ROTATION: RotationRecord = {
  ...ROTATION_INPUTS,
  current: CURRENT,
  previous: { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS + 6 * DAY_MS },
  promotedAtMs: NOW_MS - DAY_MS / 2,
  isCurrentMissing: false,
  isUnassigned: false,
  generation: 2,
};

/** A copy without some properties. */
export function without<T extends object>(object: T, ...names: readonly string[]): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as T;
}

/** What a test changes in a resource beside its record. */
export type ResourceChanges = Partial<Omit<RecordedResource, "reading">> & {
  readonly desired?: Partial<DesiredSecret>;
};

function toOwner({ projectId, orgId, clientId }: RotationRecord | SecretRecord) {
  return { ...(projectId !== undefined && { projectId }), ...(orgId !== undefined && { orgId }), clientId };
}

/** A plain resource; what is `undefined` in its record is not there. */
export function plain(
  changes: { readonly [K in keyof SecretRecord]?: SecretRecord[K] | undefined } = {},
  { desired = {}, ...more }: ResourceChanges = {},
): RecordedResource {
  const whole: SecretRecord = { ...INPUTS, ...CURRENT, status: "active" };
  const record = withoutUndefined<SecretRecord>({ ...whole, ...changes });
  const { secretExpiresAfterHours, rotateBeforeExpiryHours, issuedForTriggers: triggers } = record;
  const inputs = { ...toOwner(record), secretExpiresAfterHours, rotateBeforeExpiryHours, triggers };
  return {
    source: STATE.name,
    location: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::backend",
    isPendingDeletion: false,
    ...more,
    reading: {
      kind: "plain",
      account: { ...KEY, ownerId: record.projectId ?? "" },
      record,
      desired: { ...INPUTS, ...inputs, ...desired },
      problems: [],
    },
  };
}

/** A rotating resource; what is `undefined` in its record is not there. */
export function rotates(
  changes: { readonly [K in keyof RotationRecord]?: RotationRecord[K] | undefined } = {},
  { desired = {}, ...more }: ResourceChanges = {},
): RecordedResource {
  const record = withoutUndefined<RotationRecord>({ ...ROTATION, ...changes });
  const { secretExpiresAfterHours, rotateBeforeExpiryHours, overlapHours, quietHours, current } = record;
  const triggers = current?.issuedForTriggers ?? {};
  const hours = { secretExpiresAfterHours, rotateBeforeExpiryHours, overlapHours, quietHours };
  const inputs = { ...toOwner(record), ...hours, triggers };
  return {
    source: STATE.name,
    location: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret::backend",
    isPendingDeletion: false,
    ...more,
    reading: {
      kind: "rotating",
      account: KEY,
      record,
      desired: { ...ROTATION_INPUTS, ...inputs, ...desired },
      problems: [],
    },
  };
}

/** A resource of `@pulumi/mongodbatlas`. */
export function manual(rotateAfterMs = NOW_MS + 10 * DAY_MS): RecordedResource {
  const record = { ...CURRENT, statedRotateAfterMs: rotateAfterMs };
  return { ...plain(), reading: { kind: "manual", account: KEY, record, problems: [] } };
}

function withoutUndefined<T extends object>(object: object): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** The current secret as Atlas lists it, used an hour ago. */
export const LISTED_CURRENT: HeldSecret = {
  id: CURRENT_ID,
  createdAtMs: NOW_MS - 10 * DAY_MS,
  expiresAtMs: NOW_MS + 20 * DAY_MS,
  lastUsedAtMs: NOW_MS - HOUR_MS,
};

/** The previous secret as Atlas lists it, not used since its successor was promoted. */
export const LISTED_PREVIOUS: HeldSecret = {
  id: PREVIOUS_ID,
  createdAtMs: NOW_MS - 20 * DAY_MS,
  expiresAtMs: NOW_MS + 6 * DAY_MS,
  lastUsedAtMs: NOW_MS - 2 * DAY_MS,
};

export const LISTED: ListedAccount = { ...KEY, secrets: [LISTED_CURRENT] };

/** One resource, or some, and nobody asked Atlas. */
export function recorded(...resources: readonly RecordedResource[]): Inventory {
  const all = resources.length > 0 ? resources : [plain()];
  return {
    sources: [STATE],
    resources: all,
    pendingOperations: [],
    listedOwners: [],
    accounts: [],
    credentials: [],
    unreadSources: [],
    hasAllStacks: false,
    hasUnmanaged: false,
  };
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

/** What is found, as `code secretId`. */
export function codesOf(inventory: Inventory, nowMs = NOW_MS, limits: Partial<AuditLimits> = {}): string[] {
  return findingsOf(inventory, nowMs, limits).map(({ code, secretId }) => (secretId ? `${code} ${secretId}` : code));
}

/** What is found. */
export function findingsOf(inventory: Inventory, nowMs = NOW_MS, limits: Partial<AuditLimits> = {}): Finding[] {
  return classify(inventory, nowMs, { ...DEFAULT_LIMITS, ...limits });
}
