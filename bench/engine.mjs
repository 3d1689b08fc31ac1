/**
 * What our resources cost on the real Pulumi CLI against the simulator, phase by phase, as a ratio to dynamic resources that do
 * nothing, interleaved in one run. Figures of two machines, or of two runs, cannot be compared; ratios can.
 *
 *   npm run bench -- engine
 *
 * `BENCH_SIZES` (default "20,200") says how many resources, `BENCH_ROUNDS` (5) how many pairs, `LATENCY` how many milliseconds
 * each answer of the simulator takes. `BENCH_OUT` writes the figures as JSON, `BENCH_COMPARE` names such a file: what became worse
 * by more than a tenth is told, and the run fails.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { startAtlas } from "./engine/atlas.mjs";
import { createStack } from "./engine/stack.mjs";

const SIZES = (process.env.BENCH_SIZES ?? "20,200").split(",").map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const LATENCY_MS = Number(process.env.LATENCY ?? 0);
const KINDS = { floor: "floor.cjs", single: "single.cjs" };
const UP = ["up", "--yes", "--skip-preview", "--stack", "test"];
const PHASES = {
  create: [UP, { HOURS: "720" }],
  "no-op": [UP, { HOURS: "720" }],
  refresh: [["refresh", "--yes", "--skip-preview", "--stack", "test"], {}],
  "replace all": [UP, { HOURS: "721" }],
  destroy: [["destroy", "--yes", "--skip-preview", "--stack", "test"], {}],
};
/** What may get worse from one run to the next without being told: machines are never quite quiet. */
const TOLERANCE = 1.1;

const atlas = await startAtlas();
const results = {};
try {
  for (const size of SIZES) results[size] = await measure(size);
} finally {
  atlas.stop();
}
const { BENCH_OUT, BENCH_COMPARE } = process.env;
if (BENCH_OUT)
  writeFileSync(BENCH_OUT, `${JSON.stringify({ rounds: ROUNDS, latencyMs: LATENCY_MS, sizes: results }, null, 2)}\n`);
if (BENCH_COMPARE) compare(JSON.parse(readFileSync(BENCH_COMPARE, "utf8")).sizes);

async function measure(size) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const kinds = round % 2 === 0 ? Object.keys(KINDS) : Object.keys(KINDS).reverse();
    const found = {};
    for (const kind of kinds) found[kind] = await runPhases(kind, size);
    rounds.push(found);
  }
  const single = rounds.at(-1).single;
  const table = Object.fromEntries(
    [...Object.keys(PHASES), "state bytes each"].map((phase) => {
      const ratios = rounds.map(({ single, floor }) => single[phase].value / floor[phase].value);
      const { requests } = single[phase];
      return [
        phase,
        {
          floor: median(rounds.map(({ floor }) => floor[phase].value)),
          ratio: spread(ratios),
          ...(requests && { requests }),
        },
      ];
    }),
  );
  show(size, table, single.peaks);
  return { phases: table, peakMegabytes: single.peaks };
}

async function runPhases(kind, size) {
  const accounts = await atlas.call("seed", { projects: 1, accountsPerProject: size });
  await atlas.call("clearFaults");
  if (LATENCY_MS > 0) await atlas.call("addFault", { kind: "delay", ms: LATENCY_MS, times: "always" });
  const token = await atlas.call("issueAccessToken", { ownerId: accounts[0].ownerId, lifetimeSeconds: 1e6 });
  const stack = await createStack(KINDS[kind], accounts, {
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_ACCESS_TOKEN: token,
  });
  const found = { peaks: { cli: 0, provider: 0 } };
  try {
    for (const [phase, [args, env]] of Object.entries(PHASES)) {
      await atlas.call("resetLog");
      const { seconds, peaks } = await stack.run(args, env);
      for (const name of ["cli", "provider"]) found.peaks[name] = Math.max(found.peaks[name], Math.round(peaks[name]));
      found[phase] = { value: seconds, requests: countRequests(await atlas.call("requests")) };
      if (phase === "create") found["state bytes each"] = { value: stack.stateBytes() / size };
    }
  } finally {
    stack.remove();
  }
  return found;
}

function countRequests(requests) {
  const counts = {};
  for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function show(size, table, peaks) {
  console.log(`\nN = ${size}, ${ROUNDS} pairs${LATENCY_MS > 0 ? `, ${LATENCY_MS} ms of latency` : ""}`);
  for (const [phase, { floor, ratio, requests = {} }] of Object.entries(table)) {
    const unit = phase.startsWith("state") ? "B" : "s";
    const sent = Object.entries(requests).map(([operation, count]) => `${count} ${operation}`);
    const ratios = `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`;
    console.log(
      `  ${phase.padEnd(17)} floor ${floor.toFixed(unit === "s" ? 2 : 0).padStart(6)} ${unit}   ours / floor ${ratios}   ${sent.join(", ")}`,
    );
  }
  console.log(`  peak memory       CLI ${peaks.cli} MB, provider ${peaks.provider} MB`);
}

function compare(earlier) {
  for (const [size, { phases }] of Object.entries(results)) {
    for (const [phase, { ratio }] of Object.entries(phases)) {
      const before = earlier[size]?.phases[phase]?.ratio.median;
      if (before === undefined || ratio.median <= before * TOLERANCE) continue;
      console.log(`  WORSE: N = ${size}, ${phase}: ${before.toFixed(2)} before, ${ratio.median.toFixed(2)} now`);
      process.exitCode = 1;
    }
  }
}
