/**
 * Says what is missing where this package is loaded: a Node that will do, and the Pulumi SDK. A program has it anyway; what only reads states, as the command line does, takes this
 * package without it, so that the peer is optional to npm.
 */
import { assertNode } from "../node-version.js";

assertNode();
try {
  require.resolve("@pulumi/pulumi/package.json");
} catch {
  throw new Error(
    "pulumi-atlas-secrets needs the Pulumi SDK: run 'npm install @pulumi/pulumi' in the program's folder, version 3.249 or later.",
  );
}
