/**
 * What an answer says about waiting is kept, in every form of it: the next request of the kind comes no earlier than told. A
 * creation that is answered 503 is looked for at once and only then waited for.
 */
import { DEMO_ADMIN_CLIENT_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import type { Point } from "./way.js";
import { createFaultWorld, type FaultWorld, HOUR_MS, type Sent } from "./world.js";

/** Atlas's own refill interval, for a limit that tells nothing. */
const INTERVAL_MS = 60_000;

/** What the header says, what it means, and what is waited at least when nothing can be told from it. */
interface Header {
  readonly name: string;
  readonly toValue: (nowMs: number) => string | undefined;
  /** Milliseconds; absent when the header says nothing. */
  readonly toldMs?: number;
}

const HEADERS: readonly Header[] = [
  { name: "absent", toValue: () => undefined },
  { name: "0", toValue: () => "0", toldMs: 0 },
  { name: "1 s", toValue: () => "1", toldMs: 1_000 },
  { name: "90 s", toValue: () => "90", toldMs: 90_000 },
  { name: "20 min", toValue: () => "1200", toldMs: 1_200_000 },
  { name: "a date in 90 s", toValue: (nowMs) => new Date(nowMs + 90_000).toUTCString(), toldMs: 90_000 },
  { name: "a date that is over", toValue: (nowMs) => new Date(nowMs - HOUR_MS).toUTCString(), toldMs: 0 },
  { name: "a word", toValue: () => "soon" },
  { name: "negative", toValue: () => "-30" },
  { name: "a fraction", toValue: () => "2.5" },
  { name: "empty", toValue: () => "" },
];

/** A request that may be tried again, in a run that sends it. */
interface Case {
  readonly name: string;
  readonly command: "create" | "refresh" | "destroy" | "refresh, unassigned";
  readonly toPoint: (world: FaultWorld) => Point;
  readonly operation: Sent["operation"];
}

const ofAccount = (operation: Point["operation"]) => () => ({ operation, index: 0 });

const CASES: readonly Case[] = [
  {
    name: "the mint of the own token",
    command: "create",
    toPoint: () => ({ operation: "mint", clientId: DEMO_ADMIN_CLIENT_ID, index: 0 }),
    operation: "own mint",
  },
  { name: "the look before a creation", command: "create", toPoint: ofAccount("getAccount"), operation: "getAccount" },
  {
    name: "a verification",
    command: "create",
    toPoint: ({ clientId }) => ({ operation: "mint", clientId, index: 0 }),
    operation: "mint",
  },
  { name: "the look of a refresh", command: "refresh", toPoint: ofAccount("getAccount"), operation: "getAccount" },
  {
    name: "the list of accounts",
    command: "refresh, unassigned",
    toPoint: ofAccount("listAccounts"),
    operation: "listAccounts",
  },
  { name: "a deletion", command: "destroy", toPoint: ofAccount("deleteSecret"), operation: "deleteSecret" },
];

async function prepare(world: FaultWorld, command: Case["command"]): Promise<void> {
  if (command === "create") return;
  await world.stack.up(world.program());
  await world.atlas.clock.sleep(HOUR_MS);
  if (command === "refresh, unassigned") await world.atlas.control.unassign(world.clientId, DEMO_PROJECT_ID);
}

function run({ stack, program }: FaultWorld, command: Case["command"]) {
  if (command === "create") return stack.up(program());
  return command === "destroy" ? stack.destroy() : stack.refresh();
}

function toFault(status: number, retryAfter: string | undefined) {
  const body = { error: status, errorCode: "FAKE_CODE", reason: "Fake", detail: "A fake reason.", parameters: [] };
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return { server: { kind: "status", status, body, headers } } as const;
}

/** Runs with one answer of a status at a point; gives the requests of the kind from that one on. */
async function runWith(status: number, header: Header, { command, toPoint, operation }: Case) {
  const world = await createFaultWorld("local");
  await prepare(world, command);
  world.way.script(toPoint(world), toFault(status, header.toValue(world.atlas.clock.now())), false);
  const from = world.sent.length;
  const { outcome, errors } = await run(world, command);
  expect(world.atlas.contract.problems).toEqual([]);
  return { outcome, errors, sent: world.sent.slice(from).filter((request) => request.operation === operation) };
}

function toPauseMs([first, second]: readonly Sent[]): number {
  if (!first || !second) throw new Error("it was not sent again");
  return second.atMs - first.atMs;
}

describe.each(CASES)("$name", (request) => {
  it.each(HEADERS)("after a 429 with Retry-After $name waits as told, and then succeeds", async (header) => {
    const { outcome, sent } = await runWith(429, header, request);
    expect(outcome).toBe("succeeded");
    // Nothing told: a limit is refilled once in an interval.
    expect(toPauseMs(sent)).toBeGreaterThanOrEqual(header.toldMs ?? INTERVAL_MS);
    expect(toPauseMs(sent)).toBeLessThanOrEqual(Math.max(header.toldMs ?? INTERVAL_MS, 2_000));
  });

  it.each(HEADERS)("after a 503 with Retry-After $name waits as told, and then succeeds", async (header) => {
    const { outcome, sent } = await runWith(503, header, request);
    expect(outcome).toBe("succeeded");
    expect(toPauseMs(sent)).toBeGreaterThanOrEqual(Math.max(header.toldMs ?? 0, 1_000));
    expect(toPauseMs(sent)).toBeLessThanOrEqual(Math.max(header.toldMs ?? 0, 2_000));
  });

  it.each([429, 503])(
    "after a %i with a Retry-After that no operation can wait for is not sent again",
    async (status) => {
      const huge = { name: "huge", toValue: () => "999999999" };
      const { outcome, errors, sent } = await runWith(status, huge, request);
      expect(outcome).toBe("failed");
      expect(sent).toHaveLength(1);
      expect(errors.join()).toMatch(/run 'pulumi up' again|next 'pulumi up'/i);
    },
  );
});

describe("a creation", () => {
  const CREATION: Case = {
    name: "a creation",
    command: "create",
    toPoint: ofAccount("createSecret"),
    operation: "createSecret",
  };

  it.each(HEADERS)("after a 429 with Retry-After $name is sent again no earlier than told", async (header) => {
    const { outcome, sent } = await runWith(429, header, CREATION);
    expect([outcome, sent.length]).toEqual(["succeeded", 2]);
    expect(toPauseMs(sent)).toBeGreaterThanOrEqual(header.toldMs ?? INTERVAL_MS);
  });

  it.each(HEADERS)("after a 409 with Retry-After $name is sent again no earlier than told", async (header) => {
    const { outcome, sent } = await runWith(409, header, CREATION);
    expect([outcome, sent.length]).toEqual(["succeeded", 2]);
    expect(toPauseMs(sent)).toBeGreaterThanOrEqual(Math.max(header.toldMs ?? 0, 1_000));
  });

  it.each(HEADERS)("after a 503 with Retry-After $name is looked for first, then waited for", async (header) => {
    const world = await createFaultWorld("local");
    const value = header.toValue(world.atlas.clock.now());
    const { server } = toFault(503, value);
    world.way.script({ operation: "createSecret", index: 0 }, { server: { ...server, commit: true } }, false);
    expect(await world.stack.up(world.program())).toMatchObject({ outcome: "succeeded" });
    const sent = world.sent.slice(world.sent.findIndex(({ operation }) => operation === "createSecret"));
    expect(sent.slice(0, 4).map(({ operation }) => operation)).toEqual([
      "createSecret",
      "getAccount",
      "getAccount",
      "deleteSecret",
    ]);
    const [creation, early, late] = sent;
    expect((early?.atMs ?? 0) - (creation?.atMs ?? 0)).toBeLessThan(1_000);
    expect((late?.atMs ?? 0) - (creation?.atMs ?? 0)).toBeGreaterThanOrEqual(Math.max(header.toldMs ?? 0, 30_000));
    expect(await world.held()).toHaveLength(1);
    expect(world.ledger.breaches).toEqual([]);
  });
});
