/**
 * Preload (`node --require`) that keeps the compiled code of a run's modules in the folder `COMPILE_CACHE`, from where later runs
 * take it: most of a run is loading modules. Each program of Pulumi's SDK has a folder of its own. The SDK changes a flag of V8 as
 * it loads, V8 takes no code that was compiled under other flags, and each program loads its modules in another order.
 */
const { enableCompileCache, flushCompileCache } = require("node:module");
const { basename, dirname, join } = require("node:path");

const FLUSH_MS = 300;

const [, script = ""] = process.argv;
const program = basename(script) === "index.js" ? basename(dirname(script)) : basename(script);
enableCompileCache(join(process.env.COMPILE_CACHE, program));
// Node writes the code when a process ends, and the engine kills the host of dynamic providers.
if (program === "dynamic-provider") setInterval(flushCompileCache, FLUSH_MS).unref();
