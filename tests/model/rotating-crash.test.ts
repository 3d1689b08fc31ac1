/** Rotations that are killed at each request: what the state records still works, and the next runs complete. */
import { HOUR_MS, MINUTE_MS } from "../../provider/src/clock.js";
import { createRotatingWorld, type RotatingWorld } from "../provider/fixtures/rotating-world.js";
import type { Kill, RunResult } from "./model-stack.js";
import { findOffers } from "./offers.js";
import { findRemoveCommands } from "./remove-command.js";

let world: RotatingWorld;
let first: unknown;

const rotated = { triggers: { ticket: 1 } };
const WHATS: Kill["what"][] = ["provider-before", "provider-after", "engine"];

/** Requests of a run from the first: the provider's own mint counts. */
function at(...requests: number[]): { atRequest: number; what: Kill["what"] }[] {
  return requests.flatMap((atRequest) => WHATS.map((what) => ({ atRequest, what })));
}

beforeEach(async () => {
  world = await createRotatingWorld();
  await world.up();
  first = world.outputs().secretId;
  await world.atlas.clock.sleep(HOUR_MS);
});
afterEach(() => expect(world.atlas.contract.problems).toEqual([]));

async function expectCurrentWorks(): Promise<void> {
  expect(await world.signIn(world.outputs().secret)).toBe(true);
}

/** The next run completes; or it stops with the id and the command that helps, and `exclusive` is the other way out. */
async function expectCompletes(changes: Record<string, unknown>): Promise<RunResult> {
  const next = await world.up(changes);
  if (next.outcome === "succeeded") return next;
  const { secretId, previousSecretId } = world.outputs();
  const leftovers = (await world.heldIds()).filter((id) => id !== secretId && id !== previousSecretId);
  expect(leftovers).toHaveLength(1);
  const text = next.errors.join("\n");
  expect(findRemoveCommands(text)).toEqual([{ secretId: leftovers[0], isForced: false }]);
  expect(text).toContain(`looks like what a killed run left`);
  expect([...findOffers(text)]).toEqual([]);
  await expectCurrentWorks();
  const cleaned = await world.up({ ...changes, exclusive: true });
  expect(cleaned.errors).toEqual([]);
  return cleaned;
}

describe("a rotation that is killed", () => {
  it.each(at(1, 2, 3, 4))("leaves a current secret that works, at request $atRequest ($what)", async (kill) => {
    expect((await world.stack.up(world.toProgram(rotated), kill)).outcome).toBe("killed");
    expect(world.outputs()).toMatchObject({ secretId: first, generation: 1 });
    await expectCurrentWorks();
    await world.atlas.clock.sleep(60_000);
    await expectCompletes(rotated);
    expect(world.outputs()).toMatchObject({ generation: 2, previousSecretId: first, status: "overlapping" });
    await expectCurrentWorks();
  });
});

describe("a retirement that is killed", () => {
  it.each(at(1, 2, 3))("leaves a current secret that works, at request $atRequest ($what)", async (kill) => {
    await world.up(rotated);
    await world.atlas.clock.sleep(25 * HOUR_MS);
    expect((await world.stack.up(world.toProgram(rotated), kill)).outcome).toBe("killed");
    await expectCurrentWorks();
    await expectCompletes(rotated);
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
    expect(world.outputs()).toMatchObject({ generation: 2, status: "active" });
  });
});

describe("a rotation that takes the previous secret's slot, killed", () => {
  it.each(at(1, 2, 3, 4, 5, 6))("leaves a current secret that works, at request $atRequest ($what)", async (kill) => {
    await world.up(rotated);
    const second = world.outputs().secretId;
    await world.atlas.clock.sleep(HOUR_MS);
    const again = { triggers: { ticket: 2 } };
    expect((await world.stack.up(world.toProgram(again), kill)).outcome).toBe("killed");
    await expectCurrentWorks();
    await world.atlas.clock.sleep(60_000);
    await expectCompletes(again);
    expect(world.outputs()).toMatchObject({ generation: 3, previousSecretId: second });
    await expectCurrentWorks();
  });
});

/** A rotation whose new secret could not be verified. */
async function leavePending(): Promise<void> {
  await world.breakMints("always");
  await world.up(rotated);
  await world.atlas.control.clearFaults();
}

describe("the settling of a pending secret, killed", () => {
  it.each(at(1, 2))("leaves the current and the pending secret, at request $atRequest ($what)", async (kill) => {
    await leavePending();
    const { pendingSecretId } = world.outputs();
    expect((await world.stack.up(world.toProgram(rotated), kill)).outcome).toBe("killed");
    await expectCurrentWorks();
    expect(world.outputs()).toMatchObject({ secretId: first, pendingSecretId });
    await expectCompletes(rotated);
    expect(world.outputs()).toMatchObject({ generation: 2, secretId: pendingSecretId, previousSecretId: first });
  });

  it.each(at(2, 3, 4, 5, 6, 7))("also when it is not valid, at request $atRequest ($what)", async (kill) => {
    await leavePending();
    await world.atlas.clock.sleep(11 * MINUTE_MS);
    await world.breakMints(1, true);
    expect((await world.stack.up(world.toProgram(rotated), kill)).outcome).toBe("killed");
    await expectCurrentWorks();
    await world.breakMints(1, true);
    await world.atlas.clock.sleep(MINUTE_MS);
    const next = await world.up(rotated);
    if (next.outcome === "failed") {
      await world.atlas.control.clearFaults();
      await expectCompletes(rotated);
    }
    expect(world.outputs()).toMatchObject({ generation: 2, previousSecretId: first });
    await expectCurrentWorks();
  });
});
