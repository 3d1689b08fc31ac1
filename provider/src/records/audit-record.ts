/**
 * Reads audit records, as stack outputs hold them: value-free, with the times that the provider computed, and without inputs.
 *
 * @see audit-record.schema.json of this package
 */
import { HOUR_MS, parseIsoTime } from "../clock.js";
import { OBJECT_ID } from "../ids.js";
import type { Properties } from "../protocol.js";
import { ROTATION_STATUSES, SECRET_STATUSES } from "../rotation/secret.js";
import { toDesiredRotation, toDesiredSecret } from "./inputs.js";
import { readAccount, type StateReading, withReadableIds } from "./read-state.js";
import { toRotationRecord } from "./rotation-record.js";
import { defined, toSecretRecord, toText } from "./secret-record.js";

const STATUSES: readonly unknown[] = [...SECRET_STATUSES, ...ROTATION_STATUSES];

/** Names that only the record of a rotating resource has. */
const ROTATING_NAMES = ["generation", "promotedAt", "previousSecretId", "retireAfter", "pendingSecretId"];

/** Reads an audit record; `undefined` when the value is none: one says whose account it is and what its status is. */
export function readAuditRecord(fields: Properties): StateReading | undefined {
  const { projectId, orgId, clientId, status } = fields;
  const account = readAccount(fields);
  if (!account) return undefined;
  const owner = defined({ projectId: toText(projectId), orgId: toText(orgId) });
  if (!STATUSES.includes(status)) return undefined;
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
    return { kind: "plain", account, record, desired: toDesiredSecret(inputs), problems };
  }
  const { current, ...rest } = toRotationRecord(outputs);
  const record = {
    ...rest,
    ...(current && { current: { ...current, ...stated } }),
    ...defined({ statedRetireAfterMs: parseIsoTime(fields.retireAfter) }),
  };
  return { kind: "rotating", account, ...withReadableIds(record), desired: toDesiredRotation(inputs) };
}

function toHours(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined || toMs < fromMs
    ? undefined
    : Math.round((toMs - fromMs) / HOUR_MS);
}
