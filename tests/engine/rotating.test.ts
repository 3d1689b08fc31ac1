/** The life of a rotating resource on the real engine: order on the wire, overlap, a dependent that fails, pending secrets. */
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

let world: World;

afterEach(closeWorlds);

const ROTATING = "RotatingProjectServiceAccountSecret";

/** The program with the one rotating secret `main`. */
function rotating(changes: Record<string, unknown> = {}, extra: Partial<TestProgram> = {}): TestProgram {
  const { args } = world.program(changes).secrets.main ?? { args: {} };
  return { ...extra, secrets: { main: { args, class: ROTATING } } };
}

const rotated = { triggers: { ticket: "one" } };

async function ofAccount(clientId = world.clientId): Promise<string[]> {
  const requests = await world.takeRequests();
  return toOperations(requests.filter((request) => request.clientId === clientId));
}

async function expectUp(program: TestProgram, ...flags: string[]): Promise<string> {
  const { code, text } = await world.stack.up(program, ...flags);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  return text;
}

describe("a rotating resource", () => {
  it("lives from its first issue through an overlap to its end", async () => {
    world = await createWorld();
    const preview = await world.stack.preview(rotating());
    expect([preview.code, await world.takeRequests()]).toEqual([0, []]);
    await expectUp(rotating());
    expect(await ofAccount()).toEqual(["getAccount", "createSecret", "mint", "mint"]);
    const first = await world.recorded();
    expect(first).toMatchObject({ status: "active", generation: 1, promotedAt: expect.any(String) });
    await expectUp(rotating(), "--expect-no-changes");
    expect(await world.takeRequests()).toEqual([]);

    // The consumer gets the new value in the run that makes it; nothing is deleted there.
    await world.advance(481 * HOUR_MS);
    const due = await world.stack.preview(rotating());
    expect(due.text).toContain(`secret ${first?.secretId} expires at`);
    await world.takeRequests();
    await expectUp(rotating());
    expect(await ofAccount()).toEqual(["getAccount", "createSecret", "mint", "mint"]);
    const second = await world.recorded();
    expect(second).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: first?.secretId });
    expect(await world.signIn(first?.secret)).toBe(true);
    await world.takeRequests();
    await expectUp(rotating(), "--expect-no-changes");

    // A late reader uses the old one: it stays after the overlap, with a line in each run, until it is quiet.
    await world.advance(20 * HOUR_MS);
    expect(await world.signIn(first?.secret)).toBe(true);
    await world.advance(5 * HOUR_MS);
    await world.takeRequests();
    for (const _ of ["this run", "and the next"]) {
      expect(await expectUp(rotating())).toContain("stays, because it was used less than 24 h ago");
      expect(await ofAccount()).toEqual(["getAccount"]);
    }
    await world.advance(20 * HOUR_MS);
    await expectUp(rotating());
    expect(await ofAccount()).toEqual(["getAccount", "deleteSecret"]);
    expect(await world.heldIds()).toEqual([second?.secretId]);

    // A POST that fails: what asked for the rotation is not lost with it.
    await world.atlas.addFault({ kind: "status", status: 403, match: { operation: "createSecret" } });
    expect((await world.stack.up(rotating(rotated))).code).not.toBe(0);
    expect(await world.recorded()).toMatchObject({ generation: 2, status: "active" });
    await expectUp(rotating(rotated));
    expect(await world.recorded()).toMatchObject({ generation: 3, status: "overlapping" });

    // Another account: its secret and its verification first, then the consumer, then what the old account holds.
    const other = await world.addAccount("other");
    const overlapping = await world.heldIds();
    expect(overlapping).toHaveLength(2);
    await world.takeRequests();
    await expectUp(rotating({ ...rotated, clientId: other }));
    const accounts = [other, world.clientId];
    const requests = (await world.takeRequests()).filter(({ clientId = "" }) => accounts.includes(clientId));
    expect(requests.map(({ operation, clientId }) => `${operation} ${clientId}`)).toEqual([
      `getAccount ${other}`,
      `createSecret ${other}`,
      `mint ${other}`,
      `mint ${other}`,
      `deleteSecret ${world.clientId}`,
      `deleteSecret ${world.clientId}`,
    ]);
    expect(await world.heldIds()).toEqual([]);
    expect((await world.stack.destroy()).code).toBe(0);
    expect(await world.heldIds("other")).toEqual([]);
  });

  it("shows no value in its state, its outputs or its record for audits", async () => {
    world = await createWorld();
    await expectUp(rotating({ triggers: { secretReason: "why-we-rotate" } }));
    await world.atlas.addFault({
      kind: "status",
      status: 500,
      body: { error: 500 },
      match: { operation: "mint", clientId: world.clientId },
      times: 4,
    });
    expect((await world.stack.up(rotating({ triggers: { secretReason: "again" } }))).code).not.toBe(0);
    const { secret, pendingSecret } = (await world.recorded()) ?? {};
    await expectUp(rotating({ triggers: { secretReason: "again" } }));
    const shown = await world.stack.run(["stack", "output", "--json", "--stack", "test"]);
    const { "main-audit": audit } = JSON.parse(shown.stdout) as Record<string, Record<string, unknown>>;
    expect(audit).toMatchObject({ clientId: world.clientId, status: "overlapping", generation: 2 });
    const everything = [world.stack.backendText(), ...world.stack.transcript].join("\n");
    for (const value of [secret, pendingSecret]) {
      expect(String(value)).toMatch(/^mdb_sa_sk_/);
      expect(everything).not.toContain(String(value));
    }
    expect(world.stack.backendText()).not.toContain("why-we-rotate");
  });
});

describe("a dependent that fails after a rotation", () => {
  it("finds the old secret there as long as it is used, and gets the new one when it works again", async () => {
    world = await createWorld();
    await expectUp(rotating());
    const first = await world.recorded();
    const failing = rotating(rotated, { failing: ["main"] });
    expect((await world.stack.up(failing)).code).not.toBe(0);
    const second = await world.recorded();
    expect(second).toMatchObject({ status: "overlapping", generation: 2 });
    expect((await world.stack.up(failing)).code).not.toBe(0);
    expect(await world.recorded()).toMatchObject({ generation: 2 });

    await world.advance(23 * HOUR_MS);
    expect(await world.signIn(first?.secret)).toBe(true);
    await world.advance(2 * HOUR_MS);
    expect((await world.stack.up(failing)).code).not.toBe(0);
    expect(await world.signIn(first?.secret)).toBe(true);
    expect(await world.heldIds()).toEqual([first?.secretId, second?.secretId]);
    await expectUp(rotating(rotated));
    expect(await world.signIn(first?.secret)).toBe(true);
    expect(await world.recorded()).toMatchObject({ generation: 2, previousSecretId: first?.secretId });
  });
});

describe("a rotation that cannot be verified", () => {
  const refuse = (times: number | "always") =>
    world.atlas.addFault({
      kind: "status",
      status: 500,
      body: { error: 500 },
      match: { operation: "mint", clientId: world.clientId },
      times,
    });

  it.each([
    { name: "a refresh and an up", flags: [] },
    { name: "up --refresh", flags: ["--refresh"] },
  ])("is verified first by $name, and nothing is retired before", async ({ flags }) => {
    world = await createWorld();
    await expectUp(rotating());
    const first = await world.recorded();
    await refuse(4);
    const failed = await world.stack.up(rotating(rotated));
    expect(failed.code).not.toBe(0);
    const { pendingSecretId } = (await world.recorded()) ?? {};
    expect(failed.text).toContain(`Secret ${pendingSecretId} of service account`);
    expect(await world.recorded()).toMatchObject({ status: "pending-verification", secretId: first?.secretId });

    if (flags.length === 0) expect((await world.stack.refresh()).code).toBe(0);
    expect(await world.recorded()).toMatchObject({ pendingSecretId, status: "pending-verification" });
    await refuse("always");
    expect((await world.stack.up(rotating(rotated), ...flags)).code).not.toBe(0);
    await world.atlas.clearFaults();
    await world.takeRequests();
    await expectUp(rotating(rotated), ...flags);
    expect(await world.recorded()).toMatchObject({ secretId: pendingSecretId, status: "overlapping", generation: 2 });
    const sent = await ofAccount();
    expect(sent).not.toContain("deleteSecret");
    expect(sent).not.toContain("createSecret");
    expect(await world.heldIds()).toEqual([first?.secretId, pendingSecretId]);
  });
});
