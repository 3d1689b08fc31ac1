/**
 * How long an operation takes at most: five minutes of its own, an hour with the waits that Atlas tells. The message at its end
 * says what was done, what may be on the server, and what the next run does; the next run then does so.
 */
import type { RunResult } from "../model/model-stack.js";
import type { Point, WayFault } from "./way.js";
import { createFaultWorld, type FaultWorld } from "./world.js";

const MINUTE_MS = 60_000;
const OWN_MS = 5 * MINUTE_MS;
const WHOLE_MS = 60 * MINUTE_MS;

const CREATION: Point = { operation: "createSecret", index: 0 };
const LOOK: Point = { operation: "getAccount", index: 0 };
const SECOND_LOOK: Point = { operation: "getAccount", index: 1 };
const DELETION: Point = { operation: "deleteSecret", index: 0 };

const NEXT = "The next 'pulumi up' starts over.";
const NOTHING = `Nothing was created. ${NEXT}`;

function answer(status: number, retryAfterSeconds?: number, commit = false): WayFault {
  const body = { error: status, errorCode: "FAKE_CODE", reason: "Fake", detail: "A fake reason.", parameters: [] };
  const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return { server: { kind: "status", status, body, headers, commit } };
}

/** A run that comes to the end of its time, and how long it may have taken. */
interface Case {
  readonly name: string;
  readonly faults: readonly (readonly [Point, WayFault, isPersistent: boolean])[];
  readonly prepare?: (world: FaultWorld) => Promise<unknown>;
  readonly mostMs: number;
  /** So long it tried at least. */
  readonly leastMs: number;
  /** What the message says, with the ids that the account holds at the end. */
  readonly toParts: (heldIds: readonly string[]) => readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "conflicts without end",
    faults: [[CREATION, answer(409), true]],
    leastMs: 4 * MINUTE_MS,
    mostMs: OWN_MS,
    toParts: () => ["Atlas answered 409 FAKE_CODE", "No time is left to wait for it.", NOTHING],
  },
  {
    name: "conflicts that tell ten minutes each",
    faults: [[CREATION, answer(409, 600), true]],
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: () => ["Atlas answered 409 FAKE_CODE", "No time is left to wait for it.", NOTHING],
  },
  {
    name: "a limit for creations without end",
    faults: [[CREATION, answer(429, 600), true]],
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: () => ["Could not create a secret", "Atlas answered 429", "No time is left to wait for it.", NOTHING],
  },
  {
    name: "a limit that tells half an hour, for the first look",
    faults: [[LOOK, answer(429, 1_700), true]],
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: () => ["Could not read service account", "rate limit", NOTHING],
  },
  {
    name: "a 503 to a creation that tells two hours",
    faults: [[CREATION, answer(503, 7_200, true), true]],
    leastMs: 0,
    mostMs: MINUTE_MS,
    toParts: ([id]) => [
      "Atlas answered 503 FAKE_CODE",
      "No time was left to wait and look for it.",
      "may hold a secret for 720 h, created at about 2026-03-01T09:00:00Z",
      "The next 'pulumi up' looks first, and names it by its id",
      `New on it at once was ${id}`,
      `/${id} --all-stacks'`,
    ],
  },
  {
    name: "a lost creation, and no look at the account since",
    faults: [
      [CREATION, { server: { kind: "cut-after" } }, false],
      [SECOND_LOOK, answer(429, 1_700), true],
    ],
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: () => [
      "Atlas may have carried it out all the same.",
      "Could not read service account",
      "may hold a secret for 720 h, created at about 2026-03-01T09:00:00Z",
      "The next 'pulumi up' looks first, and names it by its id",
    ],
  },
  {
    name: "a creation that is lost twice, with half an hour of waits for each",
    faults: [[CREATION, answer(503, 1_700, true), true]],
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: () => ["asked for 2 times", "nothing of that was left on the account", "Deleted before that:", NEXT],
  },
  {
    name: "a deletion of the lost secret that is not answered",
    faults: [
      [CREATION, { server: { kind: "cut-after" } }, false],
      [DELETION, answer(503, 1_700), true],
    ],
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: ([id]) => [
      `It had created secret ${id}`,
      `Could not delete secret ${id}`,
      "The next 'pulumi up' asks for a new secret when a slot is free.",
      `/${id} --all-stacks'`,
    ],
  },
  {
    name: "a deletion to make room that is not answered",
    faults: [[DELETION, answer(503, 1_700), true]],
    prepare: async ({ atlas, clientId, program }) => {
      const owner = { ownerId: String(program().main?.projectId), clientId };
      for (const hours of [8, 1000]) await atlas.control.createForeignSecret(owner, { hours });
      await atlas.clock.sleep(9 * WHOLE_MS);
    },
    leastMs: 50 * MINUTE_MS,
    mostMs: WHOLE_MS,
    toParts: ([expired]) => [`Could not delete secret ${expired}`, "Its slot was needed", NOTHING],
  },
  {
    name: "requests that are never answered",
    faults: [[LOOK, { wire: "time-out-before" }, true]],
    leastMs: 2 * MINUTE_MS,
    mostMs: OWN_MS,
    toParts: () => ["Could not read service account", "no answer", NOTHING],
  },
];

describe.each(CASES)("an operation that meets $name", ({ faults, prepare, leastMs, mostMs, toParts }) => {
  let world: FaultWorld;
  let result: RunResult;
  let tookMs: number;

  beforeAll(async () => {
    world = await createFaultWorld("local");
    await prepare?.(world);
    for (const fault of faults) world.way.script(...fault);
    const startMs = world.atlas.clock.now();
    result = await world.stack.up(world.program());
    tookMs = world.atlas.clock.now() - startMs;
    world.way.clear();
  });

  it("ends within its time, and uses it", () => {
    expect(result.outcome).toBe("failed");
    expect(tookMs).toBeLessThanOrEqual(mostMs);
    expect(tookMs).toBeGreaterThanOrEqual(leastMs);
  });

  it("says what was done, what may be on the server, and what the next run does", async () => {
    const [message = ""] = result.errors;
    const heldIds = (await world.held()).map(({ id }) => id);
    for (const part of toParts(heldIds)) expect(message).toContain(part);
    expect(message).toMatch(/[.'!]$/);
  });

  it("is followed by a run that makes a secret, and names what an earlier one left", async () => {
    const left = (await world.held()).map(({ id }) => id).filter((id) => world.ledger.isOurs(id));
    const next = await world.stack.up(world.program());
    expect(next).toMatchObject({ outcome: "succeeded", errors: [] });
    expect(await world.authenticates()).toBe(true);
    const shown = [...result.errors, ...next.lines].join("\n");
    for (const id of left) expect(shown).toContain(id);
    expect(world.ledger.breaches).toEqual([]);
    expect(world.atlas.contract.problems).toEqual([]);
  });
});

describe("an operation whose verification has no time left", () => {
  it("keeps the new secret as pending, says so, and the next run verifies it", async () => {
    const world = await createFaultWorld("local");
    const verification: Point = { operation: "mint", clientId: world.clientId, index: 0 };
    world.way.script(verification, answer(429, 7_200), true);
    const { outcome, errors } = await world.stack.up(world.program());
    const [own] = await world.held();
    expect(outcome).toBe("failed");
    for (const part of [
      `Secret ${own?.id}`,
      "was created and is saved encrypted",
      "The next 'pulumi up' tries it again",
    ])
      expect(errors.join()).toContain(part);
    expect(world.stack.resources.get("main")?.outputs).toMatchObject({ status: "pending-verification" });
    world.way.clear();
    expect(await world.stack.up(world.program())).toMatchObject({ outcome: "succeeded", steps: ["update main"] });
    expect((await world.held()).map(({ id }) => id)).toEqual([own?.id]);
  });
});
