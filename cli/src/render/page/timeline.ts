/**
 * The picture of one secret's life, and the axis above all of them. Positions are attributes in percent: the policy of the page
 * allows no style within an element. What a picture shows stands as text in the other cells of its row.
 */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import type { ReportedSecret } from "../../audit/report.js";
import { type Axis, toPercent } from "./axis.js";
import { html, type Markup } from "./markup.js";

/** A label so near to an end would be cut. */
const EDGE_PERCENT = 4;

/** What one picture is made of. */
interface Life {
  readonly createdMs: number | undefined;
  readonly windowMs: number | undefined;
  readonly expiresMs: number | undefined;
  readonly overlapFromMs: number | undefined;
  readonly overlapUntilMs: number | undefined;
}

/**
 * The life of a secret as an image, hidden from those who are read the table.
 *
 * @param duesMs times at which something is to be done with it, in milliseconds since the epoch
 */
export function toTimeline(secret: ReportedSecret, axis: Axis, duesMs: readonly number[] = []): Markup {
  const life: Life = {
    createdMs: parseIsoTime(secret.createdAt),
    windowMs: parseIsoTime(secret.rotateAfter),
    expiresMs: parseIsoTime(secret.expiresAt),
    overlapFromMs: parseIsoTime(secret.overlapFrom),
    overlapUntilMs: parseIsoTime(secret.overlapUntil),
  };
  const at = (ms: number) => `${toPercent(axis, ms)}%`;
  const isInside = (ms: number | undefined) => ms !== undefined && ms >= axis.fromMs && ms <= axis.toMs;
  const { createdMs, expiresMs } = life;
  return html`<svg class="timeline ${secret.role}" aria-hidden="true" focusable="false">${[
    toBars(life, axis),
    createdMs !== undefined &&
      isInside(createdMs) &&
      html`<line class="created" x1="${at(createdMs)}" x2="${at(createdMs)}" y1="11" y2="29"/>`,
    expiresMs !== undefined &&
      isInside(expiresMs) &&
      html`<line class="expires" x1="${at(expiresMs)}" x2="${at(expiresMs)}" y1="7" y2="33"/>`,
    createdMs !== undefined &&
      createdMs < axis.fromMs &&
      html`<svg x="0%"><path class="beyond" d="M7 14v12l-7-6z"/></svg>`,
    expiresMs !== undefined &&
      expiresMs > axis.toMs &&
      html`<svg x="100%"><path class="beyond" d="M-7 14v12l7-6z"/></svg>`,
    html`<line class="now" x1="${at(axis.nowMs)}" x2="${at(axis.nowMs)}" y1="0" y2="40"/>`,
    duesMs.filter(isInside).map((ms) => html`<svg x="${at(ms)}">${DUE}</svg>`),
  ]}</svg>`;
}

const DUE = html`<path class="due" d="M0 13l7 7-7 7-7-7z"/>`;

function toBars({ createdMs, windowMs, expiresMs, overlapFromMs, overlapUntilMs }: Life, axis: Axis) {
  return [
    toBar("life", createdMs, expiresMs, axis, 15, 10),
    windowMs !== undefined && expiresMs !== undefined && windowMs < expiresMs
      ? toBar("window", windowMs, expiresMs, axis, 15, 10)
      : undefined,
    expiresMs !== undefined && expiresMs < axis.nowMs && toBar("over", expiresMs, axis.nowMs, axis, 18, 4),
    toBar("overlap", overlapFromMs, overlapUntilMs, axis, 28, 5),
  ];
}

function toBar(
  name: string,
  fromMs: number | undefined,
  toMs: number | undefined,
  axis: Axis,
  y: number,
  height: number,
): Markup | undefined {
  if (fromMs === undefined || toMs === undefined || toMs < fromMs) return undefined;
  if (toMs < axis.fromMs || fromMs > axis.toMs) return undefined;
  const [from, to] = [toPercent(axis, fromMs), toPercent(axis, toMs)];
  const width = Math.round((to - from) * 1000) / 1000;
  return html`<rect class="${name}" x="${from}%" width="${width}%" y="${y}" height="${height}"/>`;
}

/** The labels of the axis, with the time of the report. */
export function toAxisHead(axis: Axis, nowLabel: string): Markup {
  const isClear = (percent: number) => percent > EDGE_PERCENT && percent < 100 - EDGE_PERCENT;
  const ticks = axis.ticks.map(({ atMs, label }) => ({ percent: toPercent(axis, atMs), label }));
  const now = toPercent(axis, axis.nowMs);
  const anchor = isClear(now) ? "middle" : now < 50 ? "start" : "end";
  return html`<svg class="axis" aria-hidden="true" focusable="false">${[
    ticks.map(({ percent }) => html`<line class="tick" x1="${percent}%" x2="${percent}%" y1="36" y2="42"/>`),
    ticks
      .filter(({ percent }) => isClear(percent))
      .map(
        ({ percent, label }) => html`<text class="tick" x="${percent}%" y="32" text-anchor="middle">${label}</text>`,
      ),
    html`<text class="now" x="${now}%" y="13" text-anchor="${anchor}">${nowLabel}</text>`,
    html`<line class="now" x1="${now}%" x2="${now}%" y1="17" y2="42"/>`,
  ]}</svg>`;
}

/** Lines behind every timeline, one for each label: a rule of style, since the same lines thousands of times would be slow. */
export function toGridRule(axis: Axis): string {
  const lines = axis.ticks.map(
    ({ atMs }) => `linear-gradient(var(--grid),var(--grid)) ${toPercent(axis, atMs)}% 0/1px 100% no-repeat`,
  );
  return lines.length === 0 ? "" : `.timeline{background:${lines.join(",")}}`;
}

/** Where the marks of a timeline begin: hatches that are not only a color. */
export const PATTERNS = html`<svg class="defs" aria-hidden="true" focusable="false"><defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/></pattern>
<symbol id="error" viewBox="0 0 16 16"><path class="shape" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path class="sign" d="M5.5 5.5l5 5m0-5l-5 5"/></symbol>
<symbol id="warning" viewBox="0 0 16 16"><path class="shape" d="M8 1l7.5 14H.5z"/><path class="sign" d="M8 6v4m0 2v1.2"/></symbol>
<symbol id="info" viewBox="0 0 16 16"><circle class="shape" cx="8" cy="8" r="7.2"/><path class="sign" d="M8 7v5m0-8.2V5"/></symbol>
<symbol id="ok" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.5"/><path class="tickmark" d="M4.8 8.2l2.3 2.3 4-4.6"/></symbol>
</defs></svg>`;

const MARKS = [
  [
    "created to expiry",
    html`<rect class="life" x="2" y="6" width="30" height="10"/><line class="created" x1="2" x2="2" y1="2" y2="20"/>`,
  ],
  [
    "rotation window, then expiry",
    html`<rect class="window" x="2" y="6" width="29" height="10"/><line class="expires" x1="31" x2="31" y1="0" y2="22"/>`,
  ],
  ["expired since", html`<rect class="over" x="2" y="9" width="30" height="4"/>`],
  ["overlap of a previous one", html`<rect class="overlap" x="2" y="8" width="30" height="5"/>`],
  ["recorded by no source", html`<g class="untracked"><rect class="life" x="2" y="6" width="30" height="10"/></g>`],
  ["time of the report", html`<line class="now" x1="16" x2="16" y1="0" y2="22"/>`],
] as const;

const DUE_MARK = ["something to do", html`<svg x="16" y="-9">${DUE}</svg>`] as const;

/** What the marks mean; with those that tell what is to be done, or without. */
export function toLegend({ hasDues = false } = {}): Markup {
  const marks = hasDues ? [...MARKS, DUE_MARK] : MARKS;
  return html`<ul class="legend" aria-label="Marks of the timeline">${marks.map(
    ([text, mark]) =>
      html`<li><svg width="34" height="22" aria-hidden="true" focusable="false">${mark}</svg> ${text}</li>`,
  )}</ul>`;
}
