#!/usr/bin/env node
"use strict";
try {
  require.resolve("../dist/cli.js");
} catch {
  console.error("atlas-simulator is not built yet: run 'npm run build' in the repository first.");
  process.exit(2);
}
require("../dist/cli.js").main(process.argv.slice(2));
