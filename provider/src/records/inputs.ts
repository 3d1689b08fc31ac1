/**
 * The inputs of a secret: their defaults, what a preview or a run wants by them, and what is wrong with them. A message says what
 * was given only of numbers of hours; anything else can be a secret in the wrong place.
 */
import * as v from "valibot";
import { AtlasSecretsError } from "../errors.js";
import { PROVIDER_KEY, type Properties, UNKNOWN_VALUE } from "../protocol.js";
import { redact } from "../redact.js";
import { MAX_OVERLAP_HOURS, toDefaultOverlapHours, toDefaultQuietHours } from "../rotation/overlap.js";
import {
  type DesiredRotation,
  type DesiredSecret,
  type LocalInputs,
  type RotationInputs,
  type SecretInputs,
  Unknown,
} from "../rotation/secret.js";
import { toDefaultWindowHours } from "../rotation/window.js";
import { INPUTS, type InputDescription, type InputName, listInputs, type ResourceKind } from "./description.js";
import { findNearest } from "./nearest-name.js";

/** One problem with the inputs. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

/** The inputs of one secret, checked and with defaults. */
export type SecretInputValues = SecretInputs & LocalInputs;

/** The inputs of a rotating secret, checked and with defaults. */
export type RotationInputValues = SecretInputValues & RotationInputs;

const PLAIN_DEFAULTS = toFixedDefaults(false);
const ROTATING_DEFAULTS = toFixedDefaults(true);

/** Completes the inputs of one secret with their defaults; what is given stays as it is. */
export function fillDefaults(given: Properties): Properties {
  const window = combine(given.secretExpiresAfterHours, 0, toDefaultWindowHours);
  const computed = window === undefined ? {} : { rotateBeforeExpiryHours: window };
  return { ...computed, ...PLAIN_DEFAULTS, ...toGiven(given) };
}

/** Completes the inputs of a rotating secret. */
export function fillRotationDefaults(given: Properties): Properties {
  const filled = fillDefaults(given);
  const of = (toDefault: typeof toDefaultOverlapHours) =>
    combine(filled.secretExpiresAfterHours, filled.rotateBeforeExpiryHours, toDefault);
  const overlapHours = of(toDefaultOverlapHours);
  const computed = overlapHours === undefined ? {} : { overlapHours, quietHours: of(toDefaultQuietHours) };
  return { ...computed, ...ROTATING_DEFAULTS, ...filled };
}

/** Completes the inputs of a resource class. */
function fillInputs({ isRotating }: ResourceKind, given: Properties): Properties {
  return isRotating ? fillRotationDefaults(given) : fillDefaults(given);
}

/** The inputs that are given. Defaults are not among them: whoever reads inputs completes them, and the state stays small. */
export function toGiven(given: Properties): Properties {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

function toFixedDefaults(isRotating: boolean): Properties {
  const entries = listInputs({ level: "project", isRotating }).flatMap((name) => {
    const { default: fallback }: InputDescription = INPUTS[name];
    return fallback?.value === undefined ? [] : [[name, fallback.value]];
  });
  return Object.fromEntries(entries);
}

/** A default made of two whole numbers; unknown when one of them is, and absent when one is no number. */
function combine(a: unknown, b: unknown, toDefault: (a: number, b: number) => number): unknown {
  if (a === UNKNOWN_VALUE || b === UNKNOWN_VALUE) return UNKNOWN_VALUE;
  return Number.isInteger(a) && Number.isInteger(b) ? toDefault(Number(a), Number(b)) : undefined;
}

/** Lists what is wrong with the inputs that a program gives. Values that a preview does not know are not judged. */
export function findInputProblems(kind: ResourceKind, given: Properties): InputProblem[] {
  const names = listInputs(kind);
  const inputs = fillInputs(kind, given);
  const problems = names.flatMap((name) => findProblem(name, inputs[name]));
  const failed = new Set(problems.map(({ property }) => property));
  const isGiven = (name: string) => toGiven(given)[name] !== undefined;
  problems.push(...findConflicts(inputs, isGiven).filter(({ property }) => !failed.has(property)));
  return [...problems, ...findUnknownNames(kind, inputs)];
}

/** Names of properties that the resource does not have. */
export function findUnknownNames(kind: ResourceKind, given: Properties): InputProblem[] {
  const names = listInputs(kind);
  const known: readonly string[] = [...names, PROVIDER_KEY];
  return Object.keys(given).flatMap((name) => (known.includes(name) ? [] : toUnknownName(name, names)));
}

/** What is wrong with one value, whatever the others are. */
export function findProblem(name: InputName, value: unknown): InputProblem[] {
  const { schema, rule, default: fallback }: InputDescription = INPUTS[name];
  if (value === UNKNOWN_VALUE || v.is(schema, value)) return [];
  if (value !== undefined) return [{ property: name, reason: `is ${describe(name, value)}, and ${rule}` }];
  // A default that could not be made is the fault of the input it is made from.
  return fallback ? [] : [{ property: name, reason: `is required and ${rule}` }];
}

/** Numbers that are valid by themselves but not together. What is not a number is left to `findProblem`. */
function findConflicts(inputs: Properties, isGiven: (name: string) => boolean): InputProblem[] {
  const { secretExpiresAfterHours: hours, rotateBeforeExpiryHours: window, overlapHours: overlap } = inputs;
  if (typeof hours !== "number" || typeof window !== "number" || !v.is(INPUTS.secretExpiresAfterHours.schema, hours)) {
    return [];
  }
  const lifetime = `secretExpiresAfterHours (${hours})`;
  if (window >= hours) {
    const reason = `is ${window}, and must be a whole number of hours from 0 to ${hours - 1}: less than ${lifetime}`;
    return [{ property: "rotateBeforeExpiryHours", reason }];
  }
  const longest = Math.min(MAX_OVERLAP_HOURS, hours - window);
  if (typeof overlap !== "number" || overlap <= longest) return [];
  const taken = isGiven("rotateBeforeExpiryHours")
    ? `rotateBeforeExpiryHours (${window})`
    : `the rotation window (${window}, ${INPUTS.rotateBeforeExpiryHours.default.text})`;
  const reason = `is ${overlap}, and must be a whole number of hours from 0 to ${longest}: at most ${lifetime} less ${taken}`;
  return [{ property: "overlapHours", reason }];
}

/** What was given, without the value unless it is a number of hours. */
function describe(name: InputName, value: unknown): string {
  if (typeof value === "number") return INPUTS[name].type === "integer" ? String(value) : "a number";
  if (typeof value === "string") return value === "" ? "empty" : `a text of ${value.length} characters`;
  if (typeof value === "boolean") return "a boolean";
  return Array.isArray(value) ? "a list" : "a map";
}

function toUnknownName(name: string, names: readonly string[]): InputProblem[] {
  const nearest = findNearest(name, names);
  const hint = nearest === undefined ? `, which takes ${names.join(", ")}` : `; did you mean ${nearest}?`;
  // A name can be a value in the wrong place as well.
  return [{ property: redact(name), reason: `is not a property of this resource${hint}` }];
}

/** A refresh asks for a diff of inputs that nothing has checked: what cannot be read counts as not known. */
const toMaybe = <S extends v.GenericSchema>(shape: S) => v.fallback(v.union([shape, v.literal(Unknown)]), Unknown);

const DESIRED_SECRET = v.object({
  // Of the owner's ids only the one that the resource has may be there.
  projectId: v.exactOptional(toMaybe(INPUTS.projectId.shape)),
  orgId: v.exactOptional(toMaybe(INPUTS.orgId.shape)),
  clientId: toMaybe(INPUTS.clientId.shape),
  secretExpiresAfterHours: toMaybe(INPUTS.secretExpiresAfterHours.shape),
  rotateBeforeExpiryHours: toMaybe(INPUTS.rotateBeforeExpiryHours.shape),
  triggers: toMaybe(INPUTS.triggers.shape),
  verify: toMaybe(INPUTS.verify.shape),
  reclaimExpired: toMaybe(INPUTS.reclaimExpired.shape),
  mayRemove: toMaybe(INPUTS.mayRemove.shape),
  exclusive: toMaybe(INPUTS.exclusive.shape),
});

const DESIRED_ROTATION = v.object({
  ...DESIRED_SECRET.entries,
  overlapHours: toMaybe(INPUTS.overlapHours.shape),
  quietHours: toMaybe(INPUTS.quietHours.shape),
});

function withUnknown(filled: Properties): Properties {
  const entries = Object.entries(filled).map(([name, value]) => [name, value === UNKNOWN_VALUE ? Unknown : value]);
  return Object.fromEntries(entries);
}

/** Inputs of a preview, where any may be unknown. Total. */
export function toDesiredSecret(inputs: Properties): DesiredSecret {
  return v.parse(DESIRED_SECRET, withUnknown(fillDefaults(inputs)));
}

/** Inputs of a rotating secret in a preview. Total. */
export function toDesiredRotation(inputs: Properties): DesiredRotation {
  return v.parse(DESIRED_ROTATION, withUnknown(fillRotationDefaults(inputs)));
}

/**
 * Inputs of a real run, which `check` has accepted.
 *
 * @throws AtlasSecretsError `inputs` when they are not such
 */
export function toInputValues(inputs: Properties): SecretInputValues {
  const desired = toDesiredSecret(inputs);
  if (isKnown(desired)) return desired;
  throw toUnreadable(desired);
}

/**
 * Inputs of a rotating secret in a real run.
 *
 * @throws AtlasSecretsError `inputs` when `check` has not accepted them
 */
export function toRotationInputValues(inputs: Properties): RotationInputValues {
  const desired = toDesiredRotation(inputs);
  if (isKnown(desired)) return desired;
  throw toUnreadable(desired);
}

function isKnown(desired: DesiredRotation): desired is RotationInputValues;
function isKnown(desired: DesiredSecret): desired is SecretInputValues;
function isKnown(desired: DesiredSecret): boolean {
  return Object.values(desired).every((value) => value !== Unknown);
}

function toUnreadable(desired: DesiredSecret): AtlasSecretsError {
  const entries = Object.entries(desired).filter(([, value]) => value === Unknown);
  const names = entries.map(([name]) => name).join(", ");
  return new AtlasSecretsError("inputs", `The engine gave inputs that cannot be used: ${names}. Nothing was sent.`);
}
