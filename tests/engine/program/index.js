/**
 * The program of the engine tests: declares what `PROGRAM` (JSON) says. `secrets` maps names to arguments and options of
 * `ProjectServiceAccountSecret`; each has a consumer that signs in with the value unless `consumers` is false, and hands it to
 * the workload at `workloadUrl` if there is one. A trigger whose name begins with `secret` is given as a Pulumi secret.
 */
const pulumi = require("@pulumi/pulumi");
const { ProjectServiceAccountSecret } = require("pulumi-atlas-secrets");
const { SignIn } = require("./sign-in");

const program = JSON.parse(process.env.PROGRAM);
const baseUrl = process.env.MONGODB_ATLAS_BASE_URL;

for (const [name, { args, options }] of Object.entries(program.secrets)) {
  const triggers = Object.entries(args.triggers ?? {}).map(([key, value]) => [
    key,
    key.startsWith("secret") ? pulumi.secret(value) : value,
  ]);
  const given = args.triggers ? { ...args, triggers: Object.fromEntries(triggers) } : args;
  const resource = new ProjectServiceAccountSecret(name, given, options);
  if (program.consumers !== false) {
    const { workloadUrl } = program;
    new SignIn(`${name}-consumer`, { baseUrl, clientId: args.clientId, secret: resource.secret, workloadUrl });
  }
  for (const key of ["secret", "secretId", "createdAt", "expiresAt", "rotateAfter", "maskedSecretValue", "status"]) {
    exports[`${name}-${key}`] = resource[key];
  }
}
