/** The life of a rotating resource: first issue, rotation with overlap, retirement; what is sent and what is recorded. */
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { createRotatingWorld, type RotatingWorld } from "../fixtures/rotating-world.js";

let world: RotatingWorld;
let first: Readonly<Record<string, unknown>>;

beforeEach(async () => {
  world = await createRotatingWorld();
  expect(await world.up()).toMatchObject({ outcome: "succeeded", steps: ["create main"] });
  first = world.outputs();
});
afterEach(() => expect(world.atlas.contract.problems).toEqual([]));

const rotated = { triggers: { ticket: 1 } };

describe("a rotating resource, created", () => {
  it("has one proven secret, and asks for it with three requests", async () => {
    expect(await world.takeOperations()).toEqual(["getAccount", "createSecret", "mint"]);
    expect(first).toMatchObject({
      status: "active",
      generation: 1,
      overlapHours: 24,
      quietHours: 24,
      secretExpiresAfterHours: 720,
      promotedAt: "2026-03-01T08:00:00Z",
      verifiedAt: "2026-03-01T08:00:00Z",
      rotateAfter: "2026-03-21T08:00:00Z",
    });
    expect(world.stack.resources.get("main")?.id).toBe(`${first.projectId}/${world.clientId}`);
    expect(Object.keys(first).filter((name) => /^(previous|pending|retireAfter)/.test(name))).toEqual([]);
    expect(await world.signIn(first.secret)).toBe(true);
  });

  it("asks nothing while nothing is due", async () => {
    await world.takeOperations();
    await world.atlas.clock.sleep(479 * HOUR_MS);
    expect(await world.up()).toMatchObject({ outcome: "succeeded", steps: [], lines: [] });
    expect(await world.takeRequests()).toEqual([]);
  });

  it("records changed settings without a request", async () => {
    await world.takeOperations();
    expect(await world.up({ overlapHours: 48, quietHours: 0 })).toMatchObject({ steps: ["update main"] });
    expect(await world.takeRequests()).toEqual([]);
    expect(world.outputs()).toMatchObject({ overlapHours: 48, quietHours: 0, secretId: first.secretId });
  });
});

describe("a rotating resource, rotated", () => {
  it.each([
    { name: "inside its window", waitHours: 480, changes: {}, cause: "inside its rotation window" },
    { name: "for changed triggers", waitHours: 1, changes: rotated, cause: "triggers changed" },
    {
      name: "for a changed lifetime",
      waitHours: 1,
      changes: { secretExpiresAfterHours: 700 },
      cause: "issued for 720 h",
    },
  ])(
    "gets a new current secret $name, and keeps the old one as the previous",
    async ({ waitHours, changes, cause }) => {
      await world.takeOperations();
      await world.atlas.clock.sleep(waitHours * HOUR_MS);
      const { lines, steps } = await world.up(changes);
      expect(steps).toEqual(["update main"]);
      expect(lines.join("\n")).toContain(cause);
      expect(await world.takeOperations()).toEqual(["getAccount", "createSecret", "mint"]);
      const now = world.outputs();
      expect(now).toMatchObject({ status: "overlapping", generation: 2, previousSecretId: first.secretId });
      expect(now.secretId).not.toBe(first.secretId);
      expect(await world.heldIds()).toEqual([first.secretId, now.secretId]);
      expect(await world.signIn(first.secret)).toBe(true);
      expect(await world.signIn(now.secret)).toBe(true);
      const delivered = Date.parse(String(now.promotedAt));
      expect(delivered).toBe(world.atlas.clock.now());
      expect(Date.parse(String(now.retireAfter)) - delivered).toBe(24 * HOUR_MS);
    },
  );

  it("records the expiry of the previous one as Atlas cuts it", async () => {
    await world.up(rotated);
    expect(world.outputs().previousExpiresAt).toBe("2026-03-08T08:00:00Z");
  });

  it("records the earlier expiry of a previous one that somebody had cut before", async () => {
    await world.atlas.control.setExpiry(String(first.secretId), "2026-03-03T08:00:00Z");
    await world.up(rotated);
    expect(world.outputs().previousExpiresAt).toBe("2026-03-03T08:00:00Z");
  });

  it("does nothing more right afterwards", async () => {
    await world.up(rotated);
    await world.takeOperations();
    expect(await world.up(rotated)).toMatchObject({ steps: [], lines: [] });
    expect(await world.takeRequests()).toEqual([]);
  });
});

describe("a rotating resource on a machine whose clock is wrong", () => {
  it.each([{ minutes: 5 }, { minutes: -5 }])(
    "records the promotion in Atlas's time, $minutes minutes off, and counts a use in the quiet time",
    async ({ minutes }) => {
      world = await createRotatingWorld("project", minutes * MINUTE_MS);
      await world.up();
      first = world.outputs();
      await world.atlas.clock.sleep(HOUR_MS);
      await world.up(rotated);
      expect(Date.parse(String(world.outputs().promotedAt))).toBe(world.atlas.clock.now());
      await world.atlas.clock.sleep(HOUR_MS + MINUTE_MS);
      await world.signIn(first.secret);
      await world.atlas.clock.sleep(24 * HOUR_MS - 2000);
      await world.up(rotated);
      expect(await world.heldIds()).toContain(first.secretId);
      await world.atlas.clock.sleep(2000);
      // By a clock that is behind, the overlap is over as well.
      await world.up(rotated);
      expect(await world.heldIds()).not.toContain(first.secretId);
    },
  );

  it("does not end an overlap early when it is ahead", async () => {
    world = await createRotatingWorld("project", 5 * MINUTE_MS);
    await world.up();
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(rotated);
    await world.atlas.clock.sleep(24 * HOUR_MS - 1000);
    expect((await world.up(rotated)).lines.join("\n")).toContain("stays: its overlap runs until");
    expect(await world.heldIds()).toHaveLength(2);
    await world.atlas.clock.sleep(1000);
    await world.up(rotated);
    expect(await world.heldIds()).toHaveLength(1);
  });
});

describe("a rotating resource at the level of organizations", () => {
  it("lives like one at the level of projects", async () => {
    world = await createRotatingWorld("organization");
    await world.up();
    first = world.outputs();
    expect(first).toHaveProperty("orgId");
    expect(first).not.toHaveProperty("projectId");
    expect(world.stack.resources.get("main")?.id).toBe(`${first.orgId}/${world.clientId}`);
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(rotated);
    await world.atlas.clock.sleep(24 * HOUR_MS);
    await world.up(rotated);
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
    const requests = (await world.takeRequests()).filter(({ operation }) => operation !== "mint");
    expect(requests.every(({ path }) => path.startsWith(`/api/atlas/v2/orgs/${first.orgId}/`))).toBe(true);
    expect((await world.stack.destroy()).outcome).toBe("succeeded");
    expect(await world.heldIds()).toEqual([]);
  });
});

describe("a rotating resource whose overlap is over", () => {
  beforeEach(async () => {
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(rotated);
    await world.takeOperations();
  });

  it("deletes a previous secret that nobody uses, after a look", async () => {
    await world.atlas.clock.sleep(24 * HOUR_MS);
    expect((await world.up(rotated)).lines.join("\n")).toContain(
      "its overlap is over, and nobody has used it for 24 h",
    );
    expect(await world.takeOperations()).toEqual(["getAccount", "deleteSecret"]);
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
    expect(world.outputs()).toMatchObject({ status: "active", generation: 2 });
    expect(world.outputs()).not.toHaveProperty("previousSecretId");
    expect(world.outputs()).not.toHaveProperty("retireAfter");
  });

  it("keeps one that is in use until it has expired, with one line a run", async () => {
    await world.atlas.clock.sleep(23 * HOUR_MS);
    expect(await world.signIn(first.secret)).toBe(true);
    await world.takeOperations();
    await world.atlas.clock.sleep(HOUR_MS);
    for (let day = 0; day < 6; day++) {
      await world.takeOperations();
      const { lines } = await world.up(rotated);
      const used = "stays, because it was used less than 24 h ago";
      expect(lines.filter((line) => line.includes(used))).toEqual([
        expect.stringContaining("expires at 2026-03-08T09:00:00Z at the latest"),
      ]);
      expect(await world.takeOperations()).toEqual(["getAccount"]);
      await world.atlas.clock.sleep(23 * HOUR_MS);
      expect(await world.signIn(first.secret)).toBe(true);
      await world.atlas.clock.sleep(HOUR_MS);
    }
    await world.takeOperations();
    await world.atlas.clock.sleep(10 * MINUTE_MS);
    await world.up(rotated);
    expect(await world.takeOperations()).toEqual(["getAccount", "deleteSecret"]);
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
  });

  it("deletes one that is in use as soon as quietHours is 0", async () => {
    await world.atlas.clock.sleep(HOUR_MS);
    await world.signIn(first.secret);
    await world.atlas.clock.sleep(23 * HOUR_MS);
    await world.signIn(first.secret);
    await world.up(rotated);
    expect(await world.signIn(first.secret)).toBe(true);
    const { lines } = await world.up({ ...rotated, quietHours: 0 });
    expect(lines.join("\n")).toContain("is deleted: its overlap is over.");
    expect(await world.signIn(first.secret)).toBe(false);
  });

  it.each([
    { name: "shortens a running overlap when it is lowered", overlapHours: 2, waitHours: 2, isGone: true },
    { name: "prolongs a running overlap when it is raised", overlapHours: 48, waitHours: 47, isGone: false },
  ])("$name", async ({ overlapHours, waitHours, isGone }) => {
    await world.atlas.clock.sleep(waitHours * HOUR_MS);
    await world.up({ ...rotated, overlapHours, quietHours: 0 });
    expect((await world.heldIds()).includes(String(first.secretId))).toBe(!isGone);
  });

  it("forgets a previous secret that somebody else deleted", async () => {
    await world.atlas.control.deleteSecret(String(first.secretId));
    await world.atlas.clock.sleep(24 * HOUR_MS);
    await world.up(rotated);
    expect(await world.takeOperations()).toEqual(["getAccount"]);
    expect(world.outputs()).not.toHaveProperty("previousSecretId");
  });

  it("keeps the previous one and issues another when somebody else deleted the current one", async () => {
    const lost = world.outputs().secretId;
    await world.atlas.control.deleteSecret(String(lost));
    await world.atlas.clock.sleep(24 * HOUR_MS);
    await world.up(rotated);
    expect(world.outputs()).toMatchObject({ status: "overlapping", generation: 3, previousSecretId: first.secretId });
    expect(await world.heldIds()).toEqual([first.secretId, world.outputs().secretId]);
  });

  it("leaves the record of an account that is not in its project any more", async () => {
    await world.atlas.control.unassign(world.clientId, String(first.projectId));
    await world.atlas.clock.sleep(24 * HOUR_MS);
    expect((await world.up(rotated)).outcome).toBe("succeeded");
    expect(world.outputs()).toMatchObject({ status: "account-unassigned", previousSecretId: first.secretId });
  });

  it("deletes nothing when the look fails, and tries again in the next run", async () => {
    await world.atlas.clock.sleep(24 * HOUR_MS);
    await world.atlas.control.addFault({ kind: "status", status: 403, match: { operation: "getAccount" } });
    expect((await world.up(rotated)).outcome).toBe("failed");
    expect(await world.heldIds()).toHaveLength(2);
    expect((await world.up(rotated)).outcome).toBe("succeeded");
    expect(await world.heldIds()).toHaveLength(1);
  });
});

describe("a leaked value", () => {
  it("is replaced by one run and gone after the second, without an overlap", async () => {
    await world.atlas.clock.sleep(HOUR_MS);
    const changes = { ...rotated, overlapHours: 0 };
    await world.up(changes);
    expect(await world.signIn(world.outputs().secret)).toBe(true);
    expect(await world.heldIds()).toHaveLength(2);
    await world.up(changes);
    expect(await world.signIn(first.secret)).toBe(false);
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
  });

  it("is replaced at once also during an overlap: the previous one makes room, and the run says so", async () => {
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(rotated);
    const { lines } = await world.up({ triggers: { ticket: 2 } });
    expect(lines.join("\n")).toMatch(/is deleted to free its slot: it is the previous one, and changed triggers/);
    expect(world.outputs()).toMatchObject({ generation: 3, status: "overlapping" });
    expect(await world.heldIds()).not.toContain(first.secretId);
  });
});

describe("a rotating resource whose current secret has expired", () => {
  it("leaves only the new one after one run", async () => {
    await world.atlas.clock.sleep(721 * HOUR_MS);
    await world.takeOperations();
    await world.up();
    expect(await world.heldIds()).toEqual([world.outputs().secretId]);
    expect(world.outputs()).toMatchObject({ status: "active", generation: 2 });
    expect(await world.takeOperations()).toEqual(["getAccount", "deleteSecret", "getAccount", "createSecret", "mint"]);
  });
});

describe("a changed lifetime during an overlap", () => {
  it("waits for the slot with a line and without a request, and rotates after the overlap", async () => {
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up(rotated);
    await world.takeOperations();
    const changes = { ...rotated, secretExpiresAfterHours: 600 };
    const waiting = await world.up(changes);
    expect(waiting.outcome).toBe("succeeded");
    expect(waiting.lines.join("\n")).toContain(`previous secret ${first.secretId} holds the other slot`);
    expect(await world.takeRequests()).toEqual([]);
    await world.atlas.clock.sleep(24 * HOUR_MS);
    await world.up(changes);
    expect(await world.takeOperations()).toEqual(["getAccount", "deleteSecret", "getAccount", "createSecret", "mint"]);
    expect(world.outputs()).toMatchObject({ generation: 3, secretExpiresAfterHours: 600 });
  });
});
