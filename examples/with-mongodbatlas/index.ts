import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { type AuditRecord, auditRecord, RotatingProjectServiceAccountSecret } from "pulumi-atlas-secrets";

const projectId = new pulumi.Config().require("projectId");

const account = new mongodbatlas.ProjectServiceAccount("backend", {
  projectId,
  name: "backend",
  description: "Signs in to the Administration API for the backend",
  roles: ["GROUP_READ_ONLY"],
  // Of the initial secret, which comes with the account and which nobody uses: once it has expired, its slot is free for a rotation.
  secretExpiresAfterHours: 8,
});

const backend = new RotatingProjectServiceAccountSecret("backend", {
  projectId,
  clientId: account.clientId,
  secretExpiresAfterHours: 720,
});

export const secret = backend.secret;

/** For audit: no value in it. */
export const audit: pulumi.Output<AuditRecord> = auditRecord(backend);
