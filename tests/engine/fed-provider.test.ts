/**
 * An `AtlasProvider` that is fed by a rotating resource of the same stack and given to a component by `providers`: who uses it,
 * what `--target` asks of it, and the way back when no run came for a whole lifetime, so that its credential has expired.
 */
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const ROTATING = "RotatingProjectServiceAccountSecret";
const MANAGED = ["main", "below", "beside"];

let world: World;
let adminId: string;

beforeAll(async () => {
  world = await createWorld();
  for (const name of ["below", "beside"]) await world.addAccount(name);
  const owner = { level: "project", ownerId: world.projectId, roles: ["GROUP_OWNER"] } as const;
  ({ clientId: adminId } = await world.atlas.addAccount(owner));
});
afterAll(closeWorlds);

/** `admin` feeds the provider `fed`, which `below` and its consumer get by their component and `beside` by itself; `main` does without. */
function toProgram(): TestProgram {
  const { main, below, beside } = world.programOf({ main: {}, below: {}, beside: {} }).secrets;
  if (!main || !below || !beside) throw new Error("a secret is missing");
  return {
    providers: { fed: { of: "admin" } },
    secrets: {
      main: { ...main, consumer: false },
      admin: { args: { ...main.args, clientId: adminId }, class: ROTATING, consumer: false },
      below: { ...below, component: "fed" },
      beside: { ...beside, class: ROTATING, provider: "fed", consumer: false },
    },
  };
}

/** Ids of secrets, by the name of their resource. */
type Ids = Record<string, unknown[]>;

async function held(): Promise<Ids> {
  const ids: Ids = {};
  for (const name of MANAGED) ids[name] = await world.heldIds(name);
  return ids;
}

/** Each account holds what its resource records, and it works. */
async function expectRecorded(): Promise<void> {
  const recorded = await world.recordedAll();
  for (const name of MANAGED) {
    const { secretId, secret } = recorded[name] ?? {};
    expect([await world.heldIds(name), await world.signIn(secret, name)]).toEqual([[secretId], true]);
  }
}

async function urnOf(name: string): Promise<string> {
  return (await world.stack.resources()).find(({ urn }) => urn.endsWith(`::${name}`))?.urn ?? `no ${name}`;
}

describe("an AtlasProvider fed by a rotating resource of its stack", () => {
  it("serves every dynamic resource below a component that is given it by providers, and who names it", async () => {
    expect(await world.stack.up(toProgram())).toMatchObject({ code: 0 });
    const providers = (await world.stack.resources()).map(({ urn, provider = "" }) => [
      urn.split("::").at(-1),
      provider.split("::").at(-2),
    ]);
    expect(Object.fromEntries(providers)).toMatchObject({
      main: "default",
      admin: "default",
      below: "fed",
      "below-consumer": "fed",
      beside: "fed",
    });
    const mints = (await world.takeRequests()).filter(({ operation }) => operation === "mint");
    // To prove its secret, and once to sign in with it for both accounts.
    expect(mints.filter(({ clientId }) => clientId === adminId)).toHaveLength(2);
  });

  it("is asked nothing by a run whose --target leaves it out, though its credential has expired", async () => {
    await world.advance(750 * HOUR_MS);
    const before = await held();
    const { code } = await world.stack.up(toProgram(), "--target", await urnOf("main"));
    expect(code).toBe(0);
    const requests = await world.takeRequests();
    expect(requests.filter(({ clientId }) => clientId === adminId)).toEqual([]);
    expect(toOperations(requests)).toContain("createSecret");
    const after = await held();
    expect({ ...after, main: before.main }).toEqual(before);
    expect(after.main).not.toEqual(before.main);
  });

  it("keeps up --refresh from every update, which the failure says, with the one command that leads back", async () => {
    const before = await held();
    const { code, text } = await world.stack.up(toProgram(), "--refresh");
    expect(code).not.toBe(0);
    expect(text).toContain(
      "or a resource of the stack makes its credential, run 'pulumi up' without '--refresh' first",
    );
    expect(await held()).toEqual(before);
    const back = await world.stack.up(toProgram());
    expect([back.code, back.code === 0 ? "" : back.text]).toEqual([0, ""]);
    await expectRecorded();
    expect(await world.stack.refresh()).toMatchObject({ code: 0 });
    await expectRecorded();
  });
});
