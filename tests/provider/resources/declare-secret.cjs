/**
 * Declares a secret with the built package, in a process of its own: Jest resolves packages in its own way. The folder that
 * it is started in is the program's. Says "declared" or what was refused.
 */
const pulumi = require("@pulumi/pulumi");
const { ProjectServiceAccountSecret } = require("pulumi-atlas-secrets");

const args = { projectId: "0".repeat(24), clientId: `mdb_sa_id_${"0".repeat(24)}`, secretExpiresAfterHours: 8 };
pulumi.runtime
  .setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "fake-id", state: inputs }) })
  .then(() => new ProjectServiceAccountSecret("ci", args))
  .then(
    () => process.stdout.write("declared\n"),
    (error) => process.stdout.write(`${error.message}\n`),
  );
