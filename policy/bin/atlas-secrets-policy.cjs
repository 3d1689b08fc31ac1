#!/usr/bin/env node
/** Starts the policy pack as a program of its own, for `--policy-pack <path of this file>`. */
const { enableCompileCache, flushCompileCache } = require("node:module");
const { dirname } = require("node:path");

// The engine starts it with an address. Whoever types the name of a program to see what it is gets an end, and no server.
if (process.argv.slice(2).some((argument) => argument.startsWith("-"))) {
  const { version } = require("../package.json");
  process.stdout.write(`atlas-secrets-policy ${version}: a policy pack, which the Pulumi CLI starts:

  $ pulumi preview --policy-pack ${process.argv[1]}

Rules and settings: https://www.npmjs.com/package/pulumi-atlas-secrets-policy
`);
  process.exit(0);
}

enableCompileCache?.();
// The SDK reads the pack's version from the package.json of the current folder.
process.chdir(dirname(__dirname));
require("../dist/index.js");
// The CLI ends this process without letting it write the cache at its exit.
flushCompileCache?.();
