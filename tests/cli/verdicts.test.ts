/**
 * What the audit and the calendar say of a record is what `pulumi up` would do with it: over random records, inputs and times.
 * `VERDICT_RUNS` and `VERDICT_SEED` ask for more, or for others.
 */
import { assess, decideNextUp, listTurnsMs, type NextUp, Reason } from "pulumi-atlas-secrets/rotation";
import { classify } from "../../cli/src/audit/classify.js";
import type { Inventory, RecordedResource } from "../../cli/src/audit/inventory.js";
import { DEFAULT_LIMITS } from "../../cli/src/audit/rules/situation.js";
import { toCalendar } from "../../cli/src/plan/calendar.js";
import { DAY_MS, HOUR_MS, NOW_MS, recorded } from "./audit/fixtures.js";
import { Random, toRandomInventory } from "./audit/random-inventory.js";

const RUNS = Number(process.env.VERDICT_RUNS ?? 2_000);
const SEED = Number(process.env.VERDICT_SEED ?? 20_260_616);
const DAYS = 60;

/** Resources whose programs may also have changed the window, the overlap or a setting. */
function toResources(random: Random): RecordedResource[] {
  return toRandomInventory(random).resources.map((resource): RecordedResource => {
    const { reading } = resource;
    if (reading.kind === "manual" || random.isTrue(0.6)) return { ...resource, isPendingDeletion: false };
    const changes = random.pick([{ rotateBeforeExpiryHours: random.pick([0, 12, 240]) }, { exclusive: true }]);
    const changed =
      reading.kind === "plain"
        ? { ...reading, desired: { ...reading.desired, ...changes } }
        : { ...reading, desired: { ...reading.desired, ...changes, overlapHours: random.pick([0, 48]) } };
    return { ...resource, isPendingDeletion: false, reading: changed };
  });
}

/** Which codes a reason can have: written from the documentation of the audit. */
const CODES_OF: Readonly<Partial<Record<Reason, readonly string[]>>> = {
  Expired: ["current-expired"],
  InsideRotationWindow: ["inside-window", "no-successor"],
  PreviousHoldsSlot: ["inside-window", "current-expired", "run-pending"],
  VerificationPending: ["pending-verification"],
  SecretRejected: ["rejected"],
  CurrentMissing: ["missing-on-atlas"],
  OverlapOver: ["overlap-over", "previous-in-use", "expired-not-deleted"],
  ExpiryChanged: ["run-pending"],
  TriggersChanged: ["run-pending"],
  PromotionUnrecorded: ["run-pending"],
};

const OVERDUE = new Set(["current-expired", "no-successor", "inside-window"]);
const OF_RECORDS = new Set(Object.values(CODES_OF).flat());

/** What is to be done, by the verdict of a run: written from the documentation of the calendar. */
function toWhat(verdict: NextUp | undefined): string | undefined {
  if (!verdict || verdict.action === "keep" || verdict.reason === Reason.SettingsChanged) return undefined;
  if (verdict.reason === Reason.PreviousHoldsSlot) return undefined;
  if (verdict.reason === Reason.SecretRejected) return "issue";
  if (verdict.reason === Reason.VerificationPending) return "verify";
  return verdict.action === "replace" ? "rotate" : verdict.action;
}

const eventsOf = (inventory: Inventory) =>
  toCalendar(inventory, { nowMs: NOW_MS, nowFrom: "atlas", days: DAYS }).events;

describe("the audit, of a record by itself", () => {
  it("finds something for each thing that is due, and nothing else of what runs do", () => {
    const met = new Set<string>();
    for (let run = 0; run < RUNS; run++) {
      for (const resource of toResources(new Random(SEED + run))) {
        // Of one that is missing nothing else is said.
        const due = assess(resource.reading, NOW_MS).filter(
          ({ reason, secretId }) => reason === Reason.CurrentMissing || secretId !== findMissing(resource),
        );
        const found = classify(recorded(resource), NOW_MS, DEFAULT_LIMITS);
        const codes = found.map(({ code }) => code).filter((code) => OF_RECORDS.has(code));
        for (const { reason } of due) {
          met.add(reason);
          const expected = CODES_OF[reason] ?? [];
          // A previous secret whose successor is missing stays, and is due all the same.
          const mayStay = reason === Reason.OverlapOver;
          // One overdue secret is one finding, the worst.
          const isLesser = expected.includes("run-pending") && codes.some((code) => OVERDUE.has(code));
          expect({
            run,
            reason,
            isFound: mayStay || isLesser || codes.some((code) => expected.includes(code)),
          }).toMatchObject({
            isFound: true,
          });
        }
        const allowed = new Set(due.flatMap(({ reason }) => CODES_OF[reason] ?? []));
        const more = codes.filter((code) => !allowed.has(code) && code !== "expired-not-deleted");
        // What is recorded as missing is said as such, also while a pending secret waits.
        expect({ run, more: more.filter((code) => code !== "missing-on-atlas") }).toEqual({ run, more: [] });
      }
    }
    expect([...met].sort()).toEqual(Object.keys(CODES_OF).sort());
  });
});

describe("the calendar, of a record by itself", () => {
  it("names what the next run does now, and when another run would do something else", () => {
    for (let run = 0; run < RUNS; run++) {
      for (const resource of toResources(new Random(SEED + run))) {
        const { reading } = resource;
        const events = eventsOf(recorded(resource)).filter(({ what }) => what !== "expires");
        const isKnown = (ms: number) => {
          const what = toWhat(decideNextUp(reading, ms));
          const isNamed = events.some((event) => event.what === what && Math.max(NOW_MS, Date.parse(event.at)) <= ms);
          return what === undefined || isNamed || isWithoutId(resource);
        };
        const steps = Array.from({ length: DAYS * 2 }, (_, half) => NOW_MS + half * 12 * HOUR_MS);
        // Both sides of each time at which a verdict can change.
        const turns = listTurnsMs(reading).flatMap((ms) => [ms - 1, ms, ms + 999]);
        const times = [...steps, ...turns.filter((ms) => ms >= NOW_MS && ms <= NOW_MS + DAYS * DAY_MS)];
        expect({ run, unknown: times.filter((ms) => !isKnown(ms)) }).toEqual({ run, unknown: [] });
        for (const { at, what, needsRun, isOverdue } of events) {
          if (!needsRun) continue;
          const ms = isOverdue ? NOW_MS : Date.parse(at) + 999;
          const verdict = decideNextUp(reading, ms);
          // A run that rotates retires the previous one first.
          const done = toWhat(verdict) === "rotate" ? ["rotate", "retire"] : [toWhat(verdict)];
          expect({ run, at, done }).toEqual({ run, at, done: expect.arrayContaining([what]) });
        }
      }
    }
  });

  it("goes as far as it is asked to", () => {
    const [resource] = toResources(new Random(SEED));
    const untilMs = NOW_MS + DAYS * DAY_MS;
    const events = resource ? eventsOf(recorded(resource)) : [];
    expect(events.filter(({ at }) => Date.parse(at) > untilMs)).toEqual([]);
  });
});

function findMissing({ reading }: RecordedResource): string | undefined {
  return reading.kind === "rotating" && reading.record.isCurrentMissing ? reading.record.current?.secretId : undefined;
}

/** A rotating resource without any secret names none in an event. */
function isWithoutId({ reading }: RecordedResource): boolean {
  return reading.kind === "rotating" && !reading.record.current && !reading.record.pending;
}
