/**
 * Says what is missing where the Pulumi SDK is. A program has it anyway; what only reads states, as the command line does, takes this
 * package without it, so that the peer is optional to npm.
 */
try {
  require.resolve("@pulumi/pulumi/package.json");
} catch {
  throw new Error(
    "pulumi-atlas-secrets needs the Pulumi SDK: run 'npm install @pulumi/pulumi' in the program's folder, version 3.249 or later.",
  );
}
