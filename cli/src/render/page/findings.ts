/** What is wrong, the worst first: one group for each code, its title and what to do said once. */
import { CODES, type FindingCode } from "../../audit/codes.js";
import type { Finding } from "../../audit/finding.js";
import { html, type Markup } from "./markup.js";
import { toTimelineLink } from "./secrets.js";
import { AUDIT_WORDS, toBadge } from "./words.js";

/** More than these of one code are folded away: the others have to stay in sight. */
const SHOWN_AT_ONCE = 5;

/** The groups; nothing when there is nothing. `toAnchor` names the row of a secret. */
export function toFindings(
  findings: readonly Finding[],
  toAnchor: (finding: Finding) => string | undefined,
): readonly Markup[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return codes.map((code) => {
    const group = findings.filter((finding) => finding.code === code);
    return toGroup(code, group, toAnchor);
  });
}

function toGroup(
  code: FindingCode,
  group: readonly Finding[],
  toAnchor: (finding: Finding) => string | undefined,
): Markup {
  const { severity, title, advice } = CODES[code];
  const items = group.map((finding) => toItem(finding, toAnchor(finding)));
  const [shown, folded] = [items.slice(0, SHOWN_AT_ONCE), items.slice(SHOWN_AT_ONCE)];
  return html`<article class="finding ${severity}">
<h3>${toBadge(severity, AUDIT_WORDS)} <span class="title">${title}</span> <span class="count">${group.length}<span class="unseen"> found</span></span></h3>
<p class="advice">${advice}</p>
<ul>${shown}</ul>
${folded.length > 0 && html`<details><summary>${folded.length} more</summary><ul>${folded}</ul></details>`}
</article>
`;
}

function toItem({ severity, code, message, sources, secretId }: Finding, anchor: string | undefined): Markup {
  return html`<li data-status="${severity}" data-code="${code}"><bdi>${message}</bdi> <span class="from">From <bdi>${sources.join(", ")}</bdi>.${toTimelineLink(secretId, anchor)}</span></li>`;
}
