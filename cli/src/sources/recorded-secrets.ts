/** The secrets that a state records: its resources of our types and of `@pulumi/mongodbatlas`, as the audit knows them. */
import {
  findSecretType,
  MAX_LIFETIME_HOURS,
  parseIsoTime,
  type SecretType,
  toDefaultOverlapHours,
  toDefaultWindowHours,
  toEffectiveOverlapHours,
  toEffectiveWindowHours,
  toRotateAfterMs,
} from "pulumi-atlas-secrets/rotation";
import type { UnreadSource, SecretRecord } from "../audit/inventory.js";
import { defined, toAccountKey, toClientId, toNumber, toObjectId, toStatedSecret, toStatus } from "./audit-fields.js";
import type { JsonObject } from "./json.js";
import type { StackExport, StateResource } from "./stack-export.js";

const HOUR_MS = 3_600_000;

/** What a state says, and what of it could not be read. */
export interface RecordsOfState {
  readonly records: readonly SecretRecord[];
  readonly unreadSources: readonly UnreadSource[];
}

/**
 * Lists the secrets of a state.
 *
 * @param source name of the state in reports
 */
export function toRecords({ resources }: Pick<StackExport, "resources">, source: string): RecordsOfState {
  const records: SecretRecord[] = [];
  const unreadSources: UnreadSource[] = [];
  for (const resource of resources) {
    const type = findSecretType(resource.type);
    if (!type) continue;
    const record = toRecord(resource, type, source);
    if (record) records.push(record);
    else unreadSources.push({ source, message: `${resource.urn} names no account and secret that can be read.` });
  }
  return { records, unreadSources };
}

function toRecord(resource: StateResource, type: SecretType, source: string): SecretRecord | undefined {
  const { urn, isPendingDeletion } = resource;
  const fields = withIdsOf(resource, type);
  const key = toAccountKey(fields);
  const current = toStatedSecret(fields);
  if (!key || !(current || type.isRotating)) return undefined;
  return {
    ...key,
    source,
    place: urn,
    kind: type.rotatesByTime ? "ours" : "mongodbatlas",
    isRotating: type.isRotating,
    isPendingDeletion,
    ...defined({
      status: toStatus(fields.status),
      current,
      rotateAfterMs: type.rotatesByTime ? parseIsoTime(fields.rotateAfter) : toManualRotateAfterMs(fields),
    }),
    ...(type.isRotating && toRotationFields(fields)),
  };
}

/** Ids that are recorded as secrets stand in the resource's own id, which can never be one: `owner/client/secret`. */
function withIdsOf({ id = "", outputs }: StateResource, { owner, isRotating }: SecretType): JsonObject {
  const [ownerId, clientId, secretId] = id.split("/");
  const fromId = {
    [owner]: toObjectId(ownerId),
    clientId: toClientId(clientId),
    ...(!isRotating && { secretId: toObjectId(secretId) }),
  };
  return { ...defined(fromId), ...outputs };
}

/** Nothing records when a secret of `@pulumi/mongodbatlas` should be replaced: the default window of ours serves. */
function toManualRotateAfterMs({ expiresAt, secretExpiresAfterHours }: JsonObject): number | undefined {
  const [expiresAtMs, hours] = [parseIsoTime(expiresAt), toNumber(secretExpiresAfterHours)];
  if (expiresAtMs === undefined || hours === undefined || hours < 0 || hours > MAX_LIFETIME_HOURS) return undefined;
  return toRotateAfterMs(expiresAtMs, toDefaultWindowHours(hours));
}

function toRotationFields(fields: JsonObject): Partial<SecretRecord> {
  return defined({
    pending: toStatedSecret(fields, "pending"),
    previous: toStatedSecret(fields, "previous"),
    promotedAtMs: parseIsoTime(fields.promotedAt),
    overlapOverMs: toOverlapOverMs(fields),
    retireAfterMs: parseIsoTime(fields.retireAfter),
    generation: toNumber(fields.generation),
  });
}

/** When the overlap is over by the recorded inputs; `retireAfter` is later when the previous secret is known to be in use. */
function toOverlapOverMs(fields: JsonObject): number | undefined {
  const promotedAtMs = parseIsoTime(fields.promotedAt);
  const issuedForHours = toNumber(fields.issuedForHours) ?? toNumber(fields.secretExpiresAfterHours);
  if (promotedAtMs === undefined || issuedForHours === undefined) return undefined;
  const grantedHours = toNumber(fields.grantedHours) ?? issuedForHours;
  const window = toNumber(fields.rotateBeforeExpiryHours) ?? toDefaultWindowHours(issuedForHours);
  const overlap = toNumber(fields.overlapHours) ?? toDefaultOverlapHours(issuedForHours, window);
  const windowHours = toEffectiveWindowHours(window, grantedHours, issuedForHours);
  return promotedAtMs + toEffectiveOverlapHours(overlap, grantedHours, windowHours) * HOUR_MS;
}
