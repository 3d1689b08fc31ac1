/**
 * The report as one page that needs nothing else: style and script are in it, and its policy lets in nothing but these two, by
 * their hashes. Without a script everything is there to read; the script adds filter and sort.
 *
 * @see https://www.w3.org/TR/CSP3/#grammardef-hash-source
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuditReport } from "../audit/report.js";
import { toCount } from "../wording.js";
import { toAxis } from "./page/axis.js";
import { toFindings } from "./page/findings.js";
import { html, type Markup, toTrusted } from "./page/markup.js";
import { toSecretTable, toSorted } from "./page/secrets.js";
import { LEGEND, PATTERNS, toGridRule } from "./page/timeline.js";
import { STANDINGS, type Standing, toIcon, toMoment } from "./page/words.js";
import type { Renderer } from "./renderer.js";

/** The folder of the package with the files of the page; as far from the source as from what is built of it. */
const FOLDER = join(__dirname, "../../page");

export const renderHtml: Renderer = async (report) => {
  const [style, script] = await Promise.all(
    ["page.css", "page.js"].map((name) => readFile(join(FOLDER, name), "utf8")),
  );
  const axis = toAxis(report);
  const secrets = toSorted(report.secrets);
  const toAnchor = (index: number) => `secret-${index + 1}`;
  const anchors = new Map(secrets.map(({ clientId, secretId }, index) => [`${clientId} ${secretId}`, toAnchor(index)]));
  const findings = toFindings(report.findings, ({ account, secretId }) =>
    anchors.get(`${account?.clientId} ${secretId}`),
  );
  const page = html`${toHead(report, `${style}${toGridRule(axis)}\n`, script ?? "")}
<body>
${PATTERNS}
${toVerdict(report)}
<main>
${toGaps(report)}
<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">What is wrong</h2>
${findings.length > 0 ? findings : html`<p class="nothing">${toIcon("ok")} Nothing was found.</p>`}
</section>
<section id="secrets" aria-labelledby="secrets-title">
<h2 id="secrets-title">Every secret</h2>
${toTools()}
${LEGEND}
${secrets.length > 0 && toSecretTable(secrets, report, axis, toAnchor)}
</section>
</main>
${toFoot(report)}
<script>${toTrusted(script ?? "")}</script>
</body>
</html>
`;
  return page.text;
};

function toHead(report: AuditReport, style: string, script: string): Markup {
  const policy = [
    "default-src 'none'",
    `style-src '${toHash(style)}'`,
    `script-src '${toHash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${toTrusted(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${toSentence(report)} - Atlas secrets audit</title>
<style>${toTrusted(style)}</style>
</head>`;
}

/** What the policy lets in: exactly this text. */
function toHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The worst of what was found; not having read everything is as bad as an error. */
function toStanding({ summary: { errors, warnings, infos }, gaps }: AuditReport): Standing {
  if (errors > 0 || gaps.length > 0) return "error";
  return warnings > 0 ? "warning" : infos > 0 ? "info" : "ok";
}

/** The counts that are not zero. */
function toSentence({ summary: { errors, warnings, infos }, gaps }: AuditReport): string {
  const found = [
    errors > 0 && toCount(errors, "error"),
    warnings > 0 && toCount(warnings, "warning"),
    infos > 0 && `${infos} to know`,
  ].filter((count) => count !== false);
  if (found.length > 0) return found.join(", ");
  return gaps.length > 0 ? "Could not tell" : "Nothing is wrong";
}

function toVerdict(report: AuditReport): Markup {
  const { summary, now, nowFrom, sources } = report;
  const by = { option: "as asked by --at", atlas: "by Atlas's clock", machine: "by this machine's clock" }[nowFrom];
  return html`<header class="verdict ${toStanding(report)}">
<p class="name">Atlas service account secrets</p>
<h1>${toIcon(toStanding(report))}<span>${toSentence(report)}</span></h1>
<p>In ${toCount(summary.secrets, "secret")} of ${toCount(summary.accounts, "account")}, as of ${toMoment(now)} UTC, ${by}.
<span class="from">From <bdi>${sources.map(({ name }) => name).join(", ")}</bdi>.</span></p>
</header>`;
}

function toGaps({ gaps }: AuditReport): Markup | undefined {
  if (gaps.length === 0) return undefined;
  return html`<section class="gaps" aria-labelledby="gaps-title">
<h2 id="gaps-title">${toIcon("error")} Not everything could be read, so this is not all</h2>
<ul>${gaps.map(({ source, message }) => html`<li><bdi>${source}</bdi>: <bdi>${message}</bdi></li>`)}</ul>
</section>`;
}

/** Of use with a script alone, which shows them. */
function toTools(): Markup {
  const boxes = Object.entries(STANDINGS).map(
    ([standing, word]) =>
      html`<label><input type="checkbox" name="standing" value="${standing}" checked>${toIcon(standing as Standing)}${word}</label>`,
  );
  return html`<form id="tools" class="tools" hidden>
<label class="search">Filter <input type="search" id="filter" placeholder="id, code, stack, day" autocomplete="off" spellcheck="false"></label>
<fieldset><legend class="unseen">Show</legend>${boxes}</fieldset>
<p id="shown" role="status"></p>
</form>`;
}

function toFoot({ limits }: AuditReport): Markup {
  return html`<footer><p>Times are UTC. Limits: lifetime ${limits.maxLifetimeHours} h, grace ${limits.graceHours} h, unused after ${limits.unusedAfterHours} h, credential's end ${limits.credentialHours} h. Where a timeline ends in an arrow, its life goes on beyond the picture; the times say how far. This page holds no secret value and asks nothing of the network.</p></footer>`;
}
