/**
 * What does this state say? A resource of a state in, its record and the inputs of its program out, for ours and for those of
 * `@pulumi/mongodbatlas`. Total: what is damaged is named. Nobody else reads a field of a recorded state.
 */
import type { AccountRef } from "../atlas/types.js";
import { CLIENT_ID, OBJECT_ID } from "../ids.js";
import type { Properties } from "../protocol.js";
import type { RecordedIssue, RecordedSecret } from "../rotation/secret.js";
import { findSecretType, type SecretType } from "../rotation/secret-types.js";
import { toDesiredRotation, toDesiredSecret } from "./inputs.js";
import { type PeerRecord, toPeerRecord } from "./peer-record.js";
import { type RotationRecord, toRotationRecord } from "./rotation-record.js";
import { toAccountRef } from "./scope.js";
import { defined, type SecretRecord, toSecretRecord } from "./secret-record.js";

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
  | ((Plain | Rotating | Manual) & { readonly account: AccountRef; readonly problems: readonly string[] })
  | { readonly kind: "damaged"; readonly problems: readonly string[] };

/** Reads a resource; `undefined` when it holds no secret of a service account. */
export function readState(resource: StateResource): StateReading | undefined {
  const type = findSecretType(resource.type);
  if (!type) return undefined;
  const outputs = withIdsOf(resource, type);
  const reading = read(outputs, resource, type);
  const account = toAccountRef(toOwnerOf(outputs));
  if (!OBJECT_ID.test(account.ownerId) || !CLIENT_ID.test(account.clientId)) {
    return { kind: "damaged", problems: ["it names no service account that can be read"] };
  }
  const current = reading.kind === "rotating" ? reading.record.current : reading.record;
  if (listAll(reading).some(({ secretId }) => !OBJECT_ID.test(secretId))) {
    return { kind: "damaged", problems: ["it names a secret by what is no id"] };
  }
  return { ...reading, account, problems: findProblems(current) };
}

function read(outputs: Properties, { inputs }: StateResource, type: SecretType): Plain | Rotating | Manual {
  if (!type.rotatesByTime) return { kind: "manual", record: toPeerRecord(outputs, inputs) };
  // Without inputs, as in a state that was cut down, those that the last run echoed stand for them.
  const given = Object.keys(inputs).length > 0 ? inputs : outputs;
  return type.isRotating
    ? { kind: "rotating", record: toRotationRecord(outputs), desired: toDesiredRotation(given) }
    : { kind: "plain", record: toSecretRecord(outputs), desired: toDesiredSecret(given) };
}

function findProblems(current: RecordedIssue | undefined): string[] {
  if (!current || current.expiresAtMs !== undefined) return [];
  return [`the expiry of secret ${OBJECT_ID.test(current.secretId) ? current.secretId : "(no id)"} cannot be read`];
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
  const stated = Object.entries(outputs).filter(([name, value]) => typeof value === "string" || !(name in fromId));
  return { ...fromId, ...Object.fromEntries(stated) };
}

function toOwnerOf({ projectId, orgId, clientId }: Properties) {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return { ...defined({ projectId: text(projectId), orgId: text(orgId) }), clientId: text(clientId) ?? "" };
}

/** Which secret of an account is what, by a reading. */
export function listRecorded(reading: StateReading): { readonly secretId: string; readonly role: RecordedRole }[] {
  return reading.kind === "damaged" ? [] : listAll(reading);
}

function listAll(reading: Plain | Rotating | Manual) {
  if (reading.kind === "rotating") return listRotating(reading.record);
  return listPlain(reading.record, reading.kind === "plain" ? reading.record : {});
}

/** What a state records a secret as. */
export type RecordedRole = "current" | "previous" | "pending" | "pending-deletion";

/** The secrets of a plain resource: its own, and what that replaced. */
export function listPlain({ secretId }: RecordedIssue, { supersedes = [] }: Pick<RecordedSecret, "supersedes">) {
  return [
    ...supersedes.map((id) => ({ secretId: id, role: "pending-deletion" }) as const),
    { secretId, role: "current" } as const,
  ];
}

/** The secrets of a rotating resource. */
export function listRotating({ current, previous, pending, supersedes = [] }: RotationRecord) {
  const roles = { pending, previous, current } as const;
  const own = (["pending", "previous", "current"] as const).flatMap((role) => {
    const secret = roles[role];
    return secret ? [{ secretId: secret.secretId, role }] : [];
  });
  return [...supersedes.map((id) => ({ secretId: id, role: "pending-deletion" }) as const), ...own];
}
