/**
 * What does this state say? A resource of a state in, its record and the inputs of its program out, for ours and for those of
 * `@pulumi/mongodbatlas`. Total: what is damaged is named. Nobody else reads a field of a recorded state.
 */
import type { AccountRef } from "../atlas/types.js";
import { parseIsoTime } from "../clock.js";
import { CLIENT_ID, OBJECT_ID } from "../ids.js";
import type { Properties } from "../protocol.js";
import {
  type PreviousSecret,
  type RecordedIssue,
  type RecordedSecret,
  ROTATION_STATUSES,
  SECRET_STATUSES,
  Unknown,
} from "../rotation/secret.js";
import { findSecretType, type SecretType } from "../rotation/secret-types.js";
import { toDesiredRotation, toDesiredSecret } from "./inputs.js";
import { type PeerRecord, toPeerRecord, toPlaintext } from "./peer-record.js";
import { type RotationRecord, toRotationRecord } from "./rotation-record.js";
import { toAccountRef } from "./scope.js";
import { defined, type IssueRecord, type SecretRecord, toMap, toSecretRecord, toText } from "./secret-record.js";
import { listDeclared } from "./set-inputs.js";
import { listAccountOutputs, listRemovedOutputs, toAccountKeyOf } from "./set-record.js";

/** A resource as a state holds it. */
export interface StateResource {
  readonly type: string;
  readonly id?: string | undefined;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

type Plain = {
  readonly kind: "plain";
  readonly record: SecretRecord;
  readonly desired: ReturnType<typeof toDesiredSecret>;
};
type Rotating = {
  readonly kind: "rotating";
  readonly record: RotationRecord;
  readonly desired: ReturnType<typeof toDesiredRotation>;
};
type Manual = { readonly kind: "manual"; readonly record: PeerRecord };

/** What a resource of a state says. `problems` names, in words, what of it cannot be read. */
export type StateReading =
  | ((Plain | Rotating | Manual) & {
      readonly account: AccountRef;
      readonly problems: readonly string[];
      /** Of the resource, as an audit record states it; a state has it in the urn. */
      readonly name?: string;
      /** The account's name in its set. */
      readonly key?: string;
    })
  | { readonly kind: "damaged"; readonly problems: readonly string[]; readonly key?: string };

/** Reads a resource: one reading for each of its accounts; none when it holds no secret of a service account. */
export function readState(resource: StateResource): readonly StateReading[] {
  const type = findSecretType(resource.type);
  if (!type) return [];
  return type.isSet ? readSet(resource, type) : [readOne(resource, type)];
}

/** Reads a set: each account as a rotating resource of its own, by the name that the program gives it. */
function readSet({ inputs, outputs }: StateResource, type: SecretType): readonly StateReading[] {
  if (toMap(outputs.records) === undefined) return [{ kind: "damaged", problems: ["its records cannot be read"] }];
  const clear = { ...outputs, secrets: toPlaintext(outputs.secrets), confidential: toPlaintext(outputs.confidential) };
  const declared = listDeclared(type, inputs);
  const given = new Map(declared === Unknown ? [] : declared.map((one) => [toAccountKeyOf(one.given), one.given]));
  const current = listAccountOutputs(type, clear).map(({ name, outputs: own }) => ({ name, own }));
  const removed = listRemovedOutputs(type, clear).map((own) => ({ name: toText(own.clientId) ?? "removed", own }));
  return [...current, ...removed].map(({ name, own }) => {
    const reading = readOne({ type: type.type, inputs: given.get(toAccountKeyOf(own)) ?? {}, outputs: own }, type);
    return { ...reading, key: name, problems: reading.problems.map((problem) => `of ${name}, ${problem}`) };
  });
}

function readOne(resource: StateResource, type: SecretType): StateReading {
  const outputs = withIdsOf(resource, type);
  const reading = read(outputs, resource, type);
  const account = readAccount(outputs);
  if (!account) return { kind: "damaged", problems: ["it names no service account that can be read"] };
  const stated = type.rotatesByTime ? { status: "", ...outputs } : outputs;
  const unreadable = new Set([...findUnreadable(resource.inputs), ...findUnreadable(stated)]);
  if (reading.kind === "rotating") {
    const { record, problems } = withReadableIds(reading.record);
    return { ...reading, account, record, problems: [...problems, ...unreadable] };
  }
  if (!isReadable(reading.record)) return { kind: "damaged", problems: ["it names no secret that can be read"] };
  return { ...reading, account, problems: [...findProblems(reading.record), ...unreadable] };
}

const STATUSES: readonly unknown[] = [...SECRET_STATUSES, ...ROTATION_STATUSES];

/** Names what is there, would be read with a default in its place, and so could hide a fault. An expiry is missed elsewhere. */
export function findUnreadable(fields: Properties): string[] {
  const isRead = (name: string, value: unknown): boolean => {
    if (name === "status") return STATUSES.includes(value);
    if (name === "supersedes") return Array.isArray(value) && value.every((id) => OBJECT_ID.test(String(id)));
    if (name === "expiresAt" || value === undefined || value === null || value === "") return true;
    if (/^([a-z]\w*)?[sS]ecretId$/.test(name)) return typeof value === "string";
    if (/^[A-Za-z]+(At|After)$/.test(name)) return parseIsoTime(value) !== undefined;
    return !/^[A-Za-z]+Hours$/.test(name) || typeof value === "number";
  };
  return Object.entries(fields).flatMap(([name, value]) => (isRead(name, value) ? [] : [`its ${name} cannot be read`]));
}

/** Reads the secrets that a service account of `@pulumi/mongodbatlas` lists: Atlas's initial one, and what else it saw there. */
export function readListed({ type, outputs }: StateResource): StateReading[] {
  const typeOfListed = type.replace(/(\w+):(\w+)$/, "$1Secret:$2Secret");
  const { projectId, orgId, clientId, secretExpiresAfterHours, secrets } = outputs;
  if (findSecretType(typeOfListed)?.rotatesByTime !== false) return [];
  const listed = toPlaintext(secrets) ?? secrets ?? [];
  if (!Array.isArray(listed)) return [{ kind: "damaged", problems: ["its list of secrets cannot be read"] }];
  const account = { projectId, orgId, clientId, secretExpiresAfterHours };
  return listed.flatMap((secret) => {
    return readState({ type: typeOfListed, inputs: {}, outputs: { ...account, ...secret } });
  });
}

/** The account that inputs or outputs name; `undefined` when an id is not of its shape. */
export function readAccount({ projectId, orgId, clientId }: Properties): AccountRef | undefined {
  const owner = defined({ projectId: toText(projectId), orgId: toText(orgId) });
  const account = toAccountRef({ ...owner, clientId: toText(clientId) ?? "" });
  return OBJECT_ID.test(account.ownerId) && CLIENT_ID.test(account.clientId) ? account : undefined;
}

/** The record without secrets whose ids are not of an id's shape: such a text can be a value in the wrong place. */
export function withReadableIds({ current, previous, pending, ...rest }: RotationRecord): {
  readonly record: RotationRecord;
  readonly problems: readonly string[];
} {
  const own = Object.entries({ current, previous, pending });
  const problems = own.flatMap(([role, secret]) =>
    secret && !isReadable(secret) ? [`the id of its ${role} secret cannot be read`] : [],
  );
  const kept = {
    ...(current && isReadable(current) && { current }),
    ...(previous && isReadable(previous) && { previous }),
    ...(pending && isReadable(pending) && { pending }),
  };
  return { record: { ...rest, ...kept }, problems: [...problems, ...findProblems(kept.current)] };
}

function isReadable({ secretId }: { readonly secretId: string }): boolean {
  return OBJECT_ID.test(secretId);
}

function read(outputs: Properties, { inputs }: StateResource, type: SecretType): Plain | Rotating | Manual {
  if (!type.rotatesByTime) return { kind: "manual", record: toPeerRecord(outputs, inputs) };
  // Without inputs, as in a state that was cut down, those that the last run echoed stand for them.
  const { issuedForTriggers } = outputs;
  const wanted = Object.keys(inputs).length > 0 ? inputs : { ...outputs, triggers: issuedForTriggers };
  // A state without its secrets lacks what a secret was issued for as well: then nobody can say that it changed.
  const isStripped = outputs.secret === undefined && issuedForTriggers === undefined;
  const given = isStripped ? { ...wanted, triggers: {} } : wanted;
  return type.isRotating
    ? { kind: "rotating", record: toRotationRecord(outputs), desired: toDesiredRotation(given) }
    : { kind: "plain", record: toSecretRecord(outputs), desired: toDesiredSecret(given) };
}

function findProblems(current: RecordedIssue | undefined): string[] {
  if (!current || current.expiresAtMs !== undefined) return [];
  return [`the expiry of secret ${current.secretId} cannot be read`];
}

/** Ids that are recorded as secrets stand in the resource's own id, which can never be one: `owner/client/secret`. */
function withIdsOf({ id = "", outputs }: StateResource, { owner, isRotating }: SecretType): Properties {
  const [ownerId, clientId, secretId] = id.split("/");
  const shaped = (text: string | undefined, shape: RegExp) =>
    text !== undefined && shape.test(text) ? text : undefined;
  const fromId = defined({
    [owner]: shaped(ownerId, OBJECT_ID),
    clientId: shaped(clientId, CLIENT_ID),
    secretId: isRotating ? undefined : shaped(secretId, OBJECT_ID),
  });
  const shown = Object.entries(outputs).map(
    ([name, value]) => [name, name in IDS ? (toPlaintext(value) ?? value) : value] as const,
  );
  const stated = shown.filter(([name, value]) => typeof value === "string" || !(name in fromId));
  return { ...fromId, ...Object.fromEntries(stated) };
}

/** Outputs that are needed in plaintext, also where an export with `--show-secrets` marks them. */
const IDS = { projectId: true, orgId: true, clientId: true, secretId: true };

/** A secret that a resource of a state records, and as what. What is known only by its id has no `secret`. */
export interface RecordedSecretOf {
  readonly secretId: string;
  readonly role: RecordedRole;
  readonly secret?: IssueRecord | PreviousSecret;
}

/** What a state records a secret as. */
export type RecordedRole = "current" | "previous" | "pending" | "pending-deletion";

/** Which secret of an account is what, by a reading: ids that are not of an id's shape are left out. */
export function listRecorded(reading: StateReading): RecordedSecretOf[] {
  if (reading.kind === "damaged") return [];
  const listed =
    reading.kind === "rotating"
      ? listRotating(reading.record)
      : listPlain(reading.record, reading.kind === "plain" ? reading.record : {});
  return listed.filter(isReadable);
}

/** The secrets of a plain resource: its own, and what that replaced. */
export function listPlain(
  secret: IssueRecord,
  { supersedes = [] }: Pick<RecordedSecret, "supersedes">,
): RecordedSecretOf[] {
  return [...supersedes.map(toSuperseded), { secretId: secret.secretId, role: "current", secret }];
}

/** The secrets of a rotating resource. */
export function listRotating(record: RotationRecord): RecordedSecretOf[] {
  const { supersedes = [], removedAtMs } = record;
  const own = (["pending", "previous", "current"] as const).flatMap((role) => {
    const secret = record[role];
    const recordedRole = removedAtMs === undefined ? role : ("pending-deletion" as const);
    return secret ? [{ secretId: secret.secretId, role: recordedRole, secret }] : [];
  });
  return [...supersedes.map(toSuperseded), ...own];
}

function toSuperseded(secretId: string): RecordedSecretOf {
  return { secretId, role: "pending-deletion" };
}
