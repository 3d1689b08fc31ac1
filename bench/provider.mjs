/**
 * What the provider costs where the engine repeats it: the text in every resource's state, a decision, and loading the
 * handlers. Prints figures and ratios to a reference measured in the same run.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

const LOAD = `
  const started = performance.now();
  require(process.argv[1]);
  const ms = performance.now() - started;
  const has = (name) => Object.keys(require.cache).some((path) => path.includes("/node_modules/" + name + "/"));
  console.log(JSON.stringify({ ms, axios: has("axios") }));
`;

/** The median of several fresh processes. */
function measureLoad(module) {
  const runs = Array.from({ length: 9 }, () =>
    JSON.parse(execFileSync(process.execPath, ["-e", LOAD, require.resolve(module)], { encoding: "utf8" })),
  );
  const sorted = runs.map(({ ms }) => ms).sort((a, b) => a - b);
  return { ms: sorted[4] ?? Number.NaN, axios: runs.some(({ axios }) => axios) };
}

async function measureDiff() {
  const { projectSecret } = require("pulumi-atlas-secrets/handlers");
  const given = { projectId: "a".repeat(24), clientId: `mdb_sa_id_${"b".repeat(24)}`, secretExpiresAfterHours: 720 };
  const { inputs } = await projectSecret.check({}, given);
  const olds = {
    ...inputs,
    secretId: "c".repeat(24),
    secret: "mdb_sa_sk_FAKE-not-a-real-secret-000000000000000000",
    status: "active",
    createdAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 720 * 3_600_000).toISOString(),
    grantedHours: 720,
    issuedForHours: 720,
    issuedForTriggers: {},
  };
  const rounds = 20_000;
  const started = performance.now();
  for (let round = 0; round < rounds; round++)
    if ((await projectSecret.diff("id", olds, inputs)).changes) throw new Error("a change");
  return (performance.now() - started) / rounds;
}

const { toProviderText } = require("../provider/dist/protocol.js");
const handlers = measureLoad("pulumi-atlas-secrets/handlers");
const axios = measureLoad("axios");
console.log(`__provider: ${Buffer.byteLength(toProviderText("projectSecret"))} bytes (limit 100)`);
console.log(`diff: ${(await measureDiff()).toFixed(4)} ms (limit 1)`);
console.log(`handlers load: ${handlers.ms.toFixed(1)} ms (limit 60), ${handlers.axios ? "WITH" : "without"} axios`);
console.log(`handlers load / axios load: ${(handlers.ms / axios.ms).toFixed(2)}`);
if (handlers.axios) process.exitCode = 1;
