/**
 * What a resource of this package has, in one place: each property with its type, its rule, its default, whether it is secret and
 * what it is for. Registration, check, defaults and the audit record are made of it; the published schema, the reference's tables
 * and the classes' declarations are held against it by tests. Pure: it imports nothing with an effect.
 * Long because it is one table.
 */
import * as v from "valibot";
import { CLIENT_ID, OBJECT_ID } from "../ids.js";
import { UNKNOWN_VALUE } from "../protocol.js";
import { DEFAULT_QUIET_HOURS, MAX_OVERLAP_HOURS } from "../rotation/overlap.js";
import { MAX_LIFETIME_HOURS, MIN_LIFETIME_HOURS } from "../rotation/window.js";

/** Which resources have a property: those of one level, only rotating ones, or only sets; absent: all. */
type Only = "project" | "organization" | "rotating" | "set";

interface PropertyDescription {
  /** What it is, in sentences: the reference's cell, and the beginning of the docstring of class and arguments. */
  readonly doc: string;
  readonly only?: Only;
  readonly isAudited?: true;
}

/** An input, which is an output too unless it only says what a run may do. */
export interface InputDescription extends PropertyDescription {
  readonly isInputOnly?: true;
  /** Whether it says which account it is: in a set each of its accounts has its own. */
  readonly isOfAccount?: true;
  readonly type: "string" | "integer" | "boolean" | "map" | "list of ids" | "map of accounts";
  /** What type of value it is, whether or not that is in range: a state and a preview can hold any. */
  readonly shape: v.GenericSchema;
  /** Whether a value is accepted. */
  readonly schema: v.GenericSchema;
  /** The same in words. */
  readonly rule: string;
  /** Absent for a required one; `value` is absent where it depends on other inputs. */
  readonly default?: { readonly text: string; readonly value?: unknown };
}

/** An output that is no input. */
export interface OutputDescription extends PropertyDescription {
  readonly type:
    | "string"
    | "number"
    | "boolean"
    | "map"
    | "list of ids"
    | "time"
    | "status"
    | "map of numbers"
    | "map of strings"
    | "map of records";
  /** Whether it can be absent. */
  readonly isOptional?: true;
  /** Whether the engine encrypts it whatever the program says. */
  readonly isSecret?: true;
  /** Whether it is in the state alone, and no output of the class. */
  readonly isInternal?: true;
}

const toId = (what: string) =>
  ({
    type: "string",
    shape: v.string(),
    schema: v.pipe(v.string(), v.regex(OBJECT_ID)),
    rule: `must be ${what}: 24 digits of a-f0-9`,
  }) as const;

const toHours = (min: number, max: number) =>
  ({
    type: "integer",
    shape: v.number(),
    schema: v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)),
    rule: `must be a whole number of hours from ${min} to ${max}`,
  }) as const;

const FLAG = { type: "boolean", shape: v.boolean(), schema: v.boolean(), rule: "must be true or false" } as const;

const MAP = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** More at once meets Atlas's rate limit, and no run is faster for it. */
const MAX_CONCURRENCY = 64;

/** The inputs. */
export const INPUTS = {
  projectId: {
    ...toId("a project id"),
    only: "project",
    isOfAccount: true,
    isAudited: true,
    doc: "Project that the service account belongs to: 24 hex digits. A change makes a new secret.",
  },
  orgId: {
    ...toId("an organization id"),
    only: "organization",
    isOfAccount: true,
    isAudited: true,
    doc: "Organization that the service account belongs to: 24 hex digits. A change makes a new secret.",
  },
  clientId: {
    type: "string",
    shape: v.string(),
    schema: v.pipe(v.string(), v.regex(CLIENT_ID)),
    rule: "must be a client id: mdb_sa_id_ and 24 hexadecimal digits",
    isOfAccount: true,
    isAudited: true,
    doc: "Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.",
  },
  secretExpiresAfterHours: {
    ...toHours(MIN_LIFETIME_HOURS, MAX_LIFETIME_HOURS),
    doc: `Lifetime in hours, ${MIN_LIFETIME_HOURS} to ${MAX_LIFETIME_HOURS}. A change makes a new secret.`,
  },
  rotateBeforeExpiryHours: {
    ...toHours(0, MAX_LIFETIME_HOURS - 1),
    default: { text: "a third of the lifetime, rounded down" },
    doc: "The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new secret. 0: only once it has expired.",
  },
  triggers: {
    type: "map",
    shape: MAP,
    schema: MAP,
    rule: "must be a map",
    default: { text: "none", value: {} },
    isInputOnly: true,
    doc: "Any change of any value makes a new secret.",
  },
  verify: {
    ...FLAG,
    isInputOnly: true,
    default: { text: "`true`", value: true },
    doc: "Whether a new secret is verified by minting an access token before it counts as active.",
  },
  reclaimExpired: {
    ...FLAG,
    isInputOnly: true,
    default: { text: "`true`", value: true },
    doc: "Whether an expired secret may be deleted when its slot is needed.",
  },
  mayRemove: {
    type: "list of ids",
    shape: v.array(v.string()),
    schema: v.array(
      v.pipe(
        v.string(),
        v.check((id) => id === UNKNOWN_VALUE || OBJECT_ID.test(id)),
      ),
    ),
    rule: "must be a list of secret ids: 24 digits of a-f0-9 each",
    default: { text: "none", value: [] },
    isInputOnly: true,
    doc: "Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one.",
  },
  exclusive: {
    ...FLAG,
    isInputOnly: true,
    default: { text: "`false`", value: false },
    doc: "Set only if this resource is the account's sole user. When both slots are full, the provider may then delete an untracked secret that a killed run left: newer than the recorded one, and unused except for its verification.",
  },
  overlapHours: {
    ...toHours(0, MAX_OVERLAP_HOURS),
    only: "rotating",
    default: { text: "24, or the window if that is shorter" },
    doc: `How long the previous secret stays at least, in hours: 0 to ${MAX_OVERLAP_HOURS}, at most the lifetime less the window.`,
  },
  quietHours: {
    ...toHours(0, MAX_OVERLAP_HOURS),
    only: "rotating",
    default: { text: `${DEFAULT_QUIET_HOURS}, or half of the lifetime less the window if that is shorter` },
    doc: `After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to ${MAX_OVERLAP_HOURS}. 0: at the end of the overlap, used or not.`,
  },
  accounts: {
    type: "map of accounts",
    shape: MAP,
    schema: MAP,
    rule: "must be a map of a name to an account",
    only: "set",
    isInputOnly: true,
    doc: "The service accounts, by names of your own: of each its project (or organization) and client id, and any input of the rotating resource that differs for it. A changed name changes nothing at Atlas; a removed account keeps its secrets for the overlap, and as long as they are used.",
  },
  concurrency: {
    type: "integer",
    shape: v.number(),
    schema: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CONCURRENCY)),
    rule: `must be a whole number from 1 to ${MAX_CONCURRENCY}`,
    default: { text: "16", value: 16 },
    only: "set",
    isInputOnly: true,
    doc: `How many accounts are worked on at once: 1 to ${MAX_CONCURRENCY}.`,
  },
} as const satisfies Readonly<Record<string, InputDescription>>;

/** The outputs besides the inputs, in the order of the audit record. */
export const OUTPUTS = {
  secret: { type: "string", isSecret: true, doc: "The value. Always a Pulumi secret." },
  secretId: {
    type: "string",
    isAudited: true,
    doc: "Id of the secret at Atlas: 24 hex digits. Not confidential.",
  },
  maskedSecretValue: { type: "string", doc: "The value's last four characters behind a mask." },
  status: {
    type: "status",
    isAudited: true,
    doc: "`active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account where it belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.",
  },
  createdAt: { type: "time", isAudited: true, doc: "When Atlas created it, ISO 8601, UTC." },
  expiresAt: {
    type: "time",
    isAudited: true,
    doc: "When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created.",
  },
  rotateAfter: { type: "time", isAudited: true, doc: "From when on `pulumi up` makes a new one, ISO 8601, UTC." },
  verifiedAt: {
    type: "time",
    isOptional: true,
    isAudited: true,
    doc: "When it was verified; absent when it was not.",
  },
  lastUsedAt: {
    type: "time",
    isOptional: true,
    isAudited: true,
    doc: "When a token was last minted with it, as of the last refresh; absent until then.",
  },
  issuedForHours: {
    type: "number",
    isOptional: true,
    isInternal: true,
    doc: "The lifetime that it was asked for, in hours; absent when that is `secretExpiresAfterHours`.",
  },
  issuedForTriggers: {
    type: "map",
    isOptional: true,
    isSecret: true,
    isInternal: true,
    doc: "The triggers that it was issued for; absent when there were none. Always a Pulumi secret.",
  },
  grantedHours: {
    type: "number",
    isOptional: true,
    isInternal: true,
    doc: "The lifetime that Atlas granted, in hours; absent when that is what was asked for.",
  },
  supersedes: {
    type: "list of ids",
    isOptional: true,
    isInternal: true,
    doc: "Ids of the secrets that this one replaced and that may still wait for their deletion; absent when there are none.",
  },
  generation: {
    type: "number",
    only: "rotating",
    isAudited: true,
    doc: "How many secrets were current so far, this one included: 1 for the first.",
  },
  promotedAt: {
    type: "time",
    only: "rotating",
    isAudited: true,
    doc: "When the current secret was promoted, ISO 8601, UTC: the first run that handed it out without failing.",
  },
  previousSecretId: {
    type: "string",
    only: "rotating",
    isOptional: true,
    isAudited: true,
    doc: "Id of the secret that was current before, as long as it is there.",
  },
  previousExpiresAt: {
    type: "time",
    only: "rotating",
    isOptional: true,
    isAudited: true,
    doc: "When the previous secret stops working, ISO 8601, UTC.",
  },
  previousLastUsedAt: {
    type: "time",
    only: "rotating",
    isOptional: true,
    doc: "When a token was last minted with the previous secret, as of the last run that asked Atlas.",
  },
  retireAfter: {
    type: "time",
    only: "rotating",
    isOptional: true,
    isAudited: true,
    doc: "From when on `pulumi up` deletes the previous secret once it has been quiet for `quietHours`, ISO 8601, UTC.",
  },
  pendingSecretId: {
    type: "string",
    only: "rotating",
    isOptional: true,
    isAudited: true,
    doc: "Id of a new secret that is not verified yet.",
  },
  pendingSecret: {
    type: "string",
    only: "rotating",
    isOptional: true,
    isSecret: true,
    doc: "The value of the pending secret. Always a Pulumi secret.",
  },
  pendingIssuedForTriggers: {
    type: "map",
    only: "rotating",
    isOptional: true,
    isSecret: true,
    isInternal: true,
    doc: "The triggers that the pending secret was issued for. Always a Pulumi secret.",
  },
  removedAt: {
    type: "time",
    only: "set",
    isOptional: true,
    isInternal: true,
    isAudited: true,
    doc: "When the account left its set, ISO 8601, UTC: its secrets stay until `retireAfter`, and as long as they are used.",
  },
  secrets: {
    type: "map of strings",
    only: "set",
    isSecret: true,
    doc: "The value of each account's current secret, by the account's name. Always a Pulumi secret.",
  },
  records: {
    type: "map of records",
    only: "set",
    doc: "What is recorded of each account, by its name, without a value: `auditRecords` gives it with all names.",
  },
  statusCounts: {
    type: "map of numbers",
    only: "set",
    doc: "How many accounts have which status; `account-removed` counts those that left the set and still have secrets.",
  },
  removedRecords: {
    type: "map of records",
    only: "set",
    isOptional: true,
    doc: "The same as `records` for accounts that left the set and still have secrets, by owner and client id.",
  },
  confidential: {
    type: "map",
    only: "set",
    isOptional: true,
    isSecret: true,
    isInternal: true,
    doc: "The rest of what is confidential, by owner and client id: values of pending secrets and of removed accounts, and triggers. Always a Pulumi secret.",
  },
  isUndelivered: {
    type: "boolean",
    only: "set",
    isOptional: true,
    isInternal: true,
    doc: "True when no run has ended without failure since the values were made.",
  },
} as const satisfies Readonly<Record<string, OutputDescription>>;

/** Name of an input. */
export type InputName = keyof typeof INPUTS;

/** Name of an output that is no input. */
export type OutputName = keyof typeof OUTPUTS;

/** A resource class, as far as its properties depend on it. */
export interface ResourceKind {
  readonly level: "project" | "organization";
  readonly isRotating: boolean;
  readonly isSet?: boolean;
}

function hasInput(
  { level, isRotating, isSet = false }: ResourceKind,
  { only, isOfAccount }: InputDescription,
): boolean {
  if (isSet && isOfAccount) return false;
  return only === undefined || only === level || (only === "rotating" && isRotating) || (only === "set" && isSet);
}

/** What a set has of each secret stands in its maps. */
function hasOutput({ level, isRotating, isSet = false }: ResourceKind, { only }: OutputDescription): boolean {
  if (isSet) return only === "set";
  return only === undefined || only === level || (only === "rotating" && isRotating);
}

function listNames<D extends PropertyDescription, N extends string>(
  descriptions: Readonly<Record<N, D>>,
  isMeant: (description: D) => boolean,
): N[] {
  const names = Object.keys(descriptions) as N[];
  return names.filter((name) => isMeant(descriptions[name]));
}

/** The names of the inputs of a class. */
export function listInputs(kind: ResourceKind): InputName[] {
  return listNames<InputDescription, InputName>(INPUTS, (input) => hasInput(kind, input));
}

/** The names of the inputs of a class that the state keeps beside its secret. */
export function listEchoed(kind: ResourceKind): InputName[] {
  return listNames<InputDescription, InputName>(INPUTS, (input) => hasInput(kind, input) && !input.isInputOnly);
}

/** The names of everything that a program can read of a class. */
export function listOutputs(kind: ResourceKind): (InputName | OutputName)[] {
  const own = listNames<OutputDescription, OutputName>(
    OUTPUTS,
    (output) => hasOutput(kind, output) && !output.isInternal,
  );
  return [...listEchoed(kind), ...own];
}

/** The names of the outputs that the engine is told to encrypt; those in the state alone are encrypted by their mark. */
export function listSecretOutputs(kind: ResourceKind): (InputName | OutputName)[] {
  const outputs: Readonly<Record<string, PropertyDescription & { readonly isSecret?: true }>> = OUTPUTS;
  return listOutputs(kind).filter((name) => outputs[name]?.isSecret);
}

/** The names of what an audit record holds, whatever resource it is of. */
export function listAudited(): (InputName | OutputName)[] {
  const isAudited = ({ isAudited }: PropertyDescription) => isAudited === true;
  return [
    ...listNames<InputDescription, InputName>(INPUTS, isAudited),
    ...listNames<OutputDescription, OutputName>(OUTPUTS, isAudited),
  ];
}
