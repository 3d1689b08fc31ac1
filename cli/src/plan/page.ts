/** The calendar as one page: what is needed day by day, then the timeline of every secret with what is to be done on it. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { toTitle } from "../audit/names.js";
import type { ReportedSecret } from "../audit/report.js";
import { type Axis, toAxisOf } from "../render/page/axis.js";
import { toGroup } from "../render/page/findings.js";
import { toPage, toUnreadSources, toVerdict } from "../render/page/frame.js";
import { html, type Markup } from "../render/page/markup.js";
import { createFindAnchor, type SecretRow, toRows } from "../render/page/rows.js";
import { toSecretSection, toTimelineLink } from "../render/page/secrets.js";
import { toGridRule } from "../render/page/timeline.js";
import { type Status, toIcon, toMoment, type Words } from "../render/page/words.js";
import { toCount } from "../wording.js";
import { type Calendar, isAction, type PlannedEvent } from "./calendar.js";

/** How much of the picture is before now, as a share of what is after. */
const PAST_SHARE = 0.15;
/** Room at the end, so that a mark on the last day is whole. */
const END_SHARE = 0.02;

const WORDS = { warning: "Due now", info: "Due", ok: "Nothing due" } as const satisfies Words;

/** Renders it. */
export function toCalendarPage(calendar: Calendar, secrets: readonly ReportedSecret[]): Promise<string> {
  const axis = toCalendarAxis(calendar);
  const rows = toCalendarRows(calendar, secrets);
  const findAnchor = createFindAnchor(rows);
  const days = [...new Set(calendar.events.map(({ day }) => day))].sort();
  return toPage({
    title: `${toSentence(calendar)} - Atlas secrets plan`,
    rules: toGridRule(axis),
    verdict: toVerdict(toStatus(calendar), toSentence(calendar), toAbout(calendar, secrets), calendar),
    sections: [
      toUnreadSources(calendar),
      html`<section id="days" aria-labelledby="days-title">
<h2 id="days-title">Day by day</h2>
${days.length > 0 ? days.map((day) => toDay(day, calendar, findAnchor)) : html`<p class="nothing">${toIcon("ok")} Nothing is due.</p>`}
</section>
`,
      toSecretSection(rows, calendar, axis, WORDS, { hasDues: true }),
    ],
    foot: html`Times and days are UTC. Secrets created by these runs are not included.`,
  });
}

function toCalendarAxis({ now, until }: Calendar): Axis {
  const [nowMs, untilMs] = [Number(parseIsoTime(now)), Number(parseIsoTime(until))];
  const spanMs = untilMs - nowMs;
  return toAxisOf({ fromMs: nowMs - PAST_SHARE * spanMs, toMs: untilMs + END_SHARE * spanMs, nowMs });
}

/** Those with something to do first, by its time; then those that end first. */
function toCalendarRows({ events, now }: Calendar, secrets: readonly ReportedSecret[]): SecretRow[] {
  const nowMs = Number(parseIsoTime(now));
  const toMs = ({ at }: PlannedEvent) => Math.max(nowMs, Number(parseIsoTime(at)));
  const eventsOf = new Map<string, PlannedEvent[]>();
  for (const event of events) eventsOf.set(toKey(event), [...(eventsOf.get(toKey(event)) ?? []), event]);
  return toRows(secrets, (secret) => {
    const own = eventsOf.get(toKey(secret)) ?? [];
    const actions = own.filter(isAction);
    const [first] = actions;
    return {
      status: toWorst(actions),
      notes: own.map(({ what, day }) => `${what} ${day}`),
      duesMs: [...new Set(actions.map(toMs))],
      orderMs: first ? toMs(first) : (parseIsoTime(secret.expiresAt) ?? Number.POSITIVE_INFINITY),
    };
  });
}

function toKey({ clientId, secretId }: Pick<PlannedEvent, "clientId" | "secretId">): string {
  return `${clientId} ${secretId}`;
}

function toEventStatus(event: PlannedEvent): keyof typeof WORDS {
  return !isAction(event) ? "ok" : event.isOverdue ? "warning" : "info";
}

function toWorst(events: readonly PlannedEvent[]): keyof typeof WORDS {
  const statuses = events.map(toEventStatus);
  return statuses.includes("warning") ? "warning" : statuses.includes("info") ? "info" : "ok";
}

function toDay(day: string, calendar: Calendar, findAnchor: ReturnType<typeof createFindAnchor>): Markup {
  const events = calendar.events.filter((event) => event.day === day);
  const stacks = calendar.runs.filter((run) => run.day === day).map(({ stack }) => stack);
  const conflicts = calendar.conflicts.filter((conflict) => conflict.day === day);
  const status = toWorst(events);
  const name = new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { weekday: "long", timeZone: "UTC" });
  return toGroup({
    status,
    words: WORDS,
    title: html`<time datetime="${day}">${day}</time>, ${name}`,
    what: "events",
    about: html`${stacks.length > 0 ? html`Run 'pulumi up' of <bdi>${stacks.join(", ")}</bdi>.` : "No run is needed."}${conflicts.map(({ clientId, secretIds }) => html` ${toIcon("warning")} Conflicting changes on <bdi>${clientId}</bdi>: <bdi>${secretIds.join(", ")}</bdi>.`)}`,
    items: events.map((event) => toItem(event, findAnchor(event.clientId, event.secretId))),
  });
}

function toItem(event: PlannedEvent, anchor: string | undefined): Markup {
  const { what, reason, message, stacks, secretId, clientId } = event;
  const from = stacks.length > 0 && html` From <bdi>${stacks.join(", ")}</bdi>.`;
  return html`<li data-status="${toEventStatus(event)}" data-code="${reason}"><b>${what} <bdi>${toTitle(event, event)}</bdi></b>: <bdi>${message}</bdi> <span class="from">Account <bdi>${clientId}</bdi>.${from}${toTimelineLink(secretId, anchor)}</span></li>`;
}

/** Not having read everything is as bad as an error. */
function toStatus({ unreadSources, events, conflicts }: Calendar): Status {
  if (unreadSources.length > 0) return "error";
  return conflicts.length > 0 ? "warning" : toWorst(events);
}

function toSentence({ events, runs, conflicts, unreadSources }: Calendar): string {
  const dueNow = events.filter((event) => toEventStatus(event) === "warning").length;
  const found = [
    dueNow > 0 && `${dueNow} due now`,
    runs.length > 0 && `${toCount(runs.length, "run")} needed`,
    conflicts.length > 0 &&
      toCount(conflicts.length, "account with conflicting changes", "accounts with conflicting changes"),
  ].filter((part) => part !== false);
  if (found.length > 0) return found.join(", ");
  if (events.some(isAction))
    return toCount(events.filter(isAction).length, "thing to do by hand", "things to do by hand");
  return unreadSources.length > 0 ? "Incomplete" : "Nothing is due";
}

function toAbout({ now, nowFrom, until }: Calendar, secrets: readonly ReportedSecret[]): Markup {
  const by = { atlas: "by Atlas's clock", machine: "by this machine's clock" }[nowFrom];
  const accounts = new Set(secrets.map(({ clientId }) => clientId)).size;
  return html`For ${toCount(secrets.length, "secret")} of ${toCount(accounts, "account")}, from ${toMoment(now)} to ${toMoment(until)} UTC, ${by}.`;
}
