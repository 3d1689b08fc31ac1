/**
 * Random sequences of operations on two stacks, their consumers and somebody else, with faults on every call, kills, changes in
 * the middle of a run and clock moves; what they must not lead to is checked after every operation and at the end.
 *
 * `FUZZ_RUNS` sets how many sequences there are in all; two test files share them, so that they run at the same time. Each begins
 * with another seed in each run, and prints it: with that as `FUZZ_SEED`, and the path of a failure as `FUZZ_PATH`, the same file
 * repeats it at once.
 */
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { STEPS_PER_SEQUENCE, sequence } from "./arbitraries.js";
import { playToEnd } from "./ending.js";

const SHARES = 2;
const RUNS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 2_000) / SHARES);
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 30));
const { FUZZ_PATH: PATH } = process.env;

/** Long enough for campaigns; it judges nothing. */
const TIMEOUT_MS = 24 * 3_600_000;

/** A quarter of the time goes into stacks of errors that nobody reads. */
Error.stackTraceLimit = 0;

/** Defines the test of one share. */
export function defineSequenceTests(share: 1 | 2): void {
  describe("two stacks and somebody else on the same accounts", () => {
    it(
      `lose no secret, break none and show none over ${RUNS} sequences of ${STEPS_PER_SEQUENCE} operations`,
      async () => {
        process.stderr.write(`Sequences ${share}: FUZZ_SEED=${SEED}, ${RUNS} of them\n`);
        const property = fc.asyncProperty(sequence, async (drawn) => {
          const findings = await playToEnd(drawn);
          if (findings.length > 0) throw new Error(findings.join("\n"));
        });
        // No share does the same as the other.
        const seed = SEED + (share - 1) * 0x4000_0000;
        await fc.assert(property, { numRuns: RUNS, seed, ...(PATH !== undefined && { path: PATH }) });
      },
      TIMEOUT_MS,
    );
  });
}
