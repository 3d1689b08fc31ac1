/** Projects in one stack that Atlas does not know any more, or does not show: the other one's runs go on, and the text leads out. */
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { type Outcome, observe } from "../helpers/outcomes.js";
import type { ExportedResource, TestProgram } from "../helpers/pulumi-stack.js";

const GONE = [
  {
    name: "unknown",
    projectId: "b".repeat(24),
    status: 404,
    errorCode: "GROUP_NOT_FOUND",
    why: `Atlas knows no project ${"b".repeat(24)}.`,
  },
  {
    name: "unseen",
    projectId: "c".repeat(24),
    status: 401,
    errorCode: "NOT_IN_GROUP",
    why: "or the project does not exist: Atlas does not tell which.",
  },
];

let world: World;
/** By the name of the resource. */
const clientIds: Record<string, string> = {};

/** What the runs left, in their order. */
let created: Outcome;
let refreshed: Outcome;
let rotated: Outcome;
let destroyed: Outcome;

function toProgram(changes = {}): TestProgram {
  const gone = GONE.map(({ name, projectId }) => [name, { projectId, clientId: clientIds[name], ...changes }]);
  // The consumer of a project that is gone has nothing to say here.
  return world.programOf({ main: changes, ...Object.fromEntries(gone) });
}

const resourceOf = (outcome: Outcome, name: string) => outcome.of(name).resources[0] as ExportedResource;

beforeAll(async () => {
  world = await createWorld();
  const { stack } = world;
  for (const { name, projectId } of GONE) {
    clientIds[name] = (await world.atlas.addAccount({ level: "project", ownerId: projectId, name })).clientId;
  }
  created = await observe(world, () => stack.up(toProgram()));
  for (const { projectId, status, errorCode } of GONE) {
    const body = { error: status, errorCode, detail: "A fake detail.", parameters: [projectId] };
    await world.atlas.addFault({ kind: "status", status, body, match: { pathIncludes: projectId }, times: "always" });
  }
  refreshed = await observe(world, () => stack.refresh());
  // A read that failed would end this run before any update.
  const rotating = toProgram({ triggers: { ticket: "1" } });
  rotated = await observe(world, () => stack.up(rotating, "--refresh", "--continue-on-error"));
  destroyed = await observe(world, () => stack.destroy("--continue-on-error"));
});
afterAll(closeWorlds);

it("stop no other project: it is refreshed, its secret replaced and deleted", () => {
  expect([created.code, refreshed.code, rotated.code === 0, destroyed.code === 0]).toEqual([0, 0, false, false]);
  const [oldId] = created.of("main").held;
  expect(refreshed.of("main").held).toEqual([oldId]);
  expect(rotated.of("main").held).toEqual([expect.not.stringContaining(String(oldId))]);
  expect(destroyed.of("main").held).toEqual([]);
});

describe.each(GONE)("a project answered $status $errorCode", ({ name, projectId, why }) => {
  it("keeps its record, and is only asked to show and to delete", () => {
    for (const { of } of [refreshed, rotated, destroyed]) {
      expect(of(name).resources.map(({ outputs }) => outputs)).toEqual([resourceOf(created, name).outputs]);
    }
    const asked = [refreshed, rotated, destroyed].flatMap(({ requests }) => requests);
    const operations = asked.filter(({ path }) => path.includes(projectId)).map(({ operation }) => operation);
    expect(new Set(operations)).toEqual(new Set(["getAccount", "deleteSecret"]));
  });

  it("is named with the reason and the way out", () => {
    const account = `service account ${clientIds[name]} of project ${projectId}`;
    const lines = ({ text }: Outcome) => text.split("\n").filter((line) => line.includes(account));
    const letGo = "'pulumi state delete URN' lets go of the resource";
    for (const part of ["The record stays.", why, letGo]) expect(lines(refreshed).join("\n")).toContain(part);
    expect(lines(rotated).join("\n")).toContain(why);
    for (const part of ["Could not delete secret", why, letGo]) expect(lines(destroyed).join("\n")).toContain(part);
  });
});

it("are let go of by the command of the text, and the stack can be destroyed", async () => {
  for (const { name } of GONE) {
    const { urn } = resourceOf(created, name);
    expect(await world.stack.run(["state", "delete", urn, "--yes", "--stack", "test"])).toMatchObject({ code: 0 });
  }
  expect((await world.stack.destroy()).code).toBe(0);
});
