/**
 * Three years of daily runs, each up to five minutes early or late, that are as far apart as the rotations: a secret that lives two
 * days is due after one. The consumer uses its secret until the run that brings the next one.
 */
import { ProviderProcess } from "../../provider/src/account/process.js";
import { HOUR_MS, MINUTE_MS } from "../../provider/src/clock.js";
import { createSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import { PROJECT } from "../../provider/src/records/scope.js";
import { createRandom } from "../helpers/random.js";
import { createRotatingWorld, type RotatingWorld } from "../provider/fixtures/rotating-world.js";
import { ModelStack } from "./model-stack.js";

const DAYS = 3 * 365;
const DAY_MS = 24 * HOUR_MS;
const JITTER_MS = 5 * MINUTE_MS;

/** The stack of a resource that is replaced; the world's own is of one that is rotated. */
function createReplaced({ stack, atlas }: RotatingWorld): ModelStack {
  const { transport, clock } = atlas;
  const createHandlers: ConstructorParameters<typeof ModelStack>[0]["createHandlers"] = (options) =>
    createSecretHandlers(PROJECT, new ProviderProcess(options));
  return new ModelStack({ name: "replaced", transport, clock, env: stack.env, createHandlers });
}

describe.each([
  { kind: "a replaced secret", toStack: createReplaced },
  { kind: "a rotating one", toStack: ({ stack }: RotatingWorld) => stack },
])("daily runs that are as far apart as the rotations of $kind", ({ toStack }) => {
  it.each([
    { lifetime: 48, window: 24 },
    { lifetime: 72, window: 48 },
  ])("rotate each time, once, and never find it expired: $lifetime h, due $window h before", async (hours) => {
    const world = await createRotatingWorld();
    const { clock } = world.atlas;
    const stack = toStack(world);
    const random = createRandom(3);
    const program = world.toProgram({
      secretExpiresAfterHours: hours.lifetime,
      rotateBeforeExpiryHours: hours.window,
    });
    const current = () => stack.resources.get("main")?.outputs ?? {};
    const ids = new Set<unknown>();
    const firstMs = clock.now() + DAY_MS;
    for (let day = 0; day < DAYS; day++) {
      const runMs = firstMs + day * DAY_MS + (2 * random() - 1) * JITTER_MS;
      // A use in the second of the run would count as one after it.
      await clock.sleep(runMs - 2000 - clock.now());
      const works = day === 0 || (await world.signIn(current().secret));
      await clock.sleep(runMs - clock.now());
      const { errors } = await stack.up(program);
      ids.add(current().secretId);
      expect({ day, works, errors, rotations: ids.size }).toEqual({ day, works: true, errors: [], rotations: day + 1 });
      // Once a week somebody runs it again, an hour later.
      if (day % 7 !== 0) continue;
      await clock.sleep(HOUR_MS);
      await stack.up(program);
      expect([day, ids.has(current().secretId)]).toEqual([day, true]);
    }
    expect(world.atlas.contract.problems).toEqual([]);
  });
});
