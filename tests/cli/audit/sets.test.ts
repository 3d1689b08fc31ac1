/** What the reports say of a set: of each account what they say of a rotating resource, and of one that left it only what is due. */
import { toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { toCalendar } from "../../../cli/src/plan/calendar.js";
import { parseSource } from "../../../cli/src/sources/files.js";
import { encrypted, type Fields, toExport, toResource } from "../sources/states.js";

const SET = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet";
const PROJECT_ID = "64a1f0c2e4b0a1b2c3d4e5f6";
const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse("2026-03-02T08:00:00Z");
const clientIdOf = (digit: string) => `mdb_sa_id_${digit.repeat(24)}`;
const at = (hours: number) => new Date(NOW_MS + hours * HOUR_MS).toISOString().replace(".000", "");

/** A day old, of 720 h. */
function toRecord(digit: string, changes: Fields = {}): Fields {
  return {
    projectId: PROJECT_ID,
    clientId: clientIdOf(digit),
    secretId: digit.repeat(24),
    status: "active",
    createdAt: at(-24),
    expiresAt: at(696),
    rotateAfter: at(456),
    generation: 1,
    ...changes,
  };
}

function toRemoved(digit: string, removedHours: number, changes: Fields = {}): Fields {
  const { rotateAfter: _, ...record } = toRecord(digit);
  const times = { removedAt: at(removedHours), retireAfter: at(removedHours + 24) };
  return { ...record, status: "account-removed", ...times, ...changes };
}

function toInventory(records: Fields, removedRecords: Fields = {}, inputs: Fields = {}) {
  const outputs = {
    secretExpiresAfterHours: 720,
    rotateBeforeExpiryHours: 240,
    overlapHours: 24,
    quietHours: 24,
    secrets: encrypted,
    records,
    removedRecords,
  };
  const accounts = Object.fromEntries(
    Object.entries(records).map(([name, record]) => [
      name,
      { projectId: PROJECT_ID, clientId: (record as { readonly clientId: string }).clientId },
    ]),
  );
  const given = { accounts, secretExpiresAfterHours: 720, ...inputs };
  const { source, ...recorded } = parseSource(
    toExport([toResource(SET, outputs, { id: "a-random-id", inputs: given }, "fleet")]),
    "state.json",
  );
  const listed = { listedOwners: [], accounts: [], credentials: [], hasAllStacks: false, hasUnmanaged: false };
  return { ...recorded, ...listed, sources: [source] };
}

function audit(records: Fields, removedRecords: Fields = {}, inputs: Fields = {}) {
  const inventory = toInventory(records, removedRecords, inputs);
  const { findings, unreadSources } = toReport(inventory, {
    nowMs: NOW_MS,
    nowFrom: "machine",
    limits: DEFAULT_LIMITS,
  });
  expect(unreadSources).toEqual([]);
  return findings.map(({ code, resources, message }) => ({ code, resources, message }));
}

describe("the audit of a set", () => {
  it("finds nothing where nothing is wrong, and names each account by the set and its name", () => {
    expect(audit({ billing: toRecord("a"), search: toRecord("b") })).toEqual([]);
    const [found, ...more] = audit({ billing: toRecord("a", { rotateAfter: at(-1), expiresAt: at(239) }) });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: "inside-window", resources: ["fleet[billing]"] });
  });

  it("does not say that triggers changed, which are confidential as those that a secret was issued for are", () => {
    expect(audit({ billing: toRecord("a") }, {}, { triggers: { rotate: "now" } })).toEqual([]);
  });

  it("finds an account of which no secret could be made", () => {
    const { projectId, clientId } = toRecord("a");
    const [found, ...more] = audit({ billing: { projectId, clientId, status: "current-missing", generation: 0 } });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      code: "missing-on-atlas",
      message: expect.stringContaining("state.json records no secret of it: the last run could not make one."),
    });
  });

  it("says nothing of an account that left it as long as its overlap lasts", () => {
    expect(audit({}, { removed: toRemoved("c", -5) })).toEqual([]);
  });

  it("finds one whose overlap is over, and says that a run deletes its secret", () => {
    const [found, ...more] = audit({}, { removed: toRemoved("c", -50) });
    expect(more).toEqual([]);
    expect(found?.code).toBe("overlap-over");
  });

  it("finds one that is used although its overlap is over", () => {
    const [found, ...more] = audit({}, { removed: toRemoved("c", -50, { lastUsedAt: at(-2) }) });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      code: "previous-in-use",
      message: expect.stringContaining("something still signs in with it"),
    });
  });
});

describe("the plan of a set", () => {
  it("has the rotation of each account, and the end of each overlap", () => {
    const inventory = toInventory({ billing: toRecord("a") }, { removed: toRemoved("c", -5) });
    const { events } = toCalendar(inventory, { nowMs: NOW_MS, nowFrom: "machine", days: 25 });
    expect(events.map((event) => [event.what, event.secretId, event.at])).toEqual([
      ["retire", "c".repeat(24), at(19)],
      ["rotate", "a".repeat(24), at(456)],
    ]);
  });
});
