#!/usr/bin/env node
/** Starts the policy pack as a program of its own, for `--policy-pack <path of this file>`. */
const { enableCompileCache, flushCompileCache } = require("node:module");
const { dirname } = require("node:path");

enableCompileCache?.();
// The SDK reads the pack's version from the package.json of the current folder.
process.chdir(dirname(__dirname));
require("../dist/index.js");
// The CLI ends this process without letting it write the cache at its exit.
flushCompileCache?.();
