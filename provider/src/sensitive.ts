/**
 * Values that must never be shown: a secret, a bearer token, a private key. The wrapper prints as `[redacted]` however it
 * is turned into text; `reveal` is the only way in, and few modules may import it.
 */
import { inspect } from "node:util";

const SHOWN = "[redacted]";

/** A text that shows as `[redacted]` in templates, JSON, `util.inspect` and concatenation. */
export class Sensitive {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The wrapped text in plaintext. For the wire, for encrypted outputs, and to compare two credentials; for nothing else. */
  static reveal(sensitive: Sensitive): string {
    return sensitive.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

/** Whether two sensitive values hold the same text. */
export function isSameValue(a: Sensitive, b: Sensitive): boolean {
  return Sensitive.reveal(a) === Sensitive.reveal(b);
}
