/** The words and small pieces that the parts of the page share. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import type { Severity } from "../../audit/codes.js";
import { toDuration } from "../../wording.js";
import { html, type Markup } from "./markup.js";

/** How a secret or a finding stands; `ok` when nothing was found. */
export type Standing = Severity | "ok";

/** The words for those that a page has. */
export type Words = { readonly [S in Standing]?: string };

/** The words of the audit. */
export const AUDIT_WORDS: Readonly<Record<Standing, string>> = {
  error: "Error",
  warning: "Warning",
  info: "To know",
  ok: "Nothing found",
};

/** A shape of its own for each, beside its word. */
export function toIcon(standing: Standing): Markup {
  return html`<svg class="icon ${standing}" aria-hidden="true" focusable="false"><use href="#${standing}"/></svg>`;
}

/** Shape and word. */
export function toBadge(standing: Standing, words: Words): Markup {
  return html`<span class="badge ${standing}">${toIcon(standing)}${words[standing]}</span>`;
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
