/**
 * What the state holds of a set: each account as a rotating resource would hold it, with what all have in common written once. What
 * is confidential stands in two outputs that the engine encrypts: the values that consumers read, and the rest.
 */
import { toComparableClientId } from "../ids.js";
import { type Properties, toSecretOutput } from "../protocol.js";
import type { OwnerInputs, RotationStatus } from "../rotation/secret.js";
import { listEchoed, OUTPUTS, type OutputDescription, type ResourceKind } from "./description.js";
import { fillRotationDefaults } from "./inputs.js";
import { type RotationRecord, toRotationOutputs, toRotationRecord, toRotationStatus } from "./rotation-record.js";
import { toAccountRef } from "./scope.js";
import { toMap, toPlainJson } from "./secret-record.js";

/** One account that the program names. */
export interface SetAccount {
  readonly name: string;
  readonly record: RotationRecord;
}

/** Everything that is recorded of a set. */
export interface SetRecord {
  readonly accounts: readonly SetAccount[];
  /** Accounts that left the set and still have secrets. */
  readonly removed: readonly RotationRecord[];
  /** Whether no run has ended without failure since the values were made. */
  readonly isUndelivered: boolean;
}

const CONFIDENTIAL = new Set(
  Object.entries<OutputDescription>(OUTPUTS).flatMap(([name, { isSecret }]) => (isSecret ? [name] : [])),
);

/** An account's own values, and what is recorded of it in clear. */
interface Split {
  readonly confidential: Properties;
  readonly fields: Properties;
}

/** By what an account is told from all others, whatever name the program gives it. */
export function toAccountKey(owner: OwnerInputs): string {
  const { ownerId, clientId } = toAccountRef(owner);
  return `${ownerId}/${toComparableClientId(clientId)}`;
}

/** Reads recorded outputs, values in clear. Total: what is missing or of the wrong type is left out. */
export function toSetRecord(kind: ResourceKind, outputs: Properties): SetRecord {
  return {
    accounts: listAccountOutputs(kind, outputs).map(({ name, outputs: own }) => ({
      name,
      record: toRotationRecord(own),
    })),
    removed: listRemovedOutputs(kind, outputs).map(toRotationRecord),
    isUndelivered: outputs.isUndelivered === true,
  };
}

/** The outputs of each account as a rotating resource would have them, by its name. */
export function listAccountOutputs(
  kind: ResourceKind,
  outputs: Properties,
): { readonly name: string; readonly outputs: Properties }[] {
  const [secrets, echo] = [new Map(Object.entries(toMap(outputs.secrets) ?? {})), toEchoOf(kind, outputs)];
  return Object.entries(toMap(outputs.records) ?? {}).map(([name, fields]) => {
    const own = join(outputs, echo, toMap(fields) ?? {});
    const secret = secrets.get(name);
    return { name, outputs: secret === undefined ? own : { ...own, secret } };
  });
}

/** The same of accounts that left the set. */
export function listRemovedOutputs(kind: ResourceKind, outputs: Properties): Properties[] {
  const echo = toEchoOf(kind, outputs);
  return Object.values(toMap(outputs.removedRecords) ?? {}).map((fields) => join(outputs, echo, toMap(fields) ?? {}));
}

function join({ confidential }: Properties, echo: Properties, fields: Properties): Properties {
  const own = new Map(Object.entries(toMap(confidential) ?? {})).get(toAccountKeyOf(fields));
  return { ...echo, ...fields, ...toMap(own) };
}

/** The same from inputs or outputs, whatever they hold. */
export function toAccountKeyOf({ projectId, orgId, clientId }: Properties): string {
  const owner = orgId === undefined ? { projectId: String(projectId) } : { orgId: String(orgId) };
  return toAccountKey({ ...owner, clientId: String(clientId) });
}

/** Writes a record as outputs. `inputs` are those of the set: what an account has in common with them is left out. */
export function toSetOutputs(kind: ResourceKind, record: SetRecord, inputs: Properties): Record<string, unknown> {
  const { accounts, removed, isUndelivered } = record;
  const echo = toEchoOf(kind, fillRotationDefaults(inputs));
  const confidential: [string, Properties][] = [];
  const secrets: [string, unknown][] = [];
  const split = (own: RotationRecord, name?: string) => {
    const { fields, confidential: all } = toSplit(own, echo);
    const { secret, ...rest } = all;
    const isGivenOut = name !== undefined && own.removedAtMs === undefined;
    if (isGivenOut && secret !== undefined) secrets.push([name, secret]);
    const kept = isGivenOut ? rest : all;
    if (Object.keys(kept).length > 0) confidential.push([toAccountKey(own), kept]);
    return fields;
  };
  const records = accounts.map(({ name, record: own }) => [name, split(own, name)]);
  const removedRecords = removed.map((own) => [toAccountKey(own), split(own)]);
  return toPlainJson({
    ...echo,
    records: Object.fromEntries(records),
    statusCounts: countStatuses([...accounts.map((account) => account.record), ...removed]),
    secrets: toSecretOutput(Object.fromEntries(secrets)),
    removedRecords: removed.length > 0 ? Object.fromEntries(removedRecords) : undefined,
    confidential: confidential.length > 0 ? toSecretOutput(Object.fromEntries(confidential)) : undefined,
    isUndelivered: isUndelivered || undefined,
  });
}

/** The mask is the value's end, and the value is there. */
function toSplit(record: RotationRecord, echo: Properties): Split {
  const { maskedSecretValue: _, pendingMaskedSecretValue: __, ...outputs } = toRotationOutputs(record);
  const entries = Object.entries(outputs).filter(([name, value]) => value !== echo[name]);
  const isConfidential = ([name]: [string, unknown]) => CONFIDENTIAL.has(name);
  return {
    fields: Object.fromEntries(entries.filter((entry) => !isConfidential(entry))),
    confidential: Object.fromEntries(
      entries.filter(isConfidential).map(([name, marked]) => [name, (marked as { readonly value: unknown }).value]),
    ),
  };
}

function countStatuses(records: readonly RotationRecord[]): Readonly<Record<string, number>> {
  const counts: Partial<Record<RotationStatus, number>> = {};
  for (const record of records) {
    const status = toRotationStatus(record);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function toEchoOf(kind: ResourceKind, filled: Properties): Properties {
  return Object.fromEntries(listEchoed(kind).map((name) => [name, filled[name]]));
}
