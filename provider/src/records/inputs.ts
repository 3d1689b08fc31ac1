/**
 * The inputs of a secret: their rules, their defaults, and what is wrong with them. A message names the property and the
 * rule and never repeats the value, which may be a secret put into the wrong place.
 */
import * as v from "valibot";
import { PROVIDER_KEY, type Properties, UNKNOWN_VALUE } from "../protocol.js";
import { redact } from "../redact.js";
import { DEFAULT_QUIET_HOURS, MAX_OVERLAP_HOURS, toDefaultOverlapHours } from "../rotation/overlap.js";
import {
  type DesiredRotation,
  type DesiredSecret,
  type LocalInputs,
  type RotationInputs,
  type SecretInputs,
  Unknown,
} from "../rotation/secret.js";
import { MAX_LIFETIME_HOURS, MIN_LIFETIME_HOURS, toDefaultWindowHours } from "../rotation/window.js";
import { ORGANIZATION, PROJECT, type Scope } from "./scope.js";

/** One problem with the inputs. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

/** The inputs of one secret, checked and with defaults. */
export type SecretInputValues = SecretInputs & LocalInputs;

/** The inputs of a rotating secret, checked and with defaults. */
export type RotationInputValues = SecretInputValues & RotationInputs;

/** Name of an input. */
export type InputName = keyof RotationInputValues;

/** How long nobody must have signed in with a previous secret before it goes, in hours, when nothing else is said. */

/** A previous secret lives no longer than a week, so a longer quiet time would never count. */
const MAX_QUIET_HOURS = MAX_OVERLAP_HOURS;

const OBJECT_ID = /^[a-f0-9]{24}$/;

const RULES = {
  projectId: "must be a project id: 24 digits of a-f0-9",
  orgId: "must be an organization id: 24 digits of a-f0-9",
  clientId: "must be a client id: mdb_sa_id_ and 24 hexadecimal digits",
  secretExpiresAfterHours: `must be a whole number of hours from ${MIN_LIFETIME_HOURS} to ${MAX_LIFETIME_HOURS}`,
  rotateBeforeExpiryHours: "must be a whole number of hours, at least 0 and less than secretExpiresAfterHours",
  triggers: "must be a map",
  verify: "must be true or false",
  reclaimExpired: "must be true or false",
  mayRemove: "must be a list of secret ids: 24 digits of a-f0-9 each",
  exclusive: "must be true or false",
  overlapHours: `must be a whole number of hours from 0 to ${MAX_OVERLAP_HOURS}, and at most secretExpiresAfterHours less rotateBeforeExpiryHours`,
  quietHours: `must be a whole number of hours from 0 to ${MAX_QUIET_HOURS}`,
} as const satisfies Record<InputName, string>;

const SCHEMAS: Record<InputName, v.GenericSchema> = {
  projectId: v.pipe(v.string(), v.regex(OBJECT_ID)),
  orgId: v.pipe(v.string(), v.regex(OBJECT_ID)),
  clientId: v.pipe(v.string(), v.regex(/^mdb_sa_id_[a-fA-F\d]{24}$/)),
  secretExpiresAfterHours: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(MIN_LIFETIME_HOURS),
    v.maxValue(MAX_LIFETIME_HOURS),
  ),
  rotateBeforeExpiryHours: v.pipe(v.number(), v.integer(), v.minValue(0)),
  triggers: v.custom((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
  verify: v.boolean(),
  reclaimExpired: v.boolean(),
  mayRemove: v.array(
    v.pipe(
      v.string(),
      v.check((id) => id === UNKNOWN_VALUE || OBJECT_ID.test(id)),
    ),
  ),
  exclusive: v.boolean(),
  overlapHours: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_OVERLAP_HOURS)),
  quietHours: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_QUIET_HOURS)),
};

const OWNER_NAMES = [PROJECT.ownerKey, ORGANIZATION.ownerKey] as const;

const COMMON_NAMES = [
  "clientId",
  "secretExpiresAfterHours",
  "rotateBeforeExpiryHours",
  "triggers",
  "verify",
  "reclaimExpired",
  "mayRemove",
  "exclusive",
] as const;

/** The names of the inputs of a resource class. */
export function toInputNames({ ownerKey }: Scope, isRotating: boolean): readonly InputName[] {
  return [ownerKey, ...COMMON_NAMES, ...(isRotating ? (["overlapHours", "quietHours"] as const) : [])];
}

const PROJECT_SECRET_NAMES = toInputNames(PROJECT, false);

/** Completes the inputs of one secret with the defaults of README; what is given stays as it is. */
export function fillDefaults(given: Properties): Properties {
  const window = combine(given.secretExpiresAfterHours, 0, toDefaultWindowHours);
  const defaults: Properties = {
    ...(window !== undefined && { rotateBeforeExpiryHours: window }),
    triggers: {},
    verify: true,
    reclaimExpired: true,
    mayRemove: [],
    exclusive: false,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return { ...defaults, ...Object.fromEntries(set) };
}

/** Completes the inputs of a rotating secret. */
export function fillRotationDefaults(given: Properties): Properties {
  const filled = fillDefaults(given);
  const overlap = combine(filled.secretExpiresAfterHours, filled.rotateBeforeExpiryHours, toDefaultOverlapHours);
  const overlapHours = filled.overlapHours ?? overlap;
  return { quietHours: DEFAULT_QUIET_HOURS, ...filled, ...(overlapHours !== undefined && { overlapHours }) };
}

/** A default made of two whole numbers; unknown when one of them is, and absent when one is no number. */
function combine(a: unknown, b: unknown, toDefault: (a: number, b: number) => number): unknown {
  if (a === UNKNOWN_VALUE || b === UNKNOWN_VALUE) return UNKNOWN_VALUE;
  return Number.isInteger(a) && Number.isInteger(b) ? toDefault(Number(a), Number(b)) : undefined;
}

/**
 * Lists what is wrong with inputs that have their defaults. Values that a preview does not know are not judged.
 *
 * @param names the inputs that the resource has; default: those of `ProjectServiceAccountSecret`
 */
export function findInputProblems(
  inputs: Properties,
  names: readonly InputName[] = PROJECT_SECRET_NAMES,
): InputProblem[] {
  const failures: InputProblem[] = [];
  for (const name of names) {
    const value = inputs[name];
    if (value === UNKNOWN_VALUE || v.is(SCHEMAS[name], value)) continue;
    // A default that could not be made is the fault of the input it is made from.
    if ((name === "rotateBeforeExpiryHours" || name === "overlapHours") && value === undefined) continue;
    failures.push({ property: name, reason: value === undefined ? `is required and ${RULES[name]}` : RULES[name] });
  }
  failures.push(...findConflicts(inputs, names, new Set(failures.map(({ property }) => property))));
  for (const name of Object.keys(inputs)) {
    if (name === PROVIDER_KEY || (names as string[]).includes(name)) continue;
    // A name can be a value in the wrong place as well.
    failures.push({
      property: redact(name),
      reason: `is not a property of this resource, which takes ${names.join(", ")}`,
    });
  }
  return failures;
}

/** Numbers that are valid by themselves but not together. */
function findConflicts(inputs: Properties, names: readonly InputName[], failed: ReadonlySet<string>): InputProblem[] {
  const [hours, window, overlap] = (
    ["secretExpiresAfterHours", "rotateBeforeExpiryHours", "overlapHours"] as const
  ).map((name) => (names.includes(name) && !failed.has(name) ? inputs[name] : undefined));
  if (typeof hours !== "number" || typeof window !== "number") return [];
  if (window >= hours) return [{ property: "rotateBeforeExpiryHours", reason: RULES.rotateBeforeExpiryHours }];
  if (typeof overlap !== "number" || overlap <= hours - window) return [];
  return [{ property: "overlapHours", reason: RULES.overlapHours }];
}

/** Inputs of a preview, where any may be unknown. */
export function toDesiredSecret(inputs: Properties): DesiredSecret {
  return toDesired(fillDefaults(inputs), COMMON_NAMES) as unknown as DesiredSecret;
}

/** Inputs of a rotating secret in a preview. */
export function toDesiredRotation(inputs: Properties): DesiredRotation {
  const names = [...COMMON_NAMES, "overlapHours", "quietHours"] as const;
  return toDesired(fillRotationDefaults(inputs), names) as unknown as DesiredRotation;
}

function toDesired(filled: Properties, names: readonly InputName[]): Record<string, unknown> {
  // Of the owner's ids only the one that the resource has may be there.
  const owners = OWNER_NAMES.filter((name) => filled[name] !== undefined);
  const entries = [...owners, ...names].map((name) => [name, toDesiredValue(name, filled[name])]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** A refresh asks for a diff of inputs that nothing has checked: what is not a number must not be reckoned with. */
function toDesiredValue(name: string, value: unknown): unknown {
  if (value === UNKNOWN_VALUE) return Unknown;
  return typeof value === "object" && name.endsWith("Hours") ? Number.NaN : value;
}

/** Inputs of a real run, which `check` has accepted. */
export function toInputValues(inputs: Properties): SecretInputValues {
  return toDesiredSecret(inputs) as SecretInputValues;
}

/** Inputs of a rotating secret in a real run. */
export function toRotationInputValues(inputs: Properties): RotationInputValues {
  return toDesiredRotation(inputs) as RotationInputValues;
}
