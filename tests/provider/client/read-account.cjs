/**
 * Reads a recorded secret with the built package, in a process of its own: what Node takes from the environment at its start
 * cannot be tested otherwise. Says "read" or what failed.
 */
const { projectSecret } = require("pulumi-atlas-secrets/handlers");

const [projectId, clientId, secretId] = ["0".repeat(24), `mdb_sa_id_${"0".repeat(24)}`, "0".repeat(24)];
projectSecret.configure({ config: { get: () => undefined } });
projectSecret.read("id", { projectId, clientId, secretId, secretExpiresAfterHours: 8 }).then(
  () => process.stdout.write("read\n"),
  (error) => process.stdout.write(`${error.message}\n`),
);
