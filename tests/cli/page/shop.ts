/** The secrets of a shop as the page shows them: most are well, some show what can be wrong. Every id is made up. */
import { createHash } from "node:crypto";
import type { HeldSecret, SecretStatus } from "pulumi-atlas-secrets/rotation";
import type { Inventory, RecordedResource, Source } from "../../../cli/src/audit/inventory.js";
import { type AuditReport, toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { ATLAS_SOURCE, CURRENT, DAY_MS, HOUR_MS, INPUTS, NOW_MS } from "../audit/fixtures.js";

export const SHOP: Source = { name: "stack organization/shop/prod", kind: "stack" };
export const OWNER_ID = toId("project shop");

/** An id as Atlas makes them, from a name. */
export function toId(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 24);
}

/** One service of the shop: days from now are negative for the past. */
interface Service {
  readonly name: string;
  readonly created: number;
  readonly expires: number;
  /** From when on it is replaced; by default at the last third of its life. */
  readonly due?: number;
  readonly used?: number;
  readonly isMissing?: boolean;
  readonly previous?: {
    readonly created: number;
    readonly expires: number;
    readonly used: number;
    readonly over: number;
  };
  readonly status?: SecretStatus;
  readonly more?: readonly { readonly name: string; readonly created: number; readonly expires: number }[];
}

const SERVICES: readonly Service[] = [
  { name: "orders", created: -32, expires: -2, used: -3 },
  { name: "payments", created: -25, expires: 5, due: -5, used: -0.1 },
  {
    name: "backend",
    created: -0.5,
    expires: 29.5,
    used: -0.1,
    previous: { created: -21, expires: 6, used: -1, over: 0.5 },
  },
  {
    name: "search",
    created: -8,
    expires: 22,
    used: -0.2,
    previous: { created: -28, expires: 3, used: -0.3, over: -7 },
  },
  {
    name: "reports",
    created: -12,
    expires: 18,
    used: -0.4,
    more: [{ name: "reports by hand", created: -40, expires: 50 }],
  },
  { name: "billing", created: -6, expires: 24, isMissing: true },
  { name: "archive", created: -100, expires: 265, due: 200, used: -2 },
  { name: "catalog", created: -14, expires: 16 },
  { name: "mail", created: -2, expires: 28, used: -1, status: "pending-verification" },
  { name: "login", created: -21, expires: 9, due: -0.2, used: -0.1 },
  { name: "stock", created: -10, expires: 20, used: -0.5 },
  { name: "invoices", created: -3, expires: 27, used: -0.1 },
  { name: "newsletter", created: -15, expires: 15, used: -0.8 },
  { name: "pictures", created: -5, expires: 25, used: -0.1 },
];

const at = (days: number) => NOW_MS + Math.round(days * 24) * HOUR_MS;

/** The record of a service; `name` makes its ids. */
export function toResource({ name, created, expires, due, previous, status = "active" }: Service): RecordedResource {
  const account = { level: "project", ownerId: OWNER_ID, clientId: `mdb_sa_id_${toId(name)}` } as const;
  const inputs = { ...INPUTS, projectId: OWNER_ID, clientId: account.clientId };
  const issue = {
    ...CURRENT,
    secretId: toId(`${name} current`),
    createdAtMs: at(created),
    expiresAtMs: at(expires),
    statedRotateAfterMs: at(due ?? expires - (expires - created) / 3),
  };
  const common = { account, problems: [] };
  const rotation = { ...inputs, overlapHours: 24, quietHours: 24 };
  return {
    source: SHOP.name,
    location: `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::${name}`,
    isPendingDeletion: false,
    reading: previous
      ? {
          ...common,
          kind: "rotating",
          record: {
            ...rotation,
            current: issue,
            previous: { secretId: toId(`${name} previous`), expiresAtMs: at(previous.expires) },
            promotedAtMs: at(created),
            statedRetireAfterMs: at(previous.over),
            isCurrentMissing: false,
            isUnassigned: false,
            generation: 2,
          },
          desired: rotation,
        }
      : { ...common, kind: "plain", record: { ...inputs, ...issue, status }, desired: inputs },
  };
}

function toHeld(id: string, created: number, expires: number, used?: number): HeldSecret {
  return {
    id,
    createdAtMs: at(created),
    expiresAtMs: at(expires),
    ...(used !== undefined && { lastUsedAtMs: at(used) }),
  };
}

function toListed({ name, created, expires, used, isMissing, previous, more = [] }: Service) {
  const secrets = [
    ...(isMissing ? [] : [toHeld(toId(`${name} current`), created, expires, used)]),
    ...(previous ? [toHeld(toId(`${name} previous`), previous.created, previous.expires, previous.used)] : []),
    ...more.map((other) => toHeld(toId(other.name), other.created, other.expires, -9)),
  ];
  return { level: "project" as const, ownerId: OWNER_ID, clientId: `mdb_sa_id_${toId(name)}`, secrets };
}

/** What a state records and Atlas lists of services. */
export function toShopInventory(services: readonly Service[]): Inventory {
  return {
    sources: [SHOP, ATLAS_SOURCE],
    resources: services.map(toResource),
    pendingOperations: [],
    listedOwners: [{ level: "project", ownerId: OWNER_ID }],
    accounts: services.map(toListed),
    unreadSources: [],
    credentials: [],
    hasAllStacks: false,
    hasUnmanaged: false,
  };
}

/** Judges at the time of the fixtures, by the usual limits. */
export function toShopReport(inventory: Inventory): AuditReport {
  return toReport(inventory, { nowMs: NOW_MS, nowFrom: "atlas", limits: DEFAULT_LIMITS });
}

/** The whole shop, and its report. */
export const SHOP_INVENTORY = toShopInventory(SERVICES);
export const SHOP_REPORT = toShopReport(SHOP_INVENTORY);

/** The same, where Atlas tells the names of its accounts. */
export const NAMED_REPORT = toShopReport({
  ...SHOP_INVENTORY,
  accounts: SERVICES.map((service) => ({ ...toListed(service), name: `Account of ${service.name}` })),
});

/** The report of the picture in the guide: a little of everything. */
export const README_REPORT = toShopReport(
  toShopInventory(SERVICES.filter(({ name }) => ["orders", "backend"].includes(name))),
);

/** The same where nothing is wrong. */
export const CLEAN_REPORT = toShopReport(toShopInventory(SERVICES.filter(({ name }) => name === "stock")));

/** Many secrets: every hundredth is late, every tenth never used. */
export function toLargeInventory(count: number): Inventory {
  const services = Array.from({ length: count }, (_, n): Service => {
    const created = -10 - (n % 12);
    const used = n % 10 === 0 ? {} : { used: -0.5 };
    return { name: `service ${n}`, created, expires: n % 100 === 7 ? 2 : created + 30, ...used };
  });
  return toShopInventory(services);
}

/** Their report. */
export function toLargeReport(count: number): AuditReport {
  return toShopReport(toLargeInventory(count));
}

/** A record that says less: nobody knows when its secret was created or is due. */
export const SPARSE_REPORT = toShopReport({
  ...toShopInventory([]),
  sources: [SHOP],
  listedOwners: [],
  resources: [
    {
      ...toResource({ name: "sparse", created: 0, expires: 0 }),
      reading: {
        kind: "manual",
        account: { level: "project", ownerId: OWNER_ID, clientId: `mdb_sa_id_${toId("sparse")}` },
        record: {
          secretId: toId("sparse current"),
          expiresAtMs: NOW_MS + 3 * DAY_MS,
          issuedForHours: Number.NaN,
          issuedForTriggers: {},
        },
        problems: [],
      },
    },
  ],
});
