/** What time and other hands do to secrets, as `pulumi refresh` finds them, on the real engine. */
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { forkWith, type Outcome, observe } from "../helpers/outcomes.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const NAMES = ["deleted", "shortened", "unassigned", "gone", "kept", "expired"];
/** Each in a project of its own, for which this is what Atlas answers. */
const REFUSED = { refused401: 401, refused403: 403, refused404: 404, refused500: 500 };
const toProjectId = (status: number) => String(status).repeat(8);

let world: World;
let created: Outcome;

function toProgram(names: readonly string[], more: Readonly<Record<string, object>> = {}): TestProgram {
  const changes = { expired: { secretExpiresAfterHours: 8 }, ...more };
  return world.programOf(Object.fromEntries(names.map((name) => [name, { ...changes[name as keyof typeof changes] }])));
}

beforeAll(async () => {
  world = await createWorld();
  for (const name of NAMES) await world.addAccount(name);
  const refused = Object.entries(REFUSED).map(async ([name, status]) => {
    const projectId = toProjectId(status);
    const { clientId } = await world.atlas.addAccount({ level: "project", ownerId: projectId, name });
    return [name, { projectId, clientId }] as const;
  });
  const more = Object.fromEntries(await Promise.all(refused));
  created = await observe(world, () => world.stack.up(toProgram([...NAMES, ...Object.keys(more)], more)));
  expect(created.code).toBe(0);
});
afterAll(closeWorlds);

describe("pulumi refresh", () => {
  it("fails and keeps the record when Atlas refuses the read, or answers 404 for the whole project", async () => {
    const names = Object.keys(REFUSED);
    const stack = forkWith(world.stack, names);
    for (const status of Object.values(REFUSED)) {
      const body = { error: status, errorCode: `FAKE_CODE_${status}`, detail: "A fake reason.", reason: "Fake" };
      const match = { pathIncludes: toProjectId(status) };
      await world.atlas.addFault({ kind: "status", status, body, match, times: "always" });
    }
    // The first failure ends the run: all reads have to be under way by then.
    const refused = await observe(world, () => stack.refresh("--parallel", "16"), stack);
    expect(refused.code).not.toBe(0);
    for (const [name, status] of Object.entries(REFUSED)) {
      expect(refused.text).toMatch(new RegExp(`Secret ${name} .*\\*\\*refreshing failed\\*\\*`));
      expect(refused.text).toContain(`${status} FAKE_CODE_${status}: A fake reason.`);
      expect(refused.of(name).recorded).toEqual(created.of(name).recorded);
    }
    stack.remove();
  });

  it("tells deleted, shortened, unassigned, vanished and expired apart, and the next up acts on each", async () => {
    const idOf = (name: string) => String(created.of(name).held[0]);
    const stack = forkWith(world.stack, NAMES);
    const advance = async (ms: number) => {
      await world.atlas.advance(ms);
      stack.shiftClock(ms);
    };
    // A secret just created may be missing from an answer and exist all the same.
    await world.atlas.advance(5 * 60_000);
    const now = Date.parse(await world.atlas.now());
    const shortened = new Date(Math.floor(now / 1000) * 1000 + 250 * HOUR_MS).toISOString().replace(".000Z", "Z");
    await world.atlas.deleteSecret(idOf("deleted"));
    await world.atlas.setExpiry(idOf("shortened"), shortened);
    await world.atlas.unassign(world.clientIdOf("unassigned"), world.projectId);
    await world.atlas.deleteAccount(world.clientIdOf("gone"));

    const first = await observe(world, () => stack.refresh(), stack);
    expect(first.code).toBe(0);
    expect(first.text).toContain("is not in its project's list");
    expect(first.of("deleted").recorded).toBeUndefined();
    const cut = first.of("shortened").recorded;
    expect(cut).toMatchObject({ secretId: idOf("shortened"), status: "active", expiresAt: shortened });
    expect(Date.parse(shortened) - Date.parse(String(cut?.rotateAfter))).toBe(240 * HOUR_MS);
    for (const name of ["unassigned", "gone"]) {
      expect(first.of(name).recorded).toMatchObject({ secretId: idOf(name), status: "account-unassigned" });
    }
    const kept = first.of("kept").recorded;
    expect(kept).toMatchObject({ secretId: idOf("kept"), status: "active" });
    expect(kept?.lastUsedAt).toBeDefined();

    await world.atlas.reassign(world.clientIdOf("unassigned"), world.projectId);
    await advance(11 * HOUR_MS);
    const second = await observe(world, () => stack.refresh(), stack);
    expect(second.code).toBe(0);
    for (const name of ["unassigned", "expired"]) {
      expect(second.of(name).recorded).toMatchObject({ secretId: idOf(name), status: "active" });
    }

    const up = await observe(world, () => stack.up(toProgram(NAMES)), stack);
    expect(up.code).toBe(0);
    expect(up.of("deleted").held).toHaveLength(1);
    for (const name of ["shortened", "expired"]) expect(up.of(name).held).not.toContain(idOf(name));
    for (const name of ["unassigned", "kept"]) expect(up.of(name).held).toEqual([idOf(name)]);
    stack.remove();
  });
});
