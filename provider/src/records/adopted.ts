/**
 * Entry `pulumi-atlas-secrets/records`: a resource for a secret that exists already, as the handlers would have recorded it had
 * they made it, in the form that `pulumi import --file` takes. Plain data in, plain data out: nothing is sent or decrypted.
 *
 * @see https://www.pulumi.com/docs/iac/guides/migration/import/
 */
import { AtlasSecretsError } from "../errors.js";
import { mapSecretOutputs, PROVIDER_KEY, type Properties, toProviderText, toStoredSecret } from "../protocol.js";
import type { NextUp } from "../rotation/assess.js";
import { decideReplacement } from "../rotation/replacement.js";
import { decideRotation } from "../rotation/rotating.js";
import type { PreviousSecret } from "../rotation/secret.js";
import { findSecretType, toSecretClass } from "../rotation/secret-types.js";
import { toGrantedHours } from "../rotation/window.js";
import { Sensitive } from "../sensitive.js";
import {
  findInputProblems,
  toDesiredRotation,
  toDesiredSecret,
  toGiven,
  toInputValues,
  toRotationInputValues,
} from "./inputs.js";
import { toRotationId, toRotationOutputs, toRotationRecord } from "./rotation-record.js";
import { type IssueRecord, toOutputs, toResourceId, toSecretRecord } from "./secret-record.js";
import { findSetProblems } from "./set-inputs.js";
import { toSetOutputs } from "./set-record.js";
import { withPromoted } from "./transitions.js";

export { Sensitive } from "../sensitive.js";

/** A value that a stack's own key has encrypted: it is carried as it is, and only that stack can read it. */
export interface Ciphertext {
  readonly ciphertext: string;
}

/** A secret that exists at Atlas. Times are in milliseconds since the epoch. */
export interface ExistingSecret {
  readonly level: "project" | "organization";
  /** Id of the project or organization. */
  readonly ownerId: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly value: Sensitive | Ciphertext;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs?: number;
  /** When it was verified; absent when it was not. */
  readonly verifiedAtMs?: number;
  readonly maskedSecretValue?: string;
  /** For a rotating resource: the older live secret of the account, which goes after an overlap. */
  readonly previous?: PreviousSecret;
}

/** The inputs that the program will give; the others take their defaults. */
export interface AdoptionInputs {
  readonly isRotating: boolean;
  readonly secretExpiresAfterHours: number;
  readonly rotateBeforeExpiryHours?: number;
}

/** A resource to import. `inputs` and `outputs` hold the value, in plaintext unless it was given as ciphertext. */
export interface AdoptedResource {
  readonly className: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** `keep` when the next run changes nothing, as long as the program gives the same inputs. */
  readonly nextUp: NextUp;
}

/**
 * Makes the resource for a secret, with the handlers' own record of it.
 *
 * @param nowMs when the next run is thought to be
 * @throws AtlasSecretsError `adoption` when no resource can have such inputs, or the secret such times
 */
export function toAdoptedResource(secret: ExistingSecret, wanted: AdoptionInputs, nowMs: number): AdoptedResource {
  const { level, ownerId, clientId, secretId, createdAtMs, expiresAtMs } = secret;
  // Nothing is repeated that could be a value in the wrong place.
  if (!/^[a-f0-9]{24}$/.test(secretId)) {
    throw new AtlasSecretsError("adoption", "The id of a secret must be 24 digits of a-f0-9.");
  }
  const { isRotating, ...hours } = wanted;
  const kind = toSecretClass(level, isRotating ? "rotating" : "plain");
  const { className, type, handler, owner } = kind;
  const given = { [owner]: ownerId, clientId, ...hours, [PROVIDER_KEY]: toProviderText(handler) };
  const inputs = toGiven(given);
  const [problem] = findInputProblems(kind, given);
  if (problem) {
    throw new AtlasSecretsError(
      "adoption",
      `Secret ${secretId} cannot become a ${className}: ${problem.property} ${problem.reason}.`,
    );
  }
  if (expiresAtMs <= createdAtMs) {
    throw new AtlasSecretsError(
      "adoption",
      `Secret ${secretId} of service account ${clientId} expires before it was created.`,
    );
  }
  const { id, outputs, nextUp } = isRotating ? toRotating(secret, inputs, nowMs) : toPlain(secret, inputs, nowMs);
  const stored = { ...toImportable(outputs), ...toCarried(secret.value), [PROVIDER_KEY]: inputs[PROVIDER_KEY] };
  return { className, type, id, inputs, outputs: stored, nextUp };
}

/** A rotating resource that becomes an account of a set, by its name there. */
export interface AdoptedMember {
  readonly name: string;
  readonly resource: AdoptedResource;
}

/** Inputs that a set has for all its accounts, where they do not have their own. */
const COMMON = ["secretExpiresAfterHours", "rotateBeforeExpiryHours"] as const;

/**
 * Puts rotating resources of one level together to one set: what the first one has holds for all that do not differ. Values stay as
 * they are, each in its own mark, until the first run, which updates the set without a request.
 *
 * @see deserializeProperty in sdk/nodejs/runtime/rpc.ts of pulumi/pulumi

 * @param id of the set, which says nothing
 * @throws AtlasSecretsError `adoption` when they are of both levels, or two are of one account
 */
export function toAdoptedSet(members: readonly AdoptedMember[], id: string): AdoptedResource {
  const [first] = members;
  const [level, ...others] = new Set(members.map(({ resource }) => findSecretType(resource.type)?.level));
  if (first === undefined || level === undefined || others.length > 0) {
    throw new AtlasSecretsError(
      "adoption",
      "A set has accounts of projects or of organizations, not of both: adopt them apart with --only.",
    );
  }
  const kind = toSecretClass(level, "set");
  const { className, type, handler } = kind;
  const common = toCommon(first);
  const accounts = members.map(({ name, resource: { inputs } }) => {
    const own = Object.entries(inputs).filter(([key, value]) => key !== PROVIDER_KEY && value !== common[key]);
    return [name, Object.fromEntries(own)] as const;
  });
  const inputs = { ...common, accounts: Object.fromEntries(accounts), [PROVIDER_KEY]: toProviderText(handler) };
  const [problem] = findSetProblems(kind, inputs);
  if (problem)
    throw new AtlasSecretsError(
      "adoption",
      `They cannot become one ${className}: ${problem.property} ${problem.reason}.`,
    );
  const record = {
    accounts: members.map(({ name, resource: { outputs } }) => {
      const { secret: _, ...rest } = outputs;
      return { name, record: toRotationRecord(rest) };
    }),
    removed: [],
    // The SDK cannot read a mark inside of another one: the first run writes all values into one, and gives them out.
    isUndelivered: true,
  };
  const secrets = Object.fromEntries(members.map(({ name, resource }) => [name, resource.outputs.secret]));
  const outputs = { ...toSetOutputs(kind, record, inputs), secrets, [PROVIDER_KEY]: inputs[PROVIDER_KEY] };
  const due = members.find(({ resource }) => resource.nextUp.action !== "keep") ?? first;
  return { className, type, id, inputs, outputs, nextUp: due.resource.nextUp };
}

function toCommon({ resource: { inputs } }: AdoptedMember): Properties {
  return Object.fromEntries(COMMON.filter((name) => name in inputs).map((name) => [name, inputs[name]]));
}

interface Recorded {
  readonly id: string;
  readonly outputs: Properties;
  readonly nextUp: NextUp;
}

function toPlain(secret: ExistingSecret, inputs: Properties, nowMs: number): Recorded {
  const values = toInputValues(inputs);
  const outputs = toOutputs({ ...values, ...toIssue(secret, values), status: "active" });
  // What is judged is what the handlers will read.
  const record = toSecretRecord(toClear(outputs));
  return { id: toResourceId(record), outputs, nextUp: decideReplacement(record, toDesiredSecret(inputs), nowMs) };
}

function toRotating(secret: ExistingSecret, inputs: Properties, nowMs: number): Recorded {
  const values = toRotationInputValues(inputs);
  const pending = toIssue(secret, values);
  const { previous, createdAtMs } = secret;
  const generation = previous ? 1 : 0;
  const before = { ...values, isCurrentMissing: false, isUnassigned: false, generation, ...(previous && { previous }) };
  // Its consumers have it since it was made, whoever gave it out; those of a previous one are given the overlap from now on.
  const outputs = toRotationOutputs(withPromoted({ ...before, pending }, previous ? nowMs : createdAtMs));
  const record = toRotationRecord(toClear(outputs));
  return { id: toRotationId(record), outputs, nextUp: decideRotation(record, toDesiredRotation(inputs), nowMs) };
}

function toIssue(
  secret: ExistingSecret,
  inputs: { readonly secretExpiresAfterHours: number; readonly triggers: IssueRecord["issuedForTriggers"] },
): IssueRecord {
  const { secretId, value, createdAtMs, expiresAtMs, lastUsedAtMs, verifiedAtMs, maskedSecretValue } = secret;
  return {
    secretId,
    createdAtMs,
    expiresAtMs,
    grantedHours: toGrantedHours(createdAtMs, expiresAtMs),
    issuedForHours: inputs.secretExpiresAfterHours,
    issuedForTriggers: inputs.triggers,
    ...(value instanceof Sensitive && { value }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
    ...(verifiedAtMs !== undefined && { verifiedAtMs }),
    ...(maskedSecretValue !== undefined && { maskedSecretValue }),
  };
}

function toCarried(value: ExistingSecret["value"]): Properties {
  return value instanceof Sensitive ? {} : { secret: toStoredSecret({ ciphertext: value.ciphertext }) };
}

/** Outputs as the engine passes them to a handler: nothing is marked. */
function toClear(outputs: Properties): Properties {
  return mapSecretOutputs(outputs, (value) => value);
}

/** Outputs as a state holds them in plaintext: the engine encrypts what is marked when it imports them. */
function toImportable(outputs: Properties): Properties {
  return mapSecretOutputs(outputs, (value) => toStoredSecret({ plaintext: JSON.stringify(value) }));
}
