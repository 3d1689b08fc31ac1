/** Consumers that read stack outputs late: with an overlap they never fail, without one they do; and years of daily runs. */

import { ProviderProcess } from "../../provider/src/account/process.js";
import { HOUR_MS } from "../../provider/src/clock.js";
import { createSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import { PROJECT } from "../../provider/src/records/scope.js";
import { createRandom } from "../helpers/random.js";
import { createRotatingWorld, type RotatingWorld } from "../provider/fixtures/rotating-world.js";
import { ModelStack } from "./model-stack.js";

const ROTATIONS = 90;
const DAY_MS = 24 * HOUR_MS;
const ARGS = { secretExpiresAfterHours: 240, rotateBeforeExpiryHours: 80 };

/** Runs a stack once a day until it has rotated often enough; gives how often a late reader could not sign in. */
async function countFailures(world: RotatingWorld, stack: ModelStack, overlapHours: number): Promise<number> {
  const random = createRandom(5);
  const args = { ...world.toProgram().main, ...ARGS, overlapHours };
  const { overlapHours: _, ...plain } = args;
  const program = { main: stack === world.stack ? args : plain };
  const ids = new Set<unknown>();
  let [held, readsAtMs, failures]: [unknown, number, number] = [undefined, 0, 0];
  while (ids.size <= ROTATIONS) {
    expect((await stack.up(program)).errors).toEqual([]);
    const { secret, secretId } = stack.resources.get("main")?.outputs ?? {};
    ids.add(secretId);
    held ??= secret;
    for (let hour = 0; hour < 24; hour += 3) {
      if (world.atlas.clock.now() >= readsAtMs) {
        held = secret;
        readsAtMs = world.atlas.clock.now() + random() * (overlapHours - 1) * HOUR_MS;
      }
      if (!(await world.signIn(held))) failures += 1;
      await world.atlas.clock.sleep(3 * HOUR_MS);
    }
  }
  return failures;
}

describe("a consumer that reads the stack outputs up to an hour before the overlap is over", () => {
  it(`signs in at any time over ${ROTATIONS} rotations`, async () => {
    const world = await createRotatingWorld();
    expect(await countFailures(world, world.stack, 72)).toBe(0);
    expect(world.outputs().generation).toBe(ROTATIONS + 1);
  });

  it("fails with a resource that is replaced, since the old secret is gone at once", async () => {
    const world = await createRotatingWorld();
    const { env } = world.stack;
    const { transport, clock } = world.atlas;
    const createHandlers: ConstructorParameters<typeof ModelStack>[0]["createHandlers"] = (options) =>
      createSecretHandlers(PROJECT, new ProviderProcess(options));
    const replaced = new ModelStack({ name: "replaced", transport, clock, env, createHandlers });
    expect(await countFailures(world, replaced, 72)).toBeGreaterThan(ROTATIONS);
  });
});

describe("three years of runs", () => {
  it.each([
    { name: "Atlas's clock", skewMinutes: 0 },
    { name: "a clock that is five minutes ahead", skewMinutes: 5 },
    { name: "a clock that is five minutes behind", skewMinutes: -5 },
  ])(
    "rotate at the first one in the window, with $name, and never find the current secret expired",
    async ({ skewMinutes }) => {
      const world = await createRotatingWorld("project", skewMinutes * 60_000);
      const random = createRandom(7 + skewMinutes);
      const endMs = world.atlas.clock.now() + 3 * 365 * DAY_MS;
      let generation = 0;
      while (world.atlas.clock.now() < endMs) {
        const { rotateAfter, secret, generation: before = 0 } = world.outputs();
        const isDue =
          generation > 0 && world.atlas.clock.now() + skewMinutes * 60_000 >= Date.parse(String(rotateAfter));
        if (generation > 0) expect(await world.signIn(secret)).toBe(true);
        expect((await world.up()).errors).toEqual([]);
        expect(Number(world.outputs().generation) - Number(before)).toBe(Number(isDue || generation === 0));
        expect((await world.heldIds()).length).toBeLessThanOrEqual(2);
        generation = Number(world.outputs().generation);
        // Half of the window is 120 h; one run in ten is followed by another at once.
        const gapMs = random() < 0.9 ? random() * 120 * HOUR_MS : 0;
        await world.atlas.clock.sleep(gapMs);
      }
      expect(generation).toBeGreaterThan(45);
    },
  );

  it("rotate at the first one past the window, and leave no expired secret, also when runs were missed for up to 14 days", async () => {
    const world = await createRotatingWorld();
    const random = createRandom(11);
    for (let run = 0; run < 150; run++) {
      const { rotateAfter, generation = 0 } = world.outputs();
      const isDue = run === 0 || world.atlas.clock.now() >= Date.parse(String(rotateAfter));
      expect((await world.up({ secretExpiresAfterHours: 72 })).errors).toEqual([]);
      expect(Number(world.outputs().generation) - Number(generation)).toBe(Number(isDue));
      expect(await world.signIn(world.outputs().secret)).toBe(true);
      const { accounts } = await world.atlas.control.inventory();
      const held = accounts.find(({ clientId }) => clientId === world.clientId)?.secrets ?? [];
      const limitMs = world.atlas.clock.now() - 10 * 60_000;
      expect(held.filter(({ expiresAt }) => Date.parse(expiresAt) <= limitMs)).toEqual([]);
      await world.atlas.clock.sleep((1 + Math.floor(random() * 14)) * DAY_MS);
    }
  });
});
