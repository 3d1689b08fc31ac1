/**
 * What the state holds of one secret, read leniently and written strictly. Reading never throws, so that a state from any
 * version can be decided on; writing gives plain JSON without `undefined`, since the engine cannot encode anything else and
 * a secret that cannot be encoded is lost.
 */
import { parseIsoTime, toIsoTime } from "../clock.js";
import { type Properties, toSecretOutput } from "../protocol.js";
import { toRecordedRotateAfterMs } from "../rotation/due.js";
import {
  type EchoedInputs,
  type OwnerInputs,
  type RecordedIssue,
  type RecordedSecret,
  SECRET_STATUSES,
} from "../rotation/secret.js";
import { Sensitive } from "../sensitive.js";
import { listEchoed } from "./description.js";
import { fillDefaults } from "./inputs.js";
import { toAccountRef } from "./scope.js";

/** Everything that is recorded of one issued secret. Times are in milliseconds since the epoch. */
export interface IssueRecord extends RecordedIssue {
  readonly value?: Sensitive;
  readonly maskedSecretValue?: string;
  readonly lastUsedAtMs?: number;
  readonly verifiedAtMs?: number;
}

/** Everything that is recorded of a resource with one secret. */
export interface SecretRecord extends RecordedSecret, IssueRecord {}

/** Reads recorded outputs. Total: what is missing or of the wrong type takes its default or is left out. */
export function toSecretRecord(outputs: Properties): SecretRecord {
  const inputs = toEchoedInputs(fillDefaults(outputs));
  return {
    ...inputs,
    ...toIssueRecord(outputs, inputs),
    status: SECRET_STATUSES.find((status) => status === outputs.status) ?? "active",
    ...defined({ supersedes: toIds(outputs.supersedes) }),
  };
}

/** Reads echoed inputs that have their defaults. */
export function toEchoedInputs(filled: Properties): EchoedInputs {
  return {
    ...toRecordedOwner(filled),
    secretExpiresAfterHours: toNumber(filled.secretExpiresAfterHours) ?? Number.NaN,
    rotateBeforeExpiryHours: toNumber(filled.rotateBeforeExpiryHours) ?? 0,
  };
}

/** Reads what is recorded of one issued secret; it was issued for the echoed lifetime where nothing else is said. */
export function toIssueRecord(
  outputs: Properties,
  { secretExpiresAfterHours }: Pick<EchoedInputs, "secretExpiresAfterHours">,
): IssueRecord {
  const issuedForHours = toNumber(outputs.issuedForHours) ?? secretExpiresAfterHours;
  return {
    secretId: toText(outputs.secretId) ?? "",
    issuedForHours,
    grantedHours: toNumber(outputs.grantedHours) ?? issuedForHours,
    issuedForTriggers: toMap(outputs.issuedForTriggers) ?? {},
    ...defined({
      value: typeof outputs.secret === "string" ? new Sensitive(outputs.secret) : undefined,
      maskedSecretValue: toText(outputs.maskedSecretValue),
      createdAtMs: parseIsoTime(outputs.createdAt),
      expiresAtMs: parseIsoTime(outputs.expiresAt),
      lastUsedAtMs: parseIsoTime(outputs.lastUsedAt),
      verifiedAtMs: parseIsoTime(outputs.verifiedAt),
    }),
  };
}

/** Writes a record as outputs: the value and the triggers marked as secrets, times in ISO 8601, nothing undefined. */
export function toOutputs(record: SecretRecord): Record<string, unknown> {
  const { status, supersedes } = record;
  const rotateAfter = toIsoText(toRecordedRotateAfterMs(record));
  return toPlainJson({ ...toEcho(record, false), ...toIssueOutputs(record, record), status, supersedes, rotateAfter });
}

/** The inputs of a record that the state keeps. */
export function toEcho(record: EchoedInputs, isRotating: boolean): Record<string, unknown> {
  const { level } = toAccountRef(record);
  const values: Readonly<Record<string, unknown>> = { ...record };
  return Object.fromEntries(listEchoed({ level, isRotating }).map((name) => [name, values[name]]));
}

/** The outputs of an issued secret. What equals something else is left out, since the engine writes all of them at each step. */
export function toIssueOutputs(
  issue: IssueRecord,
  { secretExpiresAfterHours }: Pick<EchoedInputs, "secretExpiresAfterHours">,
): Record<string, unknown> {
  const { secretId, value, createdAtMs, expiresAtMs, lastUsedAtMs, verifiedAtMs } = issue;
  const { issuedForHours, issuedForTriggers, grantedHours } = issue;
  const hasTriggers = Object.keys(issuedForTriggers).length > 0;
  return {
    secretId,
    maskedSecretValue: toSafeMask(issue),
    createdAt: toIsoText(createdAtMs),
    expiresAt: toIsoText(expiresAtMs),
    lastUsedAt: toIsoText(lastUsedAtMs),
    verifiedAt: toIsoText(verifiedAtMs),
    secret: value && toSecretOutput(Sensitive.reveal(value)),
    issuedForHours: issuedForHours === secretExpiresAfterHours ? undefined : issuedForHours,
    grantedHours: grantedHours === issuedForHours ? undefined : grantedHours,
    // A user may force a rotation by a confidential value.
    issuedForTriggers: hasTriggers ? toSecretOutput(issuedForTriggers) : undefined,
  };
}

/** A strict copy: through text and back, which drops what is undefined, at any depth. */
export function toPlainJson(outputs: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(outputs)) as Record<string, unknown>;
}

/** The time in ISO 8601, if there is one. */
export function toIsoText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : toIsoTime(ms);
}

/** The resource's id. */
export function toResourceId(record: SecretRecord): string {
  const { ownerId, clientId } = toAccountRef(record);
  return `${ownerId}/${clientId}/${record.secretId}`;
}

function toRecordedOwner({ projectId, orgId, clientId }: Properties): OwnerInputs {
  const owner = toText(orgId) === undefined ? { projectId: toText(projectId) ?? "" } : { orgId: String(orgId) };
  return { ...owner, clientId: toText(clientId) ?? "" };
}

/** Atlas's mask as long as it is one (a few characters either side of dots), or one of the same form. */
function toSafeMask({ value, maskedSecretValue }: IssueRecord): string | undefined {
  if (maskedSecretValue !== undefined && /^[\x21-\x7e]{0,12}(\.{3}|\*+)[\x21-\x7e]{0,4}$/.test(maskedSecretValue)) {
    return maskedSecretValue;
  }
  return value && `mdb_sa_sk_...${Sensitive.reveal(value).slice(-4)}`;
}

/** The values that are there. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** A list of texts. */
export function toIds(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : undefined;
}

/** A text that is not empty. */
export function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A finite number. */
export function toNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A map, and no list. */
export function toMap(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
