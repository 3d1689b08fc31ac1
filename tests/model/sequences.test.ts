/**
 * Random sequences of operations on two stacks, their consumers and somebody else, with faults on every call, kills, changes in
 * the middle of a run and clock moves; what they must not lead to is checked after every operation and at the end.
 *
 * `FUZZ_RUNS` sets how many sequences there are. A failure prints its seed and path: `FUZZ_SEED` and `FUZZ_PATH` repeat it.
 */
import fc from "fast-check";
import { STEPS_PER_SEQUENCE, sequence } from "./arbitraries.js";
import { playToEnd } from "./ending.js";

const RUNS = Number(process.env.FUZZ_RUNS ?? 1_000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const { FUZZ_PATH: PATH } = process.env;

/** Long enough for campaigns; it judges nothing. */
const TIMEOUT_MS = 24 * 3_600_000;

describe("two stacks and somebody else on the same accounts", () => {
  it(
    `lose no secret, break none and show none over ${RUNS} sequences of ${STEPS_PER_SEQUENCE} operations`,
    async () => {
      process.stderr.write(`Sequences: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}\n`);
      const property = fc.asyncProperty(sequence, async (drawn) => {
        const findings = await playToEnd(drawn);
        if (findings.length > 0) throw new Error(findings.join("\n"));
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED, ...(PATH !== undefined && { path: PATH }) });
    },
    TIMEOUT_MS,
  );
});
