/** What is wrong, the worst first: one group for each code, its title and what to do said once; what is accepted after it. */
import { CODES } from "../../audit/codes.js";
import { toTitle } from "../../audit/names.js";
import type { ReportedFinding } from "../../audit/report.js";
import { html, type Markup } from "./markup.js";
import { toTimelineLink } from "./secrets.js";
import { AUDIT_WORDS, type Status, toBadge, type Words } from "./words.js";

/** More than these of one group are folded away: the others have to stay in sight. */
const SHOWN_AT_ONCE = 5;

/** One group of statements below a title. */
export interface Group {
  readonly status: Status;
  readonly words: Words;
  readonly title: Markup | string;
  /** What its items are, for those who are read the page. */
  readonly what: string;
  readonly about: Markup | string;
  readonly items: readonly Markup[];
}

/** The group. */
export function toGroup({ status, words, title, what, about, items }: Group): Markup {
  const [shown, folded] = [items.slice(0, SHOWN_AT_ONCE), items.slice(SHOWN_AT_ONCE)];
  return html`<article class="finding ${status}">
<h3>${toBadge(status, words)} <span class="title">${title}</span> <span class="count">${items.length}<span class="unseen"> ${what}</span></span></h3>
<p class="advice">${about}</p>
<ul>${shown}</ul>
${folded.length > 0 && html`<details><summary>${folded.length} more</summary><ul>${folded}</ul></details>`}
</article>
`;
}

/** The groups; nothing when there is nothing. `toAnchor` names the row of a secret. */
export function toFindings(
  findings: readonly ReportedFinding[],
  toAnchor: (finding: ReportedFinding) => string | undefined,
): readonly Markup[] {
  const open = findings.filter(({ accepted }) => !accepted);
  const accepted = findings.filter((finding) => finding.accepted);
  const toItems = (all: readonly ReportedFinding[]) => all.map((finding) => toItem(finding, toAnchor(finding)));
  const groups = [...new Set(open.map(({ code }) => code))].map((code) => {
    const { severity: status, title, advice: about } = CODES[code];
    const items = toItems(open.filter((finding) => finding.code === code));
    return toGroup({ status, words: AUDIT_WORDS, title, what: "found", about, items });
  });
  if (accepted.length === 0) return groups;
  const about = "Not counted until the day that each has.";
  const items = toItems(accepted);
  const words = { ok: "Accepted" };
  return [...groups, toGroup({ status: "ok", words, title: "Accepted findings", what: "accepted", about, items })];
}

function toItem(finding: ReportedFinding, anchor: string | undefined): Markup {
  const { severity, code, message, advice, sources, secretId, account, accepted } = finding;
  const own = advice !== CODES[code].advice && html` <bdi>${advice}</bdi>`;
  const until = accepted && html` Accepted until ${accepted.until}: <bdi>${accepted.reason}</bdi>.`;
  return html`<li data-status="${accepted ? "ok" : severity}" data-code="${code}"><b><bdi>${toTitle(finding, account ?? {})}</bdi></b>: <bdi>${message}</bdi>${own}${until} <span class="from">From <bdi>${sources.join(", ")}</bdi>.${toTimelineLink(secretId, anchor)}</span></li>`;
}
