/** The report as one page: what is wrong first, then the timeline of every secret. */
import type { AuditReport } from "../audit/report.js";
import { toCount } from "../wording.js";
import { toAxis } from "./page/axis.js";
import { toFindings } from "./page/findings.js";
import { toPage, toUnreadSources, toVerdict } from "./page/frame.js";
import { html, type Markup } from "./page/markup.js";
import { createFindAnchor, toAuditRows } from "./page/rows.js";
import { toSecretSection } from "./page/secrets.js";
import { toGridRule } from "./page/timeline.js";
import { AUDIT_WORDS, type Status, toIcon, toMoment } from "./page/words.js";
import type { Renderer } from "./renderer.js";

export const renderHtml: Renderer = async (report) => {
  const axis = toAxis(report);
  const rows = toAuditRows(report.secrets);
  const findAnchor = createFindAnchor(rows);
  const findings = toFindings(report.findings, ({ account, secretId }) => findAnchor(account?.clientId, secretId));
  return toPage({
    title: `${toSentence(report)} - Atlas secrets audit`,
    rules: toGridRule(axis),
    verdict: toVerdict(toStatus(report), toSentence(report), toAbout(report), report),
    sections: [
      toUnreadSources(report),
      html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">What is wrong</h2>
${findings.length > 0 ? findings : html`<p class="nothing">${toIcon("ok")} Nothing was found.</p>`}
</section>
`,
      toSecretSection(rows, report, axis, AUDIT_WORDS),
    ],
    foot: toFoot(report),
  });
};

/** The worst of what was found; not having read everything is as bad as an error. */
function toStatus({ summary: { errors, warnings, infos }, unreadSources }: AuditReport): Status {
  if (errors > 0 || unreadSources.length > 0) return "error";
  return warnings > 0 ? "warning" : infos > 0 ? "info" : "ok";
}

/** The counts that are not zero. */
function toSentence({ summary: { errors, warnings, infos, accepted }, unreadSources }: AuditReport): string {
  const found = [
    errors > 0 && toCount(errors, "error"),
    warnings > 0 && toCount(warnings, "warning"),
    infos > 0 && `${infos} info`,
    accepted > 0 && `${accepted} accepted`,
  ].filter((count) => count !== false);
  if (found.length > 0) return found.join(", ");
  return unreadSources.length > 0 ? "Incomplete" : "Nothing is wrong";
}

function toAbout({ summary, now, nowFrom }: AuditReport): Markup {
  const by = { option: "as asked by --at", atlas: "by Atlas's clock", machine: "by this machine's clock" }[nowFrom];
  return html`In ${toCount(summary.secrets, "secret")} of ${toCount(summary.accounts, "account")}, as of ${toMoment(now)} UTC, ${by}.`;
}

function toFoot({ limits }: AuditReport): Markup {
  return html`Times are UTC. Limits: lifetime ${limits.maxLifetimeHours} h, grace ${limits.graceHours} h, unused after ${limits.unusedAfterHours} h, credential's end ${limits.credentialHours} h.`;
}
