/** Finds where properties hold a secret's value in plaintext. What the engine marks as a secret is encrypted and not looked into. */
import type { MarkedProperties } from "./engine-messages.js";
import { holdsSecret } from "./wording.js";

/** Marks an object as a secret. @see sdk/go/common/resource/sig of pulumi/pulumi */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** A shorter value, such as the words that stand for one that could not be decrypted, would be found in ordinary texts. */
const MIN_VALUE_LENGTH = 16;

/** The names under which a secret's resource has values, a set by names of its accounts. */
const VALUE_OUTPUTS = ["secret", "pendingSecret", "secrets", "confidential"] as const;

/** Where a value stands: names of properties and places in lists, from the outside in. */
export type Path = readonly (string | number)[];

/** Whether the engine marks the value as a secret. */
export function isMarked(value: unknown): boolean {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** The values that the outputs of a secret's resource hold, in plaintext. */
export function listValues(outputs: MarkedProperties): string[] {
  return VALUE_OUTPUTS.map((name) => outputs[name])
    .flatMap((output) => listTexts(isObject(output) && isMarked(output) ? output.value : output))
    .filter((value) => value.length >= MIN_VALUE_LENGTH);
}

function listTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return isObject(value) ? Object.values(value).flatMap(listTexts) : [];
}

/** Every place with an unencrypted text, or name of a property, that holds one of the values or has the form of one. */
export function findPlaintextValues(properties: MarkedProperties, values: readonly string[]): Path[] {
  const found: Path[] = [];
  visit(properties, []);
  return found;

  function visit(value: unknown, path: Path): void {
    if (typeof value === "string") {
      if (holdsSecret(value, values)) found.push(path);
    } else if (Array.isArray(value)) {
      for (const [place, element] of value.entries()) visit(element, [...path, place]);
    } else if (isObject(value) && !isMarked(value)) {
      for (const [name, element] of Object.entries(value)) {
        if (holdsSecret(name, values)) found.push([...path, name]);
        else visit(element, [...path, name]);
      }
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
