/** Every secret: a row with its status, its ids, the picture of its life, and the same as text. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { toTitle } from "../../audit/names.js";
import type { ReportedSecret, TimeSource } from "../../audit/report.js";
import { toLocations } from "../locations.js";
import type { Axis } from "./axis.js";
import { toTools } from "./frame.js";
import { html, type Markup } from "./markup.js";
import type { SecretRow } from "./rows.js";
import { toAxisHead, toLegend, toTimeline } from "./timeline.js";
import { toBadge, toMoment, toTime, type Words } from "./words.js";

/** The time that everything is judged by, ISO 8601, UTC. */
interface Moment {
  readonly now: string;
  readonly nowFrom: TimeSource;
}

/** The section with the tools, what the marks mean, and the table; `hasDues` when rows tell what is to be done. */
export function toSecretSection(
  rows: readonly SecretRow[],
  moment: Moment,
  axis: Axis,
  words: Words,
  { hasDues = false } = {},
): Markup {
  return html`<section id="secrets" aria-labelledby="secrets-title">
<h2 id="secrets-title">Every secret</h2>
${toTools(words, hasDues ? "events" : "findings")}
${toLegend({ hasDues })}
${rows.length > 0 && toSecretTable(rows, moment, axis, words)}
</section>`;
}

/** A link to the row of a secret; nothing without one. */
export function toTimelineLink(secretId: string | undefined, anchor: string | undefined): Markup | undefined {
  return anchor === undefined ? undefined : html` <a href="#${anchor}">Timeline of <bdi>${secretId}</bdi></a>`;
}

/** The table. Its rows and cells say what they are: on a narrow screen they are laid out as blocks, which hides that. */
function toSecretTable(rows: readonly SecretRow[], { now, nowFrom }: Moment, axis: Axis, words: Words): Markup {
  const nowMs = Number(parseIsoTime(now));
  const nowLabel = `${nowFrom === "option" ? "as of" : "now,"} ${now.slice(5, 10)} ${now.slice(11, 16)}`;
  const head = (name: string, text: string, sort: "status" | "text" | "time") =>
    html`<th scope="col" role="columnheader" class="${name}" data-sort="${sort}">${text}</th>`;
  return html`<table role="table" aria-labelledby="secrets-title">
<thead role="rowgroup"><tr role="row">${[
    head("status", "Status", "status"),
    head("secret", "Name, secret and account", "text"),
    html`<th scope="col" role="columnheader" class="life-of"><span class="unseen">Timeline</span>${toAxisHead(axis, nowLabel)}</th>`,
    head("created-at", "Created", "time"),
    head("due-at", "Due", "time"),
    head("expires-at", "Expires", "time"),
    head("used-at", "Last used", "time"),
  ]}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => toRow(row, nowMs, axis, words))}</tbody>
</table>`;
}

function toRow({ secret, status, notes, duesMs, anchor }: SecretRow, nowMs: number, axis: Axis, words: Words): Markup {
  const { createdAt, expiresAt, lastUsedAt, isOnAtlas } = secret;
  const cell = (name: string, label: string, content: Markup | string) =>
    html`<td role="cell" class="${name}"><span class="label">${label}</span> ${content}</td>`;
  const time = (value: string | undefined, absent: string) => (value === undefined ? absent : toTime(value, nowMs));
  return html`<tr role="row" id="${anchor}" class="${status}" data-status="${status}" tabindex="-1">${[
    html`<td role="cell" class="status">${toBadge(status, words)}<span class="codes">${notes.map((note) => html` <span>${note}</span>`)}</span></td>`,
    html`<th scope="row" role="rowheader" class="secret">${toNames(secret)}</th>`,
    html`<td role="cell" class="life-of">${toTimeline(secret, axis, duesMs)}</td>`,
    cell("created-at", "Created", time(createdAt, "not known")),
    cell("due-at", "Due", toDue(secret, nowMs)),
    cell("expires-at", "Expires", time(expiresAt, "not known")),
    cell("used-at", "Last used", time(lastUsedAt, isOnAtlas ? "never" : "not known")),
  ]}</tr>
`;
}

function toNames(secret: ReportedSecret): Markup {
  const { secretId, clientId, level, ownerId, role, status, generation } = secret;
  const of = role === "untracked" ? "not managed" : role;
  const state = [of, generation !== undefined && `generation ${generation}`, status !== "active" && status];
  return html`<bdi class="title">${toTitle(secret, {})}</bdi>
<bdi class="id">${secretId}</bdi>
<bdi class="id account">${clientId}</bdi>
<span class="about"><b>${state.filter((word) => word).join(", ")}</b>, ${level} <bdi>${ownerId}</bdi></span>
${role !== "untracked" && html`<span class="about">In <bdi>${toLocations(secret)}</bdi></span>`}`;
}

/** What a run does next with it, and from when on; for a previous one its overlap too. */
function toDue({ rotateAfter, retireAfter, overlapFrom, overlapUntil }: ReportedSecret, nowMs: number): Markup {
  const parts = [
    rotateAfter !== undefined && html`${toTime(rotateAfter, nowMs)} <span class="what">to be replaced</span>`,
    retireAfter !== undefined && html`${toTime(retireAfter, nowMs)} <span class="what">to be deleted</span>`,
    overlapFrom !== undefined &&
      overlapUntil !== undefined &&
      html` <span class="what">overlap ${toMoment(overlapFrom)} to ${toMoment(overlapUntil)}</span>`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? html`nothing` : html`${parts}`;
}
