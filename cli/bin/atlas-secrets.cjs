#!/usr/bin/env node
"use strict";
const { enableCompileCache } = require("node:module");

enableCompileCache?.();
try {
  require.resolve("../dist/main.js");
} catch {
  process.stderr.write("atlas-secrets is not built yet: run 'npm run build' in the repository first.\n");
  process.exit(2);
}
void require("../dist/main.js").main(process.argv.slice(2));
