/** The calendar: one happy record, broken one thing at a time; every verdict on both sides of its time. */
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { Inventory, SecretRecord } from "../../../cli/src/audit/inventory.js";
import { type Calendar, toCalendar } from "../../../cli/src/plan/calendar.js";
import {
  CLIENT_ID,
  CURRENT_ID,
  DAY_MS,
  FOREIGN_ID,
  LISTED_CURRENT,
  LISTED_PREVIOUS,
  listed,
  NOW_MS,
  OWNER_ID,
  PENDING_ID,
  PREVIOUS_ID,
  RECORD,
  ROTATING_RECORD,
  recorded,
  STATE,
  without,
} from "../audit/fixtures.js";

const SECOND_MS = 1000;

function calendarOf(inventory: Inventory, nowMs = NOW_MS, days = 30): Calendar {
  return toCalendar(inventory, { nowMs, nowFrom: "machine", days });
}

/** Events in short: `2026-06-25 rotate c...`. */
function datesOf(inventory: Inventory, nowMs = NOW_MS, days = 30): string[] {
  return calendarOf(inventory, nowMs, days).events.map(
    ({ day, what, secretId, isOverdue }) => `${day} ${what} ${secretId.charAt(0)}${isOverdue ? " overdue" : ""}`,
  );
}

const only = (record: SecretRecord): Inventory => ({ ...recorded(), records: [record] });

describe("the calendar of one secret", () => {
  it("names when it is due and when it expires, and the one run that it needs", () => {
    const { events, runs, conflicts, until } = calendarOf(recorded());
    expect(events.map(({ at, what, reason, needsRun }) => [at, what, reason, needsRun])).toEqual([
      ["2026-06-25T12:00:00Z", "rotate", "InsideRotationWindow", true],
      ["2026-07-05T12:00:00Z", "expires", "Expired", false],
    ]);
    expect(runs).toEqual([{ day: "2026-06-25", stack: "shop/prod", secretIds: [CURRENT_ID] }]);
    expect({ conflicts, until }).toEqual({ conflicts: [], until: "2026-07-15T12:00:00Z" });
  });

  it("tells of what is to come as to come, and of what is over as over", () => {
    const messagesOf = (nowMs: number) => calendarOf(only(ROTATING_RECORD), nowMs).events.map(({ message }) => message);
    expect(messagesOf(NOW_MS)).toEqual([
      `the previous secret ${PREVIOUS_ID} is to be retired from 2026-06-16T00:00:00Z on.`,
      `secret ${PREVIOUS_ID} expires at 2026-06-21T12:00:00Z.`,
      `secret ${CURRENT_ID} is inside its rotation window from 2026-06-25T12:00:00Z on, and expires at 2026-07-05T12:00:00Z.`,
      `secret ${CURRENT_ID} expires at 2026-07-05T12:00:00Z.`,
    ]);
    expect(messagesOf(NOW_MS + 30 * DAY_MS)).toEqual([
      `the previous secret ${PREVIOUS_ID} was to be retired from 2026-06-16T00:00:00Z on.`,
      `secret ${PREVIOUS_ID} expired at 2026-06-21T12:00:00Z.`,
      `secret ${CURRENT_ID} expired at 2026-07-05T12:00:00Z.`,
      `secret ${CURRENT_ID} expired at 2026-07-05T12:00:00Z.`,
    ]);
  });

  it.each([
    ["holds a date on its last second", 10 * DAY_MS, ["2026-06-25 rotate c"]],
    ["lacks one a second later", 10 * DAY_MS + SECOND_MS, []],
  ])("%s", (_, aheadMs, dates) => {
    const nowMs = Number(RECORD.rotateAfterMs) - aheadMs;
    expect(datesOf(recorded(), nowMs, 10)).toEqual(dates);
  });

  it.each([
    ["inside its window: due today", 15 * DAY_MS, ["2026-06-30 rotate c overdue", "2026-07-05 expires c"]],
    ["at the second it is due", 10 * DAY_MS, ["2026-06-25 rotate c overdue", "2026-07-05 expires c"]],
    ["a second before", 10 * DAY_MS - SECOND_MS, ["2026-06-25 rotate c", "2026-07-05 expires c"]],
    [
      "after its expiry: expired, and due today",
      21 * DAY_MS,
      ["2026-07-06 rotate c overdue", "2026-07-06 expires c overdue"],
    ],
  ])("%s", (_, laterMs, dates) => {
    expect(datesOf(recorded(), NOW_MS + laterMs)).toEqual(dates);
  });

  it("lets a run act on the expiry itself when the window is 0 h", () => {
    const { current } = RECORD;
    const inventory = recorded({ rotateAfterMs: Number(current?.expiresAtMs) });
    expect(datesOf(inventory)).toEqual(["2026-07-05 rotate c", "2026-07-05 expires c"]);
    expect(calendarOf(inventory).runs).toHaveLength(1);
  });

  it("needs no run for a secret of @pulumi/mongodbatlas, which nothing but a changed program replaces", () => {
    const { events, runs } = calendarOf(recorded({ kind: "mongodbatlas" }));
    expect(events[0]).toMatchObject({ what: "rotate-by-hand", needsRun: false });
    expect(runs).toEqual([]);
  });

  it.each([
    ["one that waits for its verification", recorded({ status: "pending-verification" }), "verify"],
    ["one that Atlas rejected", recorded({ status: "rejected" }), "issue"],
    ["one that the account lacks", recorded({ status: "current-missing" }), "issue"],
    ["a replaced one", recorded({ isPendingDeletion: true }), "delete"],
  ])("has a run today for %s", (_, inventory, what) => {
    const { events, runs } = calendarOf(inventory);
    expect(events[0]).toMatchObject({ day: "2026-06-15", what, needsRun: true, isOverdue: true });
    expect(runs[0]).toEqual({ day: "2026-06-15", stack: "shop/prod", secretIds: [CURRENT_ID] });
  });
});

describe("the calendar of a rotating secret", () => {
  it("names when the previous one is retired and ends", () => {
    expect(datesOf(only(ROTATING_RECORD))).toEqual([
      "2026-06-16 retire b",
      "2026-06-21 expires b",
      "2026-06-25 rotate c",
      "2026-07-05 expires c",
    ]);
  });

  it("retires by the recorded time alone, whatever the overlap", () => {
    const later = { ...ROTATING_RECORD, retireAfterMs: NOW_MS + 3 * DAY_MS };
    expect(datesOf(only(later))[0]).toBe("2026-06-18 retire b");
    expect(datesOf(only(without(ROTATING_RECORD, "retireAfterMs")))[0]).toBe("2026-06-21 expires b");
  });

  it("verifies a pending one today, and names its end", () => {
    const pending = { secretId: PENDING_ID, expiresAtMs: NOW_MS + 2 * DAY_MS };
    expect(datesOf(only({ ...ROTATING_RECORD, pending })).slice(0, 3)).toEqual([
      "2026-06-15 verify d overdue",
      "2026-06-16 retire b",
      "2026-06-17 expires d",
    ]);
  });

  it("is a conflict when two secrets of the account need something on one day", () => {
    const inventory = only({ ...ROTATING_RECORD, retireAfterMs: NOW_MS + 10 * DAY_MS });
    const { conflicts, events } = calendarOf(inventory);
    expect(conflicts).toEqual([
      {
        day: "2026-06-25",
        level: "project",
        ownerId: OWNER_ID,
        clientId: CLIENT_ID,
        secretIds: [PREVIOUS_ID, CURRENT_ID],
      },
    ]);
    expect(events.filter(({ isConflict }) => isConflict).map(({ what }) => what)).toEqual(["retire", "rotate"]);
    expect(calendarOf(only({ ...ROTATING_RECORD, retireAfterMs: NOW_MS + 9 * DAY_MS })).conflicts).toEqual([]);
  });

  it("is no conflict when one of them only ends on that day", () => {
    const previous = { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS + 10 * DAY_MS };
    const { conflicts, events } = calendarOf(only({ ...ROTATING_RECORD, previous }));
    expect(events.filter(({ day }) => day === "2026-06-25").map(({ what }) => what)).toEqual(["expires", "rotate"]);
    expect(conflicts).toEqual([]);
  });
});

describe("the calendar over several sources", () => {
  const OUTPUTS = { name: "outputs.json", kind: "stack-outputs" } as const;

  it("takes two records of one secret for one date, and names both stacks", () => {
    const other = { ...RECORD, source: OUTPUTS.name, place: "records.backend", kind: "audit-record" } as const;
    const inventory = { ...recorded({}, other), sources: [STATE, OUTPUTS] };
    const { events, runs } = calendarOf(inventory);
    expect(events.map(({ what, stacks }) => [what, stacks])).toEqual([
      ["rotate", ["outputs.json", "shop/prod"]],
      ["expires", ["outputs.json", "shop/prod"]],
    ]);
    expect(runs.map(({ stack }) => stack)).toEqual(["outputs.json", "shop/prod"]);
  });

  it("names a stack of the backend as the backend does", () => {
    const source = { name: "stack organization/shop/prod", kind: "stack" } as const;
    const inventory = { ...recorded({ source: source.name }), sources: [source] };
    expect(calendarOf(inventory).runs.map(({ stack }) => stack)).toEqual(["organization/shop/prod"]);
  });

  it("goes by Atlas's expiry where it lists the secret: the window moves with it", () => {
    const cut = { ...LISTED_CURRENT, expiresAtMs: NOW_MS + 12 * DAY_MS };
    expect(datesOf(listed(recorded(), cut))).toEqual(["2026-06-17 rotate c", "2026-06-27 expires c"]);
  });

  it("leaves out what Atlas does not hold, and names the end of what nobody records", () => {
    const foreign: HeldSecret = { ...LISTED_CURRENT, id: FOREIGN_ID, expiresAtMs: NOW_MS + DAY_MS };
    const { events } = calendarOf(listed(only(ROTATING_RECORD), foreign, LISTED_PREVIOUS));
    expect(events.map(({ what, role, secretId }) => [what, role, secretId.charAt(0)])).toEqual([
      ["retire", "previous", "b"],
      ["expires", "untracked", "f"],
      ["expires", "previous", "b"],
    ]);
  });
});
