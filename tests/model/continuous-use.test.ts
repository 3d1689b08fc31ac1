/**
 * A consumer that signs in all the time, over ninety replacements of its secret in virtual time. It gets each new value when the
 * resource that carries the value to it is updated, and signs in before every request of the provider and between the runs.
 * A few more on the real engine are in tests/engine.
 */

import { type ProcessOptions, ProviderProcess } from "../../provider/src/account/process.js";
import { HOUR_MS } from "../../provider/src/clock.js";
import { createSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import type { DiffResult, Properties, SecretHandlers } from "../../provider/src/protocol.js";
import { PROJECT } from "../../provider/src/records/scope.js";
import { createRotatingWorld } from "../provider/fixtures/rotating-world.js";
import { ModelStack } from "./model-stack.js";

const REPLACEMENTS = 90;

/** What makes the replacements, in turn. */
const CAUSES = ["triggers", "hours", "time"] as const;

/** Replaces the secret ninety times; gives how often the consumer signed in and how often it could not. */
async function replaceInUse(change: (verdict: DiffResult) => DiffResult) {
  const { atlas, stack, signIn, toProgram, heldIds } = await createRotatingWorld();
  let held: unknown;
  const [counts, replacements] = [
    { signIns: 0, failures: 0 },
    { triggers: 0, hours: 0, time: 0 },
  ];
  const use = async () => {
    if (held === undefined) return;
    counts.signIns += 1;
    if (!(await signIn(held))) counts.failures += 1;
  };
  const createHandlers = (options: ProcessOptions): SecretHandlers => {
    const handlers = createSecretHandlers(PROJECT, new ProviderProcess(options));
    return { ...handlers, diff: (id, olds, news) => change(handlers.diff(id, olds, news)) };
  };
  const replaced = new ModelStack({
    name: "replaced",
    transport: atlas.transport,
    clock: atlas.clock,
    env: stack.env,
    createHandlers,
    onDelivered: (_name, { secret }) => {
      held = secret;
    },
  });
  let args: Properties = {};
  const run = async () => {
    const { errors, steps } = await replaced.up(toProgram(args), undefined, { beforeRequest: use });
    expect(errors).toEqual([]);
    await use();
    return steps.includes("replace main");
  };
  await run();
  for (let done = 0; done < REPLACEMENTS; done++) {
    const cause = CAUSES[done % CAUSES.length] ?? "time";
    if (cause === "triggers") args = { ...args, triggers: { replacement: done } };
    if (cause === "hours") args = { ...args, secretExpiresAfterHours: 720 - done };
    const waits = cause === "time" ? 20 : 1;
    for (let wait = 0; wait < waits; wait++) {
      await atlas.clock.sleep(24 * HOUR_MS);
      await use();
    }
    const [old] = await heldIds();
    replacements[cause] += Number(await run());
    const after = await heldIds();
    expect([after.length, after.includes(old ?? "")]).toEqual([1, false]);
  }
  return { ...counts, replacements };
}

describe("a consumer that signs in all the time and is updated in the run that replaces its secret", () => {
  it(`never fails over ${REPLACEMENTS} replacements, by triggers, by another lifetime and by time`, async () => {
    const { failures, signIns, replacements } = await replaceInUse((verdict) => verdict);
    expect([failures, replacements]).toEqual([0, { triggers: 30, hours: 30, time: 30 }]);
    // Before each of the requests of a run as well.
    expect(signIns).toBeGreaterThan(10 * REPLACEMENTS);
  });

  it("fails at every replacement that deletes the old secret first", async () => {
    const { failures } = await replaceInUse((verdict) => ({ ...verdict, deleteBeforeReplace: true }));
    expect(failures).toBeGreaterThanOrEqual(REPLACEMENTS);
  });
});
