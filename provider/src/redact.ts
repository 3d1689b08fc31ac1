/**
 * Cleans text that came from a server before it becomes part of a message: known values and everything shaped like a
 * credential are replaced, control characters dropped, the length bounded.
 */
import { Sensitive } from "./sensitive.js";

const MAX_LENGTH = 600;
/** What is behind this is not looked at, and not shown. */
const MAX_INPUT_LENGTH = 10_000;
/** A shorter piece of base64 would be found in ordinary words. */
const MIN_BASE64_LENGTH = 6;
/** So many characters of a value must not be shown either. */
const PART_LENGTH = 12;
/** A shorter value would be found in ordinary words. */
const MIN_VALUE_LENGTH = 4;
const REDACTED = "[redacted]";

/** Shapes of credentials: a service account secret, a JSON web token, and any authorization header. */
const CREDENTIAL_SHAPES = [
  /mdb_sa_sk_[A-Za-z0-9_-]{8,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?:Bearer|Basic|Digest)\s+[A-Za-z0-9+/=._~-]{8,}/gi,
];

/**
 * Returns `text` fit for a message.
 *
 * @param known values that must not appear: they are replaced, and so is any longer part of them, as they are and encoded.
 */
export function redact(text: string, known: readonly Sensitive[] = []): string {
  let clean = text.slice(0, MAX_INPUT_LENGTH);
  const forms = known.flatMap((sensitive) => toForms(Sensitive.reveal(sensitive)));
  for (const form of forms) clean = clean.replaceAll(form, REDACTED);
  clean = redactShapes(clean);
  // Last, since a value without its beginning has no shape any more.
  for (const form of forms) clean = withoutParts(clean, form);
  // Control characters could rewrite what a terminal shows.
  clean = clean.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}...` : clean;
}

/** The text without anything that is shaped like a credential. */
export function redactShapes(text: string): string {
  return CREDENTIAL_SHAPES.reduce((clean, shape) => clean.replace(shape, REDACTED), text);
}

/** A value as a server could repeat it: as it is, in JSON, in a URL, in hex, in base64. */
function toForms(value: string): string[] {
  if (value.length < MIN_VALUE_LENGTH) return [];
  // A lone surrogate cannot be encoded; on the wire it became the replacement character.
  const bytes = Buffer.from(value);
  const percent = encodeURIComponent(bytes.toString());
  const lowerPercent = percent.replace(/%../g, (code) => code.toLowerCase());
  const hex = bytes.toString("hex");
  const json = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, json, percent, lowerPercent, hex, hex.toUpperCase(), ...toBase64Forms(value)])];
}

/** Replaces every run of twelve characters or more that stands in `form` too. */
function withoutParts(text: string, form: string): string {
  const half = PART_LENGTH / 2;
  let clean = text;
  // A run so long holds one of these blocks whole.
  for (let start = 0; start + half <= form.length; start += half) {
    const block = form.slice(start, start + half);
    for (let at = clean.indexOf(block); at >= 0; at = clean.indexOf(block, at + 1)) {
      let [before, after] = [0, half];
      while (before < start && clean[at - before - 1] === form[start - before - 1]) before += 1;
      while (start + after < form.length && clean[at + after] === form[start + after]) after += 1;
      if (before + after < PART_LENGTH) continue;
      clean = `${clean.slice(0, at - before)}${REDACTED}${clean.slice(at + after)}`;
      at = at - before + REDACTED.length - 1;
    }
  }
  return clean;
}

/**
 * The parts of the base64 forms of `value` that do not depend on its neighbours, for each of the three alignments that it
 * can have inside a longer text such as `client:secret`.
 */
function toBase64Forms(value: string): string[] {
  const forms: string[] = [];
  for (const encoding of ["base64", "base64url"] as const) {
    for (let shift = 0; shift < 3; shift++) {
      const bytes = Buffer.from(" ".repeat(shift) + value);
      const encoded = bytes.toString(encoding).replace(/=+$/, "");
      // Six bits a character: `shift` bytes before reach into character `shift`, a byte after into the last one.
      const form = encoded.slice(shift === 0 ? 0 : shift + 1, bytes.length % 3 === 0 ? undefined : -1);
      if (form.length >= MIN_BASE64_LENGTH) forms.push(form);
    }
  }
  return forms;
}
