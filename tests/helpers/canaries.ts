/** Searches text for values that must not be in it, in every form in which they could get there. */

/** Names of the values found in `text`: raw, URL-encoded, or in base64 at any alignment. */
export function findCanaries(text: string, canaries: Readonly<Record<string, string>>): string[] {
  return Object.entries(canaries)
    .filter(([, value]) => toForms(value).some((form) => text.includes(form)))
    .map(([name]) => name);
}

function toForms(value: string): string[] {
  const forms = [value, encodeURIComponent(value)];
  for (let shift = 0; shift < 3; shift++) {
    for (const encoding of ["base64", "base64url"] as const) {
      // Without the ends, which depend on the neighbours.
      forms.push(
        Buffer.from(" ".repeat(shift) + value)
          .toString(encoding)
          .slice(4, -4),
      );
    }
  }
  return forms;
}
