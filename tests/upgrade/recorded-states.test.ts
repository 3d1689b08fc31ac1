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
  const world = await restore(recording);
  const outputs = await readOutputs(world);
  const secrets = await world.recordedAll();
  const expectKept = async () => {
    expect(await readOutputs(world)).toMatchObject(outputs);
    expect(await world.recordedAll()).toMatchObject(secrets);
    expect(await listAccounts(world)).toEqual(recording.accounts);
  };
  expect(Object.keys(secrets).sort()).toEqual(Object.keys(recording.program.secrets).sort());
  expect(await listAccounts(world)).toEqual(recording.accounts);

  await done(world.stack.preview(recording.program, ...FLAGS));
  await done(world.stack.up(recording.program, ...FLAGS));
  expect(await world.takeRequests()).toEqual([]);
  await expectKept();

  await done(world.stack.refresh(...FLAGS));
  await expectOnlyReads(world);
  await expectKept();
  await done(world.stack.up(recording.program, ...FLAGS));
  expect(await world.takeRequests()).toEqual([]);

  // What the state says of previous secrets is understood: they go when their time has come, and the current ones stay.
  await world.advance(PAST_OVERLAP_MS);
  await done(world.stack.up(recording.program));
  const current = recording.accounts.map(({ clientId, secrets }) => [clientId, secrets.at(-1)?.id]);
  const held = (await listAccounts(world)).map(({ clientId, secrets }) => [clientId, ...secrets.map(({ id }) => id)]);
  expect(held).toEqual(current);
  await done(world.stack.destroy());
  expect((await listAccounts(world)).flatMap(({ secrets }) => secrets)).toEqual([]);
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

it("the state of this version is recorded, and one recorded now is taken over", async () => {
  const recording = await record();
  expect(recording.accounts.filter(({ secrets }) => secrets.length === 2)).toHaveLength(6);
  await expectTakenOver(recording);
  // The command gives the file.
  const { RECORD_STATES_TO: file } = process.env;
  if (file) writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  expect(readdirSync(STATES)).toContain(`${VERSION}.json`);
});
