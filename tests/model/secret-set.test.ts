/**
 * Random lives of a set: accounts added, renamed, removed and brought back, some broken for a while, runs missed and runs killed.
 * What consumers were given works, and nothing that a state calls current is deleted. `FUZZ_SEED` repeats a run.
 */
import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../../provider/src/clock.js";
import type { Properties } from "../../provider/src/protocol.js";
import { toSetOutputs, toSetRecord } from "../../provider/src/records/set-record.js";
import { createSetWorld, type SetWorld } from "../provider/fixtures/set-world.js";
import { toClear, toRecordedIds } from "./stored-outputs.js";

const NAMES = ["a", "b", "c", "d", "e"] as const;
const KIND = { level: "project", isRotating: true, isSet: true } as const;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const SEQUENCES = Number(process.env.FUZZ_RUNS ?? 100);

type Step =
  | {
      readonly kind: "up";
      readonly names: readonly string[];
      readonly isRenamed: boolean;
      readonly ticket: number;
      readonly overlapHours: number;
      readonly killAt: number | undefined;
    }
  | { readonly kind: "refresh" }
  | { readonly kind: "break"; readonly name: string }
  | { readonly kind: "mend" }
  | { readonly kind: "wait"; readonly hours: number };

const up = fc.record({
  kind: fc.constant("up" as const),
  names: fc.subarray([...NAMES], { minLength: 1 }),
  isRenamed: fc.boolean(),
  ticket: fc.nat(2),
  overlapHours: fc.constantFrom(0, 5, 24, 72),
  killAt: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 6 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: up },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 150 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("refresh" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("break" as const), name: fc.constantFrom(...NAMES) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("mend" as const) }) },
);

/** What a program says in this step. Each account's key may be another name than its first one. */
function toProgram(
  world: SetWorld,
  { names, isRenamed, ticket, overlapHours }: Extract<Step, { readonly kind: "up" }>,
) {
  const accounts = Object.fromEntries(
    names.map((name) => [isRenamed ? `${name}-renamed` : name, world.toAccount(name)]),
  );
  return { accounts, secretExpiresAfterHours: 720, exclusive: true, overlapHours, triggers: { ticket } };
}

const toFirstName = (name: string) => name.replace("-renamed", "");

/**
 * What must not be, after a step.
 *
 * @param broken names of accounts that could not be looked after: their own secrets may have expired meanwhile
 */
async function findFaults(world: SetWorld, broken: ReadonlySet<string>): Promise<string[]> {
  const { delivered, stack, atlas } = world;
  const faults: string[] = [...atlas.contract.problems];
  const { accounts } = await atlas.control.inventory();
  const held = new Set(accounts.flatMap(({ secrets }) => secrets.map(({ id }) => id)));
  const { fleet } = Object.fromEntries(stack.resources);
  if (!fleet) return faults;
  const { records = {} } = fleet.outputs as { readonly records?: Readonly<Record<string, Properties>> };
  for (const [name, { secretId, status }] of Object.entries(records)) {
    if (
      typeof secretId === "string" &&
      status !== "current-missing" &&
      status !== "account-removed" &&
      !held.has(secretId)
    )
      faults.push(`the current secret of ${name} is not on its account`);
  }
  for (const [name, value] of delivered) {
    if (!broken.has(toFirstName(name)) && !(await world.signIn(toFirstName(name), value)))
      faults.push(`what was given out for ${name} does not work`);
  }
  const { __provider: _, ...outputs } = fleet.outputs;
  const copy = toClear(toSetOutputs(KIND, toSetRecord(KIND, outputs), fleet.inputs));
  if (JSON.stringify(sorted(copy)) !== JSON.stringify(sorted(outputs)))
    faults.push("its record is not read as it was written");
  if (JSON.stringify({ ...fleet.outputs, secrets: {}, confidential: {} }).includes("mdb_sa_sk_"))
    faults.push("a value stands in clear");
  return faults;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => [key, sorted(own)]),
  );
}

async function live(steps: readonly Step[]): Promise<string[]> {
  const world = await createSetWorld(NAMES);
  const broken = new Set<string>();
  for (const [index, taken] of steps.entries()) {
    if (taken.kind === "break") broken.add(taken.name);
    await take(world, taken);
    const faults = await findFaults(world, broken);
    if (faults.length > 0) return [`step ${index}, ${taken.kind}: ${faults.join(", ")}`];
  }
  return findUnsettled(world);
}

async function take(world: SetWorld, taken: Step): Promise<void> {
  const { control } = world.atlas;
  await control.advance(MINUTE_MS);
  switch (taken.kind) {
    case "up": {
      const kill =
        taken.killAt === undefined ? undefined : ({ atRequest: taken.killAt, what: "provider-after" } as const);
      await world.stack.up({ fleet: toProgram(world, taken) }, kill);
      return;
    }
    case "refresh":
      await world.stack.refresh();
      return;
    case "break":
      return world.breakAccount(taken.name);
    case "mend":
      await control.clearFaults();
      return;
    case "wait":
      // The daily job, a refresh and a run, of the program that was deployed last.
      for (let hours = taken.hours; hours > 0; hours -= 24) {
        await control.advance(Math.min(hours, 24) * HOUR_MS);
        const { fleet } = Object.fromEntries(world.stack.resources);
        if (!fleet) continue;
        await world.stack.refresh();
        await world.stack.up({ fleet: fleet.inputs });
      }
  }
}

/**
 * Once everything works again and a person has removed what killed runs left, as the message of a full account says, two runs settle
 * everything.
 */
async function findUnsettled(world: SetWorld): Promise<string[]> {
  const { control } = world.atlas;
  await control.clearFaults();
  const args = world.toArgs(NAMES, { exclusive: true });
  await world.up(args);
  const recorded = new Set(toRecordedIds(world.outputs()));
  for (const name of NAMES) {
    for (const id of await world.heldIds(name)) if (!recorded.has(id)) await control.deleteSecret(id);
  }
  const results = [await world.up(args), await world.up(args)];
  const last = results.at(-1);
  if (last?.outcome !== "succeeded") return [`the last run failed: ${last?.errors.join(" ")}`];
  const faults = await findFaults(world, new Set());
  if (world.delivered.size !== NAMES.length) faults.push("not every account was given out");
  return faults;
}

describe("a set", () => {
  it(`never takes from a consumer what it was given, in ${SEQUENCES} random lives`, async () => {
    process.stdout.write(`Random lives of a set: FUZZ_SEED=${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        expect(await live(steps)).toEqual([]);
      }),
      { numRuns: SEQUENCES, seed: SEED, ...(process.env.FUZZ_PATH && { path: process.env.FUZZ_PATH }) },
    );
  });
});
