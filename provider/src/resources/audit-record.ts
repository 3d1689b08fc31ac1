/**
 * The value-free record of a secret for stack outputs: who, which secret, until when. Its shape is published as
 * `pulumi-atlas-secrets/audit-record.schema.json`, for whatever reads it.
 */
import * as pulumi from "@pulumi/pulumi";
import { listAudited } from "../records/description.js";
import type { RotationStatus, SecretStatus } from "../rotation/secret.js";
import type { AccountSecret } from "./account-secret.js";
import type { AccountSecretSet } from "./secret-sets.js";

/** What is recorded of a secret, without a value. Times in ISO 8601, UTC. What a resource does not have is left out. */
export interface AuditRecord {
  /** Name of the resource in its program. */
  readonly name: string;
  /** Project that the service account belongs to: 24 hex digits. */
  readonly projectId?: string;
  /** Organization that the service account belongs to: 24 hex digits. */
  readonly orgId?: string;
  /** Client id of the service account: `mdb_sa_id_` and 24 hex digits. */
  readonly clientId: string;
  /** Absent while no secret was verified yet. */
  readonly secretId?: string;
  /** How the secret is: as the output `status` of its resource. */
  readonly status: SecretStatus | RotationStatus;
  /** When Atlas created it, ISO 8601, UTC. */
  readonly createdAt?: string;
  /** When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created. */
  readonly expiresAt?: string;
  /** From when on `pulumi up` makes a new one, ISO 8601, UTC. */
  readonly rotateAfter?: string;
  /** When it was verified; absent when it was not. */
  readonly verifiedAt?: string;
  /** When a token was last minted with it, as of the last refresh; absent until then. */
  readonly lastUsedAt?: string;
  /** Of a rotating resource, like all that follows. */
  readonly generation?: number;
  /** When the current secret was promoted, ISO 8601, UTC: the first run that handed it out without failing. */
  readonly promotedAt?: string;
  /** Id of the secret that was current before, as long as it is there. */
  readonly previousSecretId?: string;
  /** When the previous secret stops working, ISO 8601, UTC. */
  readonly previousExpiresAt?: string;
  /** From when on `pulumi up` deletes the previous secret once it has been quiet for `quietHours`, ISO 8601, UTC. */
  readonly retireAfter?: string;
  /** Id of a new secret that is not verified yet. */
  readonly pendingSecretId?: string;
  /** Of an account that left its set. */
  readonly removedAt?: string;
}

/**
 * The record of one resource, meant for `export const audit = auditRecord(backend)`. It is never a Pulumi secret, also when an
 * id was given as one: nothing in it is confidential.
 */
export function auditRecord(resource: AccountSecret): pulumi.Output<AuditRecord> {
  const outputs: Readonly<Record<string, unknown>> = { ...resource };
  const named = Object.fromEntries(listAudited().map((field) => [field, outputs[field]]));
  const name = resource.urn.apply(toName);
  return pulumi.unsecret(pulumi.output({ name, ...named })).apply(toAuditRecord);
}

/** The records of several resources, in their order; a set has one for each of its accounts, named `set[account]`. */
export function auditRecords(resources: readonly (AccountSecret | AccountSecretSet)[]): pulumi.Output<AuditRecord[]> {
  const all = resources.map((resource) =>
    "records" in resource ? auditSet(resource) : auditRecord(resource).apply((record) => [record]),
  );
  return pulumi.output(all).apply((lists) => lists.flat() as AuditRecord[]);
}

function auditSet({ urn, records, removedRecords }: AccountSecretSet): pulumi.Output<AuditRecord[]> {
  return pulumi.unsecret(pulumi.all([urn, records, removedRecords])).apply(([from, current, removed]) => {
    const set = toName(from);
    const entries = [
      ...Object.entries(current),
      ...Object.values(removed ?? {}).map((record) => [record.clientId, record] as const),
    ];
    return entries.map(([name, record]) => {
      const named = Object.fromEntries(
        listAudited().map((field) => [field, (record as Readonly<Record<string, unknown>>)[field]]),
      );
      return toAuditRecord({ name: `${set}[${name}]`, ...named });
    });
  });
}

function toName(urn: pulumi.URN): string {
  return urn.split("::").slice(3).join("::");
}

function toAuditRecord(values: Readonly<Record<string, unknown>>): AuditRecord {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(present) as unknown as AuditRecord;
}
