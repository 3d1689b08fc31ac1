/**
 * What every page has around its contents. A page needs nothing else: style and script are in it, and its policy lets in
 * nothing but these two, by their hashes. Without a script everything is there to read; the script adds filter and sort.
 *
 * @see https://www.w3.org/TR/CSP3/#grammardef-hash-source
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Source, UnreadSource } from "../../audit/inventory.js";
import { html, type Markup, toTrusted } from "./markup.js";
import { PATTERNS } from "./timeline.js";
import { type Status, toIcon, type Words } from "./words.js";

/** The folder of the package with the files of the page; as far from the source as from what is built of it. */
const FOLDER = join(__dirname, "../../../page");

/** The parts of a page. */
export interface PageParts {
  readonly title: string;
  /** Rules of style that depend on what is shown. */
  readonly rules: string;
  readonly verdict: Markup;
  readonly sections: readonly (Markup | undefined)[];
  /** What the foot says of this page before what it says of every one. */
  readonly foot: Markup;
}

/** Puts a page together. */
export async function toPage({ title, rules, verdict, sections, foot }: PageParts): Promise<string> {
  const [style = "", script = ""] = await Promise.all(
    ["page.css", "page.js"].map((name) => readFile(join(FOLDER, name), "utf8")),
  );
  return html`${toHead(title, `${style}${rules}\n`, script)}
<body>
${PATTERNS}
${verdict}
<main>
${sections}
</main>
<footer><p>${foot} Where a timeline ends in an arrow, its life goes on beyond the picture; the times say how far. This page holds no secret value and asks nothing of the network.</p></footer>
<script>${toTrusted(script)}</script>
</body>
</html>
`.text;
}

function toHead(title: string, style: string, script: string): Markup {
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
<title>${title}</title>
<style>${toTrusted(style)}</style>
</head>`;
}

/** What the policy lets in: exactly this text. */
function toHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** The answer of five seconds: a sentence in large letters, and below it what it is about. */
export function toVerdict(
  status: Status,
  sentence: string,
  about: Markup,
  { sources }: { readonly sources: readonly Source[] },
): Markup {
  return html`<header class="verdict ${status}">
<p class="name">Atlas service account secrets</p>
<h1>${toIcon(status)}<span>${sentence}</span></h1>
<p>${about}
<span class="from">From <bdi>${sources.map(({ name }) => name).join(", ")}</bdi>.</span></p>
</header>`;
}

/** What could not be read; nothing when there is nothing. */
export function toUnreadSources({
  unreadSources,
}: {
  readonly unreadSources: readonly UnreadSource[];
}): Markup | undefined {
  if (unreadSources.length === 0) return undefined;
  return html`<section class="unread-sources" aria-labelledby="unread-title">
<h2 id="unread-title">${toIcon("error")} Not everything could be read, so this is not all</h2>
<ul>${unreadSources.map(({ source, message }) => html`<li><bdi>${source}</bdi>: <bdi>${message}</bdi></li>`)}</ul>
</section>`;
}

/** Of use with a script alone, which shows them. */
export function toTools(words: Words, items: string): Markup {
  const boxes = Object.entries(words).map(
    ([status, word]) =>
      html`<label><input type="checkbox" name="status" value="${status}" checked>${toIcon(status as Status)}${word}</label>`,
  );
  return html`<form id="tools" class="tools" data-items="${items}" hidden>
<label class="search">Filter <input type="search" id="filter" placeholder="stack, resource, account, id, code, day" autocomplete="off" spellcheck="false"></label>
<fieldset><legend class="unseen">Show</legend>${boxes}</fieldset>
<p id="shown" role="status"></p>
</form>`;
}
