/**
 * Random inventories from a seed. Ids come from small pools, so that records meet each other and what Atlas lists; times lie on
 * the limits, or a second beside them, more often than anywhere else.
 */
import type { IssueRecord, RotationRecord, SecretRecord } from "pulumi-atlas-secrets/records";
import type { AccountRef, SecretStatus } from "pulumi-atlas-secrets/rotation";
import type {
  Inventory,
  ListedAccount,
  Owner,
  Reading,
  RecordedResource,
  Source,
} from "../../../cli/src/audit/inventory.js";
import type { AuditLimits } from "../../../cli/src/audit/rules/situation.js";
import { ATLAS_SOURCE, HOUR_MS, NOW_MS } from "./fixtures.js";

/** Random numbers from a seed: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  isTrue(chance: number): boolean {
    return this.next() < chance;
  }

  pick<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.next() * all.length)];
    if (one === undefined) throw new Error("nothing to pick from");
    return one;
  }

  maybe<T extends object>(chance: number, make: () => T): T | Record<string, never> {
    return this.isTrue(chance) ? make() : {};
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: Math.floor(this.next() * (most + 1)) }, make);
  }
}

/** Steps from now that a rule looks at, and a second either side of each. */
const STEPS_MS = [0, HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS, 168 * HOUR_MS, 720 * HOUR_MS, 240 * HOUR_MS, 48 * HOUR_MS];

function toTime(random: Random, sign: 1 | -1 | 0 = 0): number {
  const direction = sign === 0 ? random.pick([1, -1]) : sign;
  return NOW_MS + direction * random.pick(STEPS_MS) + random.pick([0, 0, 0, 1000, -1000, 60_000, 61_000, 500]);
}

const OWNERS: readonly Owner[] = [
  { level: "project", ownerId: "1".repeat(24) },
  { level: "project", ownerId: "2".repeat(24) },
  { level: "organization", ownerId: "3".repeat(24) },
];
const CLIENTS = ["a", "b", "c"].map((digit) => `mdb_sa_id_${digit.repeat(24)}`);
const RECORD_SOURCES: readonly Source[] = [
  { name: "a.json", kind: "stack-export" },
  { name: "b.json", kind: "stack-outputs" },
  { name: "stack organization/shop/prod", kind: "stack" },
];

/** Three secrets an account, so that they are shared by records and Atlas. */
function toSecretId(clientId: string, number: string): string {
  return `${clientId.slice(-1)}${number}`.repeat(12);
}

function toIssue(random: Random, secretId: string): IssueRecord {
  const createdAtMs = toTime(random, -1);
  const issuedForHours = random.pick([720, 8, 168]);
  return {
    secretId,
    issuedForHours,
    issuedForTriggers: {},
    ...random.maybe(0.7, () => ({ grantedHours: random.pick([issuedForHours, 169, 7.5]) })),
    ...random.maybe(0.8, () => ({ createdAtMs })),
    ...random.maybe(0.85, () => ({
      expiresAtMs: random.isTrue(0.5)
        ? toTime(random)
        : createdAtMs + random.pick([720, 721, 8, 720 + 1 / 60, 720 + 1 / 30]) * HOUR_MS,
    })),
    ...random.maybe(0.3, () => ({ statedRotateAfterMs: toTime(random) })),
    ...random.maybe(0.5, () => ({ lastUsedAtMs: toTime(random, -1) })),
  };
}

const STATUSES: readonly SecretStatus[] = ["pending-verification", "rejected", "account-unassigned"];

function toInputs(random: Random, { level, ownerId, clientId }: AccountRef, { issuedForHours }: IssueRecord) {
  return {
    ...(level === "project" ? { projectId: ownerId } : { orgId: ownerId }),
    clientId,
    secretExpiresAfterHours: issuedForHours,
    rotateBeforeExpiryHours: random.pick([0, 1, 24, 48, 240, 719]),
    triggers: {},
    verify: true,
    reclaimExpired: true,
    mayRemove: [],
    exclusive: false,
  };
}

/** What differs in the program's inputs from what the secret was issued for. */
function toChanges(random: Random) {
  return {
    ...random.maybe(0.1, () => ({ secretExpiresAfterHours: 1000 })),
    ...random.maybe(0.05, () => ({ triggers: { changed: true } })),
  };
}

function toPlain(random: Random, account: AccountRef, ids: readonly string[]): Reading {
  const issue = toIssue(random, ids[0] ?? "");
  const inputs = toInputs(random, account, issue);
  const record: SecretRecord = {
    ...inputs,
    ...issue,
    status: random.isTrue(0.7) ? "active" : random.pick(STATUSES),
    ...random.maybe(0.2, () => ({ supersedes: ids.slice(1, 2) })),
  };
  return { kind: "plain", account, record, desired: { ...inputs, ...toChanges(random) }, problems: [] };
}

function toRotating(random: Random, account: AccountRef, ids: readonly string[]): Reading {
  const issue = toIssue(random, ids[0] ?? "");
  const inputs = {
    ...toInputs(random, account, issue),
    overlapHours: random.pick([0, 12, 24, 168]),
    quietHours: random.pick([0, 24, 168]),
  };
  const { secretId = "", expiresAtMs, lastUsedAtMs } = toIssue(random, ids[1] ?? "");
  const times = {
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  };
  const record: RotationRecord = {
    ...inputs,
    isCurrentMissing: random.isTrue(0.1),
    isUnassigned: random.isTrue(0.1),
    generation: 2,
    ...random.maybe(0.9, () => ({ current: issue })),
    ...random.maybe(0.2, () => ({ pending: toIssue(random, ids[2] ?? "") })),
    ...random.maybe(0.6, () => ({ previous: { secretId, ...times } })),
    ...random.maybe(0.8, () => ({ promotedAtMs: toTime(random, -1) })),
    ...random.maybe(0.2, () => ({ statedRetireAfterMs: toTime(random) })),
  };
  return { kind: "rotating", account, record, desired: { ...inputs, ...toChanges(random) }, problems: [] };
}

function toReading(random: Random): Reading {
  const account = { ...random.pick(OWNERS), clientId: random.pick(CLIENTS) };
  const ids = toShuffled(random, ["1", "2", "3"]).map((number) => toSecretId(account.clientId, number));
  if (random.isTrue(0.5)) return toRotating(random, account, ids);
  if (random.isTrue(0.7)) return toPlain(random, account, ids);
  return { kind: "manual", account, record: toIssue(random, ids[0] ?? ""), problems: [] };
}

function toResource(random: Random): RecordedResource {
  return {
    source: random.pick(RECORD_SOURCES).name,
    location: `${random.pick(["output", "urn:pulumi:"])}${Math.floor(random.next() * 1e9)}`,
    isPendingDeletion: random.isTrue(0.1),
    reading: toReading(random),
  };
}

function toListed(random: Random, owners: readonly Owner[]): ListedAccount {
  const clientId = random.pick(CLIENTS);
  const ids = new Set(random.list(3, () => toSecretId(clientId, random.pick(["1", "2", "3"]))));
  const secrets = [...ids].map((id) => {
    const createdAtMs = toTime(random, -1);
    const lastUsedAtMs = random.isTrue(0.5) ? toTime(random, -1) : createdAtMs + random.pick([0, 599, 600, 601]) * 1000;
    const expiresAtMs = random.isTrue(0.5) ? toTime(random) : createdAtMs + random.pick([720, 721, 168]) * HOUR_MS;
    return { id, createdAtMs, expiresAtMs, ...random.maybe(0.6, () => ({ lastUsedAtMs })) };
  });
  return { ...random.pick(owners), clientId, secrets };
}

/** One account is once in one list. */
function toDistinct(accounts: readonly ListedAccount[]): ListedAccount[] {
  return [...new Map(accounts.map((account) => [`${account.ownerId} ${account.clientId}`, account])).values()];
}

export function toRandomInventory(random: Random): Inventory {
  const isLive = random.isTrue(0.6);
  const resources = random.list(4, () => toResource(random));
  const listedOwners = isLive ? OWNERS.filter(() => random.isTrue(0.6)) : [];
  const accounts = listedOwners.length > 0 ? toDistinct(random.list(4, () => toListed(random, listedOwners))) : [];
  const used = new Set(resources.map(({ source }) => source));
  const sources = RECORD_SOURCES.filter(({ name }) => used.has(name) || random.isTrue(0.2)).map((source) => {
    return { ...source, ...random.maybe(0.3, () => ({ asOfMs: Math.min(NOW_MS, toTime(random, -1)) })) };
  });
  const credential = random.isTrue(0.3) ? accounts.find(({ secrets }) => secrets.length > 0) : undefined;
  const candidateIds = (credential?.secrets ?? []).map(({ id }) => id).filter(() => random.isTrue(0.7));
  return {
    sources: [...sources, ...(isLive ? [ATLAS_SOURCE] : [])],
    resources,
    listedOwners,
    accounts,
    pendingOperations: sources
      .filter(() => random.isTrue(0.1))
      .map(({ name }) => ({ source: name, operations: ["creating urn:pulumi:prod::shop::x::y"] })),
    credentials: credential ? [{ clientId: credential.clientId, candidateIds }] : [],
    hasAllStacks: random.isTrue(0.3),
    hasUnmanaged: random.isTrue(0.5),
    unreadSources: [],
  };
}

export function toRandomLimits(random: Random): AuditLimits {
  return {
    maxLifetimeHours: random.pick([720, 168, 8760]),
    graceHours: random.pick([24, 0, 48]),
    unusedAfterHours: random.pick([168, 24, 0]),
    credentialHours: random.pick([168, 24]),
  };
}

/** The same list in another order. */
export function toShuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
