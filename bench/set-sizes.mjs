/**
 * A set of many accounts beside a set of few, in turn: each secret must cost the same.
 *
 *   npm run bench -- set-sizes [--json FILE] [--write]
 *
 * `BENCH_ROUNDS` (5) says how many pairs. Fails when five times the accounts take more than 5.5 times as long to create or to rotate.
 */
import { writeFileSync } from "node:fs";
import { startAtlas } from "./engine/atlas.mjs";
import { PHASES, runPhases, STATE } from "./engine/phases.mjs";
import { toMarkdown, writeBlock } from "./report/page.mjs";
import { describeSpread, median, spread } from "./report/statistics.mjs";

const { BENCH_ROUNDS = "5", BENCH_JSON, BENCH_WRITE } = process.env;
const ROUNDS = Number(BENCH_ROUNDS);
const [FEW, MANY] = [200, 1000];
const MOST_TIME = { create: 5.5, "rotate all": 5.5 };

const atlas = await startAtlas();
const rounds = [];
try {
  await runPhases(atlas, "set", 1);
  for (let round = 0; round < ROUNDS; round++) {
    const found = {};
    for (const size of round % 2 === 0 ? [FEW, MANY] : [MANY, FEW]) found[size] = await runPhases(atlas, "set", size);
    rounds.push(found);
  }
} finally {
  atlas.stop();
}
const phases = Object.fromEntries(
  Object.keys(PHASES).map((phase) => {
    const [few, many] = [FEW, MANY].map((size) => median(rounds.map((found) => found[size][phase].value)));
    return [
      phase,
      { few, many, ratio: spread(rounds.map((found) => found[MANY][phase].value / found[FEW][phase].value)) },
    ];
  }),
);
const table = toMarkdown(
  ["phase", `${FEW} accounts`, `${MANY} accounts`, "ratio"],
  Object.entries(phases).map(([phase, { few, many, ratio }]) => [
    phase,
    `${few.toFixed(2)} s`,
    `${many.toFixed(2)} s`,
    describeSpread(ratio),
  ]),
);
const { peaks, [STATE]: state } = rounds.at(-1)[MANY];
const title = `Rounds: ${ROUNDS}. With ${MANY}: CLI ${peaks.cli} MB, provider ${peaks.provider} MB, ${state.value.toFixed(0)} B of state each.`;
console.log(`\n${title}\n\n${table}`);
if (BENCH_JSON) writeFileSync(BENCH_JSON, `${JSON.stringify({ rounds: ROUNDS, phases, peaks, state }, null, 2)}\n`);
if (BENCH_WRITE) writeBlock("set-sizes", `${title}\n\n${table}`);
for (const [phase, most] of Object.entries(MOST_TIME)) {
  if (phases[phase].ratio.median <= most) continue;
  console.log(
    `TOO SLOW: ${phase} of ${MANY} takes ${phases[phase].ratio.median.toFixed(2)} times that of ${FEW}; ${most} is allowed.`,
  );
  process.exitCode = 1;
}
