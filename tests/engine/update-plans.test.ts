/** Update plans across the rotation time: a plan allows what was due when it was saved, and the engine refuses the rest before a request. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const NAMES = ["plain", "rotating"] as const;

let world: World;

beforeAll(async () => {
  world = await createWorld();
  for (const name of NAMES) await world.addAccount(name);
  expect(await world.stack.up(toProgram())).toMatchObject({ code: 0 });
});
afterAll(closeWorlds);

function toProgram(): TestProgram {
  const { plain, rotating } = world.programOf({ plain: {}, rotating: {} }).secrets;
  if (!plain || !rotating) throw new Error("a secret is missing");
  return {
    consumers: false,
    secrets: { plain, rotating: { ...rotating, class: "RotatingProjectServiceAccountSecret" } },
  };
}

/** What the accounts hold; each secret is the current or the previous one of its resource, and the current one works. */
async function held(): Promise<string[]> {
  const all: string[] = [];
  const recorded = await world.recordedAll();
  for (const name of NAMES) {
    const { secretId, previousSecretId, secret } = recorded[name] ?? {};
    const ids = await world.heldIds(name);
    expect([secretId, previousSecretId]).toEqual(expect.arrayContaining(ids));
    expect(await world.signIn(secret, name)).toBe(true);
    all.push(...ids);
  }
  await world.takeRequests();
  return all;
}

const savePlan = (file: string) => world.stack.preview(toProgram(), "--save-plan", file);
const upBy = (file: string) => world.stack.up(toProgram(), "--plan", file, "--continue-on-error");

describe("up --plan", () => {
  it("is refused for a plan from before the rotation time, without a request, and nothing changes", async () => {
    await world.advance(479 * HOUR_MS);
    expect(await savePlan("early.json")).toMatchObject({ code: 0 });
    await world.advance(2 * HOUR_MS);
    const before = await held();
    const { code, text } = await upBy("early.json");
    expect([code === 0, text]).toEqual([false, expect.stringContaining("is not allowed by the plan")]);
    expect(await world.takeRequests()).toEqual([]);
    expect(await held()).toEqual(before);
  });

  it("rotates by a plan from after it, which holds no value, and by no plan twice", async () => {
    const before = await held();
    expect(await savePlan("due.json")).toMatchObject({ code: 0 });
    const plan = readFileSync(join(world.stack.programFolder, "due.json"), "utf8");
    for (const { secret } of Object.values(await world.recordedAll())) expect(plan).not.toContain(String(secret));
    await world.takeRequests();
    expect(await upBy("due.json")).toMatchObject({ code: 0 });
    const operations = toOperations(await world.takeRequests());
    expect(operations.filter((operation) => operation === "createSecret")).toHaveLength(2);
    const after = await held();
    // The rotating one has kept its old secret for the overlap.
    expect(after.filter((id) => before.includes(id))).toHaveLength(1);
    expect(after).toHaveLength(3);

    const again = await upBy("due.json");
    expect([again.code === 0, await world.takeRequests()]).toEqual([false, []]);
    expect(await held()).toEqual(after);
  });
});
