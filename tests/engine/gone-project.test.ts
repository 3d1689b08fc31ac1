/** Two projects in one stack, one of which Atlas does not know any more: the other one's runs go on, and the text leads out. */
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const GONE_PROJECT = "b".repeat(24);

let world: World;
let goneClientId: string;

beforeEach(async () => {
  world = await createWorld();
  goneClientId = (await world.atlas.addAccount({ level: "project", ownerId: GONE_PROJECT, name: "gone" })).clientId;
});
afterEach(closeWorlds);

function toProgram(changes = {}): TestProgram {
  return world.programOf({ main: changes, gone: { projectId: GONE_PROJECT, clientId: goneClientId, ...changes } });
}

/** What the state holds of the project that is gone. */
async function goneResource() {
  const [resource] = (await world.stack.secrets()).filter(({ urn }) => urn.endsWith("::gone"));
  return resource;
}

it.each([
  { status: 404, errorCode: "GROUP_NOT_FOUND", why: `Atlas knows no project ${GONE_PROJECT}.` },
  { status: 401, errorCode: "NOT_IN_GROUP", why: "or the project does not exist: Atlas does not tell which." },
])("a project answered $status $errorCode keeps its record and stops no other one", async ({ why, ...fault }) => {
  // The consumer of a project that is gone has nothing to say here.
  const program = { ...toProgram(), consumers: false };
  expect((await world.stack.up(program)).code).toBe(0);
  const before = await goneResource();
  const body = {
    error: fault.status,
    errorCode: fault.errorCode,
    detail: "A fake detail.",
    parameters: [GONE_PROJECT],
  };
  const match = { pathIncludes: GONE_PROJECT };
  await world.atlas.addFault({ kind: "status", status: fault.status, body, match, times: "always" });
  const account = `service account ${goneClientId} of project ${GONE_PROJECT}`;
  const letGo = "'pulumi state delete URN' lets go of the resource";

  const refreshed = await world.stack.refresh();
  expect(refreshed.code).toBe(0);
  for (const part of ["The record stays.", account, why, letGo]) expect(refreshed.text).toContain(part);
  expect((await goneResource())?.outputs).toEqual(before?.outputs);

  // A read that failed would end this run before any update.
  const rotating = { ...toProgram({ triggers: { ticket: "1" } }), consumers: false };
  const [oldId] = await world.heldIds();
  const rotated = await world.stack.up(rotating, "--refresh", "--continue-on-error");
  expect(rotated.code).not.toBe(0);
  expect(rotated.text).toContain(why);
  const [newId, ...others] = await world.heldIds();
  expect([newId === oldId, others]).toEqual([false, []]);
  expect((await goneResource())?.outputs).toEqual(before?.outputs);

  const destroyed = await world.stack.destroy("--continue-on-error");
  expect(destroyed.code).not.toBe(0);
  for (const part of ["Could not delete secret", account, why, letGo]) expect(destroyed.text).toContain(part);
  expect(await world.heldIds()).toEqual([]);
  expect((await goneResource())?.outputs).toEqual(before?.outputs);

  const forgotten = await world.stack.run(["state", "delete", String(before?.urn), "--yes", "--stack", "test"]);
  expect(forgotten.code).toBe(0);
  expect((await world.stack.destroy()).code).toBe(0);
  // Nothing was asked of that account but to be read and to be deleted.
  const asked = (await world.takeRequests()).filter(({ path }) => path.includes(GONE_PROJECT)).slice(2);
  expect(new Set(asked.map(({ operation }) => operation))).toEqual(new Set(["getAccount", "deleteSecret"]));
});
