/** What others do to the account of a rotating resource, its refresh and its end, and the provider's own credential. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createRotatingWorld, type RotatingWorld } from "../fixtures/rotating-world.js";

let world: RotatingWorld;
let first: Readonly<Record<string, unknown>>;

const rotated = { triggers: { ticket: 1 } };

beforeEach(async () => {
  world = await createRotatingWorld();
  await world.up();
  first = world.outputs();
  await world.atlas.clock.sleep(HOUR_MS);
});
afterEach(() => expect(world.atlas.contract.problems).toEqual([]));

const address = () => ({ ownerId: String(first.projectId), clientId: world.clientId });

describe("refresh of a rotating resource", () => {
  it("marks a current secret that was deleted elsewhere, says so, and the next run issues another", async () => {
    await world.atlas.control.deleteSecret(String(first.secretId));
    const { lines } = await world.stack.refresh();
    expect(lines.join("\n")).toContain(`current secret ${first.secretId} is not on the account any more`);
    expect(world.outputs()).toMatchObject({ status: "current-missing", secretId: first.secretId });
    expect((await world.up()).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({ status: "active", generation: 2 });
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
  });

  it("forgets a previous secret that was deleted elsewhere, and says so", async () => {
    await world.up(rotated);
    await world.atlas.control.deleteSecret(String(first.secretId));
    const { lines } = await world.stack.refresh();
    expect(lines.join("\n")).toContain(`previous secret ${first.secretId} is not on the account any more`);
    expect(world.outputs()).toMatchObject({ status: "active", generation: 2 });
    expect(world.outputs()).not.toHaveProperty("previousSecretId");
  });

  it("follows a current secret that a foreign creation shortened, and names the secret responsible", async () => {
    const { id } = await world.atlas.control.createForeignSecret(address());
    const { lines } = await world.stack.refresh();
    expect(lines.join("\n")).toContain(
      `now expires at 2026-03-08T09:00:00Z instead of 2026-03-31T08:00:00Z: secret ${id}`,
    );
    expect(world.outputs()).toMatchObject({ expiresAt: "2026-03-08T09:00:00Z", rotateAfter: "2026-03-01T09:00:00Z" });
    expect((await world.stack.refresh()).lines.join("\n")).not.toContain("now expires at");
  });

  it("says nothing about a shortened expiry that came from its own rotation", async () => {
    await world.up(rotated);
    expect((await world.stack.refresh()).lines).toEqual([]);
    expect(world.outputs()).toMatchObject({ status: "overlapping", previousExpiresAt: "2026-03-08T09:00:00Z" });
  });

  it("keeps the record of an account that is not in its project, and takes it up again", async () => {
    await world.up(rotated);
    await world.atlas.control.unassign(world.clientId, String(first.projectId));
    expect((await world.stack.refresh()).lines.join("\n")).toContain("is not in its project's list");
    expect(world.outputs()).toMatchObject({ status: "account-unassigned", previousSecretId: first.secretId });
    await world.atlas.control.reassign(world.clientId, String(first.projectId));
    await world.stack.refresh();
    expect(world.outputs()).toMatchObject({ status: "overlapping" });
  });

  it.each([401, 403, 500])("fails on %i and changes nothing", async (status) => {
    const before = world.outputs();
    await world.atlas.control.addFault({ kind: "status", status, match: { operation: "getAccount" }, times: "always" });
    expect((await world.stack.refresh()).outcome).toBe("failed");
    expect(world.outputs()).toEqual(before);
  });

  it("does not take a secret for deleted that was created a moment ago and is not listed yet", async () => {
    await world.atlas.control.setSwitches({ readLagSeconds: 60 });
    await world.up(rotated);
    await world.stack.refresh();
    expect(world.outputs()).toMatchObject({ status: "overlapping", generation: 2 });
  });
});

describe("destroy of a rotating resource", () => {
  it("deletes the pending, the previous and the current secret, in this order", async () => {
    await world.up({ ...rotated, overlapHours: 0 });
    await world.breakMints("always");
    await world.up({ triggers: { ticket: 2 } });
    const { secretId, pendingSecretId } = world.outputs();
    await world.takeRequests();
    expect((await world.stack.destroy()).outcome).toBe("succeeded");
    expect((await world.takeRequests()).map((request) => request.secretId)).toEqual([pendingSecretId, secretId]);
    expect(await world.heldIds()).toEqual([]);
  });

  it("is content with what is gone already", async () => {
    await world.up(rotated);
    await world.atlas.control.deleteSecret(String(first.secretId));
    expect((await world.stack.destroy()).outcome).toBe("succeeded");
    expect(await world.heldIds()).toEqual([]);
  });

  it("names every secret that may live on when the account is not in its project any more", async () => {
    await world.up(rotated);
    const { secretId } = world.outputs();
    await world.atlas.control.unassign(world.clientId, String(first.projectId));
    const { lines, outcome } = await world.stack.destroy();
    expect(outcome).toBe("succeeded");
    for (const id of [first.secretId, secretId]) expect(lines.join("\n")).toContain(`secret ${id} was not deleted`);
  });
});

describe("a secret of somebody else in the way", () => {
  it("stops the rotation before any creation, with the holders and the ways out", async () => {
    const { id } = await world.atlas.control.createForeignSecret(address());
    await world.takeOperations();
    const { outcome, errors, thrown } = await world.up(rotated);
    expect(outcome).toBe("failed");
    expect(thrown).toMatchObject([{ code: "account-full", holders: [first.secretId, id] }]);
    for (const text of [
      id,
      String(first.secretId),
      "both slots are taken",
      "Ways out: (1) an untracked secret can still be this stack's own",
    ]) {
      expect(errors.join("\n")).toContain(text);
    }
    expect(await world.takeOperations()).toEqual(["getAccount"]);
    expect(await world.heldIds()).toEqual([first.secretId, id]);
    expect((await world.up({ ...rotated, mayRemove: [id] })).outcome).toBe("succeeded");
    expect(await world.heldIds()).toEqual([first.secretId, world.outputs().secretId]);
  });

  it("is no reason to take the previous one before its overlap is over, even if mayRemove names it", async () => {
    await world.up(rotated);
    const { secretId } = world.outputs();
    const inThreeHours = new Date(world.atlas.clock.now() + 3 * HOUR_MS).toISOString();
    await world.atlas.control.setExpiry(String(secretId), inThreeHours);
    await world.atlas.clock.sleep(2 * HOUR_MS);
    await world.stack.refresh();
    const { outcome, errors } = await world.up({ ...rotated, mayRemove: [first.secretId, secretId] });
    expect(outcome).toBe("failed");
    expect(errors.join("\n")).toContain(`Previous secret ${first.secretId} may go from`);
    expect(await world.heldIds()).toEqual([first.secretId, secretId]);
  });

  it("ends two stacks on one account with an error instead of rotations without end", async () => {
    const other = world.addStack("other");
    expect((await other.up(world.toProgram())).outcome).toBe("succeeded");
    const ids = await world.heldIds();
    let rotations = 0;
    for (let day = 0; day < 7; day++) {
      await world.atlas.clock.sleep(20 * HOUR_MS);
      for (const stack of [world.stack, other]) {
        await stack.refresh();
        const { outcome, errors } = await stack.up(world.toProgram());
        if (outcome === "failed") expect(errors.join("\n")).toContain("both slots are taken");
        else rotations += Number((await world.heldIds()).join() !== ids.join());
      }
    }
    expect(rotations).toBe(0);
    expect(await world.heldIds()).toEqual(ids);
  });
});

describe("an account whose own secret the provider signs in with", () => {
  beforeEach(async () => {
    world = await createRotatingWorld();
    await world.atlas.control.addAccount({ clientId: SELF, roles: ["GROUP_OWNER"] });
    await world.up({ clientId: SELF });
    first = world.outputs();
  });

  const SELF = "mdb_sa_id_5e1f5e1f5e1f5e1f5e1f5e1f";
  // The provider itself uses the old one until it is told the new one.
  const self = { ...rotated, clientId: SELF, overlapHours: 1, quietHours: 0 };
  const heldOfSelf = async () => {
    const { accounts } = await world.atlas.control.inventory();
    return accounts.find(({ clientId }) => clientId === SELF)?.secrets.map(({ id }) => id);
  };

  /** The provider signs in as the account, with the given value. */
  function signInAsSelf(value: unknown): void {
    const credential = { MONGODB_ATLAS_CLIENT_ID: SELF, MONGODB_ATLAS_CLIENT_SECRET: String(value) };
    world.stack.env = { ...world.stack.env, ...credential };
  }

  it("keeps the previous one with a line until the credential is the current one", async () => {
    signInAsSelf(first.secret);
    await world.atlas.clock.sleep(HOUR_MS);
    expect((await world.up(self)).outcome).toBe("succeeded");
    const { secretId, secret } = world.outputs();
    await world.atlas.clock.sleep(25 * HOUR_MS);
    const waiting = await world.up(self);
    expect(waiting.outcome).toBe("succeeded");
    expect(waiting.lines.join("\n")).toContain("the credential is still the old one");
    expect(await heldOfSelf()).toEqual([first.secretId, secretId]);
    signInAsSelf(secret);
    await world.up(self);
    expect(await heldOfSelf()).toEqual([secretId]);
  });

  it("is told in every run that it is not the current one, also by one that asks Atlas for nothing", async () => {
    const line = expect.stringContaining("Update it where it is kept, then run 'pulumi up'");
    signInAsSelf(first.secret);
    await world.atlas.clock.sleep(HOUR_MS);
    expect((await world.up(self)).lines).toContainEqual(line);
    await world.atlas.control.resetLog();
    const nothing = await world.up(self);
    expect(nothing).toMatchObject({ steps: [], lines: [line] });
    expect(await world.atlas.control.requests()).toEqual([]);
    signInAsSelf(world.outputs().secret);
    expect((await world.up(self)).lines).toEqual([]);
  });

  it("does not give its slot away for changed triggers, and says what to do", async () => {
    signInAsSelf(first.secret);
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(self);
    const held = await heldOfSelf();
    const { outcome, errors } = await world.up({ ...self, triggers: { ticket: 2 } });
    expect(outcome).toBe("failed");
    expect(errors.join("\n")).toContain("update the credential where it is kept");
    expect(await heldOfSelf()).toEqual(held);
  });

  it.each([
    { name: "the current one", isRotated: false },
    { name: "perhaps the previous one", isRotated: true },
  ])("is not destroyed while the credential is $name", async ({ isRotated }) => {
    signInAsSelf(first.secret);
    await world.atlas.clock.sleep(HOUR_MS);
    if (isRotated) await world.up(self);
    const held = await heldOfSelf();
    const { outcome, errors } = await world.stack.destroy();
    expect(outcome).toBe("failed");
    expect(errors.join("\n")).toContain("the credential that the provider signs in with");
    expect(await heldOfSelf()).toEqual(held);
  });
});
