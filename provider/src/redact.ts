/**
 * Cleans text that came from a server before it becomes part of a message: known values and everything shaped like a
 * credential are replaced, control characters dropped, the length bounded.
 */
import { Sensitive } from "./sensitive.js";

const MAX_LENGTH = 600;
/** A shorter piece of base64 would be found in ordinary words. */
const MIN_BASE64_LENGTH = 6;
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
 * @param known values that must not appear: they are replaced raw, URL-encoded, and in base64.
 */
export function redact(text: string, known: readonly Sensitive[] = []): string {
  let clean = text;
  for (const sensitive of known) {
    const value = Sensitive.reveal(sensitive);
    if (value.length < 4) continue;
    // A lone surrogate cannot be encoded; on the wire it became the replacement character.
    const encoded = encodeURIComponent(Buffer.from(value).toString());
    for (const form of [value, encoded, ...toBase64Forms(value)]) clean = clean.replaceAll(form, REDACTED);
  }
  for (const shape of CREDENTIAL_SHAPES) clean = clean.replace(shape, REDACTED);
  // Control characters could rewrite what a terminal shows.
  clean = clean.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}...` : clean;
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
