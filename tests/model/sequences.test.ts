import fc from "fast-check";
import { sequence } from "./arbitraries.js";
import { World } from "./world.js";

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);

it("finds nothing", async () => {
  const start = process.cpuUsage();
  let n = 0;
  await fc
    .assert(
      fc.asyncProperty(sequence, async ({ setup, steps }) => {
        n++;
        const world = await World.create(setup);
        for (const step of steps) {
          await world.take(step);
          if (world.findings.length > 0) throw new Error(world.findings.join("\n"));
        }
      }),
      { numRuns: RUNS, ...(process.env.FUZZ_SEED && { seed: Number(process.env.FUZZ_SEED) }), verbose: 0 },
    )
    .finally(() => {
      const { user, system } = process.cpuUsage(start);
      process.stderr.write(`${n} sequences, ${((user + system) / 1000 / n).toFixed(2)} ms each\n`);
    });
}, 1e8);
