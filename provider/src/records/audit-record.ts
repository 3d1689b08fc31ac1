/**
 * Reads audit records, as stack outputs hold them: value-free, with the times that the provider computed, and without inputs.
 *
 * @see audit-record.schema.json of this package
 */
import { HOUR_MS, parseIsoTime } from "../clock.js";
import { CLIENT_ID, OBJECT_ID } from "../ids.js";
import type { Properties } from "../protocol.js";
import { toDesiredRotation, toDesiredSecret } from "./inputs.js";
import { findUnreadable, readAccount, type StateReading, withReadableIds } from "./read-state.js";
import { toRotationRecord } from "./rotation-record.js";
import { defined, toSecretRecord, toText } from "./secret-record.js";

/** Names that only the record of a rotating resource has. */
const ROTATING_NAMES = ["generation", "promotedAt", "previousSecretId", "retireAfter", "pendingSecretId"];

/** Reads an audit record; `undefined` when the value is none, by two of the three names that are seldom together elsewhere. */
export function readAuditRecord(fields: Properties): StateReading | undefined {
  const { projectId, orgId, clientId, status, rotateAfter } = fields;
  const traces = [status !== undefined, rotateAfter !== undefined, CLIENT_ID.test(toText(clientId) ?? "")];
  if (traces.filter(Boolean).length < 2) return undefined;
  const account = readAccount(fields);
  if (!account) return { kind: "damaged", problems: ["it names no service account that can be read"] };
  const owner = defined({ projectId: toText(projectId), orgId: toText(orgId) });
  const unreadable = findUnreadable({ status: "", ...fields });
  const named = { account, ...defined({ name: toText(fields.name) }) };
  const [createdAtMs, expiresAtMs] = [parseIsoTime(fields.createdAt), parseIsoTime(fields.expiresAt)];
  const statedRotateAfterMs = parseIsoTime(fields.rotateAfter);
  // The inputs are not in it; these make the recorded times come out, and nothing changed.
  const hours = toHours(createdAtMs, expiresAtMs) ?? toHours(statedRotateAfterMs, expiresAtMs) ?? 0;
  const window = toHours(statedRotateAfterMs, expiresAtMs) ?? 0;
  const inputs = { ...owner, clientId, secretExpiresAfterHours: hours, rotateBeforeExpiryHours: window };
  const outputs = { ...fields, ...inputs };
  const stated = defined({ statedRotateAfterMs });
  if (!ROTATING_NAMES.some((name) => fields[name] !== undefined)) {
    if (!OBJECT_ID.test(toText(fields.secretId) ?? "")) return { kind: "damaged", problems: ["it names no secret"] };
    const record = { ...toSecretRecord(outputs), ...stated };
    const problems = expiresAtMs === undefined ? [`the expiry of secret ${record.secretId} cannot be read`] : [];
    return {
      kind: "plain",
      ...named,
      record,
      desired: toDesiredSecret(inputs),
      problems: [...problems, ...unreadable],
    };
  }
  const { current, ...rest } = toRotationRecord(outputs);
  const record = {
    ...rest,
    ...(current && { current: { ...current, ...stated } }),
    ...defined({ statedRetireAfterMs: parseIsoTime(fields.retireAfter) }),
  };
  const { record: readable, problems } = withReadableIds(record);
  const read = { record: readable, problems: [...problems, ...unreadable] };
  return { kind: "rotating", ...named, ...read, desired: toDesiredRotation(inputs) };
}

function toHours(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined || toMs < fromMs
    ? undefined
    : Math.round((toMs - fromMs) / HOUR_MS);
}
