/**
 * The value-free record of a secret for stack outputs: who, which secret, until when. Its shape is published as
 * `pulumi-atlas-secrets/audit-record.schema.json`, for whatever reads it.
 */
import * as pulumi from "@pulumi/pulumi";
import { listAudited } from "../records/description.js";
import type { RotationStatus, SecretStatus } from "../rotation/secret.js";
import type { AccountSecret } from "./account-secret.js";

/** What is recorded of a secret, without a value. Times in ISO 8601, UTC. What a resource does not have is left out. */
export interface AuditRecord {
  /** Name of the resource in its program. */
  readonly name: string;
  readonly projectId?: string;
  readonly orgId?: string;
  readonly clientId: string;
  /** Absent while no secret was verified yet. */
  readonly secretId?: string;
  readonly status: SecretStatus | RotationStatus;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly rotateAfter?: string;
  readonly verifiedAt?: string;
  readonly lastUsedAt?: string;
  /** Of a rotating resource, like all that follows. */
  readonly generation?: number;
  readonly promotedAt?: string;
  readonly previousSecretId?: string;
  readonly previousExpiresAt?: string;
  readonly retireAfter?: string;
  readonly pendingSecretId?: string;
}

/**
 * The record of one resource, meant for `export const audit = auditRecord(backend)`. It is never a Pulumi secret, also when an
 * id was given as one: nothing in it is confidential.
 */
export function auditRecord(resource: AccountSecret): pulumi.Output<AuditRecord> {
  const outputs: Readonly<Record<string, unknown>> = { ...resource };
  const named = Object.fromEntries(listAudited().map((field) => [field, outputs[field]]));
  const name = resource.urn.apply((urn) => urn.split("::").slice(3).join("::"));
  return pulumi.unsecret(pulumi.output({ name, ...named })).apply(toAuditRecord);
}

/** The records of several resources, in their order. */
export function auditRecords(resources: readonly AccountSecret[]): pulumi.Output<AuditRecord[]> {
  return pulumi.output(resources.map(auditRecord));
}

function toAuditRecord(values: Readonly<Record<string, unknown>>): AuditRecord {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(present) as unknown as AuditRecord;
}
