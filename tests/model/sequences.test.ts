/**
 * Random sequences of two stacks and somebody else on shared accounts, with faults, kills and time, against everything that
 * must always hold. `FUZZ_RUNS` and `FUZZ_SEED` choose other ones; a failure prints its seed and path.
 */
import fc from "fast-check";
import { sequence } from "./arbitraries.js";
import { World } from "./world.js";

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

describe("a sequence of runs, faults, kills and foreign changes", () => {
  it("breaks nothing that must always hold", async () => {
    process.stdout.write(`${RUNS} sequences from seed ${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(sequence, async ({ setup, steps }) => {
        const world = await World.create(setup);
        for (const step of steps) {
          await world.take(step);
          if (world.findings.length > 0) throw new Error(world.findings.join("\n"));
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
