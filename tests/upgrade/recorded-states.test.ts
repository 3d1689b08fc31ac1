/**
 * States that earlier versions wrote, each with the Atlas of its time: this version takes them over, changes nothing, and deletes
 * nothing before its time. `node tools/record-states.mjs` records that of this version.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";
import { done, listAccounts, type Recording, readOutputs, record, restore, STATES, VERSION } from "./recording.js";

afterEach(closeWorlds);

/** Overlap and quiet hours are 24 h each. */
const PAST_OVERLAP_MS = 49 * HOUR_MS;

const FLAGS = ["--expect-no-changes", "--non-interactive", "--color", "never"];
const recorded = readdirSync(STATES);

/** Runs everything that a person runs after an update of the package. */
async function expectTakenOver(recording: Recording): Promise<void> {
  const { world, secrets } = await restore(recording);
  const outputs = await readOutputs(world);
  expect(Object.keys(secrets).sort()).toEqual(Object.keys(recording.program.secrets).sort());
  await expectNothingToDo(world, recording);
  await done(world.stack.refresh(...FLAGS));
  await expectOnlyReads(world);
  await expectNothingToDo(world, recording);
  expect(await readOutputs(world)).toMatchObject(outputs);
  expect(await world.recordedAll()).toMatchObject(secrets);

  // What the state says of previous secrets is understood: they go when their time has come, and the current ones stay.
  await world.advance(PAST_OVERLAP_MS);
  await done(world.stack.up(recording.program));
  const current = recording.accounts.map(({ clientId, secrets }) => [clientId, secrets.at(-1)?.id]);
  const held = (await listAccounts(world)).map(({ clientId, secrets }) => [clientId, ...secrets.map(({ id }) => id)]);
  expect(held).toEqual(current);
  await done(world.stack.destroy());
  expect((await listAccounts(world)).flatMap(({ secrets }) => secrets)).toEqual([]);
}

/** A run finds nothing to change, asks nothing, and Atlas holds what it held. */
async function expectNothingToDo(world: World, { program, accounts }: Recording): Promise<void> {
  await done(world.stack.up(program, ...FLAGS));
  expect(await world.takeRequests()).toEqual([]);
  expect(await listAccounts(world)).toEqual(accounts);
}

async function expectOnlyReads(world: World): Promise<void> {
  const operations = new Set(toOperations(await world.takeRequests()));
  expect([...operations].filter((operation) => !["mint", "getAccount", "listAccounts"].includes(operation))).toEqual(
    [],
  );
  expect(operations.size).toBeGreaterThan(1);
}

it.each(recorded)(
  "the state in %s is taken over, with nothing changed, created or deleted before its time",
  async (file) => {
    await expectTakenOver(JSON.parse(readFileSync(join(STATES, file), "utf8")) as Recording);
  },
);

it("the state of this version is recorded, and nothing is to be done to one that is recorded now", async () => {
  const recording = await record();
  expect(recording.accounts.filter(({ secrets }) => secrets.length === 2)).toHaveLength(6);
  await expectNothingToDo((await restore(recording)).world, recording);
  // The command gives the file.
  const { RECORD_STATES_TO: file } = process.env;
  if (file) writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  expect(readdirSync(STATES)).toContain(`${VERSION}.json`);
});
