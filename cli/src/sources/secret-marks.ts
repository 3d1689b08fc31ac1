/**
 * How a state marks what is confidential: an object with a signature key, and the ciphertext or, with `--show-secrets`, the
 * value itself.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig.go
 */
import { isObject, type JsonObject } from "./json.js";

/** The key by which an object says what it stands for. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/** What stands under the signature key of a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value of a state stands for a secret. */
export function isMarkedSecret(value: unknown): value is JsonObject {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** A copy without anything that is marked: such properties are absent, and list elements `null`. */
export function dropSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => (isMarkedSecret(element) ? null : dropSecrets(element)));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, property]) => !isMarkedSecret(property));
  return Object.fromEntries(kept.map(([name, property]) => [name, dropSecrets(property)]));
}
