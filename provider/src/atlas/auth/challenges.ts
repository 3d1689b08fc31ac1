/**
 * Reads a `WWW-Authenticate` header: which schemes a server takes, with their parameters. Knows no scheme.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */

/** One scheme that a server takes. */
export interface AuthChallenge {
  /** In lower case, as it is compared. */
  readonly scheme: string;
  /** By name in lower case; quotes and what escapes in them are gone. Empty when the scheme has a token of its own instead. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const END = "(?=[ \\t]*(?:,|$))";
const SEPARATORS = /[\s,]*/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))${END}`, "ys");
const SCHEME = new RegExp(`(${TOKEN})(?:[ \\t]+|${END})`, "y");
/** What schemes without parameters carry. */
const TOKEN68 = new RegExp(`[\\w.~+/-]+=*${END}`, "y");

/** The challenges of a header, in its order; `undefined` when it is not written as the RFC says. */
export function parseChallenges(header: string): AuthChallenge[] | undefined {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (take(SEPARATORS) && at < header.length) {
    const parameter = take(PARAMETER);
    if (!parameter) {
      const scheme = take(SCHEME)?.[1];
      if (scheme === undefined) return undefined;
      found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
      // What follows a scheme without a comma is its first parameter, which the next round takes.
      if (!isAt(PARAMETER, header, at)) take(TOKEN68);
      continue;
    }
    const [, name = "", quoted, bare = ""] = parameter;
    const parameters = found.at(-1)?.parameters;
    const key = name.toLowerCase();
    // The same one twice has no meaning: which of them counts would be a guess.
    if (!parameters || parameters.has(key)) return undefined;
    parameters.set(key, quoted === undefined ? bare : quoted.replace(/\\(.)/gs, "$1"));
  }
  return found;
}

/** A text as a quoted string of a header. */
export function toQuoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function isAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
