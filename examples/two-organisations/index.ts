import * as pulumi from "@pulumi/pulumi";
import { AtlasProvider, auditRecords, RotatingServiceAccountSecret } from "pulumi-atlas-secrets";

const config = new pulumi.Config();

/** One service account of an organisation, managed with a credential of that organisation. */
function rotateIn(organisation: "first" | "second"): RotatingServiceAccountSecret {
  const provider = new AtlasProvider(organisation, {
    clientId: config.require(`${organisation}AdminClientId`),
    clientSecret: config.requireSecret(`${organisation}AdminClientSecret`),
  });
  return new RotatingServiceAccountSecret(
    organisation,
    {
      orgId: config.require(`${organisation}OrgId`),
      clientId: config.require(`${organisation}ClientId`),
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
