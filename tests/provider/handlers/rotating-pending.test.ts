/** A secret of a rotating resource that cannot be verified: pending, verified later, called invalid, promoted after all. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { createRotatingWorld, type RotatingWorld } from "../fixtures/rotating-world.js";

let world: RotatingWorld;
let first: Readonly<Record<string, unknown>>;

const rotated = { triggers: { ticket: 1 } };

beforeEach(async () => {
  world = await createRotatingWorld();
});
afterEach(() => expect(world.atlas.contract.problems).toEqual([]));

/** A rotation of which the new secret could not be verified. */
async function rotateUnproven(isInvalid = false, settings = {}): Promise<void> {
  await world.up(settings);
  first = world.outputs();
  await world.atlas.clock.sleep(HOUR_MS);
  await world.breakMints("always", isInvalid);
  const failed = await world.up({ ...settings, ...rotated });
  expect(failed.outcome).toBe("failed");
  const { pendingSecretId } = world.outputs();
  expect(failed.errors.join("\n")).toContain(`Secret ${pendingSecretId} `);
  expect(failed.errors.join("\n")).toContain(`The current secret ${first.secretId} stays current`);
  await world.atlas.control.clearFaults();
  await world.takeOperations();
}

function expectDelivered(newId: unknown): void {
  expect(world.outputs()).toMatchObject({
    status: "overlapping",
    generation: 2,
    secretId: newId,
    previousSecretId: first.secretId,
    issuedForTriggers: rotated.triggers,
    promotedAt: new Date(world.atlas.clock.now()).toISOString().replace(".000Z", "Z"),
  });
  expect(Object.keys(world.outputs()).filter((name) => name.startsWith("pending"))).toEqual([]);
}

describe("a rotation that cannot be proven", () => {
  it.each([{ isInvalid: false }, { isInvalid: true }])(
    "keeps the current secret and saves the new one with its value, invalid: $isInvalid",
    async ({ isInvalid }) => {
      await rotateUnproven(isInvalid);
      expect(world.outputs()).toMatchObject({
        status: "pending-verification",
        secretId: first.secretId,
        secret: first.secret,
        generation: 1,
        pendingSecret: expect.stringMatching(/^mdb_sa_sk_/),
        pendingIssuedForTriggers: rotated.triggers,
        __provider: expect.stringContaining("pulumi-atlas-secrets/handlers"),
        expiresAt: "2026-03-08T09:00:00Z",
      });
      expect(world.outputs()).not.toHaveProperty("issuedForTriggers");
      expect(await world.heldIds()).toEqual([first.secretId, world.outputs().pendingSecretId]);
    },
  );

  it.each([
    { name: "in the next run", refresh: false },
    { name: "in a run after a refresh, which clears the engine's own note", refresh: true },
  ])("is proven and given out $name, and nothing is deleted", async ({ refresh }) => {
    await rotateUnproven();
    const { pendingSecretId } = world.outputs();
    if (refresh) expect((await world.stack.refresh()).outcome).toBe("succeeded");
    await world.takeOperations();
    expect((await world.up(rotated)).steps).toEqual(["update main"]);
    expect(await world.takeOperations()).toEqual(["mint", "getAccount"]);
    expectDelivered(pendingSecretId);
    expect(world.outputs().verifiedAt).toBe(world.outputs().promotedAt);
    expect(await world.signIn(first.secret)).toBe(true);
  });

  it("is given out also when the look after the proof fails", async () => {
    await rotateUnproven();
    const { pendingSecretId } = world.outputs();
    await world.atlas.control.addFault({ kind: "status", status: 403, match: { operation: "getAccount" } });
    expect((await world.up(rotated)).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({ status: "overlapping", secretId: pendingSecretId });
    expect(world.outputs()).not.toHaveProperty("promotedAt");
  });

  it.each([{ aheadHours: 0 }, { aheadHours: 48 }])(
    "begins the overlap in the run that learns Atlas's time, when the look failed and this clock is $aheadHours h ahead",
    async ({ aheadHours }) => {
      world = await createRotatingWorld("project", aheadHours * HOUR_MS);
      await rotateUnproven();
      await world.atlas.control.addFault({ kind: "status", status: 403, match: { operation: "getAccount" } });
      await world.up(rotated);
      expect(world.outputs()).not.toHaveProperty("promotedAt");
      await world.atlas.clock.sleep(HOUR_MS);
      expect(await world.signIn(first.secret)).toBe(true);
      expect((await world.up(rotated)).steps).toEqual(["update main"]);
      expect(Date.parse(String(world.outputs().promotedAt))).toBe(world.atlas.clock.now());
      expect(await world.heldIds()).toContain(first.secretId);
      await world.atlas.clock.sleep(24 * HOUR_MS - 1000);
      await world.up(rotated);
      expect(await world.heldIds()).toContain(first.secretId);
      await world.atlas.clock.sleep(1000);
      await world.up(rotated);
      expect(await world.heldIds()).not.toContain(first.secretId);
    },
  );

  it("stays pending while Atlas does not answer, and asks for no other secret", async () => {
    await rotateUnproven();
    const before = world.outputs();
    await world.breakMints("always");
    const again = await world.up({ triggers: { ticket: 2 } });
    expect(again.outcome).toBe("failed");
    expect(await world.takeOperations()).not.toContain("createSecret");
    expect(world.outputs()).toMatchObject({ pendingSecretId: before.pendingSecretId, secretId: first.secretId });
    expect(world.outputs()).toMatchObject({
      pendingSecret: before.pendingSecret,
      pendingIssuedForTriggers: { ticket: 1 },
    });
  });

  it("is deleted in a later run that is told that it is invalid, and one is issued in the same run", async () => {
    await rotateUnproven();
    const { pendingSecretId } = world.outputs();
    await world.atlas.clock.sleep(11 * MINUTE_MS);
    await world.breakMints(1, true);
    const { outcome, lines } = await world.up(rotated);
    expect(outcome).toBe("succeeded");
    expect(lines.join("\n")).toContain(`pending secret ${pendingSecretId} is deleted: it is not valid`);
    const operations = await world.takeOperations();
    expect(operations.slice(1)).toEqual(["getAccount", "deleteSecret", "getAccount", "createSecret", "mint"]);
    expectDelivered(world.outputs().secretId);
    expect(await world.heldIds()).toEqual([first.secretId, world.outputs().secretId]);
  });

  it("is deleted and nothing is issued when it is invalid and the change that asked for it was taken back", async () => {
    // Shorter than the week to which the creation cut the current one.
    const settings = { rotateBeforeExpiryHours: 24 };
    await rotateUnproven(false, settings);
    await world.atlas.clock.sleep(11 * MINUTE_MS);
    await world.breakMints(1, true);
    expect((await world.up(settings)).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({ status: "active", secretId: first.secretId, generation: 1 });
    expect(await world.heldIds()).toEqual([first.secretId]);
  });

  it("is given out without a proof once the current one has expired", async () => {
    await rotateUnproven();
    const { pendingSecretId } = world.outputs();
    await world.breakMints("always");
    await world.atlas.clock.sleep(169 * HOUR_MS);
    const { outcome, lines } = await world.up(rotated);
    expect(outcome).toBe("succeeded");
    expect(lines.join("\n")).toContain(`pending secret ${pendingSecretId} is promoted without verification`);
    expectDelivered(pendingSecretId);
    expect(world.outputs()).not.toHaveProperty("verifiedAt");
  });

  it("is given out when verification is switched off", async () => {
    await rotateUnproven();
    const { pendingSecretId } = world.outputs();
    await world.up({ ...rotated, verify: false });
    expect(await world.takeOperations()).toEqual(["getAccount"]);
    expectDelivered(pendingSecretId);
  });

  it("rotates for what changed while it was pending in the run after it was given out", async () => {
    await rotateUnproven();
    await world.up({ triggers: { ticket: 2 } });
    expectDelivered(world.outputs().secretId);
    await world.up({ triggers: { ticket: 2 } });
    expect(world.outputs()).toMatchObject({ generation: 3, issuedForTriggers: { ticket: 2 } });
  });

  it("is forgotten when somebody else deleted it, and the reason to rotate is not", async () => {
    await rotateUnproven();
    await world.atlas.control.deleteSecret(String(world.outputs().pendingSecretId));
    await world.atlas.clock.sleep(HOUR_MS);
    const { lines } = await world.stack.refresh();
    expect(lines.join("\n")).toContain("it is removed from the state");
    expect(world.outputs()).toMatchObject({ status: "active", secretId: first.secretId });
    await world.up(rotated);
    expectDelivered(world.outputs().secretId);
  });
});

describe("a first secret that cannot be proven", () => {
  it("is pending, without a current one, and becomes the first generation", async () => {
    await world.breakMints("always");
    const failed = await world.up();
    await world.atlas.control.clearFaults();
    expect(failed.outcome).toBe("failed");
    const { pendingSecretId, pendingSecret } = world.outputs();
    expect(world.outputs()).toMatchObject({ status: "pending-verification", generation: 0 });
    expect(world.outputs()).not.toHaveProperty("secret");
    expect((await world.up()).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({
      status: "active",
      generation: 1,
      secretId: pendingSecretId,
      secret: pendingSecret,
    });
  });

  it("is replaced by a fresh one when a later run is told that it is invalid", async () => {
    await world.breakMints("always", true);
    expect((await world.up()).outcome).toBe("failed");
    await world.atlas.control.clearFaults();
    await world.atlas.clock.sleep(11 * MINUTE_MS);
    await world.breakMints(1, true);
    const { pendingSecretId } = world.outputs();
    expect((await world.up()).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({ status: "active", generation: 1 });
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
    expect(world.outputs().secretId).not.toBe(pendingSecretId);
  });

  it("leaves nothing of the resource when somebody else deleted it", async () => {
    await world.breakMints("always");
    await world.up();
    await world.atlas.control.deleteSecret(String(world.outputs().pendingSecretId));
    await world.atlas.clock.sleep(HOUR_MS);
    await world.stack.refresh();
    expect(world.stack.resources.size).toBe(0);
  });
});

describe("a rotation of which the creation fails", () => {
  it.each([
    { name: "changed triggers", changes: rotated },
    { name: "a changed lifetime", changes: { secretExpiresAfterHours: 600 } },
  ])("is made by the next run after $name", async ({ changes }) => {
    await world.up();
    await world.atlas.control.addFault({ kind: "status", status: 403, match: { operation: "createSecret" } });
    expect((await world.up(changes)).outcome).toBe("failed");
    expect(world.outputs()).toMatchObject({ status: "active", generation: 1 });
    expect((await world.up(changes)).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({ generation: 2 });
  });
});
