/** What the audit and the calendar do grows with the number of secrets, and no faster: counted in reads of what was gathered. */
import type { Inventory } from "../../../cli/src/audit/inventory.js";
import { toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { toCalendar } from "../../../cli/src/plan/calendar.js";
import {
  ATLAS_SOURCE,
  DAY_MS,
  FOREIGN_ID,
  LISTED_CURRENT,
  NOW_MS,
  OWNER_ID,
  plain,
  recorded,
  STATE,
} from "./fixtures.js";

/** So many accounts, each with a recorded secret and, every other one, a second one that nobody records. */
function toInventory(count: number, watch: <T extends object>(object: T) => T): Inventory {
  const clientIds = Array.from({ length: count }, (_, index) => `mdb_sa_id_${String(index).padStart(24, "0")}`);
  const resources = clientIds.map((clientId, index) => {
    const resource = plain({ clientId, secretId: String(index).padStart(24, "c") }, { location: `urn:${index}` });
    const account = watch({ ...resource.reading.account, clientId });
    return watch({ ...resource, reading: watch({ ...resource.reading, account }) });
  });
  const accounts = clientIds.map((clientId, index) => {
    const current = watch({ ...LISTED_CURRENT, id: String(index).padStart(24, "c") });
    const other = watch({ ...LISTED_CURRENT, id: `${FOREIGN_ID}${index}`.slice(-24) });
    const secrets = index % 2 === 0 ? [current, other] : [current];
    return watch({ level: "project" as const, ownerId: OWNER_ID, clientId, secrets });
  });
  const listedOwners = [{ level: "project" as const, ownerId: OWNER_ID }];
  return { ...recorded(), sources: [STATE, ATLAS_SOURCE], resources, accounts, listedOwners };
}

/** How often a property of what was gathered is read. */
function countReads(count: number, judge: (inventory: Inventory) => unknown): number {
  let reads = 0;
  const watch = <T extends object>(object: T): T =>
    new Proxy(object, {
      get: (target, name, receiver) => {
        reads++;
        return Reflect.get(target, name, receiver);
      },
    });
  judge(toInventory(count, watch));
  return reads;
}

it.each<[string, (inventory: Inventory) => unknown]>([
  ["a report", (inventory) => toReport(inventory, { nowMs: NOW_MS, nowFrom: "atlas", limits: DEFAULT_LIMITS })],
  [
    "a report in which all is overdue",
    (inventory) => toReport(inventory, { nowMs: NOW_MS + 30 * DAY_MS, nowFrom: "atlas", limits: DEFAULT_LIMITS }),
  ],
  ["a calendar", (inventory) => toCalendar(inventory, { nowMs: NOW_MS, nowFrom: "atlas", days: 90 })],
])("%s of 2,000 accounts reads at most six times as much as one of 400", (_, judge) => {
  const few = countReads(400, judge);
  expect(few).toBeGreaterThan(4_000);
  expect(countReads(2_000, judge) / few).toBeLessThanOrEqual(6);
});
