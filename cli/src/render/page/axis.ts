/** The axis that all timelines share: which time is where, and what is written along it. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import type { AuditReport, ReportedSecret } from "../../audit/report.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is further from now than nine of ten times, half as far again, is beyond: a few long lives would leave the others no room. */
const [HELD_SHARE, HELD_FACTOR] = [0.9, 1.5];
/** It is at least so long. */
const MIN_SPAN_MS = 2 * DAY_MS;
/** Room at both ends, as a share of what lies between. */
const MARGIN = 0.03;
/** More labels than these run into each other. */
const MOST_TICKS = 7;
/** Steps between labels. */
const STEPS_MS = [12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS];
/** Where none of these is long enough: steps in months, from each January on. */
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60];
/** Weeks begin on a Monday, the epoch on a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** One label. */
export interface Tick {
  readonly atMs: number;
  readonly label: string;
}

/** From when to when, in milliseconds since the epoch. */
export interface Axis {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  readonly ticks: readonly Tick[];
}

/** The axis on which the times of these secrets are, but for those that are much further from now than the others. */
export function toAxis({ now, secrets }: Pick<AuditReport, "now" | "secrets">): Axis {
  const nowMs = Number(parseIsoTime(now));
  let [first, last] = [nowMs, nowMs];
  const times = secrets.flatMap(listTimes);
  const distances = times.map((ms) => Math.abs(ms - nowMs)).sort((a, b) => a - b);
  const reachMs = HELD_FACTOR * (distances[Math.ceil(distances.length * HELD_SHARE) - 1] ?? 0);
  for (const ms of times) {
    first = Math.min(first, Math.max(ms, nowMs - reachMs));
    last = Math.max(last, Math.min(ms, nowMs + reachMs));
  }
  const lackMs = Math.max(0, MIN_SPAN_MS - (last - first)) / 2;
  const marginMs = MARGIN * Math.max(MIN_SPAN_MS, last - first);
  return toAxisOf({ fromMs: first - lackMs - marginMs, toMs: last + lackMs + marginMs, nowMs });
}

/** The axis with these ends. */
export function toAxisOf(ends: Omit<Axis, "ticks">): Axis {
  return { ...ends, ticks: toTicks(ends.fromMs, ends.toMs) };
}

function listTimes({ createdAt, rotateAfter, expiresAt, overlapFrom, overlapUntil }: ReportedSecret): number[] {
  return [createdAt, rotateAfter, expiresAt, overlapFrom, overlapUntil].flatMap((time) => parseIsoTime(time) ?? []);
}

/** Where a time is: 0 at the beginning of the axis, 100 at its end, the nearer of both when it lies beyond. */
export function toPercent({ fromMs, toMs }: Axis, ms: number): number {
  const percent = ((ms - fromMs) / (toMs - fromMs)) * 100;
  return Math.round(Math.min(100, Math.max(0, percent)) * 1000) / 1000;
}

function toTicks(fromMs: number, toMs: number): Tick[] {
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= MOST_TICKS);
  if (stepMs === undefined) return toMonths(fromMs, toMs);
  const ticks: Tick[] = [];
  const firstMs = Math.ceil((fromMs - FIRST_MONDAY_MS) / stepMs) * stepMs + FIRST_MONDAY_MS;
  for (let atMs = firstMs; atMs <= toMs; atMs += stepMs) ticks.push({ atMs, label: toLabel(atMs) });
  return ticks;
}

function toMonths(fromMs: number, toMs: number): Tick[] {
  const [first, last] = [toMonth(fromMs) + 1, toMonth(toMs)];
  const step = STEPS_MONTHS.find((months) => (last - first) / months < MOST_TICKS) ?? 120;
  const ticks: Tick[] = [];
  for (let month = Math.ceil(first / step) * step; month <= last; month += step) {
    const atMs = Date.UTC(Math.floor(month / 12), month % 12);
    ticks.push({ atMs, label: step < 12 ? toLabel(atMs) : String(new Date(atMs).getUTCFullYear()) });
  }
  return ticks;
}

/** Months since the year 0. */
function toMonth(ms: number): number {
  const at = new Date(ms);
  return at.getUTCFullYear() * 12 + at.getUTCMonth();
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** As `15 Jun`, and the first of a year as `Jan 2027`; within a day `12:00`. */
function toLabel(atMs: number): string {
  const at = new Date(atMs);
  if (atMs % DAY_MS !== 0) return at.toISOString().slice(11, 16);
  const month = MONTHS[at.getUTCMonth()];
  return at.getUTCMonth() === 0 && at.getUTCDate() === 1
    ? `${month} ${at.getUTCFullYear()}`
    : `${at.getUTCDate()} ${month}`;
}
