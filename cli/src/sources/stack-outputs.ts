/**
 * Reads what `pulumi stack output --json` wrote: the audit records in it, at any depth. Everything else, values among it, is
 * dropped here.
 *
 * @see pulumi-atlas-secrets/audit-record.schema.json
 */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import type { SecretRecord } from "../audit/inventory.js";
import { defined, toAccountKey, toNumber, toStatedSecret, toStatus } from "./audit-fields.js";
import { isObject, type JsonObject } from "./json.js";

/** Names that only the record of a rotating resource has. */
const ROTATING_NAMES = ["generation", "promotedAt", "previousSecretId", "retireAfter", "pendingSecretId"];

/** An output deeper than this is not looked into. */
const MAX_DEPTH = 12;

/**
 * Lists the audit records among the outputs of a stack.
 *
 * @param outputs parsed JSON
 * @param source name of the outputs in reports
 */
export function toRecordsOfOutputs(outputs: JsonObject, source: string): SecretRecord[] {
  const found: SecretRecord[] = [];
  const visit = (value: unknown, location: string, depth: number): void => {
    const record = isObject(value) ? toRecordOfOutput(value, source, location) : undefined;
    if (record) found.push(record);
    if (record || depth > MAX_DEPTH || typeof value !== "object" || value === null) return;
    for (const [name, property] of Object.entries(value))
      visit(property, toLocation(location, name, Array.isArray(value)), depth + 1);
  };
  visit(outputs, "", 0);
  return found;
}

/** Where an output stands. A name can be any text, so one that is no usual name is not repeated. */
function toLocation(location: string, name: string, isElement: boolean): string {
  if (isElement) return `${location}[${name}]`;
  const shown = /^(?!mdb_sa_sk_)[\w-]{1,60}$/.test(name) ? name : "?";
  return location === "" ? shown : `${location}.${shown}`;
}

/** A record says whose account it is and what its state is; anything else that an output holds is not one. */
function toRecordOfOutput(fields: JsonObject, source: string, location: string): SecretRecord | undefined {
  const key = toAccountKey(fields);
  const status = toStatus(fields.status);
  if (!key || !status) return undefined;
  const retireAfterMs = parseIsoTime(fields.retireAfter);
  return {
    ...key,
    source,
    location,
    kind: "audit-record",
    isRotating: ROTATING_NAMES.some((name) => fields[name] !== undefined),
    isPendingDeletion: false,
    status,
    ...defined({
      current: toStatedSecret(fields),
      pending: toStatedSecret(fields, "pending"),
      previous: toStatedSecret(fields, "previous"),
      rotateAfterMs: parseIsoTime(fields.rotateAfter),
      promotedAtMs: parseIsoTime(fields.promotedAt),
      retireAfterMs,
      overlapOverMs: retireAfterMs,
      generation: toNumber(fields.generation),
    }),
  };
}
