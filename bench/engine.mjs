/**
 * What our resources cost on the real Pulumi CLI against the simulator, phase by phase, as a ratio to dynamic resources that do
 * nothing, interleaved in one run: single resources, and one set. Figures of two machines, or of two runs, cannot be compared;
 * ratios can.
 *
 *   npm run bench -- engine [--json FILE] [--compare FILE] [--write]
 *
 * `BENCH_SIZES` (default "1,50,200,1000") says how many secrets, `BENCH_ROUNDS` (5) how many rounds, `LATENCY` how many
 * milliseconds each answer of the simulator takes. `--json` writes the figures, `--compare` reads such a file: what became worse is
 * told, and the run fails. `--write` puts the table and the chart into docs/performance.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startAtlas } from "./engine/atlas.mjs";
import { createStack } from "./engine/stack.mjs";
import { toChart } from "./report/chart.mjs";
import { findWorse } from "./report/compare.mjs";
import { toMarkdown, writeBlock } from "./report/page.mjs";
import { countRequests, describeCounts, describeSpread, median, spread } from "./report/statistics.mjs";

const {
  BENCH_SIZES = "1,50,200,1000",
  BENCH_ROUNDS = "5",
  LATENCY = "0",
  BENCH_JSON,
  BENCH_COMPARE,
  BENCH_WRITE,
} = process.env;
const SIZES = BENCH_SIZES.split(",").map(Number);
const ROUNDS = Number(BENCH_ROUNDS);
const LATENCY_MS = Number(LATENCY);
const KINDS = ["floor", "single", "set"];
const OURS = KINDS.slice(1);
const STATE = "state bytes each";
const UP = ["up", "--yes", "--skip-preview", "--stack", "test"];
const PHASES = {
  create: [UP, { HOURS: "720" }],
  "no-op": [UP, { HOURS: "720" }],
  refresh: [["refresh", "--yes", "--skip-preview", "--stack", "test"], {}],
  "rotate all": [UP, { HOURS: "721" }],
  destroy: [["destroy", "--yes", "--skip-preview", "--stack", "test"], {}],
};
const HEADS = [
  "secrets",
  "phase",
  "floor",
  ...OURS.map((kind) => `${kind} / floor`),
  ...OURS.map((kind) => `requests of ${kind}`),
];

const atlas = await startAtlas();
const sizes = {};
try {
  // It does not count: the first run of all fills caches.
  await runPhases("floor", 1);
  for (const size of SIZES) {
    sizes[size] = await measure(size);
    console.log(`\n${toMarkdown(HEADS, toRows(size))}\n${describePeaks(size)}`);
  }
} finally {
  atlas.stop();
}
if (BENCH_JSON)
  writeFileSync(BENCH_JSON, `${JSON.stringify({ rounds: ROUNDS, latencyMs: LATENCY_MS, sizes }, null, 2)}\n`);
if (BENCH_COMPARE) {
  const worse = findWorse(JSON.parse(readFileSync(BENCH_COMPARE, "utf8")).sizes, sizes);
  for (const line of worse) console.log(`  WORSE: ${line}`);
  console.log(worse.length === 0 ? "\nNothing became worse." : `\n${worse.length} became worse.`);
  if (worse.length > 0) process.exitCode = 1;
}
if (BENCH_WRITE) write();

async function measure(size) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const found = {};
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) found[kind] = await runPhases(kind, size);
    rounds.push(found);
  }
  const last = rounds.at(-1);
  const phases = Object.fromEntries(
    [...Object.keys(PHASES), STATE].map((phase) => {
      const kinds = OURS.map((kind) => {
        const ratio = spread(rounds.map((found) => found[kind][phase].value / found.floor[phase].value));
        const { requests } = last[kind][phase];
        return [kind, { ratio, ...(requests && { requests }) }];
      });
      return [
        phase,
        { floor: median(rounds.map(({ floor }) => floor[phase].value)), kinds: Object.fromEntries(kinds) },
      ];
    }),
  );
  return { phases, peakMegabytes: Object.fromEntries(KINDS.map((kind) => [kind, last[kind].peaks])) };
}

async function runPhases(kind, size) {
  const accounts = await atlas.call("seed", { projects: 1, accountsPerProject: size });
  await atlas.call("clearFaults");
  if (LATENCY_MS > 0) await atlas.call("addFault", { kind: "delay", ms: LATENCY_MS, times: "always" });
  const token = await atlas.call("issueAccessToken", { ownerId: accounts[0].ownerId, lifetimeSeconds: 1e6 });
  const stack = await createStack(`${kind}.cjs`, accounts, {
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
      if (phase === "create") found[STATE] = { value: stack.stateBytes() / size };
    }
  } finally {
    stack.remove();
  }
  return found;
}

function toRows(size) {
  return Object.entries(sizes[size].phases).map(([phase, { floor, kinds }]) => [
    size,
    phase,
    phase === STATE ? `${floor.toFixed(0)} B` : `${floor.toFixed(2)} s`,
    ...OURS.map((kind) => describeSpread(kinds[kind].ratio)),
    ...OURS.map((kind) => describeCounts(kinds[kind].requests ?? {}) || "none"),
  ]);
}

function describePeaks(size) {
  const peaks = Object.entries(sizes[size].peakMegabytes).map(
    ([kind, { cli, provider }]) => `${kind}: CLI ${cli} MB, provider ${provider} MB`,
  );
  return `Peak memory with ${size}: ${peaks.join("; ")}.`;
}

function write() {
  const name = LATENCY_MS > 0 ? `engine-latency-${LATENCY_MS}` : "engine";
  const image = `images/${name}.svg`;
  writeFileSync(fileURLToPath(new URL(`../docs/${image}`, import.meta.url)), toChart(sizes));
  writeBlock(
    name,
    [
      `![Time of each phase as a multiple of the floor](${image})`,
      `Rounds: ${ROUNDS}. Latency: ${LATENCY_MS} ms. Each ratio is a median, with the least and the most.`,
      toMarkdown(HEADS, SIZES.flatMap(toRows)),
      ...SIZES.map(describePeaks),
    ].join("\n\n"),
  );
}
