import * as pulumi from "@pulumi/pulumi";
import { auditRecord, RotatingProjectServiceAccountSecret } from "pulumi-atlas-secrets";

const own = new RotatingProjectServiceAccountSecret("own", {
  projectId: new pulumi.Config().require("projectId"),
  // The account that this stack signs in with: its credential is never deleted, whatever is due.
  clientId: new pulumi.Config("mongodbatlas").require("clientId"),
  secretExpiresAfterHours: 720,
});

/** To put where the credential is kept, see README.md beside this file. */
export const clientSecret = own.secret;

/** For audit: no value in it. */
export const audit = auditRecord(own);
