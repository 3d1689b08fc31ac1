/** The words and small pieces that the parts of the page share. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import type { Severity } from "../../audit/codes.js";
import { toDuration } from "../../wording.js";
import { html, type Markup } from "./markup.js";

/** How a secret or a finding stands; `ok` when nothing was found. */
export type Status = Severity | "ok";

/** The words for those that a page has. */
export type Words = { readonly [S in Status]?: string };

/** The words of the audit. */
export const AUDIT_WORDS: Readonly<Record<Status, string>> = {
  error: "Error",
  warning: "Warning",
  info: "Info",
  ok: "OK",
};

/** A shape of its own for each, beside its word. */
export function toIcon(status: Status): Markup {
  return html`<svg class="icon ${status}" aria-hidden="true" focusable="false"><use href="#${status}"/></svg>`;
}

/** Shape and word. */
export function toBadge(status: Status, words: Words): Markup {
  return html`<span class="badge ${status}">${toIcon(status)}${words[status]}</span>`;
}

/** A time as a person reads it, with how far away it is; UTC. */
export function toTime(time: string, nowMs: number): Markup {
  const ms = Number(parseIsoTime(time));
  const far = ms > nowMs ? `in ${toDuration(ms - nowMs)}` : `${toDuration(nowMs - ms)} ago`;
  return html`${toMoment(time)} <span class="far">${far}</span>`;
}

/** The time alone. */
export function toMoment(time: string): Markup {
  return html`<time datetime="${time}">${time.slice(0, 10)} <span class="hour">${time.slice(11, 16)}</span></time>`;
}
