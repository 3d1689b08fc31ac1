import * as pulumi from "@pulumi/pulumi";
import { ProjectServiceAccountSecret } from "pulumi-atlas-secrets";
import { SignIn } from "./sign-in";

const config = new pulumi.Config();

const backend = new ProjectServiceAccountSecret("backend", {
  projectId: config.require("projectId"),
  clientId: config.require("clientId"),
  secretExpiresAfterHours: config.requireNumber("secretExpiresAfterHours"),
  triggers: { request: config.get("rotationRequest") ?? "" },
});

// Stands for whatever uses the secret: it gets a new value before the old one is deleted.
const signIn = new SignIn("backend", { clientId: backend.clientId, secret: backend.secret });

/** The value, encrypted in the stack: `pulumi stack output --show-secrets secret`. */
export const secret = backend.secret;

/** For audit: no value in it. */
export const { secretId, maskedSecretValue, createdAt, expiresAt, rotateAfter, status } = backend;
export const consumerSignedInAt = signIn.signedInAt;
