/**
 * What our resources cost on the real Pulumi CLI against the simulator, phase by phase, as a ratio to dynamic resources that do
 * nothing, interleaved in one run: single resources, and one set. Figures of two machines, or of two runs, cannot be compared;
 * ratios can.
 *
 *   npm run bench -- engine [--json FILE] [--compare FILE] [--write]
 *
 * `BENCH_SIZES` (default "1,20,50,200") says how many secrets, `BENCH_ROUNDS` (5) how many rounds, `BENCH_PHASES` which phases (all). With
 * a thousand a round takes half an hour. `--json` writes the figures, `--compare` reads such a file: what became worse is told, and
 * the run fails. `--write` puts the table and the chart into docs/performance.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startAtlas } from "./engine/atlas.mjs";
import { PHASES, runPhases, STATE } from "./engine/phases.mjs";
import { toChart } from "./report/chart.mjs";
import { findWorse } from "./report/compare.mjs";
import { toMarkdown, writeBlock } from "./report/page.mjs";
import { describeCounts, describeSpread, median, spread } from "./report/statistics.mjs";

const {
  BENCH_SIZES = "1,20,50,200",
  BENCH_ROUNDS = "5",
  BENCH_PHASES = Object.keys(PHASES).join(","),
  BENCH_JSON,
  BENCH_COMPARE,
  BENCH_WRITE,
} = process.env;
const SIZES = BENCH_SIZES.split(",").map(Number);
const ROUNDS = Number(BENCH_ROUNDS);
const options = { phases: BENCH_PHASES.split(",") };
const KINDS = ["floor", "single", "set"];
const OURS = KINDS.slice(1);
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
  await runPhases(atlas, "floor", 1);
  for (const size of SIZES) {
    sizes[size] = await measure(size);
    console.log(`\n${toMarkdown(HEADS, toRows(size))}\n${describePeaks(size)}`);
  }
} finally {
  atlas.stop();
}
if (BENCH_JSON) writeFileSync(BENCH_JSON, `${JSON.stringify({ rounds: ROUNDS, sizes }, null, 2)}\n`);
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
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed())
      found[kind] = await runPhases(atlas, kind, size, options);
    rounds.push(found);
  }
  const last = rounds.at(-1);
  const phases = Object.fromEntries(
    [...options.phases, STATE].map((phase) => {
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
  const image = "images/engine.svg";
  writeFileSync(fileURLToPath(new URL(`../docs/${image}`, import.meta.url)), toChart(sizes));
  writeBlock(
    "engine",
    [
      `![Time of each phase as a multiple of the floor](${image})`,
      `Rounds: ${ROUNDS}. Each ratio is a median, with the least and the most.`,
      toMarkdown(HEADS, SIZES.flatMap(toRows)),
      ...SIZES.map(describePeaks),
    ].join("\n\n"),
  );
}
