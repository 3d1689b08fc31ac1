/** Searches text for values that must not be in it, in every form in which they could get there. */

/** A part of a value so long is as good as the value. */
const SLICE_LENGTH = 12;

/** What every secret of a service account begins with, and Atlas's masks too: known to everybody. */
const PUBLIC_PREFIX = "mdb_sa_sk_";

/**
 * Names of the values found in `text`: any 12 characters of them, or all of them encoded. Of a secret the known prefix does
 * not count, and the last four characters, which its mask shows, are too few to be found.
 */
export function findCanaries(text: string, canaries: Readonly<Record<string, string>>): string[] {
  return Object.entries(canaries)
    .filter(([, value]) => toNeedles(value).some((needle) => text.includes(needle)))
    .map(([name]) => name);
}

/** What was searched for before, by value: campaigns search for the same ones very often. */
const knownNeedles = new Map<string, readonly string[]>();

function toNeedles(value: string): readonly string[] {
  let needles = knownNeedles.get(value);
  if (!needles) {
    needles = [...toSlices(value), ...toForms(value)];
    knownNeedles.set(value, needles);
  }
  return needles;
}

/** How often all of `value` stands in `text`, in whatever form. */
export function countCanary(text: string, value: string): number {
  return [...toForms(value)].reduce((sum, form) => sum + text.split(form).length - 1, 0);
}

/** Every 12 characters of what is confidential in a value; a shorter one whole. */
function toSlices(value: string): string[] {
  const confidential = value.startsWith(PUBLIC_PREFIX) ? value.slice(PUBLIC_PREFIX.length) : value;
  const count = Math.max(1, confidential.length - SLICE_LENGTH + 1);
  return Array.from({ length: count }, (_, start) => confidential.slice(start, start + SLICE_LENGTH));
}

/** All of a value: as it is, in base64 at each alignment, in hex, in a URL, in JSON, and in JSON in JSON. */
export function toForms(value: string): Set<string> {
  const bytes = Buffer.from(value);
  const hex = bytes.toString("hex");
  const percent = encodeURIComponent(value);
  const json = JSON.stringify(value).slice(1, -1);
  const forms = [value, hex, hex.toUpperCase(), percent, percent.replace(/%../g, (code) => code.toLowerCase())];
  forms.push(json, JSON.stringify(json).slice(1, -1), toGoJson(json), toGoJson(JSON.stringify(json).slice(1, -1)));
  for (const encoding of ["base64", "base64url"] as const) {
    for (let shift = 0; shift < 3; shift++) {
      const encoded = Buffer.from(" ".repeat(shift) + value).toString(encoding);
      // Without the ends, which depend on the neighbours.
      forms.push(encoded.replace(/=+$/, "").slice(4, -4));
    }
  }
  return new Set(forms);
}

/** As Go writes JSON text, the engine's language: signs of HTML are escaped. @see https://pkg.go.dev/encoding/json#Marshal */
function toGoJson(json: string): string {
  return json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}
