/**
 * Reads properties as the SDK hands them to a rule: through a proxy that throws at a value which a preview does not know. A
 * rule that cannot know does not fail, so such a value is one more case here, and no exception.
 */
import { UnknownValueError } from "@pulumi/policy";
import { type MaybeUnknown, Unknown } from "pulumi-atlas-secrets/rotation";

/** Properties by name. */
export type Properties = Readonly<Record<string, unknown>>;

/** A property as it is, `Unknown` in a preview that does not know it, or `undefined` when it is absent. */
export function readProperty(properties: Properties, name: string): unknown {
  try {
    return properties[name] ?? undefined;
  } catch (error) {
    if (error instanceof UnknownValueError) return Unknown;
    throw error;
  }
}

/** The properties in an object of their own, with `Unknown` where a preview does not know one. */
export function toPlain(properties: Properties): Properties {
  return Object.fromEntries(Object.keys(properties).map((name) => [name, readProperty(properties, name)]));
}

/** A finite number; anything else that is known counts as absent, since the provider refuses it. */
export function readNumber(properties: Properties, name: string): MaybeUnknown<number> | undefined {
  const value = readProperty(properties, name);
  return value === Unknown || (typeof value === "number" && Number.isFinite(value)) ? value : undefined;
}

/** A text that is not empty. */
export function readText(properties: Properties, name: string): MaybeUnknown<string> | undefined {
  const value = readProperty(properties, name);
  return value === Unknown || (typeof value === "string" && value !== "") ? value : undefined;
}

/** A plain copy of what is known, at any depth. */
export function toKnown(properties: Properties): Properties {
  const entries = Object.keys(properties).map((name) => [name, readProperty(properties, name)] as const);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== Unknown).map(([name, value]) => [name, toKnownValue(value)]),
  );
}

function toKnownValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = toKnown(value as Properties);
  return Array.isArray(value) ? Object.values(known) : known;
}
