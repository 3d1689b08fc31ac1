/**
 * The inputs of a secret: their rules, their defaults, and what is wrong with them. A message names the property and the
 * rule and never repeats the value, which may be a secret put into the wrong place.
 */
import * as v from "valibot";
import { PROVIDER_KEY, type Properties, UNKNOWN_VALUE } from "../resources/convention.js";
import { type DesiredSecret, Unknown } from "../rotation/replacement.js";
import { MAX_LIFETIME_HOURS, MIN_LIFETIME_HOURS, toDefaultWindowHours } from "../rotation/window.js";

/** One problem with the inputs. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

/** The inputs of one secret, checked and with defaults. */
export type SecretInputValues = {
  [K in keyof DesiredSecret]: Exclude<DesiredSecret[K], typeof Unknown>;
};

const OBJECT_ID = /^[a-f0-9]{24}$/;

const RULES = {
  projectId: "must be a project id: 24 digits of a-f0-9",
  clientId: "must be a client id: mdb_sa_id_ and 24 hexadecimal digits",
  secretExpiresAfterHours: `must be a whole number of hours from ${MIN_LIFETIME_HOURS} to ${MAX_LIFETIME_HOURS}`,
  rotateBeforeExpiryHours: "must be a whole number of hours, at least 0 and less than secretExpiresAfterHours",
  triggers: "must be a map",
  verify: "must be true or false",
  reclaimExpired: "must be true or false",
  mayRemove: "must be a list of secret ids: 24 digits of a-f0-9 each",
  exclusive: "must be true or false",
} as const satisfies Record<keyof DesiredSecret, string>;

const SCHEMAS: Record<keyof DesiredSecret, v.GenericSchema> = {
  projectId: v.pipe(v.string(), v.regex(OBJECT_ID)),
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
};

const NAMES = Object.keys(RULES) as (keyof DesiredSecret)[];

/** Completes inputs with the defaults of README; what is given stays as it is. */
export function fillDefaults(given: Properties): Properties {
  const hours = given.secretExpiresAfterHours;
  const window =
    hours === UNKNOWN_VALUE ? UNKNOWN_VALUE : Number.isInteger(hours) ? toDefaultWindowHours(Number(hours)) : undefined;
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

/** Lists what is wrong with inputs that have their defaults. Values that a preview does not know are not judged. */
export function findInputProblems(inputs: Properties): InputProblem[] {
  const failures: InputProblem[] = [];
  for (const name of NAMES) {
    const value = inputs[name];
    if (value === UNKNOWN_VALUE || v.is(SCHEMAS[name], value)) continue;
    // A default that could not be made is the fault of the input it is made from.
    if (name === "rotateBeforeExpiryHours" && value === undefined) continue;
    failures.push({ property: name, reason: value === undefined ? `is required and ${RULES[name]}` : RULES[name] });
  }
  const { secretExpiresAfterHours: hours, rotateBeforeExpiryHours: window } = inputs;
  const areBothValid = !failures.some(
    ({ property }) => property === "secretExpiresAfterHours" || property === "rotateBeforeExpiryHours",
  );
  if (areBothValid && typeof hours === "number" && typeof window === "number" && window >= hours) {
    failures.push({ property: "rotateBeforeExpiryHours", reason: RULES.rotateBeforeExpiryHours });
  }
  for (const name of Object.keys(inputs)) {
    if (name === PROVIDER_KEY || (NAMES as string[]).includes(name)) continue;
    failures.push({ property: name, reason: `is not a property of this resource, which takes ${NAMES.join(", ")}` });
  }
  return failures;
}

/** Inputs of a preview, where any may be unknown. */
export function toDesiredSecret(inputs: Properties): DesiredSecret {
  const filled = fillDefaults(inputs);
  const entries = NAMES.map((name) => [name, filled[name] === UNKNOWN_VALUE ? Unknown : filled[name]]);
  return Object.fromEntries(entries) as DesiredSecret;
}

/** Inputs of a real run, which `check` has accepted. */
export function toInputValues(inputs: Properties): SecretInputValues {
  return toDesiredSecret(inputs) as SecretInputValues;
}
