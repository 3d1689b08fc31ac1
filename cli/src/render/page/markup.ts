/** HTML from templates: whatever is put into one is escaped, unless a template made it. */

import { toVisible } from "../../wording.js";

/** Text that is HTML already; only `html` and `toTrusted` make it. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a template takes: text is escaped, lists are joined, `undefined` and `false` are nothing. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template of HTML. Values may stand in text, and in attributes within quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(toText)));
}

/** HTML that this package brings. Nothing that came from outside may be in it. */
export function toTrusted(text: string): Markup {
  return new Markup(text);
}

function toText(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(toText).join("");
  return toVisible(String(content)).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");
}
