import * as pulumi from "@pulumi/pulumi";
import { auditRecord, RotatingProjectServiceAccountSecret } from "pulumi-atlas-secrets";

const config = new pulumi.Config();

const backend = new RotatingProjectServiceAccountSecret("backend", {
  projectId: config.require("projectId"),
  clientId: config.require("clientId"),
  secretExpiresAfterHours: 720,
});

/** The current value, encrypted in the stack: `pulumi stack output --show-secrets secret`. */
export const secret = backend.secret;

/** For audit: no value in it. */
export const audit = auditRecord(backend);
