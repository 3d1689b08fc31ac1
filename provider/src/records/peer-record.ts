/**
 * What a state holds of a secret that `@pulumi/mongodbatlas` looks after. No run replaces it by time: when it should be, our
 * default window says.
 *
 * @see https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/projectserviceaccountsecret/
 */
import { type Properties, SIGNATURE_KEY } from "../protocol.js";
import { MAX_LIFETIME_HOURS, toDefaultWindowHours, toRotateAfterMs } from "../rotation/window.js";
import { Sensitive } from "../sensitive.js";
import { defined, type IssueRecord, toIssueRecord, toNumber } from "./secret-record.js";

/** Everything that is recorded of such a secret. */
export interface PeerRecord extends IssueRecord {
  readonly secretExpiresAfterHours?: number;
  /** The value as only its stack can read it, where the state was not written in plaintext. */
  readonly ciphertext?: string;
}

/** Reads recorded outputs. Total: what is missing or of the wrong type is left out. */
export function toPeerRecord(outputs: Properties, inputs: Properties): PeerRecord {
  const plain = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, toPlaintext(value) ?? value]));
  const hours = toNumber(inputs.secretExpiresAfterHours) ?? toNumber(plain.secretExpiresAfterHours);
  const echoed = { secretExpiresAfterHours: hours ?? Number.NaN, triggers: {} };
  const { value, ...issue } = toIssueRecord(plain, echoed);
  const { expiresAtMs } = issue;
  const isUsual = expiresAtMs !== undefined && hours !== undefined && hours >= 0 && hours <= MAX_LIFETIME_HOURS;
  const known = value && Sensitive.reveal(value) !== HIDDEN ? value : undefined;
  return {
    ...issue,
    ...defined({
      value: known,
      ciphertext: toCiphertext(outputs.secret),
      secretExpiresAfterHours: hours,
      statedRotateAfterMs: isUsual ? toRotateAfterMs(expiresAtMs, toDefaultWindowHours(hours)) : undefined,
    }),
  };
}

/** What 'pulumi stack output' and previews print in place of a secret. */
const HIDDEN = "[secret]";

interface Mark {
  readonly ciphertext?: unknown;
  readonly plaintext?: unknown;
}

function toMark(value: unknown): Mark | undefined {
  const isMark = typeof value === "object" && value !== null && SIGNATURE_KEY in value;
  return isMark ? { ...(value as object) } : undefined;
}

function toCiphertext(value: unknown): string | undefined {
  const ciphertext = toMark(value)?.ciphertext;
  return typeof ciphertext === "string" ? ciphertext : undefined;
}

/** What a mark holds in plaintext, in an export with `--show-secrets`. */
export function toPlaintext(value: unknown): unknown {
  const plaintext = toMark(value)?.plaintext;
  if (typeof plaintext !== "string") return undefined;
  try {
    return JSON.parse(plaintext) as unknown;
  } catch {
    return undefined; // Half a value is none.
  }
}
