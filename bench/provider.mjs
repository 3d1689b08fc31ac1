/**
 * What the provider costs where the engine repeats it: the text in every resource's state, a decision, and loading the
 * handlers. Times are told beside a reference measured in the same run; what has a limit fails the run beyond it.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** It stands twice in the state of every resource. */
const MOST_TEXT_BYTES = 100;
/** Of what a JSON round trip of the same outputs takes, which the engine pays anyway. */
const MOST_DIFF = 15;
/** Of what axios alone takes to load, which an `up` without changes must not pay. */
const MOST_LOAD = 1;
const ROUNDS = 20_000;
const LOADS = 9;

const LOAD = `
  const started = performance.now();
  require(process.argv[1]);
  const ms = performance.now() - started;
  const axios = Object.keys(require.cache).filter((path) => path.includes("/node_modules/axios/")).length;
  console.log(JSON.stringify({ ms, axios }));
`;

const { toProviderText } = require("../provider/dist/protocol.js");
const bytes = Buffer.byteLength(toProviderText("projectSecret"));
tell(`__provider: ${bytes} bytes`, bytes, MOST_TEXT_BYTES);
const diff = await measureDiff();
tell(`diff: ${diff.ms.toFixed(4)} ms; / a JSON round trip: ${diff.ratio.toFixed(2)}`, diff.ratio, MOST_DIFF);
const { handlers, axios, axiosModules } = measureLoads();
const ratio = handlers / axios;
tell(`handlers load: ${handlers.toFixed(1)} ms; / axios: ${ratio.toFixed(2)}`, ratio, MOST_LOAD);
tell(`modules of axios loaded with them: ${axiosModules}`, axiosModules, 0);

/** Prints a figure with its limit, and fails the run beyond it. */
function tell(words, value, limit) {
  const isOver = value > limit;
  console.log(`${words} (limit ${limit})${isOver ? "  OVER THE LIMIT" : ""}`);
  if (isOver) process.exitCode = 1;
}

/** Medians of several fresh processes, in turn. */
function measureLoads() {
  const run = (module) =>
    JSON.parse(execFileSync(process.execPath, ["-e", LOAD, require.resolve(module)], { encoding: "utf8" }));
  const runs = Array.from({ length: LOADS }, () => [run("pulumi-atlas-secrets/handlers"), run("axios")]);
  const median = (index) => runs.map((pair) => pair[index].ms).toSorted((a, b) => a - b)[Math.floor(LOADS / 2)];
  return { handlers: median(0), axios: median(1), axiosModules: Math.max(...runs.map(([own]) => own.axios)) };
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
  const measure = async (once) => {
    const started = performance.now();
    for (let round = 0; round < ROUNDS; round++) await once();
    return (performance.now() - started) / ROUNDS;
  };
  const ms = await measure(async () => {
    if ((await projectSecret.diff("id", olds, inputs)).changes) throw new Error("a change");
  });
  const referenceMs = await measure(async () => JSON.parse(JSON.stringify([olds, inputs])));
  return { ms, ratio: ms / referenceMs };
}
