import * as pulumi from "@pulumi/pulumi";
import { AtlasProvider, auditRecords, RotatingServiceAccountSecret } from "pulumi-atlas-secrets";

const config = new pulumi.Config();

/** One service account of an organization, managed with a credential of that organization. */
function rotateIn(organization: "first" | "second"): RotatingServiceAccountSecret {
  const provider = new AtlasProvider(organization, {
    clientId: config.require(`${organization}AdminClientId`),
    clientSecret: config.requireSecret(`${organization}AdminClientSecret`),
  });
  return new RotatingServiceAccountSecret(
    organization,
    {
      orgId: config.require(`${organization}OrgId`),
      clientId: config.require(`${organization}ClientId`),
      secretExpiresAfterHours: 720,
    },
    { provider },
  );
}

const first = rotateIn("first");
const second = rotateIn("second");

export const secrets = pulumi.secret({ first: first.secret, second: second.secret });

/** For audit: no value in it. */
export const audit = auditRecords([first, second]);
