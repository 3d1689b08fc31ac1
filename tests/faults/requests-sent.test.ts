/**
 * How often a request is sent: a creation without a usable answer exactly once until the account was looked at, before and
 * after a grace pause; what only reads, and each deletion, at most four times, or as long as there is time when Atlas says that it
 * is not available.
 */
import { CALLS } from "./calls.js";
import { type Call, run } from "./points.js";
import { FAULTS, type NamedFault } from "./wire-faults.js";
import { createFaultWorld, type Sent } from "./world.js";

const GRACE_MS = 30_000;

/** Faults after which a creation may have been carried out as far as its sender can tell, and whether it was. */
const LOST = [
  { short: "reset-", isDone: false },
  { short: "reset+", isDone: true },
  { short: "time-", isDone: false },
  { short: "time+", isDone: true },
  { short: "cut", isDone: true },
  { short: "malform", isDone: true },
  { short: "no-secr", isDone: true },
  { short: "500-", isDone: false },
  { short: "500+", isDone: true },
  { short: "503+", isDone: true },
];

function findCall(name: string): Call {
  const call = CALLS.find((candidate) => candidate.name === name);
  if (!call) throw new Error(`no call ${name}`);
  return call;
}

function findFault(short: string): NamedFault {
  const fault = FAULTS.find((candidate) => candidate.short === short);
  if (!fault) throw new Error(`no fault ${short}`);
  return fault;
}

/** What the provider sends in a run with a fault at a call. */
async function send(callName: string, short: string, isPersistent: boolean, kind: "local" | "http" = "local") {
  const call = findCall(callName);
  const world = await createFaultWorld(kind);
  try {
    await call.situation.prepare(world);
    const point = call.toPoint(world);
    world.way.script(point, findFault(short).toFault(point.operation), isPersistent);
    const from = world.sent.length;
    const { outcome } = await run(call.situation, world);
    expect(world.ledger.breaches).toEqual([]);
    return { outcome, sent: world.sent.slice(from) };
  } finally {
    await world.close();
  }
}

const toNames = (sent: readonly Sent[]) => sent.map(({ operation }) => operation);

describe("a creation without a usable answer", () => {
  it.each(LOST)("($short) is sent once, looked for twice, and then sent once more", async ({ short, isDone }) => {
    const { outcome, sent } = await send("create: POST", short, false);
    expect(outcome).toBe("succeeded");
    expect(toNames(sent)).toEqual([
      "own mint",
      "getAccount",
      "createSecret",
      "getAccount",
      "getAccount",
      ...(isDone ? ["deleteSecret"] : []),
      "getAccount",
      "createSecret",
      "mint",
    ]);
    const [first, second] = sent.slice(3, 5);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(GRACE_MS);
  });

  it.each(LOST)("($short) each time is sent twice in all, each time looked for", async ({ short, isDone }) => {
    const { outcome, sent } = await send("create: POST", short, true);
    expect(outcome).toBe("failed");
    const attempt = ["getAccount", "createSecret", "getAccount", "getAccount", ...(isDone ? ["deleteSecret"] : [])];
    expect(toNames(sent)).toEqual(["own mint", ...attempt, ...attempt]);
  });

  it("whose connection is closed unread over a real connection is looked for as well", async () => {
    const { sent } = await send("create: POST", "unread", false, "http");
    expect(toNames(sent).slice(2, 5)).toEqual(["createSecret", "getAccount", "getAccount"]);
  });
});

describe("a creation that was refused", () => {
  it.each(["refused", "429"])("(%s) is asked for again after one look, without a grace", async (short) => {
    const { sent } = await send("create: POST", short, false);
    expect(toNames(sent).slice(1, 5)).toEqual(["getAccount", "createSecret", "getAccount", "createSecret"]);
  });

  it("for want of a valid token is sent again with a new one", async () => {
    const { outcome, sent } = await send("create: POST", "401", false);
    expect(outcome).toBe("succeeded");
    expect(toNames(sent).slice(2, 5)).toEqual(["createSecret", "own mint", "createSecret"]);
  });
});

/** A request that is tried again. */
interface Repeated {
  readonly name: string;
  readonly operation: Sent["operation"];
  /** How often it is sent at most. */
  readonly most: number;
  /** The same where Atlas refuses a value that was just made: in a minute, with pauses of up to 8 s. */
  readonly mostRefused?: number;
}

const REPEATED: readonly Repeated[] = [
  { name: "create: own mint", operation: "own mint", most: 4 },
  { name: "create: look", operation: "getAccount", most: 4 },
  { name: "create: verification", operation: "mint", most: 4, mostRefused: 10 },
  { name: "update of a pending one: verification", operation: "mint", most: 4, mostRefused: 10 },
  { name: "create on a full account: room-making DELETE", operation: "deleteSecret", most: 4 },
  { name: "create after a lost answer: DELETE of the lost one", operation: "deleteSecret", most: 4 },
  { name: "replace: DELETE of the replaced one", operation: "deleteSecret", most: 4 },
  { name: "read: look", operation: "getAccount", most: 4 },
  { name: "read on an unassigned account: list", operation: "listAccounts", most: 4 },
  { name: "delete: own mint", operation: "own mint", most: 4 },
  { name: "delete: DELETE", operation: "deleteSecret", most: 4 },
];

/**
 * What Atlas says to last for a while: with pauses of up to a minute, within five minutes of them, and with 45 s that the 503
 * tells. A deletion that is answered 503 is done here, and its next look sees that.
 */
const WAITED_FOR: Readonly<Record<string, number>> = { "405": 10, "503+": 12 };

describe.each<Repeated>(REPEATED)("the request of '$name'", ({ name, operation, most, mostRefused = most }) => {
  const count = (sent: readonly Sent[]) => sent.filter((request) => request.operation === operation).length;

  it.each(FAULTS)(
    `is sent at most ${most} times, or as long as there is time for that, when it is $name without end`,
    async ({ short }) => {
      const { sent } = await send(name, short, true);
      expect(count(sent)).toBeLessThanOrEqual(short === "401" ? mostRefused : (WAITED_FOR[short] ?? most));
    },
  );

  it("is sent ten times within five minutes while Atlas is being upgraded, and once when it is suspended", async () => {
    const [upgrade, suspended] = [await send(name, "405", true), await send(name, "402", true)];
    expect([upgrade.outcome, count(upgrade.sent)]).toEqual(["failed", WAITED_FOR["405"]]);
    expect([suspended.outcome, count(suspended.sent)]).toEqual(["failed", 1]);
  });

  it.each(["refused", "reset-", "time-", "500-", "429"])(
    `is sent ${most} times when that could help (%s)`,
    async (short) => {
      const { outcome, sent } = await send(name, short, true);
      expect([outcome, count(sent)]).toEqual(["failed", most]);
    },
  );
});
