/**
 * The fields of a recorded secret that a report may know, each by its shape: ids, times, states, numbers. Whatever is not of
 * the shape is left out, so that a value that got into the wrong place goes no further.
 */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import { type AccountKey, type RecordedStatus, STATUSES, type StatedSecret } from "../audit/inventory.js";
import type { JsonObject } from "./json.js";

const OBJECT_ID = /^[a-f0-9]{24}$/;
const CLIENT_ID = /^mdb_sa_id_[a-fA-F\d]{24}$/;

/** An id of 24 digits. */
export function toObjectId(value: unknown): string | undefined {
  return typeof value === "string" && OBJECT_ID.test(value) ? value : undefined;
}

/** The client id of a service account. */
export function toClientId(value: unknown): string | undefined {
  return typeof value === "string" && CLIENT_ID.test(value) ? value : undefined;
}

/** A number. */
export function toNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A state that a record can have. */
export function toStatus(value: unknown): RecordedStatus | undefined {
  return STATUSES.find((status) => status === value);
}

/** Whose account it is; `undefined` when that cannot be told. */
export function toAccountKey({ projectId, orgId, clientId }: JsonObject): AccountKey | undefined {
  const client = toClientId(clientId);
  const [project, organization] = [toObjectId(projectId), toObjectId(orgId)];
  if (!client) return undefined;
  if (organization) return { level: "organization", ownerId: organization, clientId: client };
  return project ? { level: "project", ownerId: project, clientId: client } : undefined;
}

/**
 * What is said of one secret; `undefined` without an id.
 *
 * @param prefix of the names: `pending`, `previous`, or none for the current one
 */
export function toStatedSecret(fields: JsonObject, prefix = ""): StatedSecret | undefined {
  const field = (name: string) => fields[prefix ? `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}` : name];
  const secretId = toObjectId(field("secretId"));
  if (!secretId) return undefined;
  return {
    secretId,
    ...defined({
      createdAtMs: parseIsoTime(field("createdAt")),
      expiresAtMs: parseIsoTime(field("expiresAt")),
      lastUsedAtMs: parseIsoTime(field("lastUsedAt")),
      verifiedAtMs: parseIsoTime(field("verifiedAt")),
    }),
  };
}

/** The values that are there. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
