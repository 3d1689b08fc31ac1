/**
 * What it costs when each answer of Atlas takes its time: single resources and a set, 32 operations at once, with and without, in turn.
 *
 *   npm run bench -- latency [--json FILE] [--write]
 *
 * `LATENCY` (100) says how many milliseconds each answer takes, `BENCH_SIZES` (200) how many secrets, `BENCH_ROUNDS` (5) how many
 * pairs. Fails when a creation takes more than 1.3 times as long with single resources, or twice with a set.
 */
import { writeFileSync } from "node:fs";
import { startAtlas } from "./engine/atlas.mjs";
import { runPhases } from "./engine/phases.mjs";
import { toMarkdown, writeBlock } from "./report/page.mjs";
import { describeSpread, median, spread } from "./report/statistics.mjs";

const { LATENCY = "100", BENCH_SIZES = "200", BENCH_ROUNDS = "5", BENCH_JSON, BENCH_WRITE } = process.env;
const [LATENCY_MS, SIZE, ROUNDS] = [LATENCY, BENCH_SIZES, BENCH_ROUNDS].map(Number);
const AT_ONCE = 32;
const PHASES = ["create", "refresh", "destroy"];
const MOST_TIME = { single: 1.3, set: 2 };

const atlas = await startAtlas();
const found = { single: [], set: [] };
try {
  await runPhases(atlas, "single", 1, { phases: PHASES });
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of Object.keys(found)) {
      const pair = {};
      for (const latencyMs of round % 2 === 0 ? [0, LATENCY_MS] : [LATENCY_MS, 0])
        pair[latencyMs] = await runPhases(atlas, kind, SIZE, { latencyMs, atOnce: AT_ONCE, phases: PHASES });
      found[kind].push(pair);
    }
  }
} finally {
  atlas.stop();
}
const results = Object.entries(found).flatMap(([kind, pairs]) =>
  PHASES.map((phase) => {
    const [without, withLatency] = [0, LATENCY_MS].map((ms) => median(pairs.map((pair) => pair[ms][phase].value)));
    return {
      kind,
      phase,
      without,
      withLatency,
      ratio: spread(pairs.map((p) => p[LATENCY_MS][phase].value / p[0][phase].value)),
    };
  }),
);
const table = toMarkdown(
  ["kind", "phase", "0 ms", `${LATENCY_MS} ms`, "ratio"],
  results.map(({ kind, phase, without, withLatency, ratio }) => [
    kind,
    phase,
    `${without.toFixed(2)} s`,
    `${withLatency.toFixed(2)} s`,
    describeSpread(ratio),
  ]),
);
const title = `${SIZE} secrets, ${AT_ONCE} operations at once, ${ROUNDS} pairs.`;
console.log(`\n${title}\n\n${table}`);
if (BENCH_JSON) writeFileSync(BENCH_JSON, `${JSON.stringify({ rounds: ROUNDS, size: SIZE, results }, null, 2)}\n`);
if (BENCH_WRITE) writeBlock("latency", `${title}\n\n${table}`);
for (const { kind, phase, ratio } of results) {
  if (phase !== "create" || ratio.median <= MOST_TIME[kind]) continue;
  console.log(
    `TOO SLOW: with latency, ${kind} takes ${ratio.median.toFixed(2)} times as long to create; ${MOST_TIME[kind]} is allowed.`,
  );
  process.exitCode = 1;
}
