/** The calendar: one happy record, broken one thing at a time; every verdict on both sides of its time. */
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { Inventory } from "../../../cli/src/audit/inventory.js";
import { type Calendar, toCalendar } from "../../../cli/src/plan/calendar.js";
import {
  CLIENT_ID,
  CURRENT,
  CURRENT_ID,
  DAY_MS,
  FOREIGN_ID,
  LISTED_CURRENT,
  LISTED_PREVIOUS,
  listed,
  manual,
  NOW_MS,
  OWNER_ID,
  PENDING_ID,
  PREVIOUS_ID,
  plain,
  recorded,
  rotates,
  STATE,
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

/** The current secret of a rotating resource, due in ten days, and its previous one with another overlap. */
const overlapping = (overlapHours: number) => recorded(rotates({ overlapHours }));

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
    const messagesOf = (nowMs: number) => calendarOf(recorded(rotates()), nowMs).events.map(({ message }) => message);
    expect(messagesOf(NOW_MS)).toEqual([
      `the overlap of previous secret ${PREVIOUS_ID} ends at 2026-06-16T00:00:00Z: after that, a run deletes it once nobody uses it.`,
      `secret ${PREVIOUS_ID} expires at 2026-06-21T12:00:00Z.`,
      `secret ${CURRENT_ID} enters its rotation window at 2026-06-25T12:00:00Z, and expires at 2026-07-05T12:00:00Z.`,
      `secret ${CURRENT_ID} expires at 2026-07-05T12:00:00Z.`,
    ]);
    expect(messagesOf(NOW_MS + 30 * DAY_MS)).toEqual([
      `previous secret ${PREVIOUS_ID} was due to be retired at 2026-06-16T00:00:00Z.`,
      `secret ${PREVIOUS_ID} expired at 2026-06-21T12:00:00Z.`,
      `secret ${CURRENT_ID} expired at 2026-07-05T12:00:00Z: it is rotated.`,
      `secret ${CURRENT_ID} expired at 2026-07-05T12:00:00Z.`,
    ]);
  });

  it.each([
    ["holds a date on its last second", 10 * DAY_MS, ["2026-06-25 rotate c"]],
    ["lacks one a second later", 10 * DAY_MS + SECOND_MS, []],
  ])("%s", (_, aheadMs, dates) => {
    const nowMs = NOW_MS + 10 * DAY_MS - aheadMs;
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
    const inventory = recorded(plain({ rotateBeforeExpiryHours: 0 }));
    expect(datesOf(inventory)).toEqual(["2026-07-05 rotate c", "2026-07-05 expires c"]);
    expect(calendarOf(inventory).runs).toHaveLength(1);
  });

  it("needs no run for a secret of @pulumi/mongodbatlas, which nothing but a changed program replaces", () => {
    const { events, runs } = calendarOf(recorded(manual()));
    expect(events[0]).toMatchObject({ what: "rotate-by-hand", needsRun: false });
    expect(runs).toEqual([]);
  });

  it.each([
    ["one that waits for its verification", plain({ status: "pending-verification" }), "verify"],
    ["one that Atlas rejected", plain({ status: "rejected" }), "issue"],
    ["one that the account lacks", rotates({ isCurrentMissing: true }), "issue"],
    ["a changed lifetime", plain({}, { desired: { secretExpiresAfterHours: 1000 } }), "rotate"],
    ["a replaced one", plain({}, { isPendingDeletion: true }), "delete"],
  ])("has a run today for %s", (_, resource, what) => {
    const { events, runs } = calendarOf(recorded(resource));
    expect(events[0]).toMatchObject({ day: "2026-06-15", what, needsRun: true, isOverdue: true });
    expect(runs[0]).toEqual({ day: "2026-06-15", stack: "shop/prod", secretIds: [CURRENT_ID] });
  });
});

describe("the calendar of a rotating secret", () => {
  it("names when the previous one is retired and ends", () => {
    expect(datesOf(recorded(rotates()))).toEqual([
      "2026-06-16 retire b",
      "2026-06-21 expires b",
      "2026-06-25 rotate c",
      "2026-07-05 expires c",
    ]);
  });

  it("retires at the end of the overlap, and records the promotion first where that is not recorded", () => {
    expect(datesOf(overlapping(84))[0]).toBe("2026-06-18 retire b");
    expect(datesOf(recorded(rotates({ promotedAtMs: undefined })))[0]).toBe("2026-06-15 update b overdue");
  });

  it("does nothing but verify a pending one, since other changes wait for that", () => {
    const pending = { ...CURRENT, secretId: PENDING_ID, expiresAtMs: NOW_MS + 2 * DAY_MS };
    expect(datesOf(recorded(rotates({ pending })))).toEqual([
      "2026-06-15 verify d overdue",
      "2026-06-17 expires d",
      "2026-06-21 expires b",
      "2026-07-05 expires c",
    ]);
  });

  it("rotates once the previous one is expected to leave its slot, and not when the window begins", () => {
    const used = { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS + 6 * DAY_MS, lastUsedAtMs: NOW_MS };
    const inventory = recorded(rotates({ rotateBeforeExpiryHours: 480, previous: used }));
    expect(datesOf(inventory).slice(0, 2)).toEqual(["2026-06-16 retire b", "2026-06-16 rotate c"]);
    expect(
      calendarOf(inventory)
        .events.map(({ at }) => at)
        .slice(0, 2),
    ).toEqual(["2026-06-16T00:00:00Z", "2026-06-16T12:00:00Z"]);
  });

  it("is a conflict when two resources of the account have something to do on one day", () => {
    const other = plain({ secretId: FOREIGN_ID }, { location: "urn:pulumi:prod::shop::x::other" });
    const { conflicts, events } = calendarOf(recorded(plain(), other));
    expect(conflicts).toEqual([
      {
        day: "2026-06-25",
        level: "project",
        ownerId: OWNER_ID,
        clientId: CLIENT_ID,
        secretIds: [CURRENT_ID, FOREIGN_ID],
      },
    ]);
    expect(events.filter(({ isConflict }) => isConflict).map(({ what }) => what)).toEqual(["rotate", "rotate"]);
    const later = plain({ secretId: FOREIGN_ID, expiresAtMs: NOW_MS + 21 * DAY_MS }, { location: "other" });
    expect(calendarOf(recorded(plain(), later)).conflicts).toEqual([]);
  });

  it("is no conflict when one resource retires a secret and makes another on one day, by whatever sources", () => {
    const shortened = { ...LISTED_CURRENT, expiresAtMs: NOW_MS + 16.25 * DAY_MS };
    const inventory = listed(overlapping(168), shortened, LISTED_PREVIOUS);
    const outputs = rotates({ overlapHours: 168 }, { source: "outputs.json", location: "audit" });
    const { conflicts, events } = calendarOf({ ...inventory, resources: [...inventory.resources, outputs] });
    expect(events.filter(({ day }) => day === "2026-06-21").map(({ what }) => what)).toEqual([
      "expires",
      "retire",
      "rotate",
    ]);
    expect(conflicts).toEqual([]);
  });

  it("is no conflict when one of them only ends on that day", () => {
    const shortened = { ...LISTED_CURRENT, expiresAtMs: NOW_MS + 16 * DAY_MS };
    const { conflicts, events } = calendarOf(listed(recorded(rotates()), shortened, LISTED_PREVIOUS));
    expect(events.filter(({ day }) => day === "2026-06-21").map(({ what }) => what)).toEqual(["expires", "rotate"]);
    expect(conflicts).toEqual([]);
  });
});

describe("the calendar over several sources", () => {
  const OUTPUTS = { name: "outputs.json", kind: "stack-outputs" } as const;

  it("takes two records of one secret for one date, and names both stacks", () => {
    const other = plain({}, { source: OUTPUTS.name, location: "records.backend" });
    const inventory = { ...recorded(plain(), other), sources: [STATE, OUTPUTS] };
    const { events, runs } = calendarOf(inventory);
    expect(events.map(({ what, stacks }) => [what, stacks])).toEqual([
      ["rotate", ["outputs.json", "shop/prod"]],
      ["expires", ["outputs.json", "shop/prod"]],
    ]);
    expect(runs.map(({ stack }) => stack)).toEqual(["outputs.json", "shop/prod"]);
  });

  it("names a stack of the backend as the backend does", () => {
    const source = { name: "stack organization/shop/prod", kind: "stack" } as const;
    const inventory = { ...recorded(plain({}, { source: source.name })), sources: [source] };
    expect(calendarOf(inventory).runs.map(({ stack }) => stack)).toEqual(["organization/shop/prod"]);
  });

  it("goes by Atlas's expiry where it lists the secret: the window moves with it", () => {
    const shortened = { ...LISTED_CURRENT, expiresAtMs: NOW_MS + 12 * DAY_MS };
    expect(datesOf(listed(recorded(), shortened))).toEqual(["2026-06-17 rotate c", "2026-06-27 expires c"]);
  });

  it("leaves out what Atlas does not hold, and names the end of what nobody records", () => {
    const foreign: HeldSecret = { ...LISTED_CURRENT, id: FOREIGN_ID, expiresAtMs: NOW_MS + DAY_MS };
    const { events } = calendarOf(listed(recorded(rotates()), foreign, LISTED_PREVIOUS));
    expect(events.map(({ what, role, secretId }) => [what, role, secretId.charAt(0)])).toEqual([
      ["issue", "current", "c"],
      ["expires", "untracked", "f"],
      ["expires", "previous", "b"],
    ]);
  });
});
